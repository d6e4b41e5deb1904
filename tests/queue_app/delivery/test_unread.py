"""Answers that nobody reads cost a bounded amount, per session and in all, and their events end all the same."""

from __future__ import annotations

import asyncio
import json
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.protocol import Output, ProcessCompleted
from queue_app.delivery import unread_bounds
from queue_app.delivery.outbox import Outbox
from queue_app.sessions import malloc_trim
from queue_app.signals import JobChanged, job_changed
from tests.queue_app.conftest import app

KB = 1000


@pytest.fixture(autouse=True)
def nobody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that other tests have left behind do not count."""
    monkeypatch.setattr(unread_bounds, "_large", weakref.WeakSet())
    monkeypatch.setattr(unread_bounds, "_added", 0)


def completed(size: int, event: str = "e") -> ProcessCompleted:
    return ProcessCompleted(event_id=event, output=Output(data=["x" * size]), success=True)


def ends(outbox: Outbox) -> list[dict[str, Any]]:
    return [json.loads(entry.message) for entry in outbox.subscribe(takeover=False).take()]


def test_a_session_keeps_its_newest_answers_and_says_of_the_others_that_they_are_gone(settings: Any) -> None:
    settings.BLOCKS_UNREAD_SIZE = 1000 * KB
    outbox = Outbox(max_bytes=10 * KB)
    for number in range(20):
        outbox.publish(completed(100 * KB, f"e{number}"))
        assert outbox.size <= 1100 * KB
    ended = ends(outbox)
    assert [each["event_id"] for each in ended] == [f"e{number}" for number in range(20)]
    assert [each["success"] for each in ended] == sorted(each["success"] for each in ended)
    assert not ended[0]["success"] and "nobody came to read it" in ended[0]["output"]["error"] and ended[-1]["success"]


def test_all_sessions_together_keep_a_bounded_amount_and_who_reads_loses_nothing(settings: Any) -> None:
    settings.BLOCKS_UNREAD_TOTAL = 1000 * KB
    outboxes = [Outbox() for _ in range(50)]
    read = outboxes[0].subscribe()
    for outbox in outboxes:
        outbox.publish(completed(100 * KB))
        assert sum(each.size for each in outboxes) < 1300 * KB
    assert all(each["msg"] == "process_completed" for outbox in outboxes for each in ends(outbox))
    assert json.loads(read.take()[0].message)["success"]


async def test_an_answer_above_the_bound_ends_its_event_in_words(bench: Any, settings: Any) -> None:
    settings.BLOCKS_UNREAD_SIZE = 5000 * KB
    b = bench(app(lambda text: text * 6000 * KB))
    await b.submit("x")
    (end,) = (await b.ends()).values()
    assert not end["success"] and end["output"]["error"].startswith("The answer has 6000")
    await b.submit("", session="other")
    assert await b.answers("other") == [[""]]


async def test_and_it_is_recorded_as_failed(bench: Any, settings: Any) -> None:
    settings.BLOCKS_UNREAD_SIZE = 5000 * KB
    ended: list[tuple[str, str]] = []

    def observe(change: JobChanged) -> None:
        ended.append((change.action, change.error.text if change.error else ""))

    job_changed.connect(observe)
    try:
        b = bench(app(lambda text: text * 6000 * KB))
        await b.submit("x")
        await b.ends()
        await asyncio.sleep(0)
    finally:
        job_changed.disconnect(observe)
    (action, text) = ended[-1]
    assert action == "job.failed" and text.startswith("The answer has 6000")
    assert "job.done" not in [each for each, _ in ended]


async def test_so_does_a_step_above_it_and_the_generator_is_closed(bench: Any, settings: Any) -> None:
    settings.BLOCKS_UNREAD_SIZE = 5000 * KB
    closed = asyncio.Event()
    loop = asyncio.get_running_loop()

    def steps(text: str) -> Iterator[str]:
        try:
            yield "small"
            yield "x" * 6000 * KB
            yield "never"
        finally:
            loop.call_soon_threadsafe(closed.set)

    b = bench(app(steps))
    await b.submit("x")
    (end,) = (await b.ends()).values()
    assert not end["success"] and "may wait for a page" in end["output"]["error"]
    await asyncio.wait_for(closed.wait(), 10)


async def test_after_the_grace_time_large_answers_are_freed_and_small_ones_wait_on(bench: Any) -> None:
    b = bench(app(lambda text: text * 1000 * KB))
    await b.submit("x")
    await b.submit("")
    while b.engine.session("s").open_events:
        await asyncio.sleep(0.01)
    outbox = b.engine.session("s").outbox
    assert outbox.size > 1000 * KB
    b.engine.sessions.pass_time(61)
    assert outbox.size < 5 * KB
    ended = [each for each in ends(outbox) if each["msg"] == "process_completed"]
    assert [each["success"] for each in ended] == [False, True]


@pytest.mark.parametrize("size", [1000 * KB, 40_000 * KB])
async def test_large_events_give_their_memory_back(bench: Any, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    asked: list[int] = []
    monkeypatch.setattr(malloc_trim, "trim_function", lambda: lambda pad: asked.append(pad) or 1)
    monkeypatch.setattr(malloc_trim, "last_asked", -100.0)
    with gr.Blocks() as demo:
        gr.Button().click(len, gr.Textbox(), gr.Number())
    b = bench(demo)
    await b.submit("x" * size)
    assert await b.answers() == [[size]]
    b.engine.expiry.trimming.pass_time(6)
    for _ in range(100):
        await asyncio.sleep(0.01)
        if asked:
            break
    assert asked == ([0] if size > 32_000 * KB else [])
