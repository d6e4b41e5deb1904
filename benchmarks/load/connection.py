"""One connection over which requests go, one after the other. As little as possible, so that the server is measured."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

_LARGEST_LINE = 1 << 24
_PIECE = 1 << 16


class Connection:
    """HTTP/1.1, kept alive where the server keeps it."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._is_chunked = False
        self._is_kept = False
        self._length: int | None = None

    def close(self) -> None:
        """Nothing is open."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def send(self, method: str, path: str, body: bytes | None = None, accept: str = "*/*") -> int:
        """Ask, and read the head of the answer; its status. Once more if the server has closed a kept connection."""
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nAccept: {accept}\r\n"
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        request = head.encode() + b"\r\n" + (body or b"")
        was_kept = self._streams is not None
        try:
            return await self._exchanged(request)
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            self.close()
            if not was_kept or (isinstance(error, asyncio.IncompleteReadError) and error.partial):
                raise
            return await self._exchanged(request)

    async def _exchanged(self, request: bytes) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self.host, self.port, limit=_LARGEST_LINE)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        self._is_chunked = b"transfer-encoding: chunked" in head
        self._is_kept = b"connection: close" not in head
        _, found, rest = head.partition(b"content-length:")
        self._length = int(rest.partition(b"\r\n")[0]) if found else None
        return int(head[9:12])

    async def body(self) -> bytes:
        """The whole answer."""
        return b"".join([piece async for piece in self.pieces()])

    async def pieces(self) -> AsyncIterator[bytes]:
        """The answer as it comes; the connection can be used again after its end."""
        assert self._streams is not None
        reader = self._streams[0]
        if self._length is not None:
            if self._length:
                yield await reader.readexactly(self._length)
        elif self._is_chunked:
            while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
                yield (await reader.readexactly(size + 2))[:-2]
            await reader.readuntil(b"\r\n")
        else:
            self._is_kept = False
            while piece := await reader.read(_PIECE):
                yield piece
        if not self._is_kept:
            self.close()

    async def events(self) -> AsyncIterator[bytes]:
        """The data of each server-sent event."""
        buffer = b""
        async for piece in self.pieces():
            buffer = (buffer + piece).replace(b"\r\n", b"\n")
            *blocks, buffer = buffer.split(b"\n\n")
            for block in blocks:
                lines = [line[5:].lstrip() for line in block.split(b"\n") if line.startswith(b"data:")]
                if lines:
                    yield b"\n".join(lines)
