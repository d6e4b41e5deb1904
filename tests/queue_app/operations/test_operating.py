"""What an operator does to a group: pause, drain, a limit of its own; and who is told of state changes."""

from __future__ import annotations

import pytest

from queue_app.exceptions import QueueDraining
from queue_app.execution.job import JobSpec
from queue_app.scheduling.scheduler import Declared, Scheduler
from queue_app.signals import JobChanged, job_changed, session_changed
from tests.queue_app.conftest import app, until


def job(name: str, fn: int = 0) -> JobSpec:
    return JobSpec(name, "app", fn, [], "s")


def test_nothing_of_a_paused_group_starts_and_others_go_on() -> None:
    scheduler = Scheduler([Declared(0, "f"), Declared(1, "g")])
    scheduler.pause(scheduler.group_of(0))
    scheduler.submit(job("a"))
    scheduler.submit(job("b", fn=1))
    assert [entry.job.event_id for entry in scheduler.take() or []] == ["b"]
    assert scheduler.take() is None
    scheduler.pause(scheduler.group_of(0), False)
    assert [entry.job.event_id for entry in scheduler.take() or []] == ["a"]


def test_a_group_paused_while_it_stands_in_line_starts_later_once() -> None:
    scheduler = Scheduler([Declared(0, "f", None)])
    scheduler.submit(job("a"))
    scheduler.pause(scheduler.group_of(0))
    assert scheduler.take() is None
    scheduler.pause(scheduler.group_of(0), False)
    assert len(scheduler.take() or []) == 1 and scheduler.take() is None


def test_a_draining_group_finishes_what_waits_and_takes_nothing_new() -> None:
    scheduler = Scheduler([Declared(0, "f")])
    scheduler.submit(job("a"))
    scheduler.group_of(0).draining = True
    with pytest.raises(QueueDraining, match="takes no new events"):
        scheduler.submit(job("b"))
    assert len(scheduler.take() or []) == 1
    assert scheduler.waiting == 0


def test_a_limit_set_by_hand_stays_when_the_app_grows() -> None:
    scheduler = Scheduler([Declared(0, "f")])
    scheduler.set_limit("f", 5)
    scheduler.group_of(0).pinned = True
    scheduler.declare([Declared(0, "f"), Declared(1, "g")])
    assert scheduler.group_of(0).limit == 5


async def test_observers_see_each_state_once_and_the_messages_are_counted(bench, monkeypatch) -> None:
    seen: list[str] = []
    visits: list[str] = []
    messages: dict[str, int] = {}

    def note(change: JobChanged) -> None:
        seen.append(f"{change.action} {change.error!r}")
        messages[change.event_id] = change.messages

    monkeypatch.setattr(job_changed, "receivers", [note])
    monkeypatch.setattr(session_changed, "receivers", [lambda change: visits.append(change.what)])

    def fails(text: str) -> str:
        raise ValueError(text)

    bed = bench(app(lambda text: text, fails))
    good, bad = await bed.submit("a"), await bed.submit("b", fn=1)
    reader = bed.engine.subscribe("s")
    await until(reader, "process_completed")
    while bed.engine.session("s").open_events:
        await anext(reader)
    reader.close()
    queued, started = "job.queued None", "job.started None"
    assert sorted(seen) == ["job.done None", "job.failed ValueError('b')", queued, queued, started, started]
    assert messages == {good.event_id: 2, bad.event_id: 2}
    assert visits == ["attached", "left"]


async def test_a_paused_group_goes_on_when_it_is_opened_again(bench) -> None:
    bed = bench(app(lambda text: text.upper()))
    scheduler = bed.engine.scheduler
    scheduler.pause(scheduler.group_of(0))
    await bed.submit("a")
    assert bed.engine.snapshot().waiting == 1
    scheduler.pause(scheduler.group_of(0), False)
    bed.engine.reopen()
    assert await bed.answers() == [["A"]]
