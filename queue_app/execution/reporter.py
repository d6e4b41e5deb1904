"""From a running function to its visitor: its progress and toasts, made plain in its own thread.

And when it ends before its time, one value of the pieces that have come.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING, Any

from blocks_app.jsonable import clean
from blocks_app.logs import quietly
from blocks_app.protocol import Log, ProgressMessage, ProgressUnit
from blocks_app.running import runner
from blocks_app.running.failures import Failure, number, safe_answer, safe_text, seconds
from blocks_app.running.notifications import Report
from queue_app.execution.job import JobState
from queue_app.execution.terms import CANCEL_DELAY, JOINING
from queue_app.log_sentences import logger

if TYPE_CHECKING:
    from blocks_app.running.call import Call
    from queue_app.execution.worker import RunningJob

log = logger("queue_app.jobs")

PROGRESS_GAP = 0.05  # seconds between two progress messages of one event
LONGEST = 100_000  # characters of a toast
_LEVELS = ("info", "warning", "success", "error")


class Reporter(Report):
    """Passes a running function's progress and toasts on; called from any thread."""

    __slots__ = ("_event", "_next", "_pending", "_units")

    def __init__(self, event: RunningJob) -> None:
        self._event = event
        self._units: list[ProgressUnit] | None = None
        self._pending = False
        self._next = 0.0

    def failing(self) -> None:
        """The function has failed: its exception has some time to say why."""
        self._event.engine.mailbox.post(self._event.failing)

    def progress(self, units: list[ProgressUnit]) -> None:
        """Keep the newest; one message is on its way at a time."""
        if self._event.alone:  # nobody reads it
            return
        self._units = [plain_unit(unit) for unit in units]
        if not self._pending:
            self._pending = True
            self._event.engine.mailbox.post(self._schedule)

    def log(self, level: str, text: str, duration: float | None, visible: bool, title: str) -> None:
        """Show a toast."""
        if self._event.alone:
            return
        message = Log(
            event_id=self._event.job.event_id,
            log=clean(text)[:LONGEST],
            level=level if level in _LEVELS else "info",  # type: ignore[arg-type]
            duration=seconds(duration),
            visible=bool(safe_answer(lambda: bool(visible), True)),
            title=safe_text(lambda: str(title), level.capitalize())[:LONGEST],
        )
        self._event.engine.mailbox.post(self._publish, message)

    def _schedule(self) -> None:
        loop = self._event.engine.loop
        if self._next <= loop.time():
            self._send()
        else:
            loop.call_at(self._next, self._send)

    def _send(self) -> None:
        self._pending = False
        self._next = self._event.engine.loop.time() + PROGRESS_GAP
        if self._units is not None:
            self._publish(ProgressMessage(event_id=self._event.job.event_id, progress_data=self._units))

    def _publish(self, message: Log | ProgressMessage) -> None:
        if self._event.is_running:
            self._event.sink.publish(message)


def plain_unit(unit: ProgressUnit) -> ProgressUnit:
    """A bar of plain numbers and clean texts, whatever the function gave for them."""
    return ProgressUnit(
        index=number(unit.index),
        length=number(unit.length),
        unit=_text(unit.unit),
        progress=number(unit.progress),
        desc=_text(unit.desc),
    )


def _text(given: Any) -> str | None:
    return None if given is None else safe_text(lambda: str(given), "")[:LONGEST]


async def close(steps: AsyncGenerator[Any, None]) -> None:
    """Close the generator in which user code may still run; what goes wrong there was told or is not wanted."""
    try:
        await steps.aclose()
    except Exception:
        quietly(log.warning, "job.close_failed", exc_info=True)


async def _made_whole(event: RunningJob, call: Call) -> runner.Step | None:
    """Of a run that ends before its time, and whose values come in pieces: one step with what came until now."""
    try:
        async with asyncio.timeout(JOINING):
            return await runner.whole(call, event.last, event.engine.threads)
    except (TimeoutError, Failure):
        return None


async def complete_whole(event: RunningJob, call: Call) -> None:
    """A cancelled event whose values came in pieces ends with one of them all, unless it has ended."""
    status, engine = event.status, event.engine
    if status.finished is None and status.state is JobState.CANCELLED:
        event.last = await _made_whole(event, call) or event.last
        engine.loop.call_later(0.0 if event.sink.is_numbered else CANCEL_DELAY, engine.complete_cancelled, event)


async def end_with_whole(event: RunningJob, call: Call, end: Callable[[], None]) -> None:
    """An event that is about to fail, and whose values came in pieces, shows one of them all before that."""
    whole = await _made_whole(event, call)
    if whole is not None and event.is_running:
        event.step(whole, None)
    end()
