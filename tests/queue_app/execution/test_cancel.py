"""Cancelling: what waits leaves at once, what runs is closed as far as it can be, and each event ends exactly once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

import blocks_app as gr
from queue_app.execution.job import JobState
from tests.queue_app.conftest import app, until

UPDATE = {"__type__": "update"}


async def wait_for(condition) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


async def test_a_waiting_event_leaves_the_queue_and_never_runs(bench) -> None:
    release = threading.Event()
    seen: list[str] = []

    def work(text: str) -> str:
        seen.append(text)
        release.wait(10)
        return text

    b = bench(app(work))
    await b.submit("first")
    second = await b.submit("second")
    assert await b.engine.cancel("s", second.event_id)
    assert b.engine.snapshot().waiting == 0 and b.state(second) is JobState.CANCELLED
    release.set()
    ends = await b.ends()
    assert ends[second.event_id]["success"] and ends[second.event_id]["output"]["data"] == [UPDATE]
    assert seen == ["first"] and len(ends) == 2


async def test_the_completion_comes_half_a_second_later_for_streams_without_numbers(bench) -> None:
    release = threading.Event()
    b = bench(app(lambda text: str(release.wait(10))))
    job = await b.submit("x")
    asked = time.monotonic()
    await b.engine.cancel("s", job.event_id)
    assert b.engine.session("s").open_events == 1
    await b.messages(plain=True)
    assert 0.45 <= time.monotonic() - asked < 8
    release.set()


async def test_cancelling_twice_completes_once(bench) -> None:
    release = threading.Event()
    b = bench(app(lambda text: str(release.wait(10))))
    reader = b.engine.subscribe("s")
    job = await b.submit("x")
    assert await b.engine.cancel("s", job.event_id)
    assert not await b.engine.cancel("s", job.event_id)
    release.set()
    await wait_for(lambda: b.engine.scheduler.at_work == 0)
    assert [entry.kind for entry in reader.take()].count("process_completed") == 1


async def test_a_generator_is_closed_and_its_last_values_are_told(bench) -> None:
    closed = threading.Event()

    def count(text: str) -> Iterator[str]:
        try:
            for number in range(1_000_000):
                yield str(number)
                time.sleep(0.001)
        finally:
            closed.set()

    b = bench(app(count))
    reader = b.engine.subscribe("s")
    job = await b.submit("x")
    await until(reader, "process_generating")
    await b.engine.cancel("s", job.event_id)
    end = await until(reader, "process_completed")
    assert end["success"] and end["output"]["data"][0].isdigit()
    assert await asyncio.to_thread(closed.wait, 5)
    assert b.engine.scheduler.at_work == 0


async def test_a_coroutine_is_cancelled(bench) -> None:
    began, cancelled = threading.Event(), threading.Event()

    async def wait(text: str) -> str:
        began.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return text

    b = bench(app(wait))
    b.engine.subscribe("s")
    job = await b.submit("x")
    assert await asyncio.to_thread(began.wait, 10)
    await b.engine.cancel("s", job.event_id)
    assert await asyncio.to_thread(cancelled.wait, 5)


async def test_an_async_generator_is_closed(bench) -> None:
    closed = threading.Event()

    async def count(text: str):
        try:
            while True:
                yield text
                await asyncio.sleep(0.001)
        finally:
            closed.set()

    b = bench(app(count))
    reader = b.engine.subscribe("s")
    job = await b.submit("x")
    await until(reader, "process_generating")
    await b.engine.cancel("s", job.event_id)
    assert await asyncio.to_thread(closed.wait, 5)


async def test_a_plain_function_finishes_alone_and_its_slot_is_free(bench) -> None:
    started, release, finished = threading.Event(), threading.Event(), threading.Event()

    def work(text: str) -> str:
        if text == "slow":
            started.set()
            release.wait(10)
            finished.set()
        return text

    b = bench(app(work))
    b.engine.subscribe("s")
    job = await b.submit("slow")
    await b.submit("next", session="t")
    assert await asyncio.to_thread(started.wait, 5)
    await b.engine.cancel("s", job.event_id)
    assert await b.answers("t") == [["next"]]
    assert not finished.is_set()
    release.set()
    assert await asyncio.to_thread(finished.wait, 5)
    assert b.state(job) is JobState.CANCELLED


async def test_one_of_a_batch_is_dropped_and_the_others_go_on(bench) -> None:
    release = threading.Event()

    def upper(texts: list[str]) -> list[list[str]]:
        release.wait(10)
        return [[text.upper() for text in texts]]

    b = bench(app(upper, batch=True, max_batch_size=2))
    b.engine.scheduler.cap = 0
    reader = b.engine.subscribe("s")
    first, second = await b.submit("a"), await b.submit("b")
    b.engine.scheduler.cap = 40
    b.engine.pump()
    await b.engine.cancel("s", first.event_id)
    release.set()
    reader.close()
    ends = await b.ends()
    assert ends[first.event_id]["output"]["data"] == [UPDATE]
    assert ends[second.event_id]["output"]["data"] == ["B"]


async def test_an_event_that_is_cancelled_before_its_first_step_gives_its_slot_back(bench) -> None:
    b = bench(app(lambda text: text))
    b.engine.subscribe("s")
    job = await b.submit("x")
    await b.engine.cancel("s", job.event_id)
    await wait_for(lambda: b.engine.scheduler.at_work == 0)
    await b.submit("y", session="t")
    assert await b.answers("t") == [["y"]]


async def test_a_repeating_event_runs_until_its_page_has_gone(bench, settings) -> None:
    settings.BLOCKS_ENDLESS_GRACE = 0.05
    calls: list[int] = []
    with gr.Blocks() as demo:
        result = gr.Textbox()
        demo.load(lambda: calls.append(1) or str(len(calls)), None, result, every=0.01)
    b = bench(demo)
    reader = b.engine.subscribe("s")
    job = await b.submit()
    for _ in range(3):
        await until(reader, "process_generating")
    assert b.engine.snapshot().running == 0
    reader.close()
    await wait_for(lambda: b.state(job) is JobState.CANCELLED)
    seen = len(calls)
    await asyncio.sleep(0.05)
    assert len(calls) <= seen + 1 and not b.engine.events


async def test_a_page_has_one_run_of_a_repeating_event(bench) -> None:
    with gr.Blocks() as demo:
        result = gr.Textbox()
        demo.load(lambda: "x", None, result, every=0.01)
    b = bench(demo)
    b.engine.subscribe("s")
    first, second = await b.submit(), await b.submit()
    assert b.state(first) is JobState.CANCELLED and b.state(second) is JobState.RUNNING


async def test_events_of_a_session_that_nobody_reads_are_dropped_after_a_while(bench, settings) -> None:
    settings.BLOCKS_SESSION_GRACE = 0.05
    release = threading.Event()
    b = bench(app(lambda text: str(release.wait(10))))
    reader = b.engine.subscribe("s")
    running, waiting = await b.submit("x"), await b.submit("y")
    reader.close()
    await wait_for(lambda: b.state(waiting) is JobState.CANCELLED)
    assert b.state(running) is JobState.CANCELLED
    release.set()


async def test_a_reader_that_comes_back_in_time_keeps_them(bench, settings) -> None:
    settings.BLOCKS_SESSION_GRACE = 0.05
    release = threading.Event()
    b = bench(app(lambda text: str(release.wait(10))))
    job = await b.submit("x")
    b.engine.subscribe("s").close()
    reader = b.engine.subscribe("s")
    await asyncio.sleep(0.1)
    assert b.state(job) is JobState.RUNNING
    reader.close()
    release.set()


@pytest.mark.parametrize("plain", [True, False])
async def test_a_session_with_nothing_to_come_back_to_is_forgotten(bench, plain: bool) -> None:
    b = bench(app(lambda text: text))
    reader = b.engine.subscribe("s", plain=plain)
    await b.submit("x")
    await until(reader, "process_completed")
    if not plain:
        b.engine.session("s").outbox.acknowledge(reader.position)
    reader.close()
    assert len(b.engine.sessions) == 0
