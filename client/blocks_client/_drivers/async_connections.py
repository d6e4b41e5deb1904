"""The connections of a client with asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from blocks_client._drivers.connections import CLOSING, Connections, Exchange, Line


class AsyncConnections(Connections):
    """Waits for room with futures, closes with tasks."""

    ending = "aclose"

    def __init__(self, most: int | None = None) -> None:
        super().__init__(most)
        self._waiting: list[asyncio.Future[None]] = []

    def changed(self) -> None:
        """Whoever waits for room looks again."""
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            if not each.done():
                each.set_result(None)

    async def opening(self) -> None:
        """Before a connection is made: wait for the end of those that the pool has given up."""
        limit = asyncio.get_running_loop().time() + CLOSING
        while not self.has_room():
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            try:
                await asyncio.wait_for(waiter, limit - asyncio.get_running_loop().time())
            except asyncio.TimeoutError:
                break
        self._opening += 1

    async def end(self, exchange: Exchange) -> None:
        """The answer is over."""
        for line in self.ended(exchange):
            await self._finish(line)

    async def _write(self, line: Line, write: Callable[..., Awaitable[None]], *args: Any, **options: Any) -> None:
        self.used(line)
        await write(*args, **options)

    async def _close(self, line: Line) -> None:
        if self.may_close(line):
            await self._finish(line)

    async def _finish(self, line: Line) -> None:
        try:
            await line.close()
        finally:
            self.closed(line)
