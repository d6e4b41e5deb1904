"""Groups of listeners that only one session has: made on demand, gone when nothing waits or runs in them."""

from __future__ import annotations

from itertools import count

import pytest

from queue_app.execution.job import JobSpec
from queue_app.scheduling.estimates import Estimates
from queue_app.scheduling.scheduler import DEFAULT, ConcurrencyGroup, Declared, QueueEntry, Scheduler

_ids = count()


@pytest.fixture
def lanes() -> Scheduler:
    return Scheduler([Declared(1, "page", 1)], default_limit=1)


def entry(key: str, limit: int | str | None = DEFAULT, session: str = "s", batch: int = 1) -> QueueEntry:
    made = QueueEntry(JobSpec(f"{next(_ids):032x}", "m", 100_000_001, [], session))
    made.declared = Declared(100_000_001, key, limit, batch, mates="fn")
    return made


def end(lanes: Scheduler, entries: list[QueueEntry]) -> ConcurrencyGroup:
    lane = entries[0].lane
    lanes.release(lane, entries)
    lanes.drop(lane)
    return lane


def test_each_key_has_a_group_of_its_own_that_goes_with_its_last_event(lanes: Scheduler) -> None:
    first, second, other = (lanes.join(entry(key)) for key in ("a", "a", "b"))
    started = [lanes.take(), lanes.take()]
    assert sorted(each[0].lane.key for each in started if each) == ["a", "b"]
    assert lanes.take() is None  # one at a time in each
    end(lanes, [first])
    assert lanes.by_key.keys() == {"page", "a", "b"}
    assert lanes.take() == [second]
    end(lanes, [second])
    end(lanes, [other])
    assert lanes.by_key.keys() == {"page"}
    assert (lanes.waiting, lanes.at_work, lanes._idle) == (0, 0, 1)


def test_one_that_is_cancelled_while_it_waits_leaves_nothing(lanes: Scheduler) -> None:
    waiting = lanes.join(entry("a"))
    assert not lanes.drop(waiting.lane)
    assert lanes.cancel(waiting)
    assert lanes.drop(waiting.lane) and "a" not in lanes.by_key


def test_the_key_of_a_group_of_the_page_joins_that_group(lanes: Scheduler) -> None:
    page = lanes.submit(JobSpec("0" * 32, "m", 1, [], "s"))
    inner = lanes.join(entry("page"))
    assert inner.lane is page.lane
    assert lanes.take() == [page] and lanes.take() is None
    end(lanes, [page])
    assert lanes.take() == [inner]
    end(lanes, [inner])
    assert "page" in lanes.by_key


@pytest.mark.parametrize(("limit", "at_once"), [(DEFAULT, 1), (2, 2), (None, 3)])
def test_limits_hold(lanes: Scheduler, limit: int | str | None, at_once: int) -> None:
    for _ in range(3):
        lanes.join(entry("a", limit))
    assert sum(lanes.take() is not None for _ in range(4)) == at_once


def test_a_group_that_the_page_declares_later_stays(lanes: Scheduler) -> None:
    inner = lanes.join(entry("later"))
    lanes.declare([Declared(1, "page", 1), Declared(2, "later", 3)])
    lanes.take()
    end(lanes, [inner])
    assert lanes.by_key["later"].limit == 3


def test_batches_hold_events_of_one_session_alone(lanes: Scheduler) -> None:
    mine = [lanes.join(entry("a", None, batch=4)) for _ in range(2)]
    theirs = lanes.join(entry("a", None, session="t", batch=4))
    assert lanes.take() == mine
    assert lanes.take() == [theirs]
    assert not mine[0].lane.batches


def test_what_is_known_of_a_group_goes_with_it(lanes: Scheduler) -> None:
    estimates = Estimates(lanes)
    waiting = [lanes.join(entry("a")) for _ in range(2)]
    estimates.joined(waiting[1])
    lanes.take()
    estimates.moved(waiting[0].lane, 1.0)
    estimates.ran(waiting[0].lane, "fn", 0.1)
    lanes.release(waiting[0].lane, waiting[:1])
    lanes.cancel(waiting[1])
    estimates.tidy(waiting[0].lane)
    assert "a" not in lanes.by_key
    assert estimates.round(2.0) == []
    assert not estimates._by_lane and not estimates._told_at
