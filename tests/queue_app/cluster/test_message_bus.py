"""Messages between processes: each is handled once, by those it is for, and not after its time."""

from __future__ import annotations

import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from auth_app.visitors.signals import access_changed, notify
from queue_app import conf, databases
from queue_app.cluster import access_broadcast, message_bus
from queue_app.cluster.message_bus import MessageBus
from queue_app.records.message_models import Letter, Process

pytestmark = pytest.mark.django_db


class ManualBus(MessageBus):
    """A bus without a thread: `poll` does what the thread would do at one look."""

    def __init__(self, name: str, begun: bool = True) -> None:
        super().__init__(1.0, name)
        self.received: list[dict[str, Any]] = []
        self.listeners["told"] = self.received.append
        if begun:
            self.begin()

    def _start(self) -> None:
        pass


def test_a_message_to_all_is_heard_once_by_each_of_the_others() -> None:
    one, two, three = ManualBus("one"), ManualBus("two"), ManualBus("three")
    one.send("told", {"n": 1})
    for each in (one, two, three, two, three):
        each.poll()
    assert (one.received, two.received, three.received) == ([], [{"n": 1}], [{"n": 1}])


def test_a_message_to_one_is_heard_by_that_one() -> None:
    one, two, three = ManualBus("one"), ManualBus("two"), ManualBus("three")
    one.send("told", {}, "three")
    for each in (one, two, three):
        each.poll()
    assert (two.received, three.received) == ([], [{}])


def test_an_expired_message_is_not_heard_and_goes() -> None:
    one, two = ManualBus("one"), ManualBus("two")
    one.send("told", {}, lifetime=-1)
    one.poll()
    two.poll()
    assert two.received == []
    assert not Letter.objects.exists()


def test_a_message_whose_transaction_took_longer_than_the_next_ones_is_heard() -> None:
    one, two = ManualBus("one"), ManualBus("two")
    first, second = (Letter(sender="one", kind="told", body=f'{{"n":{n}}}', expires=later()) for n in (1, 2))
    first.pk, second.pk = 1001, 1002
    second.save(force_insert=True)
    two.poll()
    first.save(force_insert=True)
    two.poll()
    one.poll()
    assert two.received == [{"n": 2}, {"n": 1}]


def test_what_was_handled_long_ago_is_not_read_again(monkeypatch) -> None:
    monkeypatch.setattr(message_bus, "OVERLAP", -1.0)
    one, two = ManualBus("one"), ManualBus("two")
    for number in range(3):
        one.send("told", {"n": number})
        one.poll()
        two.poll()
    assert [each["n"] for each in two.received] == [0, 1, 2]
    assert not two.remembered


def test_a_message_that_cannot_be_read_harms_nobody(caplog) -> None:
    two = ManualBus("two")
    two.listeners["bad"] = lambda body: body["missing"]
    for kind, body in (("bad", "{}"), ("told", "not JSON"), ("unheard-of", "{}"), ("told", "{}")):
        Letter.objects.create(sender="one", kind=kind, body=body, expires=later())
    two.poll()
    assert two.received == [{}]
    assert [record.action for record in caplog.records] == ["post.refused", "post.refused", "post.unknown"]


def test_who_asks_gets_the_answers_that_came_and_knows_who_gave_none(monkeypatch) -> None:
    one, two = ManualBus("one"), ManualBus("two")
    two.workers["do"] = lambda body: {"outcome": body["what"].upper()}
    monkeypatch.setattr(two, "_workshop", Now)
    asked = one.ask("do", {"what": "it"}, ["two", "gone"])
    for each in (one, two, two, one):
        each.poll()
    assert asked.wait(time.monotonic()) == {"two": {"outcome": "IT"}}
    one.forget(asked)
    assert not one.asked


def test_an_answer_of_somebody_who_was_not_asked_does_not_count() -> None:
    one = ManualBus("one")
    asked = one.ask("do", {}, ["two"])
    Letter.objects.create(key=asked.key, sender="three", receiver="one", kind="answer", body="{}", expires=later())
    one.poll()
    assert asked.wait(time.monotonic()) == {}


