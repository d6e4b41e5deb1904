"""Who may open and do what: the guard before every endpoint, rates, and connections that end with a login, or
hear of a newer version.

The noun is the visitor's leave. For endpoints, uploads, and whoever mounts apps.

Interface: `connection_registry`, `guards`, `outdated_pages`, `throttling`.
"""
