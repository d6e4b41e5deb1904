"""What is written behind: beside a site that writes, wherever its routers keep our tables, in any text and time."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import OperationalError, connection, connections, transaction
from django.test import Client

import blocks_app as gr
from blocks_app.files import file_registry
from blocks_app.files.file_registry import RegisteredFile as Record
from queue_app import databases
from queue_app.cluster import commands, message_bus
from queue_app.cluster.message_bus import MessageBus
from queue_app.operations.admin.charts import last_hour
from queue_app.operations.audits import audit
from queue_app.records import db_file_registry, event_log
from queue_app.records.db_file_registry import DatabaseRegister
from queue_app.records.event_log import EventLog
from queue_app.records.event_log_writer import write
from queue_app.records.event_models import Audit, Event, Letter, Minute, Process, Session, StoredFile
from queue_app.signals import JobChanged
from queue_app.testing import PageUser
from tests.databases.conftest import Site, using
from tests.queue_app.cluster.test_message_bus import ManualBus
from tests.queue_app.conftest import app

ODD = "no\0 such \ud800 " + "x" * 1_000


def record(number: int, **more: Any) -> Record:
    values = {
        "id": f"f{number}", "name": "a.txt", "orig_name": "a.txt", "size": 5, "mime": "text/plain", "owner": "ann",
        "created": time.time(), "payer": "ann",
    }  # fmt: skip
    return Record(**(values | more))


def change(demo: gr.Blocks, number: int = 0, **more: Any) -> JobChanged:
    values = {
        "action": "job.queued", "at": time.time(), "event_id": f"e{number}", "mount": "app", "session": "s",
        "fn": 0, "fn_name": demo.dependencies[0].name, "identity": "user:1", "username": "ada", "request": None,
        "state": "queued", "submitted": time.time(), "started": None, "finished": None, "messages": 0,
    }  # fmt: skip
    return JobChanged(**(values | more))


@pytest.fixture
def writers(site: Site) -> Iterator[threading.Event]:
    """Everything of ours that writes is as busy as it can be, until the event is set."""
    stop, demo = threading.Event(), app(lambda text: text)
    book, bus, files = EventLog(gather=0.01), MessageBus(interval=0.05, name="one"), DatabaseRegister("here")
    bus.begin()

    def work(step: Any) -> None:
        number = 0
        while not stop.wait(random.uniform(0.01, 0.05)):
            step(number := number + 1)
        connections.close_all()

    def keep(number: int) -> None:
        files.reserve(record(number))
        files.remove(f"f{number}")

    steps = [lambda number: book.note(change(demo, number)), lambda number: bus.send("told", {"n": number}), keep]
    threads = [threading.Thread(target=work, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    yield stop
    stop.set()
    for thread in threads:
        thread.join()
    book.close(), bus.close()
    assert book.written > 5 and book.dropped == 0 and Letter.objects.count() > 5


def test_the_site_saves_while_ours_is_written(writers: threading.Event) -> None:
    """Read, think, write, in a transaction, as the admin does; the database is as `startproject` sets it."""
    failed: list[str] = []
    for number in range(25):
        try:
            with transaction.atomic():
                User.objects.filter(username=f"u{number}").exists()
                time.sleep(0.01)
                User.objects.create(username=f"u{number}")
        except OperationalError as error:
            failed.append(str(error))
        time.sleep(0.01)
    # SQLite has no way to see a reader without touching its lock for some microseconds.
    assert len(failed) <= 1, failed


def test_a_site_that_never_lets_go_does_not_stop_ours(sqlite: Site, django_db_blocker: Any) -> None:
    with using(django_db_blocker, default=sqlite.settings):
        stop = threading.Event()

        def read() -> None:
            while not stop.is_set():
                with transaction.atomic():
                    list(User.objects.all())
                    time.sleep(0.05)
            connection.close()

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        with databases.writing(Event, 0.3):
            databases.rows(Event).all().delete()
        stop.set()
        for reader in readers:
            reader.join()


class Elsewhere:
    """Keeps our tables in a database of their own."""

    def db_for_read(self, model: Any, **_: Any) -> str | None:
        return "replica" if model._meta.app_label == "queue_app" else None

    def db_for_write(self, model: Any, **_: Any) -> str | None:
        return "blocks" if model._meta.app_label == "queue_app" else None

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool:
        return (db == "blocks") == (app_label == "queue_app")


def test_a_router_keeps_our_tables_elsewhere(both: Site, django_db_blocker: Any, settings: Any, tmp_path: Any) -> None:
    """The database of writing is asked, too: a replica may be late (here it has not even tables)."""
    main = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "main.sqlite3")}
    replica = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "replica.sqlite3")}
    settings.DATABASE_ROUTERS = [Elsewhere()]
    with using(django_db_blocker, default=main, blocks=both.settings, replica=replica):
        call_command("migrate", verbosity=0)
        demo, files, bus = app(lambda text: text), DatabaseRegister("here"), ManualBus("one")
        assert files.is_ready() and databases.are_there()
        write([change(demo, action="job.done", state="done")], "p:1", 0)
        write([change(demo, action="job.failed", state="failed")], "p:1", 0)
        files.reserve(record(1))
        assert files.get("f1") is not None and files.used_by("ann") == 5
        files.claim(record(1), "s"), files.remove("f1")
        bus.send("told", {}), bus.poll()
        assert audit("ann", "cancel", "e0", "app", lambda: "done") == (True, "done")
        counts = [model.objects.using("blocks").count() for model in (Event, Minute, Letter, Process, Audit)]
        assert counts == [2, 1, 1, 1, 1]
        settings.DATABASE_ROUTERS = []
        with pytest.raises(Exception, match="queue_app_event"):
            Event.objects.using("default").count()


@pytest.mark.parametrize("aware", [True, False])
def test_times_are_as_the_site_has_them(site: Site, settings: Any, aware: bool) -> None:
    settings.USE_TZ, settings.TIME_ZONE = aware, "America/New_York"
    connection.close()
    demo, files, now = app(lambda text: text), DatabaseRegister("here"), time.time()
    write([change(demo, action="job.done", state="done", started=now - 2, finished=now)], "p:1", 0)
    files.reserve(record(1, created=now, expires=now + 60))
    files.reserve(record(2, created=now - 100, expires=now - 60))
    found = DatabaseRegister("here").get("f1")  # another process
    assert found is not None and abs(found.created - now) < 0.001 and abs((found.expires or 0) - now - 60) < 0.001
    assert files.expired(now) == ["f2"] and [each.id for each in files.older(now - 50)] == ["f2"]
    row = Event.objects.get()
    assert abs(row.submitted.timestamp() - now) < 5 and (row.submitted.tzinfo is not None) is aware
    assert "1" in last_hour()[0].summary and len(last_hour()[0].bars) == 1
    bus = ManualBus("one")
    bus.send("told", {}), bus.poll()
    assert [each.name for each in message_bus.present()] == ["one"]
    call_command("blocks_sweep", "--days", "0", verbosity=0)
    assert not Event.objects.exists()


@pytest.mark.parametrize("aware", [True, False])
def test_the_admin_shows_it_all(site: Site, settings: Any, aware: bool) -> None:
    settings.USE_TZ, settings.ALLOWED_HOSTS = aware, ["testserver"]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    connection.close()
    demo, now = app(lambda text: text), time.time()
    write([change(demo, action="job.failed", state="failed", started=now - 2, finished=now, error=ValueError(ODD),
                  data=["a\0b", 2**70, 1.5])], "p:1", 65_536)  # fmt: skip
    DatabaseRegister("here").reserve(record(1, created=now, expires=now + 60))
    audit("ann", "cancel", "e0", "app", lambda: "done")
    Session.objects.create(hash="s", mount="app", created=databases.moment(now), seen=databases.moment(now))
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    for model in (Event, Session, StoredFile, Audit):
        name = model._meta.model_name
        young = ["?since=day"] if model in (Event, StoredFile) else []
        for address in ("", "?q=e0", "?q=%00", *young, f"{model.objects.get().pk}/change/"):
            assert client.get(f"/admin/queue_app/{name}/{address}").status_code in (200, 302), (name, address)
    assert client.get("/admin/queue_app/queue/").status_code == 200
    page = client.get(f"/admin/queue_app/event/{Event.objects.get().pk}/change/")
    assert "ValueError: no such" in page.content.decode()


def test_texts_that_a_database_does_not_take_are_written_nearly_so(site: Site) -> None:
    demo = app(lambda text: text)
    write([change(demo, event_id=ODD, session=ODD, identity=ODD, username=ODD, mount=ODD)], "p:1", 0)
    row = Event.objects.get()
    assert row.username.startswith("no such ? x") and len(row.username) == 200
    files = DatabaseRegister(ODD)
    files.reserve(record(1, owner=ODD, orig_name=ODD, mime=ODD, session=ODD, mount=ODD))
    files.claim(record(1), ODD)
    found = DatabaseRegister(ODD).get("f1")  # another process
    assert found is not None and found.owner == file_registry.owner_text(ODD)
    assert files.known(["f1"]) == {"f1"} and files.used_by("ann") == 5
    assert audit(ODD, "cancel", ODD, ODD, lambda: ODD)[0]


def test_a_page_that_stores_files_and_its_functions_work_on_both(site: Site, settings: Any, tmp_path: Any) -> None:
    settings.BLOCKS_FILE_ROWS = True
    (tmp_path / "a.txt").write_text("hello")
    with gr.Blocks() as demo:
        file, names, button = gr.File(), gr.Textbox(), gr.Button()
        button.click(lambda: str(tmp_path / "a.txt"), None, file)
        button.click(lambda: User.objects.create(username="ann").username, None, names)
    db_file_registry.connect()
    try:
        with PageUser(demo) as page:
            page.click(button)
            assert page.errors == [] and page.value(names) == "ann" and page.value(file)["orig_name"] == "a.txt"
    finally:
        db_file_registry.disconnect()
    assert StoredFile.objects.count() == 1 and User.objects.count() == 1


def test_what_waits_for_a_database_that_was_exchanged_is_not_written_to_another(site: Site) -> None:
    book, demo = EventLog(gather=60), app(lambda text: text)
    book.note(change(demo))
    settings = connection.settings_dict
    place, settings["NAME"] = settings["NAME"], "somewhere else"
    try:
        book.flush(0.5), book.close()
    finally:
        settings["NAME"] = place
    assert book.written == 0 and not Event.objects.exists()


def test_in_tests_nothing_is_written_behind(site: Site) -> None:
    """What Django sets up for its own tests is here, too."""
    book, bus, demo = (
        event_log.install(EventLog(in_tests=False)),
        commands.connect(MessageBus(in_tests=False)),
        app(lambda text: text),
    )
    try:
        bus.begin(), bus.send("told", {})
        with PageUser(demo) as page:
            page.click(next(each for each in demo.blocks.values() if isinstance(each, gr.Button)))
        assert book.flush(1) and not bus.is_running and not book.is_running
    finally:
        event_log.uninstall(), commands.disconnect()
    assert not Event.objects.exists() and not Letter.objects.exists()
    assert file_registry.register_factory is None or db_file_registry.register_for(None, None) is None  # type: ignore[arg-type]


def test_old_rows_are_swept_beside_a_site_that_writes(site: Site) -> None:
    demo = app(lambda text: text)
    write([change(demo, number, submitted=time.time() - 90_000) for number in range(30)], "p:1", 0)
    Minute.objects.update(minute=databases.moment(time.time()) - timedelta(days=3))
    call_command("blocks_sweep", "--days", "1", verbosity=0)
    assert (Event.objects.count(), Minute.objects.count()) == (0, 0)
