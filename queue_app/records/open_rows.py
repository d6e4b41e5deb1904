"""Rows of events that have ended, though whoever was to write that has died: looked up where ends are known.

A process writes how an event has ended a moment after it has told its visitor. Killed meanwhile, it leaves a row that
says "running" for ever.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from queue_app.databases import moment, rows, transacted
from queue_app.execution.job import JobState
from queue_app.ids import text
from queue_app.records.event_models import NAME, Event

if TYPE_CHECKING:
    from queue_app.signals import EndsKnown, EventEnd

OPEN = (JobState.QUEUED.value, JobState.RUNNING.value)
ROWS = 500  # asked about at once
#: Seconds from submission until an event counts as lost that nobody knows: its row is written before it is taken.
UNKNOWN = 60.0
UNWRITTEN = "The process that ran it has died before it could write down how it ended."
LOST = "Nobody knows how it has ended: the queue has lost it."


def complete(known: EndsKnown) -> int:
    """End the open rows of events that are over; how many. Raises what the database or the store of the queue does.

    Whoever knows better, and was late, writes over it.
    """
    last = count = 0
    while True:
        of_app = rows(Event).filter(mount=text(known.mount, NAME), state__in=OPEN, pk__gt=last).order_by("pk")
        found = list(of_app.values_list("pk", "event_id", "submitted", "started")[:ROWS])
        if not found:
            return count
        last = found[-1][0]
        ends = known.ask([event_id for _, event_id, _, _ in found])
        over = [
            (pk, end, None if started is None else started.timestamp())
            for (pk, _, submitted, started), end in zip(found, ends, strict=True)
            if end is not None and (end.state or time.time() - submitted.timestamp() > UNKNOWN)
        ]
        if over:
            count += transacted(Event, lambda over=over: sum(_end(*each) for each in over))  # type: ignore[misc]


def _end(pk: int, end: EventEnd, started: float | None) -> int:
    state = end.state or JobState.FAILED.value
    error = "" if state != JobState.FAILED.value else UNWRITTEN if end.state else LOST
    duration = None if started is None else max(0.0, end.at - started)
    still_open = rows(Event).filter(pk=pk, state__in=OPEN)
    return still_open.update(state=state, finished=moment(end.at), duration=duration, error=error)
