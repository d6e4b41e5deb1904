"""The end of the embedded engine: what waits is told at once, what runs may end, then everything is closed in order."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from blocks_app.protocol import ErrorOutput
from queue_app.delivery import unread_bounds
from queue_app.exceptions import QueueStopped
from queue_app.execution.changes import record
from queue_app.execution.job import JobState

if TYPE_CHECKING:
    from concurrent.futures import Future

    from queue_app.execution.runtime import Runtime
    from queue_app.execution.worker import RunningJob

CLOSE_SECONDS = 5.0  # until works that do not end are left alone
THREADS = 0.5  # seconds that threads have to end with the process
TIDYING = 4.0  # the same for generators and async functions, which hear of it and tidy up; a busy machine needs some
SHUTTING_DOWN = "Server is shutting down"


class Closing:
    """Closes one engine, once; whoever asks again waits for the first."""

    def __init__(self, engine: Runtime) -> None:
        self.engine = engine
        self._task: asyncio.Task[None] | None = None
        self._look: asyncio.Future[None] | None = None

    async def close(self, grace: float | None) -> None:
        """See Engine.close."""
        if self._task is None:
            self.engine.stopped = True
            self._task = asyncio.get_running_loop().create_task(self._close(grace))
        await asyncio.shield(self._task)

    def look(self) -> None:
        """Something has ended; perhaps it was the last."""
        if self._look is not None and not self._look.done():
            self._look.set_result(None)

    async def _close(self, grace: float | None) -> None:
        engine = self.engine
        for event in engine.open_events():
            if not grace or event.work is None or event.is_endless:
                self._end(event)
        if grace:
            await self._let_end(grace)
            for event in engine.open_events():
                self._end(event)
        engine.expiry.close()
        unread_bounds.observers.remove(engine.expiry.trimming.freed)
        engine.sessions.close()
        await engine.sessions.outboxes.close()
        await engine.sessions.presence.close()
        await engine.store.close()
        tasks = [work.task for work in engine.works if work.task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSE_SECONDS)
        engine.sessions.clear()
        engine.failing.close()
        await self._free_threads(leaving=grace is not None)

    def _end(self, event: RunningJob) -> None:
        engine = self.engine
        engine.scheduler.cancel(event)
        if event.status.state is JobState.CANCELLED:
            engine.complete_cancelled(event)
            return
        event.refuse(QueueStopped())
        event.complete(JobState.FAILED, ErrorOutput(error=SHUTTING_DOWN))
        if event.terms.counts:
            record("job.failed", event)
        if event.work is not None:
            event.work.abandon()

    async def _let_end(self, grace: float) -> None:
        """Wait until nothing runs any more, at most so many seconds."""
        engine, loop = self.engine, asyncio.get_running_loop()
        until = loop.time() + grace
        while engine.works and await self._something_ends(until - loop.time()):
            pass

    async def _something_ends(self, seconds: float) -> bool:
        """Whether something ends within so many seconds."""
        self._look = asyncio.get_running_loop().create_future()
        await asyncio.wait([self._look], timeout=max(seconds, 0))
        return self._look.done()

    async def _free_threads(self, *, leaving: bool) -> None:
        """Free the threads; with the process `leaving`, wait a little for what they run."""
        threads = self.engine.threads
        threads.close()
        if not leaving:
            return
        await _wait(threads.running(), THREADS)
        await _wait([each for each in threads.ending() if not each.done()], TIDYING - THREADS)


async def _wait(running: list[Future[Any]], seconds: float) -> None:
    if running:
        await asyncio.wait([asyncio.wrap_future(each) for each in running], timeout=seconds)
