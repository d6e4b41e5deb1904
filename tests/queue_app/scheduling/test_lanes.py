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


def taken(lanes: Scheduler) -> list[str]:
    entries = lanes.take()
    return [entry.job.event_id for entry in entries] if entries else []


def test_first_in_first_out_within_a_group() -> None:
    lanes = Scheduler([Declared(0, "f")])
    jobs = [job() for _ in range(3)]
    entries = [lanes.submit(each) for each in jobs]
    order = []
    while found := lanes.take():
        order.append(found[0])
        lanes.release(found[0].lane)
    assert order == entries


def test_a_group_runs_no_more_than_its_limit() -> None:
    lanes = Scheduler([Declared(0, "f", limit=2)])
    for _ in range(3):
        lanes.submit(job())
    assert taken(lanes) and taken(lanes) and not taken(lanes)


def test_no_group_blocks_another() -> None:
    lanes = Scheduler([Declared(0, "slow"), Declared(1, "quick")])
    for fn in (0, 0, 0, 1):
        lanes.submit(job(fn))
    assert {lanes.take()[0].job.fn, lanes.take()[0].job.fn} == {0, 1}  # type: ignore[index]
    assert lanes.take() is None


def test_the_lowest_declared_limit_of_a_group_holds_from_the_start() -> None:
    declared = [Declared(0, "gpu", limit=5), Declared(1, "gpu", limit=2), Declared(2, "gpu")]
    assert limits(declared, default=1) == {"gpu": 2}


@pytest.mark.parametrize(("limit", "expected"), [("default", 3), (None, None), (7, 7)])
def test_the_default_holds_where_nothing_is_declared(limit: int | str | None, expected: int | None) -> None:
    assert limits([Declared(0, "f", limit=limit)], default=3) == {"f": expected}


def test_an_unlimited_group_is_only_bounded_by_the_threads() -> None:
    lanes = Scheduler([Declared(0, "f", limit=None)], max_threads=8)
    for _ in range(9):
        lanes.submit(job())
    assert [bool(taken(lanes)) for _ in range(9)] == [True] * 8 + [False]


def test_one_group_cannot_take_the_last_quarter_of_the_threads() -> None:
    lanes = Scheduler([Declared(0, "many", limit=None), Declared(1, "few")], max_threads=8)
    for _ in range(20):
        lanes.submit(job(0))
    while lanes.take():
        pass
    assert lanes.at_work == 7
    lanes.submit(job(1))
    assert lanes.take()[0].job.fn == 1  # type: ignore[index]


def test_groups_take_turns_under_the_cap() -> None:
    lanes = Scheduler([Declared(0, "a", limit=None), Declared(1, "b", limit=None)], max_threads=2)
    for _ in range(4):
        lanes.submit(job(0))
        lanes.submit(job(1))
    order = []
    for _ in range(8):
        entry = lanes.take()[0]  # type: ignore[index]
        order.append(entry.job.fn)
        lanes.release(entry.lane)
    assert order == [0, 1] * 4


def test_batches_of_three_three_one() -> None:
    lanes = Scheduler([Declared(0, "f", batch=3)])
    for _ in range(7):
        lanes.submit(job())
    sizes = []
    while found := lanes.take():
        sizes.append(len(found))
        lanes.release(found[0].lane)
    assert sizes == [3, 3, 1]


def test_a_batch_takes_only_events_of_its_own_function() -> None:
    lanes = Scheduler([Declared(0, "g", batch=4), Declared(1, "g", batch=4)])
    jobs = [job(fn) for fn in (0, 1, 0, 1)]
    for each in jobs:
        lanes.submit(each)
    assert taken(lanes) == [jobs[0].event_id, jobs[2].event_id]


def test_only_waiting_events_count_for_the_size() -> None:
    lanes = Scheduler([Declared(0, "f")], max_size=2)
    lanes.submit(job())
    lanes.take()
    lanes.submit(job())
    lanes.submit(job())
    with pytest.raises(QueueFull, match=r"^Queue is full\. Max size is 2 and size is 2\.$"):
        lanes.submit(job())


def test_a_cancelled_ticket_leaves_at_once() -> None:
    lanes = Scheduler([Declared(0, "f", batch=2)])
    entries = [lanes.submit(job()) for _ in range(3)]
    assert lanes.cancel(entries[1]) and not lanes.cancel(entries[1])
    assert lanes.waiting == 2
    assert lanes.take() == [entries[0], entries[2]]
    assert not lanes.cancel(entries[0])


def test_a_raised_limit_lets_the_next_start() -> None:
    lanes = Scheduler([Declared(0, "f")])
    lanes.submit(job())
    lanes.submit(job())
    lanes.take()
    lanes.set_limit("f", 2)
    assert taken(lanes)


def test_direct_events_pass_beside_the_limits() -> None:
    lanes = Scheduler([Declared(0, "f")], max_size=0, max_threads=1)
    entry = QueueEntry(job())
    lanes.admit(entry)
    lanes.release(entry.lane)
    assert lanes.direct.running == 0 and lanes.at_work == 0


def test_ranks_stay_exact_while_the_cursor_walks_and_others_leave() -> None:
    lanes = Scheduler([Declared(0, "f")])
    entries = [lanes.submit(job()) for _ in range(10)]
    lane = lanes.lane_of(0)
    assert [rank for rank, _ in lane.walk(4)[0]] == [0, 1, 2, 3]
    lanes.take()
    lanes.cancel(entries[2])
    lanes.cancel(entries[8])
    found, complete = lane.walk(10)
    assert [(rank, entry.job.event_id) for rank, entry in found] == [
        (rank, entries[index].job.event_id) for rank, index in zip(range(2, 7), (4, 5, 6, 7, 9), strict=True)
    ]
    assert complete
