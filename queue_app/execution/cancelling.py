"""Ends events before their time, whoever asks for it and wherever they are: waiting, running, or being validated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_app.exceptions import EventCancelled
from queue_app.execution.changes import record
from queue_app.execution.job import JobState
from queue_app.execution.terms import CANCEL_DELAY, JOINING

if TYPE_CHECKING:
    from queue_app.execution.job import AccessEnded
    from queue_app.execution.runtime import Runtime
    from queue_app.execution.worker import RunningJob


class Cancelling:
    """Cancels the events of one engine."""

    def __init__(self, engine: Runtime) -> None:
        self._engine = engine

    def cancel(self, session_hash: str | None, event_id: str) -> bool:
        """See Engine.cancel."""
        engine = self._engine
        found = [each for each in engine.validating if each.job.event_id == event_id]
        if (begun := engine.events.get(event_id)) is not None:
            found.append(begun)
        found = [each for each in found if session_hash in (None, each.job.channel, each.job.session_hash)]
        for event in found:
            numbered = event.sink.is_numbered
            if numbered:
                event.say_whether_it_runs_on()
            self.stop(event, delay=0.0 if numbered else CANCEL_DELAY)
        return bool(found)

    def drop(self, ended: AccessEnded) -> None:
        """See Engine.drop."""
        for event in self._engine.open_events():
            if ended.concerns(event.job):
                self.stop(event)

    def stop(self, event: RunningJob, delay: float = 0.0) -> None:
        """Cancel an event, unless it has ended; its end is told after so many seconds."""
        status, engine = event.status, self._engine
        if status.state not in (JobState.QUEUED, JobState.RUNNING):
            return
        group = event.group
        waiting = engine.scheduler.cancel(event)
        status.state = JobState.CANCELLED
        if event.terms.counts:
            record("job.cancelled", event)
        if waiting:
            engine.left_waiting(group)
        elif event.work is not None:
            event.work.abandon()
            if event.work.in_pieces:  # the run tells the end, as soon as there is one of them all
                delay = JOINING
        if delay:
            engine.loop.call_later(delay, self.complete, event)
        else:
            self.complete(event)

    def complete(self, event: RunningJob) -> None:
        """A cancelled event ends, unless it has."""
        if event.status.finished is None:
            event.refuse(EventCancelled())
            event.complete(JobState.CANCELLED, event.shown())
