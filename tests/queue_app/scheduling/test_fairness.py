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


def submit(lanes: Scheduler, user: str, times: int = 1, fn: int = 0) -> None:
    for number in range(times):
        lanes.submit(JobSpec(f"{user}{number}", "app", fn, [], "tab", identity_key=user))


def start(lanes: Scheduler) -> list[Any]:
    return lanes.take() or []


def order(lanes: Scheduler, at_most: int = 10_000) -> list[str]:
    """The events in the order in which they run, one at a time."""
    found: list[str] = []
    while len(found) < at_most and (entries := lanes.take()):
        found += [entry.job.event_id for entry in entries]
        lanes.release(entries[0].lane, entries)
    return found


def test_one_user_with_a_thousand_events_delays_another_by_one() -> None:
    lanes = Scheduler([Declared(0, "f")])
    submit(lanes, "many", 1_000)
    running = start(lanes)
    submit(lanes, "few", 2)
    lanes.release(running[0].lane, running)
    assert order(lanes, 4) == ["few0", "many1", "few1", "many2"]


def test_users_take_turns_however_late_they_come() -> None:
    lanes = Scheduler([Declared(0, "f")])
    submit(lanes, "a", 3)
    submit(lanes, "b", 3)
    submit(lanes, "c", 1)
    assert order(lanes) == ["a0", "b0", "c0", "a1", "b1", "a2", "b2"]


async def real_identity(**protection: Any) -> Any:
    """Who the app's own guard says that a stranger is."""
    mount = registry.mount(app(lambda text: text).protect(**protection))
    return await mount.guard(RequestFactory().get("/"))


@pytest.mark.parametrize("protection", [{"auth": None}, {}])
async def test_tabs_without_a_login_count_as_users(protection: Any) -> None:
    who = await real_identity(**protection)
    assert who.is_anonymous
    lanes = Scheduler([Declared(0, "f")])
    for number, tab in enumerate("aaab"):
        lanes.submit(JobSpec(f"{tab}{number}", "app", 0, [], tab, identity_key=who.key))
    assert order(lanes) == ["a0", "b3", "a1", "a2"]


def test_the_limit_per_user_is_one_per_tab_without_a_login() -> None:
    lanes = Scheduler([Declared(0, "f", limit=10)], per_user=1)
    for number, tab in enumerate("aab"):
        lanes.submit(JobSpec(f"{tab}{number}", "app", 0, [], tab, identity_key=""))
    assert [start(lanes)[0].job.event_id for _ in range(2)] == ["a0", "b2"]
    assert not start(lanes)


def test_calls_that_name_no_session_are_those_of_their_address() -> None:
    lanes = Scheduler([Declared(0, "f")])
    for number in range(3):
        asked = RequestInfo(client=("192.0.2.1", number))
        lanes.submit(JobSpec(f"call{number}", "app", 0, [], f"call{number}", identity_key="", request=asked))
    lanes.submit(JobSpec("tab", "app", 0, [], "session", identity_key="", request=asked))
    assert order(lanes) == ["call0", "tab", "call1", "call2"]


def test_higher_priorities_come_first() -> None:
    lanes = Scheduler([Declared(0, "g"), Declared(1, "g", priority=5), Declared(2, "g", priority=-1)])
    submit(lanes, "late", fn=2)
    submit(lanes, "middle", 2)
    submit(lanes, "urgent", 2, fn=1)
    assert order(lanes) == ["urgent0", "urgent1", "middle0", "middle1", "late0"]


def test_no_more_of_one_user_at_once_than_may_be() -> None:
    lanes = Scheduler([Declared(0, "f", limit=None), Declared(1, "g", limit=None)], per_user=2)
    submit(lanes, "a", 3)
    submit(lanes, "a", 1, fn=1)
    submit(lanes, "b", 1)
    started = [start(lanes) for _ in range(4)]
    assert sorted(each[0].job.event_id for each in started[:3]) == ["a0", "a0", "b0"] and not started[3]
    assert lanes.waiting == 2 and lanes.lane_of(0).size == 2
    lanes.release(started[0][0].lane, started[0])
    assert [each.job.event_id for each in start(lanes)] == ["a1"] and not start(lanes)


