"""Tasks are owned: whoever starts one keeps it, and its failure is logged, never lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from blocks_app.logs import quietly
from queue_app.log_sentences import logger

log = logger(__name__)


class TaskGroup:
    """The background tasks of one owner."""

    def __init__(self, name: str) -> None:
        """Name the owner for the log."""
        self.name = name
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run a coroutine on the current loop and keep it until it ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self, timeout: float = 5.0) -> None:
        """Cancel what runs on this loop and wait for it, at most `timeout` seconds."""
        loop, here = asyncio.get_running_loop(), asyncio.current_task()
        tasks = [task for task in self._tasks if task is not here and task.get_loop() is loop]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=timeout)

    async def finish(self, timeout: float = 5.0) -> None:
        """Wait for what runs, at most `timeout` seconds; cancel what is left."""
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=timeout)
        await self.close(timeout)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            quietly(log.error, "task.failed", exc_info=task.exception(), extra={"owner": self.name})


_shared = TaskGroup("queue_app")


def spawn(work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """Run a coroutine that belongs to a connection rather than to an engine; kept and reported the same way."""
    return _shared.start(work)


async def close_here() -> None:
    """The server's loop ends: so do the tasks of its connections."""
    await _shared.close(1.0)
