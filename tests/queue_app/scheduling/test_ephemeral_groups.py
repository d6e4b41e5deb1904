"""Groups of listeners that only one session has: made on demand, gone when nothing waits or runs in them."""

from __future__ import annotations

from itertools import count

import pytest

from queue_app.execution.job import JobSpec
from queue_app.scheduling.estimates import Estimates
from queue_app.scheduling.scheduler import DEFAULT, ConcurrencyGroup, Declared, QueueEntry, Scheduler

_ids = count()


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler([Declared(1, "page", 1)], default_limit=1)


def entry(key: str, limit: int | str | None = DEFAULT, session: str = "s", batch: int = 1) -> QueueEntry:
    made = QueueEntry(JobSpec(f"{next(_ids):032x}", "m", 100_000_001, [], session))
    made.declared = Declared(100_000_001, key, limit, batch, mates="fn")
    return made


def end(scheduler: Scheduler, entries: list[QueueEntry]) -> ConcurrencyGroup:
    group = entries[0].group
    scheduler.release(group, entries)
    scheduler.drop(group)
    return group


def test_each_key_has_a_group_of_its_own_that_goes_with_its_last_event(scheduler: Scheduler) -> None:
    first, second, other = (scheduler.join(entry(key)) for key in ("a", "a", "b"))
    started = [scheduler.take(), scheduler.take()]
    assert sorted(each[0].group.key for each in started if each) == ["a", "b"]
    assert scheduler.take() is None  # one at a time in each
    end(scheduler, [first])
    assert scheduler.by_key.keys() == {"page", "a", "b"}
    assert scheduler.take() == [second]
    end(scheduler, [second])
    end(scheduler, [other])
    assert scheduler.by_key.keys() == {"page"}
    assert (scheduler.waiting, scheduler.at_work, scheduler.idle) == (0, 0, 1)


def test_one_that_is_cancelled_while_it_waits_leaves_nothing(scheduler: Scheduler) -> None:
    waiting = scheduler.join(entry("a"))
    assert not scheduler.drop(waiting.group)
    assert scheduler.cancel(waiting)
    assert scheduler.drop(waiting.group) and "a" not in scheduler.by_key


def test_the_key_of_a_group_of_the_page_joins_that_group(scheduler: Scheduler) -> None:
    page = scheduler.submit(JobSpec("0" * 32, "m", 1, [], "s"))
    inner = scheduler.join(entry("page"))
    assert inner.group is page.group
    assert scheduler.take() == [page] and scheduler.take() is None
    end(scheduler, [page])
    assert scheduler.take() == [inner]
    end(scheduler, [inner])
    assert "page" in scheduler.by_key


@pytest.mark.parametrize(("limit", "at_once"), [(DEFAULT, 1), (2, 2), (None, 3)])
def test_limits_hold(scheduler: Scheduler, limit: int | str | None, at_once: int) -> None:
    for _ in range(3):
        scheduler.join(entry("a", limit))
    assert sum(scheduler.take() is not None for _ in range(4)) == at_once


def test_a_group_that_the_page_declares_later_stays(scheduler: Scheduler) -> None:
    inner = scheduler.join(entry("later"))
    scheduler.declare([Declared(1, "page", 1), Declared(2, "later", 3)])
    scheduler.take()
    end(scheduler, [inner])
    assert scheduler.by_key["later"].limit == 3


def test_batches_hold_events_of_one_session_alone(scheduler: Scheduler) -> None:
    mine = [scheduler.join(entry("a", None, batch=4)) for _ in range(2)]
    theirs = scheduler.join(entry("a", None, session="t", batch=4))
    assert scheduler.take() == mine
    assert scheduler.take() == [theirs]
    assert not mine[0].group.batches


def test_what_is_known_of_a_group_goes_with_it(scheduler: Scheduler) -> None:
    estimates = Estimates(scheduler)
    waiting = [scheduler.join(entry("a")) for _ in range(2)]
    estimates.joined(waiting[1])
    scheduler.take()
    estimates.moved(waiting[0].group, 1.0)
    estimates.ran(waiting[0].group, "fn", 0.1)
    scheduler.release(waiting[0].group, waiting[:1])
    scheduler.cancel(waiting[1])
    estimates.tidy(waiting[0].group)
    assert "a" not in scheduler.by_key
    assert estimates.round(2.0) == []
    assert not estimates.means and not estimates._notified_at