def test_those_who_stand_aside_do_not_push_in_when_they_come_back() -> None:
    lanes = Scheduler([Declared(0, "f")], per_user=1)
    submit(lanes, "a", 4)
    submit(lanes, "b", 4)
    assert order(lanes) == ["a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3"]


def test_one_that_stands_aside_can_be_cancelled() -> None:
    lanes = Scheduler([Declared(0, "f", limit=None)], per_user=1)
    submit(lanes, "a", 2)
    running, second = start(lanes), lanes.lane_of(0).first
    assert not start(lanes) and second is not None and second.deferred
    assert lanes.cancel(second) and not lanes.cancel(second)
    assert lanes.waiting == lanes.lane_of(0).size == 0
    lanes.release(running[0].lane, running)
    assert not start(lanes)


def test_a_batch_holds_no_more_of_one_user_than_may_run() -> None:
    lanes = Scheduler([Declared(0, "f", batch=8)], per_user=2)
    submit(lanes, "a", 5)
    submit(lanes, "b", 1)
    assert [each.job.event_id for each in start(lanes)] == ["a0", "a1", "b0"]


def test_ranks_follow_the_order() -> None:
    lanes = Scheduler([Declared(0, "f")])
    submit(lanes, "many", 5)
    start(lanes)
    late = lanes.submit(JobSpec("late", "app", 0, [], "tab", identity_key="late"))
    assert late.lane.rank_of(late) == 0
    assert [entry.job.event_id for _, entry in late.lane.walk(3)[0]] == ["late", "many1", "many2"]


def test_the_order_stays_right_whatever_comes_and_goes() -> None:
    """A thousand users of 10 events each, half of which are cancelled: everybody's events keep their order."""
    lanes = Scheduler([Declared(0, "f")], per_user=1)
    entries = []
    for number in range(10):
        for user in range(100):
            entries.append(lanes.submit(JobSpec(f"{user}:{number}", "app", 0, [], "t", identity_key=str(user))))
    gone = {entry.job.event_id for entry in entries[::2] if lanes.cancel(entry)}
    found = order(lanes)
    assert len(found) == 500 and not gone & set(found)
    for user in range(1, 100, 2):
        assert [each for each in found if each.startswith(f"{user}:")] == [f"{user}:{number}" for number in range(10)]
    assert not lanes.waiting and not lanes.lane_of(0)._turns and not lanes.lane_of(0)._of_user


def test_the_cost_does_not_grow_with_the_number_that_wait() -> None:
    def cost(waiting: int) -> float:
        lanes = Scheduler([Declared(0, "f")], per_user=3)
        for user in range(waiting // 10):
            submit(lanes, f"u{user}", 10)
        best = float("inf")
        for _ in range(5):
            started = time.process_time()
            for _ in range(200):
                submit(lanes, f"new{next(_ids)}")
                entries = start(lanes)
                lanes.release(entries[0].lane, entries)
            best = min(best, time.process_time() - started)
        return best

    assert cost(10_000) < 6 * cost(100)


async def test_the_options_reach_the_queue(bench: Any) -> None:
    demo = app(lambda text: text, priority=3)
    demo.queue(per_user_limit=2)
    b = bench(demo)
    assert b.engine.lanes.per_user == 2 and b.engine.lanes._priority == {0: 3}
    for number in range(5):
        await b.submit(str(number))
    assert await b.answers() == [[str(number)] for number in range(5)]
    assert not b.engine.lanes._busy and not b.engine.lanes._deferred


@pytest.mark.parametrize("given", [0, True, "2", 1.5])
def test_senseless_options_are_refused(given: Any) -> None:
    with pytest.raises(ValueError, match="per_user_limit must be"):
        gr.Blocks().queue(per_user_limit=given)
    if not isinstance(given, int) or given is True:
        with pytest.raises(ValueError, match="priority must be"):
            app(lambda text: text, priority=given)