def test_a_look_costs_one_query_along_an_index() -> None:
    one = ManualBus("one")
    one.poll()
    with CaptureQueriesContext(connection) as captured:
        one.poll()
    (query,) = captured.captured_queries
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
        assert "USING INDEX blocks_letter_mine" in cursor.fetchall()[0][3]


def test_a_process_gives_signs_of_life() -> None:
    one = ManualBus("one")
    one.poll()
    Process.objects.create(name="old", started=timezone.now(), seen=timezone.now() - timedelta(minutes=5))
    assert [each.name for each in message_bus.present()] == ["one"]


def test_a_process_that_begins_to_serve_does_not_wait_for_its_next_look() -> None:
    begun = ManualBus("one", begun=False)
    begun.interval = 3600.0
    begun.begin()
    begun.wait()  # its thread's first wait, which would otherwise be that long
    begun.poll()
    assert Process.objects.filter(name="one").exists()


def test_a_database_that_is_away_is_tried_again_and_told_once(monkeypatch, caplog) -> None:
    one = ManualBus("one")
    one.send("told", {})

    def fails(*args: Any) -> None:
        raise DatabaseError("no such table")

    with monkeypatch.context() as away:
        away.setattr(connection, "close", lambda: None)  # it holds the test's transaction
        away.setattr("django.db.models.QuerySet.bulk_create", fails)
        pauses = [one.poll(0.0), one.poll(1.0), one.poll(20.0)]
    assert pauses == [1.0, 2.0, 30.0]
    assert [record.action for record in caplog.records] == ["post.waits"]
    one.poll()
    assert Letter.objects.count() == 1


def test_changes_of_access_are_told_to_others_and_not_back(django_capture_on_commit_callbacks) -> None:
    one, two = ManualBus("one"), ManualBus("two")
    here = access_broadcast.AccessBroadcast(one)
    there: list[dict[str, Any]] = []
    two.listeners[access_broadcast.KIND] = there.append
    try:
        with django_capture_on_commit_callbacks(execute=True):
            notify("digest", ended=True)
            access_broadcast.AccessBroadcast.receive({"changes": [{"session": "of another process", "ended": True}]})
        one.poll()
        two.poll()
        with django_capture_on_commit_callbacks(execute=True):
            for number in range(access_broadcast.MANY + 1):
                notify(f"digest {number}", ended=True)
        one.poll()
        two.poll()
    finally:
        here.close()
    change = {"session": "digest", "identity_key": None, "ended": True}
    assert there == [{"changes": [change]}, {"changes": [{}]}]


def test_what_is_heard_is_told_to_those_who_keep_connections() -> None:
    seen: list[tuple[Any, ...]] = []

    def receiver(session: str | None, identity_key: str | None, ended: bool, **_: Any) -> None:
        seen.append((session, identity_key, ended))

    access_changed.connect(receiver)
    access_broadcast.AccessBroadcast.receive(
        {"changes": [{"session": "s", "ended": True}, {"identity_key": "user:1"}, {}]}
    )
    assert seen == [("s", None, True), (None, "user:1", False), (None, None, False)]


@pytest.mark.parametrize(
    ("database", "taken"),
    [
        ({}, False),
        ({"ENGINE": "django.db.backends.dummy"}, False),
        ({"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}, False),
        ({"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/db.sqlite3"}, True),
    ],
)
def test_there_is_a_bus_where_a_database_can_be_shared(monkeypatch, settings, database, taken) -> None:
    monkeypatch.setattr(databases, "settings", SimpleNamespace(DATABASES={"default": database} if database else {}))
    settings.BLOCKS_MESSAGE_BUS = None
    assert conf.message_bus() is taken


def later() -> Any:
    return timezone.now() + timedelta(minutes=1)


class Now:
    """Does at once what it is given to do."""

    def submit(self, work: Any, *args: Any) -> None:
        keep, connection.close = connection.close, lambda: None  # it holds the test's transaction
        try:
            work(*args)
        finally:
            connection.close = keep
