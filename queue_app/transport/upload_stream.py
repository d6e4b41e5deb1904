"""How far an upload has come, as a stream of events."""

from __future__ import annotations

from urllib.parse import parse_qs

import orjson

from queue_app.exceptions import Refusal
from queue_app.transport.event_stream import EventStream
from queue_app.uploads import upload_progress

#: Seconds for which the stream waits for an upload that has not begun.
PATIENCE = 3


class UploadProgress(EventStream):
    """`GET upload_progress?upload_id=…`: how many bytes of which file have come, until the upload has ended."""

    pulse = b'data: {"msg":"heartbeat"}\n\n'

    async def handle(self) -> None:
        """Tell it as it comes; 404 for an id that is not, or somebody else's."""
        asked = parse_qs(self.scope["query_string"].decode("latin-1")).get("upload_id", [""])[0]
        key = upload_progress.key_of(asked, self.scope["headers"])
        found = await upload_progress.find(key, PATIENCE) if key else None
        if key is None or found is None:
            raise Refusal(404, "Upload not found")
        if not await self.start_stream():
            return
        async with self.watching(found):
            while not found.closed and (found.reports or not found.done):
                for name, size in await found.next_reports():
                    update = {"msg": "update", "orig_name": name, "chunk_size": size}
                    await self.write(b"data: " + orjson.dumps(update) + b"\n\n")
        if not found.closed:
            upload_progress.forget(key)
        await self.finish(b'data: {"msg":"done"}\n\n')
