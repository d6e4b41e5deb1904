"""What a client knows and decides, without doing it: flows that ask for requests, and what their answers mean.

Nothing here opens a connection, waits or starts a thread. The two drivers run the flows, so that what holds with
threads holds with asyncio as well.

Interface: `api`, `call`, `core`, `event_stream`, `files`, `http`, `page_call`, `requests`,
`schema_text`, `session`, `status`, `stream_flows`.
"""
