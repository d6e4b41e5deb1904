"""What all event streams share: their headers and their pulse."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from queue_app.transport.http import HttpConsumer

HEARTBEAT_SECONDS = 15

STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class EventStream(HttpConsumer):
    """An answer of `text/event-stream` that grows while the client listens."""

    lasting = True
    #: What a quiet stream says every `HEARTBEAT_SECONDS`.
    pulse: ClassVar[bytes] = b""

    async def start_stream(self, *more: tuple[bytes, bytes]) -> bool:
        """Send the headers. False for HEAD, which is then answered completely."""
        await self.start(200, [*STREAM_HEADERS, *more])
        if self.is_head:
            await self.finish()
        return not self.is_head

    async def write(self, chunk: bytes) -> None:
        """Send a part of the stream as a chunk of its own."""
        await self.base_send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def finish(self, chunk: bytes = b"") -> None:
        """Send the last part of the stream and end it."""
        await self.base_send({"type": "http.response.body", "body": chunk, "more_body": False})

    async def gone(self) -> None:
        """Return when the client has left; meanwhile keep the stream alive."""
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    while (await self.receive())["type"] != "http.disconnect":
                        pass
                return
            except TimeoutError:
                await self.write(self.pulse)
