"""From a running function to its visitor: progress and toasts, made plain in the function's own thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blocks_app.jsonable import clean
from blocks_app.protocol import Log, ProgressMessage, ProgressUnit
from blocks_app.running.failures import number, safe_answer, safe_text, seconds
from blocks_app.running.notifications import Report

if TYPE_CHECKING:
    from queue_app.execution.worker import RunningJob

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
