"""A TCP relay whose wire can be cut, to see what a page does when its connection breaks."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from typing import Any
from urllib.parse import urlsplit


class Proxy:
    """Relays to the server at `url` from an address of its own, `self.url`, until it is closed."""

    def __init__(self, url: str) -> None:
        self.target(url)
        self.connected = True
        self._writers: set[asyncio.StreamWriter] = set()
        self._held: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"

    def target(self, url: str) -> None:
        """Relay new connections to the server at `url`."""
        self.port = urlsplit(url).port

    def drop(self) -> None:
        """Break every connection; new ones are let through."""
        self._run(self._abort())

    def disconnect(self) -> None:
        """Break every connection and let no new ones through."""
        self.connected = False
        self.drop()

    def connect(self) -> None:
        """Let connections through again."""
        self.connected = True

    def hold(self) -> None:
        """Let nothing through on the connections that are there, without a word; new ones are let through."""
        self._held |= self._writers

    def close(self) -> None:
        """End the relay."""
        self.disconnect()
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _run(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(5)

    async def _abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _end(self) -> None:
        self._server.close()
        relays = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*relays, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.connected:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
        both = {writer, far_writer}
        self._writers |= both
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        self._writers -= both

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if writer not in self._held:
                    writer.write(data)
                    await writer.drain()
        writer.close()
