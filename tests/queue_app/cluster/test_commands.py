"""Orders to other processes: who is asked, and what is said of those that do not answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from queue_app.cluster import commands, handlers, message_bus
from queue_app.cluster.message_bus import MessageBus
from queue_app.exceptions import CannotDo, NotHere
from queue_app.records.event_models import Event, Session
from queue_app.records.message_models import Letter, Process

pytestmark = pytest.mark.django_db


class ManualBus(MessageBus):
    """A bus without a thread; `poll` does what the thread would do at one look."""

    def _start(self) -> None:
        pass

    def poll(self, pause: float = 0.0) -> float:
        assert super().poll(pause) == 0.0
        return 0.0


@pytest.fixture
def mine(monkeypatch) -> Iterator[ManualBus]:
    monkeypatch.setattr(commands, "process_name", lambda: "mine")
    made = ManualBus(1.0, "mine")
    commands.connect(made)
    yield made
    commands.disconnect()


def present(*names: str, ago: float = 0.0) -> None:
    moment = timezone.now() - timedelta(seconds=ago)
    Process.objects.bulk_create(Process(name=name, started=moment, seen=moment) for name in names)


def answer(mine: ManualBus, name: str, outcome: str, done: bool = True, here: bool = True) -> None:
    """As process `name` would answer the message that it got."""
    mine.poll()
    message = Letter.objects.get(receiver=name)
    body = f'{{"done":{str(done).lower()},"here":{str(here).lower()},"outcome":"{outcome}"}}'
    Letter.objects.create(
        key=message.key, sender=name, receiver="mine", kind="answer", body=body, expires=message.expires
    )
    mine.poll()


def event(process: str = "other", state: str = "running") -> Event:
    return Event.objects.create(
        event_id="e", mount="gone", fn=0, submitted=timezone.now(), state=state, process=process, inputs="[]"
    )


def session(process: str = "other") -> Session:
    return Session.objects.create(hash="s", mount="m", created=timezone.now(), seen=timezone.now(), process=process)


def finish(command: commands.Command) -> str:
    return command.finish(time.monotonic())


def test_the_process_that_has_an_event_is_asked_and_named(mine) -> None:
    present("mine", "other", "third")
    command = commands.cancel(event(), commands.others())
    answer(mine, "other", "cancelled")
    assert finish(command) == "cancelled (process other)"
    assert not Letter.objects.filter(receiver="third").exists()
    assert not mine.asked


def test_a_process_that_does_not_answer_is_named(mine) -> None:
    present("mine", "other")
    with pytest.raises(CannotDo, match="process other did not answer within 5 s"):
        finish(commands.cancel(event(), commands.others()))


def test_a_process_without_a_sign_of_life_is_not_asked(mine) -> None:
    present("mine")
    present("other", ago=60)
    with pytest.raises(CannotDo, match="It has ended, or was lost with process other"):
        finish(commands.cancel(event(), commands.others()))
    change: dict[str, Any] = {"mount": "m", "fn": 0, "change": "pause", "limit": ""}
    with pytest.raises(CannotDo, match="Process other is not there any more"):
        finish(commands.change_group("other", False, change, commands.others()))
    assert not Letter.objects.exists()


def test_an_ended_event_is_not_asked_about(mine) -> None:
    present("mine", "other")
    with pytest.raises(CannotDo, match="It has ended"):
        finish(commands.cancel(event(state="done"), commands.others()))
    assert not mine.asked


def test_a_session_is_ended_everywhere_and_those_that_are_silent_are_told_too(mine) -> None:
    present("mine", "other", "third")
    command = commands.end_session(session(), commands.others())
    answer(mine, "other", "ended, with 0 pending events")
    outcome = "ended, with 0 pending events (process other); process third did not answer within 5 s"
    assert finish(command) == outcome


def test_a_session_that_nobody_has_is_over(mine) -> None:
    present("mine", "other")
    command = commands.end_session(session(), commands.others())
    answer(mine, "other", "It is over", done=False, here=False)
    with pytest.raises(CannotDo, match="no process has it"):
        finish(command)


def test_what_another_process_refuses_is_told(mine) -> None:
    present("mine", "other")
    command = commands.retry(event(state="failed"), commands.others())
    answer(mine, "other", "The app has changed", done=False)
    with pytest.raises(CannotDo, match=r"The app has changed \(process other\)"):
        finish(command)


def test_a_command_is_carried_out_where_it_comes_to(monkeypatch) -> None:
    seen: list[Event] = []

    def cancel(row: Event) -> str:
        seen.append(row)
        return "cancelled"

    def nothing(row: Event) -> str:
        raise NotHere("no")

    row = event()
    monkeypatch.setattr(handlers, "cancel", cancel)
    body = {"action": "cancel", "event": row.pk}
    assert commands.execute(body) == {"done": True, "here": True, "outcome": "cancelled"}
    assert seen == [row]
    monkeypatch.setattr(handlers, "cancel", nothing)
    assert commands.execute(body) == {"done": False, "here": False, "outcome": "no"}
    assert commands.execute({"action": "cancel", "event": 0})["here"] is False


def test_without_a_bus_there_are_no_others() -> None:
    present("other")
    assert message_bus.current() is None
    assert commands.others() == []
