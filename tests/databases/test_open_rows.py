"""A process dies when it has told how an event ended, and not yet written it down: its row does not stay open."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from queue_app.records import open_rows
from queue_app.records.event_log import EventLog
from queue_app.records.event_models import Event
from queue_app.signals import EndsKnown, JobChanged
from tests.databases.conftest import Site
from tests.queue_app.engines.test_told_ends import Mortal, worker  # noqa: F401 - the workers of these tests


@pytest.fixture
def book() -> Iterator[EventLog]:
    made = EventLog(gather=0.01)
    yield made
    made.close()


async def row_of(event: str) -> Event:
    """That of an event."""

    def look() -> Event:
        try:
            return Event.objects.get(event_id=event)
        finally:
            connections.close_all()  # those of this thread

    return await asyncio.to_thread(look)


async def test_rows_of_events_that_are_over_are_ended_where_whoever_ran_them_has_died(
    site: Site,
    worker: Mortal,  # noqa: F811
    book: EventLog,
) -> None:
    client, queue = worker.client, worker.web.queue

    def written() -> list[JobChanged]:
        """What a process writes that is killed when it has told an end."""
        return [each for each in client.seen if each.action in ("job.queued", "job.started")]

    client.let_end("a")
    done = await client.submit("stay", "a")
    await worker.run_and_die()
    await worker.sweep()
    died = await client.submit("stay", "b")
    await worker.begin_and_die()
    await worker.sweep()
    running = await client.submit("stay", "c")
    cancelled, waiting = await client.submit("stay", "d"), await client.submit("stay", "e")
    assert await client.engine.cancel("s", cancelled)
    assert await client.messages([done, died, cancelled])
    lost = [JobChanged(**(as_dict(written()[-1]) | {"event_id": "f" * 32, "submitted": time.time() - 100}))]
    for change in [*written(), *lost]:
        book.note(change)
    assert book.flush()

    async def compare() -> dict[str, tuple[str, str]]:
        book.compare(EndsKnown(queue.mount.key, queue.ends_of))
        assert book.flush()
        events = {"done": done, "died": died, "cancelled": cancelled, "running": running, "waiting": waiting}
        rows = {name: await row_of(event) for name, event in {**events, "lost": "f" * 32}.items()}
        return {name: (row.state, row.error) for name, row in rows.items()}

    still_open = {"done": "running", "died": "queued", "cancelled": "queued", "running": "queued", "waiting": "queued"}
    found = await compare()  # whoever has told the ends just now may live, and write them in a moment
    assert {name: state for name, (state, _) in found.items()} == {**still_open, "lost": "failed"}
    for event in (done, died, cancelled):
        await queue.link.client.expire(f"{queue.prefix}done:{event}", 500)
    assert await compare() == {
        "done": ("done", ""),
        "died": ("failed", open_rows.UNWRITTEN),
        "cancelled": ("cancelled", ""),
        "running": ("queued", ""),
        "waiting": ("queued", ""),
        "lost": ("failed", open_rows.LOST),
    }
    row = await row_of(done)
    assert row.finished is not None and row.duration is not None and row.finished.timestamp() < time.time() - 90
    [true] = [each for each in client.seen if each.event_id == done and each.action == "job.done"]
    book.note(true)  # it was only late
    assert book.flush()
    late = (await row_of(done)).finished
    assert late is not None and late.timestamp() > time.time() - 60


def as_dict(change: JobChanged) -> dict[str, Any]:
    return {name: getattr(change, name) for name in change.__struct_fields__}
