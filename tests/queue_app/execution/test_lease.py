"""A slot is a lease: whatever a function does, its group goes on, and a function can see that nobody waits."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.running.request import RequestInfo
from queue_app.testing import PageUser
from tests.queue_app.conftest import app


class Hanging:
    """A function that hangs until it is let go, or until it sees that nobody waits."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.began = threading.Event()
        self.saw = threading.Event()

    def __call__(self, text: str, request: gr.Request) -> str:
        if text != "hang":
            return text
        self.began.set()
        while not self.let_go.wait(0.005):
            if request.cancelled:
                self.saw.set()
        return "too late"


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    found = Hanging()
    yield found
    found.let_go.set()


async def test_a_run_that_takes_too_long_fails_and_its_slot_is_free(bench: Any, hanging: Hanging) -> None:
    b = bench(app(hanging, time_limit=0.5))
    slow = await b.submit("hang", request=RequestInfo())
    next_one = await b.submit("next", request=RequestInfo())
    ends = await b.ends()
    text = "Hanging took longer than its time limit of 0.5 s and was stopped."
    assert ends[slow.event_id]["output"]["error"] == text
    assert ends[next_one.event_id]["output"]["data"] == ["next"]
    assert await asyncio.to_thread(hanging.saw.wait, 10)


async def test_hanging_functions_do_not_use_up_the_threads(bench: Any, hanging: Hanging) -> None:
    b = bench(app(hanging, time_limit=0.5), max_threads=2)
    for _ in range(2):
        await b.submit("hang", request=RequestInfo())
    last = await b.submit("next", request=RequestInfo())
    assert (await b.ends())[last.event_id]["success"]


@pytest.mark.parametrize("kind", ["generator", "async"])
async def test_the_limit_holds_for_every_kind_of_function(bench: Any, kind: str) -> None:
    closed = threading.Event()

    def generator(text: str) -> Any:
        try:
            while True:
                yield text
                time.sleep(0.001)
        finally:
            closed.set()

    async def coroutine(text: str) -> str:
        try:
            await asyncio.sleep(60)
        finally:
            closed.set()
        return text

    b = bench(app(generator if kind == "generator" else coroutine, time_limit=0.05))
    job = await b.submit("x")
    assert "time limit" in (await b.ends())[job.event_id]["output"]["error"]
    assert await asyncio.to_thread(closed.wait, 10)


async def test_a_quick_run_is_left_alone(bench: Any) -> None:
    b = bench(app(lambda text: text, time_limit=30))
    await b.submit("x")
    assert await b.answers() == [["x"]]


def test_a_function_sees_that_it_was_cancelled(hanging: Hanging) -> None:
    with gr.Blocks() as demo:
        out, start, stop = gr.Textbox(), gr.Button(), gr.Button()
        event = start.click(_hang(hanging), None, out)
        stop.click(None, cancels=[event])
    with PageUser(demo) as page:
        page.click(start, wait=False)
        assert hanging.began.wait(10)
        page.click(stop)
        assert hanging.saw.wait(10)
        assert page.value(out) in (None, "")


def _hang(hanging: Hanging) -> Any:
    def run(request: gr.Request) -> str:
        return hanging("hang", request)

    return run


@pytest.mark.parametrize("limit", [0, -1, True, "5"])
def test_a_senseless_limit_is_refused(limit: Any) -> None:
    with pytest.raises(ValueError, match="time_limit must be"):
        app(lambda text: text, time_limit=limit)


def test_a_repeating_listener_has_no_limit() -> None:
    with pytest.raises(ValueError, match="time_limit"):
        app(lambda text: text, time_limit=1, every=1)
