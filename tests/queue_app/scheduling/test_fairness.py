"""Who is next: fair between users, by priority, and no more of one user at once than may be. By order, not by time."""

from __future__ import annotations

import time
from itertools import count
from typing import Any

import pytest
from django.test import RequestFactory

import blocks_app as gr
from blocks_app.running.request import RequestInfo
from blocks_app.web import registry
from queue_app.execution.job import JobSpec
from queue_app.scheduling.scheduler import Declared, Scheduler
from tests.queue_app.conftest import app

_ids = count()


def submit(scheduler: Scheduler, user: str, times: int = 1, fn: int = 0) -> None:
    for number in range(times):
        scheduler.submit(JobSpec(f"{user}{number}", "app", fn, [], "tab", identity_key=user))


def start(scheduler: Scheduler) -> list[Any]:
    return scheduler.take() or []


def order(scheduler: Scheduler, at_most: int = 10_000) -> list[str]:
    """The events in the order in which they run, one at a time."""
    found: list[str] = []
    while len(found) < at_most and (entries := scheduler.take()):
        found += [entry.job.event_id for entry in entries]
        scheduler.release(entries[0].group, entries)
    return found


def test_one_user_with_a_thousand_events_delays_another_by_one() -> None:
    scheduler = Scheduler([Declared(0, "f")])
    submit(scheduler, "many", 1_000)
    running = start(scheduler)
    submit(scheduler, "few", 2)
    scheduler.release(running[0].group, running)
    assert order(scheduler, 4) == ["few0", "many1", "few1", "many2"]


def test_users_take_turns_however_late_they_come() -> None:
    scheduler = Scheduler([Declared(0, "f")])
    submit(scheduler, "a", 3)
    submit(scheduler, "b", 3)
    submit(scheduler, "c", 1)
    assert order(scheduler) == ["a0", "b0", "c0", "a1", "b1", "a2", "b2"]


async def real_identity(**protection: Any) -> Any:
    """Who the app's own guard says that a stranger is."""
    mount = registry.mount(app(lambda text: text).protect(**protection))
    return await mount.guard(RequestFactory().get("/"))


@pytest.mark.parametrize("protection", [{"auth": None}, {}])
async def test_tabs_without_a_login_count_as_users(protection: Any) -> None:
    who = await real_identity(**protection)
    assert who.is_anonymous
    scheduler = Scheduler([Declared(0, "f")])
    for number, tab in enumerate("aaab"):
        scheduler.submit(JobSpec(f"{tab}{number}", "app", 0, [], tab, identity_key=who.key))
    assert order(scheduler) == ["a0", "b3", "a1", "a2"]


def test_the_limit_per_user_is_one_per_tab_without_a_login() -> None:
    scheduler = Scheduler([Declared(0, "f", limit=10)], per_user=1)
    for number, tab in enumerate("aab"):
        scheduler.submit(JobSpec(f"{tab}{number}", "app", 0, [], tab, identity_key=""))
    assert [start(scheduler)[0].job.event_id for _ in range(2)] == ["a0", "b2"]
    assert not start(scheduler)


def test_calls_that_name_no_session_are_those_of_their_address() -> None:
    scheduler = Scheduler([Declared(0, "f")])
    for number in range(3):
        asked = RequestInfo(client=("192.0.2.1", number))
        scheduler.submit(JobSpec(f"call{number}", "app", 0, [], f"call{number}", identity_key="", request=asked))
    scheduler.submit(JobSpec("tab", "app", 0, [], "session", identity_key="", request=asked))
    assert order(scheduler) == ["call0", "tab", "call1", "call2"]


def test_higher_priorities_come_first() -> None:
    scheduler = Scheduler([Declared(0, "g"), Declared(1, "g", priority=5), Declared(2, "g", priority=-1)])
    submit(scheduler, "late", fn=2)
    submit(scheduler, "middle", 2)
    submit(scheduler, "urgent", 2, fn=1)
    assert order(scheduler) == ["urgent0", "urgent1", "middle0", "middle1", "late0"]


