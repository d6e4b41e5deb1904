"""`Blocks.worker_ready`: what a process does before the first function of an app runs in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

import blocks_app as gr
from queue_app.execution.job import JobState
from tests.queue_app.conftest import Bench, app


async def test_it_runs_once_before_the_first_function_and_for_all_that_come_together(
    bench: Callable[..., Bench],
) -> None:
    ran: list[str] = []
    demo = app(ran.append, concurrency_limit=None)
    demo.worker_ready(lambda: ran.append("loaded"))
    served = bench(demo)
    await asyncio.gather(*(served.submit(name) for name in "abc"))
    await served.messages()
    assert ran[0] == "loaded" and sorted(ran[1:]) == ["a", "b", "c"]


async def test_when_it_fails_the_event_fails_and_the_next_one_tries_again(bench: Callable[..., Bench]) -> None:
    demo, tries = app(str.upper), list[int]()

    @demo.worker_ready
    def load() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise gr.Error("no model yet")

    served = bench(demo)
    first = await served.submit("a")
    ends = await served.ends()
    assert ends[first.event_id]["output"]["error"] == "no model yet" and served.state(first) is JobState.FAILED
    second = await served.submit("b")
    assert (await served.ends())[second.event_id]["output"]["data"] == ["B"] and len(tries) == 2


def test_it_takes_a_function() -> None:
    with gr.Blocks() as demo, pytest.raises(ValueError, match="takes a function, not 3"):
        demo.worker_ready(3)  # type: ignore[arg-type]
