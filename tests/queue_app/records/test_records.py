"""Every change of an event's state is one log record with ids, on every road that an event can take."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator

import pytest

import blocks_app as gr
from tests.queue_app.conftest import app, until

QUEUED, STARTED = ("job.queued", "queued"), ("job.started", "running")
ENDS = {name: (f"job.{name}", name) for name in ("done", "failed", "cancelled")}


@pytest.fixture
def logged(caplog) -> dict[str, list[tuple[str, str]]]:
    """What the log says by now, per event: the records' names and the states in them."""
    caplog.set_level(logging.INFO, "queue_app.jobs")

    class LoggedRecords(dict[str, list[tuple[str, str]]]):
        def __missing__(self, event_id: str) -> list[tuple[str, str]]:
            found = defaultdict(list)
            for record in caplog.records:
                if record.name == "queue_app.jobs":
                    assert record.mount and record.session and record.fn_name and record.fn == 0
                    found[record.event_id].append((record.action, record.job_state))
            return found[event_id]

    return LoggedRecords()


async def test_ends_of_functions(bench, logged) -> None:
    def function(text: str) -> str:
        if text == "bad":
            raise ValueError
        if text == "quiet":
            raise gr.Error("no", print_exception=False)
        return text

    b = bench(app(function, concurrency_limit=None))
    jobs = {text: await b.submit(text) for text in ("good", "bad", "quiet")}
    await b.ends()
    assert logged[jobs["good"].event_id] == [QUEUED, STARTED, ENDS["done"]]
    assert logged[jobs["bad"].event_id] == logged[jobs["quiet"].event_id] == [QUEUED, STARTED, ENDS["failed"]]


async def test_a_generator_is_one_run_however_often_it_yields(bench, logged) -> None:
    def count(text: str) -> Iterator[str]:
        yield from "abc"

    b = bench(app(count))
    job = await b.submit("x")
    await b.ends()
    assert logged[job.event_id] == [QUEUED, STARTED, ENDS["done"]]


async def test_cancelled_while_running_and_while_waiting_and_twice(bench, logged) -> None:
    async def forever(text: str) -> AsyncIterator[str]:
        yield text
        await asyncio.sleep(60)

    b = bench(app(forever, concurrency_limit=1))
    running, waiting = await b.submit("x"), await b.submit("x")
    await until(b.engine.subscribe("s"), "process_generating")
    for job in (waiting, waiting, running, running):
        await b.engine.cancel("s", job.event_id)
    await b.ends()
    assert logged[running.event_id] == [QUEUED, STARTED, ENDS["cancelled"]]
    assert logged[waiting.event_id] == [QUEUED, ENDS["cancelled"]]


async def test_past_its_time_limit(bench, logged) -> None:
    async def hang(text: str) -> None:
        await asyncio.sleep(60)

    b = bench(app(hang, time_limit=0.05))
    job = await b.submit("x")
    await b.ends()
    assert logged[job.event_id] == [QUEUED, STARTED, ENDS["failed"]]


async def test_a_batch_tells_each_of_its_events(bench, logged) -> None:
    b = bench(app(lambda texts: [texts], batch=True, max_batch_size=4))
    jobs = [await b.submit(text) for text in "abcd"]
    await b.ends()
    for job in jobs:
        assert logged[job.event_id] == [QUEUED, STARTED, ENDS["done"]]


async def test_outside_the_queue(bench, logged) -> None:
    b = bench(app(lambda text: text.upper(), queue=False))
    good, bad = b.job("x"), b.job(None)
    await b.engine.run_direct(good)
    await b.engine.run_direct(bad)
    assert logged[good.event_id] == [STARTED, ENDS["done"]]
    assert logged[bad.event_id] == [STARTED, ENDS["failed"]]


async def test_a_server_that_ends_fails_what_is_open(bench, logged) -> None:
    async def hang(text: str) -> None:
        await asyncio.sleep(60)

    b = bench(app(hang, concurrency_limit=1))
    running, waiting = await b.submit("x"), await b.submit("x")
    await until(b.engine.subscribe("s"), "process_starts")
    await b.engine.close()
    assert logged[running.event_id] == [QUEUED, STARTED, ENDS["failed"]]
    assert logged[waiting.event_id] == [QUEUED, ENDS["failed"]]


async def test_a_refused_event_has_no_state_to_tell(bench, logged) -> None:
    b = bench(app(lambda text: text))
    b.engine.stopped = True
    job = b.job("x")
    with pytest.raises(Exception, match="."):
        await b.engine.submit(job)
    b.engine.stopped = False
    assert logged[job.event_id] == []
