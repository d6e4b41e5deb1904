"""Tags of the admin's own templates.

The noun is the tag. For the templates below `templates/admin/queue_app` alone.

Interface: `blocks_operations`.
"""
