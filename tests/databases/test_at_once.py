"""Many at the same moment, on each database: quotas, files, events, processes, operators; and who is not who."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client

from blocks_app.connections import released
from blocks_app.files.file_registry import QuotaExceeded
from queue_app.cluster.message_bus import MessageBus
from queue_app.operations.audits import audit
from queue_app.records import event_log_writer
from queue_app.records.conversations import Conversations
from queue_app.records.db_file_registry import DatabaseRegister
from queue_app.records.event_log_writer import write
from queue_app.records.event_models import Audit, Event, Minute, StoredFile
from queue_app.records.file_models import FileAccount
from tests.databases.conftest import Site
from tests.databases.test_conversations import said
from tests.databases.test_writers import change, record
from tests.queue_app.conftest import app


def test_of_many_uploads_at_the_quota_just_those_that_fit_are_stored(site: Site, settings: Any) -> None:
    settings.BLOCKS_UPLOAD_QUOTA = 50
    files = DatabaseRegister("here")

    def reserve(number: int) -> bool:
        try:
            files.reserve(record(number))
        except QuotaExceeded:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(reserve, range(24)))
        assert sum(stored) == 10 and StoredFile.objects.count() == 10 and FileAccount.objects.get().used == 50
        twice = [f"f{number}" for number in range(12)] * 2
        list(pool.map(files.remove, twice))
        list(pool.map(files.remove, [f"f{number}" for number in range(12, 24)]))
    assert not StoredFile.objects.exists() and FileAccount.objects.get().used == 0


def test_processes_that_write_the_same_events_and_minutes_lose_none(site: Site) -> None:
    demo = app(lambda text: text)
    start = threading.Barrier(8)

    def work(process: int) -> None:
        start.wait()
        for batch in range(3):
            mine = [change(demo, number + 100 * batch, submitted=1.7e9) for number in range(20)]  # of all of them
            write([*mine, change(demo, 1_000 + 10 * process + batch)], f"p:{process}", 0)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: released(work, number), range(8)))
    assert Event.objects.count() == 60 + 24
    assert sum(Minute.objects.values_list("submitted", flat=True)) == 8 * 3 * 21


def test_operators_and_lists_at_once(site: Site, settings: Any) -> None:
    settings.ALLOWED_HOSTS, settings.SESSION_ENGINE = ["testserver"], "django.contrib.sessions.backends.db"
    connection.close()
    demo = app(lambda text: text)
    write([change(demo, number) for number in range(150)], "p:1", 0)
    staff = Client()
    staff.force_login(User.objects.create_superuser("root"))
    cookies = staff.cookies

    def look(number: int) -> int:
        mine = Client()
        mine.cookies = cookies
        audit("root", "cancel", f"e{number}", "app", lambda: "done")
        status = mine.get("/admin/queue_app/event/", {"q": f"e{number}"} if number % 2 else {}).status_code
        write([change(demo, 1_000 + number)], "p:1", 0)
        return status

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda number: released(look, number), range(12)))
    assert {*found} <= {200, 302} and Event.objects.count() == 162 and Audit.objects.count() == 12


@pytest.mark.parametrize("other", ["name:r/ann", "name:r/Ann ", "name:r/Änn"])
def test_names_that_look_alike_are_others(site: Site, other: str) -> None:
    """Collations of MySQL hold them for the same."""
    mine, theirs = Conversations("name:r/Ann", "chat"), Conversations(other, "chat")
    opened = mine.save(None, "title", said("secret", "b"))
    assert opened is not None and mine.listed() and not theirs.listed()
    assert theirs.load(opened["id"]) is None and mine.load(opened["id"]) is not None
    theirs.rename(opened["id"], "stolen"), theirs.delete(opened["id"])
    made = theirs.save(opened, "title", said("c", "d"))
    assert made is not None and made["id"] != opened["id"]
    assert [title for _, title in mine.listed()] == ["title"]
    mine.delete(opened["id"])
    assert not mine.listed() and len(theirs.listed()) == 1


def test_large_inputs_and_traces_of_many_failures_are_written(site: Site) -> None:
    """MySQL ends the connection of whoever sends a larger statement than it takes."""
    demo = app(lambda text: text)
    large = ["'\\" * 30_000]
    failed = [change(demo, n, action="job.failed", state="failed", error=ValueError("😀" * 400), data=large)
              for n in range(60)]  # fmt: skip
    write(failed, "p:1", 200_000)
    assert Event.objects.count() == 60
    row = Event.objects.first()
    assert row is not None and json.loads(row.inputs) == large and "😀" in row.error


def test_a_bus_of_many_messages_loses_none(site: Site) -> None:
    one, heard = MessageBus(0.05, "one"), []
    others = [MessageBus(0.05, f"other {number}") for number in range(3)]
    for each in others:
        each.listeners["told"] = heard.append
        each.begin()
    done = threading.Event()
    others[0].listeners["done"] = lambda body: done.set()
    for number in range(200):
        one.send("told", {"n": number})
    one.send("done", {})
    assert done.wait(60)
    for each in [one, *others]:
        each.close()
    assert sum(body["n"] for body in heard if body) >= sum(range(200))


def test_migrations_go_back_and_forward(site: Site) -> None:
    Event.objects.all().delete()
    call_command("migrate", "queue_app", "0001", verbosity=0)
    call_command("migrate", "queue_app", verbosity=0)
    write([change(app(lambda text: text))], "p:1", 0)
    assert Event.objects.get().kept == 0 and event_log_writer.ROWS
