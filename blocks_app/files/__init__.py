"""Files of visitors and of the app: values that name them, the store, quotas, what is served in place.

For components, whose values may be files, and for whoever takes, serves or sweeps files.

Interface: `byte_ranges`, `copies`, `file_data`, `file_registry`, `file_retention`, `file_size`, `filestore`, `inline`,
    `paths`, `quotas`, `remote_media`, `static_paths`.
"""
