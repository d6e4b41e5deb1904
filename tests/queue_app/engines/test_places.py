"""How often those who wait are told where they stand: the fewer are before them, the more often."""

from __future__ import annotations

import asyncio
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from queue_app.engines import places
from queue_app.scheduling.redis_scheduler import Place


class Queue:
    """A queue whose events move by one place each time that somebody looks at them, and their notices."""

    def __init__(self, rate: float | str) -> None:
        self.notices: Counter[str] = Counter()
        self.positions: dict[str, int] = {}
        self.looks = 0
        options = SimpleNamespace(status_update_rate=rate)
        self.mount = SimpleNamespace(blocks=SimpleNamespace(queue_options=options))
        self.link = SimpleNamespace(away=(OSError,))
        self.scheduler = self
        self.outboxes = self

    async def ranks(self, events: list[str]) -> list[Place | None]:
        self.looks += len(events)
        for each in events:
            self.positions[each] -= 1
        return [Place(self.positions[each], 1000, None) if self.positions[each] >= 0 else None for each in events]

    def channel(self, name: str) -> Any:
        return SimpleNamespace(publish=lambda message: self.notices.update([message.event_id]))


async def told(rate: float | str, monkeypatch: pytest.MonkeyPatch) -> tuple[Queue, places.Places]:
    """After some rounds, with a thousand events that wait; times are a hundredth of what they are."""
    for name in ("PACE", "EACH", "LONGEST"):
        monkeypatch.setattr(places, name, getattr(places, name) / 100)
    queue: Any = Queue(rate)
    found = places.Places(queue)
    for position in range(0, 1000, 10):
        queue.positions[str(position)] = position
        found.add(str(position), "s", Place(position, 1000, None))
    while queue.positions["50"] > 47:
        await asyncio.sleep(0.005)
    found.close()
    return queue, found


async def test_who_is_far_behind_is_looked_at_and_told_less_often_than_who_is_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue, found = await told("auto", monkeypatch)
    assert queue.notices["10"] > queue.notices["50"] >= 4 > queue.notices["990"] >= 1
    assert queue.looks < 300 and found._all == {}


async def test_an_app_that_sets_the_rate_is_followed_to_the_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    queue, _ = await told(0.005, monkeypatch)
    assert queue.notices["990"] == queue.notices["50"] >= 4
