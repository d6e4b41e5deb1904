"""Where those who wait stand: the process that has submitted an event tells its page, as long as it waits."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from queue_app.engines.shared_queue import estimation
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    from queue_app.engines.shared_queue import SharedQueue
    from queue_app.scheduling.redis_scheduler import Place

PACE = 0.5  # seconds between two rounds with the status update rate "auto"


class Places:
    """The events that wait and were submitted here. Lives on the server's loop; asks only while there are some."""

    def __init__(self, queue: SharedQueue) -> None:
        self._queue = queue
        self._all: dict[str, tuple[str, Place]] = {}
        self._tasks = TaskGroup("places")
        self._timer: asyncio.TimerHandle | None = None

    def add(self, event_id: str, channel: str, place: Place) -> None:
        """An event has joined its group."""
        self._all[event_id] = channel, place
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

    def _plan(self) -> None:
        if self._timer is None and self._all:
            rate = self._queue.mount.blocks.queue_options.status_update_rate
            pace = PACE if rate == "auto" else float(rate)
            self._timer = asyncio.get_running_loop().call_later(pace, self._begin)

    def _begin(self) -> None:
        self._tasks.start(self._round())

    async def _round(self) -> None:
        events = list(self._all)
        try:
            for event_id, place in zip(events, await self._queue.scheduler.ranks(events)):
                found = self._all.get(event_id)
                if place is None:
                    self.remove(event_id)
                elif found is not None and place != found[1]:
                    self._all[event_id] = found[0], place
                    self._send(found[0], event_id, place)
        except self._queue.link.away:
            pass  # they hear on the next round
        self._timer = None
        self._plan()

    def _send(self, channel: str, event_id: str, place: Place) -> None:
        self._queue.outboxes.channel(channel).publish(estimation(event_id, place))
