"""HTTP and WebSocket endpoints: everything between a connection and a job.

The noun is the connection. For a site's asgi.py, through `routing`; endpoints are loaded by name when they are asked,
those of other packages, too.

Interface: `event_stream`, `http`, `json_decoding`, `outages`, `routing`.
"""
