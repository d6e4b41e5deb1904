"""A call under way, with asyncio."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from typing import Any

from blocks_client._core.call import Call
from blocks_client._facade.shared import JobFacade


class AsyncJob(JobFacade):
    """A call under way: `await` it for its result, iterate it with `async for` for its values."""

    def __init__(self, call: Call, task: asyncio.Task[Any], stop: Callable[[Call], Awaitable[None]]) -> None:
        self._call = call
        self._task = task
        self._stop = stop
        self._changed = asyncio.Event()
        call.updated = self._changed.set
        task.add_done_callback(lambda done: self._changed.set())

    def __await__(self) -> Generator[Any, None, Any]:
        return self._task.__await__()

    async def result(self, timeout: float | None = None) -> Any:
        """The result; asyncio.TimeoutError when it does not come in time, while the call goes on."""
        return await asyncio.wait_for(asyncio.shield(self._task), timeout)

    async def __aiter__(self) -> AsyncIterator[Any]:
        seen = 0
        while True:
            self._changed.clear()
            while seen < len(self._call.outputs):
                seen += 1
                yield self._call.outputs[seen - 1]
            if self._task.done():
                break
            await self._changed.wait()
        if not self.cancelled():
            self._task.result()

    def done(self) -> bool:
        """Whether it is over."""
        return self._task.done()

    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self._task.cancelled()

    async def cancel(self) -> bool:
        """Stop it, here and on the server. False when it is already over."""
        if self._task.done():
            return False
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self._stop(self._call)
        return True

    def _failure(self) -> BaseException | None:
        return self._task.exception()
