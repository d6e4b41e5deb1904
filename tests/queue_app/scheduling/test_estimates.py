"""Who is told what about the wait, when; and that it costs the same with 10 or 10,000 waiting."""

from __future__ import annotations

from msgspec import UNSET

from queue_app.execution.job import JobSpec
from queue_app.scheduling.estimates import BOUND, FIRST_FEW, GAP, PACE, Estimates
from queue_app.scheduling.scheduler import Declared, Scheduler


def waiting(number: int, rate: float | str = "auto", limit: int | None = 1) -> tuple[Scheduler, Estimates]:
    scheduler = Scheduler([Declared(0, "f", limit=limit)])
    estimates = Estimates(scheduler, rate)
    for index in range(number):
        estimates.joined(scheduler.submit(JobSpec(f"e{index}", "app", 0, [], "s")))
    return scheduler, estimates


def take_one(scheduler: Scheduler, estimates: Estimates, now: float) -> list[int]:
    entry = scheduler.take()[0]  # type: ignore[index]
    scheduler.release(entry.group)
    return [message.rank for _, message in estimates.moved(entry.group, now)]


def test_a_newcomer_hears_its_rank_and_no_eta_before_the_first_run() -> None:
    scheduler, estimates = waiting(2)
    _, message = estimates.joined(scheduler.submit(JobSpec("new", "app", 0, [], "s")))
    assert (message.rank, message.queue_size, message.rank_eta) == (2, 3, None)


def test_the_eta_counts_those_before_by_the_limit() -> None:
    scheduler, estimates = waiting(5, limit=2)
    group = scheduler.group_of(0)
    estimates.ran(group, 0, 3.0)
    estimates.ran(group, 0, 1.0)
    assert estimates.average(0) == 2.0
    assert [estimates.eta(group, rank) for rank in range(4)] == [2.0, 2.0, 4.0, 4.0]


def test_the_eta_adds_the_wait_for_a_free_place() -> None:
    scheduler, estimates = waiting(2)
    group = scheduler.group_of(0)
    estimates.ran(group, 0, 1.0)
    scheduler.take()
    assert estimates.eta(group, 0) == 2.0


def test_the_first_few_are_told_at_once_but_not_more_often_than_the_gap() -> None:
    scheduler, estimates = waiting(50)
    assert take_one(scheduler, estimates, now=1.0) == list(range(FIRST_FEW))
    assert take_one(scheduler, estimates, now=1.01) == []
    assert estimates.next_round(1.01) == GAP
    assert [message.rank for _, message in estimates.round(1.0 + GAP)][:FIRST_FEW] == list(range(FIRST_FEW))


def test_the_rest_are_told_on_a_round_and_only_when_something_changed() -> None:
    scheduler, estimates = waiting(50)
    take_one(scheduler, estimates, now=1.0)
    assert len(estimates.round(1.0 + PACE)) == 49 - FIRST_FEW
    assert estimates.next_round(2.0) is None
    assert estimates.round(3.0) == []


def test_nobody_waits_nobody_is_told() -> None:
    scheduler, estimates = waiting(1)
    assert take_one(scheduler, estimates, now=1.0) == []
    assert estimates.next_round(1.0) is None


def test_a_number_as_rate_tells_everybody_that_often() -> None:
    scheduler, estimates = waiting(20, rate=0.4)
    assert take_one(scheduler, estimates, now=1.0) == []
    assert estimates.next_round(1.0) == 0.4
    assert len(estimates.round(1.4)) == len(estimates.round(1.8)) == 19


def notices_per_event(waiting_number: int) -> float:
    scheduler, estimates = waiting(waiting_number)
    now, notices, events = 0.0, 0, 1000
    next_round = PACE
    for index in range(events):
        now += 0.001
        notices += len(take_one(scheduler, estimates, now))
        estimates.joined(scheduler.submit(JobSpec(f"n{index}", "app", 0, [], "s")))
        if now >= next_round:
            notices += len(estimates.round(now))
            next_round = now + (estimates.next_round(now) or PACE)
    return notices / events


def test_messages_per_event_do_not_grow_with_those_waiting() -> None:
    assert notices_per_event(10_000) <= 2 * notices_per_event(1_000) <= 4 * BOUND / 500


def test_those_who_wait_hear_that_their_group_is_paused_and_that_it_goes_on() -> None:
    scheduler, estimates = waiting(2)
    group = scheduler.group_of(0)
    scheduler.pause(group)
    assert [message.paused for _, message in estimates.moved(group, 1.0)] == [True, True]
    scheduler.pause(group, False)
    assert [message.paused for _, message in estimates.moved(group, 10.0)] == [UNSET, UNSET]
    assert not estimates.moved(group, 20.0)  # nothing is new