def test_no_more_of_one_user_at_once_than_may_be() -> None:
    scheduler = Scheduler([Declared(0, "f", limit=None), Declared(1, "g", limit=None)], per_user=2)
    submit(scheduler, "a", 3)
    submit(scheduler, "a", 1, fn=1)
    submit(scheduler, "b", 1)
    started = [start(scheduler) for _ in range(4)]
    assert sorted(each[0].job.event_id for each in started[:3]) == ["a0", "a0", "b0"] and not started[3]
    assert scheduler.waiting == 2 and scheduler.group_of(0).size == 2
    scheduler.release(started[0][0].group, started[0])
    assert [each.job.event_id for each in start(scheduler)] == ["a1"] and not start(scheduler)


def test_those_who_are_deferred_do_not_push_in_when_they_come_back() -> None:
    scheduler = Scheduler([Declared(0, "f")], per_user=1)
    submit(scheduler, "a", 4)
    submit(scheduler, "b", 4)
    assert order(scheduler) == ["a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3"]


def test_one_that_is_deferred_can_be_cancelled() -> None:
    scheduler = Scheduler([Declared(0, "f", limit=None)], per_user=1)
    submit(scheduler, "a", 2)
    running, second = start(scheduler), scheduler.group_of(0).first
    assert not start(scheduler) and second is not None and second.deferred
    assert scheduler.cancel(second) and not scheduler.cancel(second)
    assert scheduler.waiting == scheduler.group_of(0).size == 0
    scheduler.release(running[0].group, running)
    assert not start(scheduler)


def test_a_batch_holds_no_more_of_one_user_than_may_run() -> None:
    scheduler = Scheduler([Declared(0, "f", batch=8)], per_user=2)
    submit(scheduler, "a", 5)
    submit(scheduler, "b", 1)
    assert [each.job.event_id for each in start(scheduler)] == ["a0", "a1", "b0"]


def test_positions_follow_the_order() -> None:
    scheduler = Scheduler([Declared(0, "f")])
    submit(scheduler, "many", 5)
    start(scheduler)
    late = scheduler.submit(JobSpec("late", "app", 0, [], "tab", identity_key="late"))
    assert late.group.position_of(late) == 0
    assert [entry.job.event_id for _, entry in late.group.walk(3)[0]] == ["late", "many1", "many2"]


def test_the_order_stays_right_whatever_comes_and_goes() -> None:
    """A thousand users of 10 events each, half of which are cancelled: everybody's events keep their order."""
    scheduler = Scheduler([Declared(0, "f")], per_user=1)
    entries = []
    for number in range(10):
        for user in range(100):
            entries.append(scheduler.submit(JobSpec(f"{user}:{number}", "app", 0, [], "t", identity_key=str(user))))
    gone = {entry.job.event_id for entry in entries[::2] if scheduler.cancel(entry)}
    found = order(scheduler)
    assert len(found) == 500 and not gone & set(found)
    for user in range(1, 100, 2):
        assert [each for each in found if each.startswith(f"{user}:")] == [f"{user}:{number}" for number in range(10)]
    assert not scheduler.waiting and not scheduler.group_of(0)._round_keys and not scheduler.group_of(0)._of_user


def test_the_cost_does_not_grow_with_the_number_that_wait() -> None:
    def cost(waiting: int) -> float:
        scheduler = Scheduler([Declared(0, "f")], per_user=3)
        for user in range(waiting // 10):
            submit(scheduler, f"u{user}", 10)
        best = float("inf")
        for _ in range(5):
            started = time.process_time()
            for _ in range(200):
                submit(scheduler, f"new{next(_ids)}")
                entries = start(scheduler)
                scheduler.release(entries[0].group, entries)
            best = min(best, time.process_time() - started)
        return best

    assert cost(10_000) < 6 * cost(100)


async def test_the_options_reach_the_queue(bench: Any) -> None:
    demo = app(lambda text: text, priority=3)
    demo.queue(per_user_limit=2)
    b = bench(demo)
    assert b.engine.scheduler.per_user == 2 and b.engine.scheduler._priority == {0: 3}
    for number in range(5):
        await b.submit(str(number))
    assert await b.answers() == [[str(number)] for number in range(5)]
    assert not b.engine.scheduler._busy and not b.engine.scheduler._deferred


@pytest.mark.parametrize("given", [0, True, "2", 1.5])
def test_senseless_options_are_refused(given: Any) -> None:
    with pytest.raises(ValueError, match="per_user_limit must be"):
        gr.Blocks().queue(per_user_limit=given)
    if not isinstance(given, int) or given is True:
        with pytest.raises(ValueError, match="priority must be"):
            app(lambda text: text, priority=given)
