"""Trying an event again: however many press at the same moment, it runs once."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections
from django.utils import timezone

import blocks_app as gr
from queue_app.cluster.handlers import retry
from queue_app.exceptions import CannotDo
from queue_app.execution.control import operating
from queue_app.execution.job import AccessEnded
from queue_app.records.event_models import Event
from queue_app.testing import PageUser
from tests.queue_app.conftest import app


@pytest.fixture
def events(database: Path) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Event)


def failed(page: PageUser, name: str, identity: str = "", username: str = "") -> Event:
    return Event.objects.create(
        event_id="e" * 32, mount=page.mount.key, fn=0, fn_name=name, session=page.session_hash, identity=identity,
        username=username, state="failed", inputs='["again"]', submitted=timezone.now(),
    )  # fmt: skip


def counting() -> tuple[gr.Blocks, list[str]]:
    ran: list[str] = []

    def work(text: str) -> str:
        ran.append(text)
        return text

    return app(work), ran


@pytest.mark.usefixtures("events")
def test_of_ten_who_press_at_once_one_is_heard() -> None:
    demo, ran = counting()
    together = threading.Barrier(10)

    def press(number: int) -> str:
        try:
            row = Event.objects.get()  # as it was before anybody pressed
            together.wait(10)
            return retry(row, f"{number:032}")
        except CannotDo as error:
            return str(error)
        finally:
            connections.close_all()

    with PageUser(demo) as page, ThreadPoolExecutor(10) as people:
        failed(page, "work")
        outcomes = list(people.map(press, range(10)))
        page.until(lambda: operating.snapshots()[0].waiting + operating.snapshots()[0].running == 0)
        again = Event.objects.get().retried_as
    assert ran == ["again"]
    assert outcomes.count(f"submitted again as {again}") == 1
    assert outcomes.count(f"It was tried again already, as {again}.") == 9


@pytest.mark.usefixtures("events")
def test_another_try_ends_with_the_login_of_its_visitor_and_by_an_operator() -> None:
    began, stopped = threading.Semaphore(0), threading.Semaphore(0)

    async def hang(text: str) -> None:
        began.release()
        try:
            await asyncio.sleep(60)
        finally:
            stopped.release()

    with PageUser(app(hang), identity_key="name:ann", username="ann") as page:
        row = failed(page, "hang", identity="name:ann", username="ann")
        retry(row, "1" * 32)
        assert began.acquire(timeout=10)
        engine = operating.serving(row.mount).engine
        page.run(engine.drop(AccessEnded(identity_key="name:ann")))
        assert stopped.acquire(timeout=10)
        Event.objects.update(retried_as="")
        retry(Event.objects.get(), "2" * 32)
        assert began.acquire(timeout=10) and operating.cancel(row.mount, "2" * 32)
        assert stopped.acquire(timeout=10)


@pytest.mark.django_db
def test_the_same_command_twice_is_done_once_and_answered_twice() -> None:
    demo, ran = counting()
    with PageUser(demo) as page:
        row, same = failed(page, "work"), Event.objects.get()
        assert retry(row, "a" * 32) == retry(same, "a" * 32)
        page.until(lambda: operating.snapshots()[0].waiting + operating.snapshots()[0].running == 0)
    assert ran == ["again"]


@pytest.mark.django_db
def test_what_the_queue_refuses_may_be_tried_again() -> None:
    demo, ran = counting()
    demo.queue(max_size=0)
    with PageUser(demo) as page:
        row = failed(page, "work")
        with pytest.raises(CannotDo, match="[Qq]ueue"):
            retry(row, "a" * 32)
        row.refresh_from_db()
        assert row.retried_as == "" and ran == []
