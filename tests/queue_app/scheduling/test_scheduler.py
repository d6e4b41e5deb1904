"""Admission: order, limits, batches, fairness, and a cost that does not depend on how many wait."""

from __future__ import annotations

from itertools import count

import pytest

from queue_app.exceptions import QueueFull
from queue_app.execution.job import JobSpec
from queue_app.scheduling.scheduler import Declared, QueueEntry, Scheduler, limits

_ids = count()


def job(fn: int = 0) -> JobSpec:
    return JobSpec(f"e{next(_ids)}", "app", fn, [], "s")


def taken(scheduler: Scheduler) -> list[str]:
    entries = scheduler.take()
    return [entry.job.event_id for entry in entries] if entries else []


def test_first_in_first_out_within_a_group() -> None:
    scheduler = Scheduler([Declared(0, "f")])
    jobs = [job() for _ in range(3)]
    entries = [scheduler.submit(each) for each in jobs]
    order = []
    while found := scheduler.take():
        order.append(found[0])
        scheduler.release(found[0].group)
    assert order == entries


def test_a_group_runs_no_more_than_its_limit() -> None:
    scheduler = Scheduler([Declared(0, "f", limit=2)])
    for _ in range(3):
        scheduler.submit(job())
    assert taken(scheduler) and taken(scheduler) and not taken(scheduler)


def test_no_group_blocks_another() -> None:
    scheduler = Scheduler([Declared(0, "slow"), Declared(1, "quick")])
    for fn in (0, 0, 0, 1):
        scheduler.submit(job(fn))
    assert {scheduler.take()[0].job.fn, scheduler.take()[0].job.fn} == {0, 1}  # type: ignore[index]
    assert scheduler.take() is None


def test_the_lowest_declared_limit_of_a_group_holds_from_the_start() -> None:
    declared = [Declared(0, "gpu", limit=5), Declared(1, "gpu", limit=2), Declared(2, "gpu")]
    assert limits(declared, default=1) == {"gpu": 2}


@pytest.mark.parametrize(("limit", "expected"), [("default", 3), (None, None), (7, 7)])
def test_the_default_holds_where_nothing_is_declared(limit: int | str | None, expected: int | None) -> None:
    assert limits([Declared(0, "f", limit=limit)], default=3) == {"f": expected}


def test_an_unlimited_group_is_only_bounded_by_the_threads() -> None:
    scheduler = Scheduler([Declared(0, "f", limit=None)], max_threads=8)
    for _ in range(9):
        scheduler.submit(job())
    assert [bool(taken(scheduler)) for _ in range(9)] == [True] * 8 + [False]


def test_one_group_cannot_take_the_last_quarter_of_the_threads() -> None:
    scheduler = Scheduler([Declared(0, "many", limit=None), Declared(1, "few")], max_threads=8)
    for _ in range(20):
        scheduler.submit(job(0))
    while scheduler.take():
        pass
    assert scheduler.at_work == 7
    scheduler.submit(job(1))
    assert scheduler.take()[0].job.fn == 1  # type: ignore[index]


def test_groups_take_turns_under_the_cap() -> None:
    scheduler = Scheduler([Declared(0, "a", limit=None), Declared(1, "b", limit=None)], max_threads=2)
    for _ in range(4):
        scheduler.submit(job(0))
        scheduler.submit(job(1))
    order = []
    for _ in range(8):
        entry = scheduler.take()[0]  # type: ignore[index]
        order.append(entry.job.fn)
        scheduler.release(entry.group)
    assert order == [0, 1] * 4


def test_batches_of_three_three_one() -> None:
    scheduler = Scheduler([Declared(0, "f", batch=3)])
    for _ in range(7):
        scheduler.submit(job())
    sizes = []
    while found := scheduler.take():
        sizes.append(len(found))
        scheduler.release(found[0].group)
    assert sizes == [3, 3, 1]


def test_a_batch_takes_only_events_of_its_own_function() -> None:
    scheduler = Scheduler([Declared(0, "g", batch=4), Declared(1, "g", batch=4)])
    jobs = [job(fn) for fn in (0, 1, 0, 1)]
    for each in jobs:
        scheduler.submit(each)
    assert taken(scheduler) == [jobs[0].event_id, jobs[2].event_id]


def test_only_waiting_events_count_for_the_size() -> None:
    scheduler = Scheduler([Declared(0, "f")], max_size=2)
    scheduler.submit(job())
    scheduler.take()
    scheduler.submit(job())
    scheduler.submit(job())
    with pytest.raises(QueueFull, match=r"^Queue is full\. Max size is 2 and size is 2\.$"):
        scheduler.submit(job())


def test_a_cancelled_entry_leaves_at_once() -> None:
    scheduler = Scheduler([Declared(0, "f", batch=2)])
    entries = [scheduler.submit(job()) for _ in range(3)]
    assert scheduler.cancel(entries[1]) and not scheduler.cancel(entries[1])
    assert scheduler.waiting == 2
    assert scheduler.take() == [entries[0], entries[2]]
    assert not scheduler.cancel(entries[0])


def test_a_raised_limit_lets_the_next_start() -> None:
    scheduler = Scheduler([Declared(0, "f")])
    scheduler.submit(job())
    scheduler.submit(job())
    scheduler.take()
    scheduler.set_limit("f", 2)
    assert taken(scheduler)


def test_direct_events_pass_beside_the_limits() -> None:
    scheduler = Scheduler([Declared(0, "f")], max_size=0, max_threads=1)
    entry = QueueEntry(job())
    scheduler.admit(entry)
    scheduler.release(entry.group)
    assert scheduler.direct.running == 0 and scheduler.at_work == 0


def test_positions_stay_exact_while_the_cursor_walks_and_others_leave() -> None:
    scheduler = Scheduler([Declared(0, "f")])
    entries = [scheduler.submit(job()) for _ in range(10)]
    group = scheduler.group_of(0)
    assert [rank for rank, _ in group.walk(4)[0]] == [0, 1, 2, 3]
    scheduler.take()
    scheduler.cancel(entries[2])
    scheduler.cancel(entries[8])
    found, complete = group.walk(10)
    assert [(rank, entry.job.event_id) for rank, entry in found] == [
        (rank, entries[index].job.event_id) for rank, index in zip(range(2, 7), (4, 5, 6, 7, 9), strict=True)
    ]
    assert complete


def test_a_batch_of_a_function_that_asks_for_its_visitor_holds_the_jobs_of_one() -> None:
    scheduler = Scheduler([Declared(0, "f", batch=4, personal=True)])
    people = [("1", "ann"), ("2", "bob"), ("1", "ann"), (None, None)]
    for number, (key, name) in enumerate(people):
        scheduler.submit(JobSpec(f"e{number}", "app", 0, [], f"s{number}", identity_key=key, username=name))
    batches = []
    while entries := scheduler.take():
        batches.append([entry.job.username for entry in entries])
        scheduler.release(entries[0].group)
    assert sorted(batches, key=str) == [["ann", "ann"], ["bob"], [None]]
    assert not scheduler.by_key["f"].batches
