"""UploadButton and DownloadButton."""

TRY = {"UploadButton.file_types": ["image"]}
READ_AS_OTHERS = {
    "Pressable.show_label": "a button has no label beside its text",
}
OTHER_DEFAULTS = {"Pressable.size": "lg, which None means"}
