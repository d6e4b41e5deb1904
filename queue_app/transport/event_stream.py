"""What all event streams share: their headers, their pulse, and an end when the client leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar, Protocol

from queue_app.tasks import TaskGroup
from queue_app.transport.http import HttpConsumer

HEARTBEAT_SECONDS = 15

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Closable(Protocol):
    """What a stream reads from."""

    def close(self) -> None:
        """End it: whoever waits for more gets none."""
        ...


_attendants = TaskGroup("event streams")


class EventStream(HttpConsumer):
    """An answer of `text/event-stream` that grows while the client listens."""

    lasting = True
    #: What a quiet stream says every `HEARTBEAT_SECONDS`.
    pulse: ClassVar[bytes] = b""

    async def start_stream(self, *more: tuple[bytes, bytes]) -> bool:
        """Send the headers. False for HEAD, which is then answered completely."""
        await self.start(200, [*_HEADERS, *more])
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

    @asynccontextmanager
    async def watching(self, reader: Closable) -> AsyncIterator[None]:
        """While inside, a client that leaves ends the reader, and a quiet stream is kept alive."""
        attendant = _attendants.start(self._attend(reader))
        try:
            yield
        finally:
            attendant.cancel()

    async def _attend(self, reader: Closable) -> None:
        await self.gone()
        reader.close()
