"""Where those who wait stand: the process that has submitted an event tells its page, as long as it waits.

Whoever is far behind is told less often than who is next, or a thousand that wait would cost more than what they wait
for. An app that sets `status_update_rate` is followed to the letter.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from queue_app.engines.shared_queue import estimation
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    from queue_app.engines.shared_queue import SharedQueue
    from queue_app.scheduling.redis_scheduler import Place

PACE = 0.5  # seconds between two rounds with the status update rate "auto"
EACH = 0.05  # seconds more between two notices, for each that is before
LONGEST = 10.0  # seconds between two notices, however many are before


class Places:
    """The events that wait and were submitted here. Lives on the server's loop; asks only while there are some."""

    def __init__(self, queue: SharedQueue) -> None:
        self._queue = queue
        self._all: dict[str, tuple[str, Place, float]] = {}  # with its channel, and when it is looked at again
        self._tasks = TaskGroup("places")
        self._timer: asyncio.TimerHandle | None = None

    def add(self, event_id: str, channel: str, place: Place) -> None:
        """An event has joined its group."""
        self._note(event_id, channel, place)
        self._send(channel, event_id, place)
        self._plan()

    def remove(self, event_id: str) -> None:
        """It waits no more."""
        self._all.pop(event_id, None)

    def close(self) -> None:
        """Nobody is told any more."""
        self._all.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _note(self, event_id: str, channel: str, place: Place) -> None:
        pause = min(LONGEST, place.position * EACH) if self._rate == "auto" else 0.0
        self._all[event_id] = channel, place, time.monotonic() + pause

    @property
    def _rate(self) -> float | str:
        return self._queue.mount.blocks.queue_options.status_update_rate

    def _plan(self) -> None:
        if self._timer is None and self._all:
            pace = PACE if self._rate == "auto" else float(self._rate)
            self._timer = asyncio.get_running_loop().call_later(pace, self._begin)

    def _begin(self) -> None:
        self._tasks.start(self._round())

    async def _round(self) -> None:
        now = time.monotonic()
        events = [event_id for event_id, (_, _, due) in self._all.items() if due <= now]
        try:
            places = await self._queue.scheduler.ranks(events) if events else []
            for event_id, place in zip(events, places):
                found = self._all.get(event_id)
                if place is None:
                    self.remove(event_id)
                elif found is not None:
                    self._note(event_id, found[0], place)
                    if place != found[1]:
                        self._send(found[0], event_id, place)
        except self._queue.link.away:
            pass  # they hear on the next round
        self._timer = None
        self._plan()

    def _send(self, channel: str, event_id: str, place: Place) -> None:
        self._queue.outboxes.channel(channel).publish(estimation(event_id, place))
