"""Bodies on their way in: what each endpoint takes, how far an upload is, where its files go.

The noun is the request's body. For endpoints, and for servers that read bodies before the application does.

Interface: `body_limits`, `upload_meter`, `upload_progress`, `uploads`.
"""
