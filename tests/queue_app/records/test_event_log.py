"""The event log: what is written, in how few statements, and what happens when it cannot be."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import DataError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

import blocks_app as gr
from blocks_app.running.request import RequestInfo
from queue_app import conf, databases
from queue_app.records import event_log
from queue_app.records.event_log import EventLog
from queue_app.records.event_log_writer import write
from queue_app.records.event_models import Event, Minute, Session
from queue_app.signals import JobChanged, SessionChanged, job_changed
from tests.queue_app.conftest import app

INFO = RequestInfo(
    headers=(("user-agent", "Tests/1"),), query_string="", client=("10.0.0.9", 1), path="/", method="POST",
    scheme="http", root="",
)  # fmt: skip


def change(demo: gr.Blocks, action: str = "job.queued", name: str = "e1", **more: object) -> JobChanged:
    values: dict[str, object] = {
        "action": action, "at": 1_000_000.0, "event_id": name, "mount": "app", "fn": 0,
        "fn_name": demo.dependencies[0].name,
        "session": "s", "identity": "user:1", "username": "ada", "request": INFO, "state": "queued",
        "submitted": 1_000_000.0, "started": None, "finished": None, "messages": 0,
    }  # fmt: skip
    return JobChanged(**(values | more))  # type: ignore[arg-type]


@pytest.fixture
def demo() -> gr.Blocks:
    return app(lambda text: text)


@pytest.mark.django_db
def test_of_many_changes_of_an_event_one_row_is_written(demo) -> None:
    done = change(demo, "job.done", state="done", started=1_000_001.0, finished=1_000_003.5, messages=4, at=1_000_003.5)
    write([change(demo), change(demo, "job.started", state="running", started=1_000_001.0), done], "p:1", 0)
    row = Event.objects.get()
    assert (row.state, row.wait, row.duration, row.messages, row.username) == ("done", 1.0, 2.5, 4, "ada")
    minute = Minute.objects.get()
    assert (minute.submitted, minute.started, minute.done, minute.waited, minute.ran) == (1, 1, 1, 1.0, 2.5)


@pytest.mark.django_db
def test_later_changes_update_the_row_and_add_to_the_minute(demo) -> None:
    write([change(demo)], "p:1", 0)
    write([change(demo, "job.failed", state="failed", error=ValueError("no\0 such \ud800"))], "p:1", 0)
    row = Event.objects.get()
    assert row.state == "failed"
    assert row.error == "ValueError: no such �"
    assert (Minute.objects.get().submitted, Minute.objects.get().failed) == (1, 1)


@pytest.mark.django_db
def test_what_another_process_knows_of_the_end_is_not_undone_by_what_was_known_before(demo) -> None:
    """The process that took an event, and the worker that ran it, write when they come to it."""
    started = change(demo, "job.started", state="running", started=1_000_001.0)
    write([started], "worker", 0)
    write([change(demo)], "web", 0)
    assert (Event.objects.get().state, Event.objects.get().wait) == ("running", 1.0)
    done = change(demo, "job.done", state="done", started=1_000_001.0, finished=1_000_003.0, at=1_000_003.0)
    write([done], "worker", 0)
    for late in (change(demo), started):
        write([late], "web", 0)
    row = Event.objects.get()
    assert (row.state, row.duration, row.process) == ("done", 2.0, "worker")


@pytest.mark.django_db
def test_the_same_id_used_again_is_another_event(demo) -> None:
    """Browsers choose ids: nobody overwrites what happened before."""
    write([change(demo)], "p:1", 0)
    write([change(demo, submitted=1_000_050.0)], "p:1", 0)
    assert Event.objects.count() == 2


@pytest.mark.django_db
def test_a_thousand_events_are_a_handful_of_statements(demo) -> None:
    with CaptureQueriesContext(connection) as queries:
        write([change(demo, name=f"e{n}") for n in range(1_000)], "p:1", 0)
    assert Event.objects.count() == 1_000
    assert len(queries) < 40  # SQLite takes 999 values in a statement


@pytest.mark.django_db
def test_a_session_knows_who_where_from_and_how_many_connections(demo) -> None:
    write([SessionChanged("attached", 1_000_000.0, "app", "s", "user:1", 1), change(demo)], "p:1", 0)
    write([SessionChanged("attached", 1_000_009.0, "app", "s", "user:1", 0)], "p:1", 0)
    row = Session.objects.get()
    assert (row.username, row.address, row.agent, row.connections) == ("ada", "10.0.0.9", "Tests/1", 0)
    assert (row.seen - row.created).total_seconds() == 9


@pytest.mark.django_db
def test_an_event_without_a_session_makes_no_session(demo) -> None:
    write([change(demo, session="e1")], "p:1", 0)
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_inputs_are_kept_up_to_a_size(demo) -> None:
    failed = {"action": "job.failed", "state": "failed"}
    write([change(demo, name="a", data=["x"], **failed)], "p:1", 100)
    write([change(demo, name="b", data=["x" * 200], **failed)], "p:1", 100)
    write([change(demo, name="d", data=["x"], **failed)], "p:1", 0)
    assert dict(Event.objects.values_list("event_id", "inputs")) == {"a": '["x"]', "b": "", "d": ""}


@pytest.fixture
def noting() -> Iterator[EventLog]:
    """An event log that notes what the engines of this test do."""
    made = event_log.install(EventLog(gather=0.01))
    yield made
    event_log.uninstall()


async def test_noting_does_not_wait_for_the_database(bench, noting, monkeypatch) -> None:
    written: list[JobChanged] = []
    go = threading.Event()
    monkeypatch.setattr(event_log, "write", lambda batch, *_: go.wait(10) and written.extend(batch))
    bed = bench(app(lambda text: text.upper()))
    await bed.submit("a")
    assert await bed.answers() == [["A"]]  # while the first batch stands still
    assert not written
    go.set()
    assert await asyncio.to_thread(noting.flush)
    assert [each.action for each in written if isinstance(each, JobChanged)] == [
        "job.queued",
        "job.started",
        "job.done",
    ]


async def test_every_end_is_noted_with_its_messages(bench, noting, monkeypatch) -> None:
    written: list[JobChanged] = []
    monkeypatch.setattr(event_log, "write", lambda batch, *_: written.extend(batch))

    def fails(text: str) -> str:
        raise ValueError(text)

    bed = bench(app(lambda text: text, fails))
    scheduler = bed.engine.scheduler
    scheduler.pause(scheduler.group_of(0))
    stopped = await bed.submit("c")
    await bed.submit("b", fn=1)
    await bed.engine.cancel("s", stopped.event_id)
    await bed.messages()
    await bed.engine.run_direct(bed.job("d", session="other"))
    await asyncio.to_thread(noting.flush)
    ends = {each.action: each for each in written if isinstance(each, JobChanged) and each.finished is not None}
    assert sorted(ends) == ["job.cancelled", "job.done", "job.failed"]
    assert ends["job.failed"].data == ["b"] and repr(ends["job.failed"].error) == "ValueError('b')"
    assert ends["job.failed"].messages == 2
    assert ends["job.cancelled"].messages == 2
    assert ends["job.done"].data is None


def _note(made: EventLog, demo: gr.Blocks, count: int) -> None:
    for _ in range(count):
        made.note(change(demo))


def test_what_finds_no_room_is_counted_and_told(demo, monkeypatch, caplog) -> None:
    go = threading.Event()
    monkeypatch.setattr(event_log, "write", lambda *_: go.wait(10))
    made = EventLog(size=3, gather=10)
    with caplog.at_level(logging.WARNING):
        _note(made, demo, 5)
        assert made.dropped == 2
        go.set()
        assert made.flush()
    assert [record.changes for record in caplog.records] == [2]  # type: ignore[attr-defined]
    made.close()


def test_a_database_that_is_away_is_tried_again(demo, monkeypatch) -> None:
    tries: list[int] = []

    def fails_once(batch, *_):
        tries.append(len(batch))
        if len(tries) == 1:
            raise OperationalError("away")

    monkeypatch.setattr(event_log, "write", fails_once)
    made = EventLog(gather=0.05)
    _note(made, demo, 3)
    assert made.flush(20)
    assert (tries, made.dropped, made.written) == ([3, 3], 0, 3)
    made.close()


def test_one_bad_note_does_not_take_the_others_with_it(demo, monkeypatch) -> None:
    def refuses(batch, *_):
        if any(isinstance(each, SessionChanged) for each in batch):
            raise DataError("what is this")

    monkeypatch.setattr(event_log, "write", refuses)
    made = EventLog(gather=10)
    _note(made, demo, 2)
    made.visit(SessionChanged("attached", 0.0, "app", "s", None, 1))
    assert made.flush()
    assert (made.written, made.dropped) == (2, 1)
    made.close()


def test_what_is_left_is_written_at_the_end(demo, monkeypatch) -> None:
    written: list[object] = []
    monkeypatch.setattr(event_log, "write", lambda batch, *_: written.extend(batch))
    made = EventLog(gather=60)
    _note(made, demo, 4)
    made.close()
    assert len(written) == 4


@pytest.mark.django_db(transaction=True)
def test_the_thread_writes_rows(demo) -> None:
    made = EventLog(gather=3600)
    _note(made, demo, 2)
    assert made.flush()
    made.close()
    assert Event.objects.get().state == "queued"


@pytest.mark.parametrize(
    ("values", "noted"),
    [
        ({"DATABASES": {}}, False),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.dummy"}}}, False),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, True),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}, "BLOCKS_EVENT_LOG": False}, False),
    ],
)
def test_events_are_noted_where_there_is_a_database(monkeypatch, settings, values, noted) -> None:
    settings.BLOCKS_EVENT_LOG = values.get("BLOCKS_EVENT_LOG")
    monkeypatch.setattr(databases, "settings", SimpleNamespace(**values))
    assert conf.event_log() is noted


async def test_inputs_with_a_password_among_them_are_not_even_told(bench, monkeypatch) -> None:
    changes: list[JobChanged] = []
    monkeypatch.setattr(job_changed, "receivers", [changes.append])

    def fails(*texts: str) -> str:
        raise ValueError

    with gr.Blocks() as demo:
        name, word = gr.Textbox(), gr.Textbox(type="password")
        gr.Button().click(fails, [name, word], name)
        gr.Button().click(fails, name, name)
    bed = bench(demo)
    await bed.submit("ann", "secret")
    await bed.submit("ann", fn=1)
    await bed.ends()
    assert [each.data for each in changes if each.action == "job.failed"] == [None, ["ann"]]
