"""Work that grows with values is done in the threads of user code, never on the server's loop."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import blocks_app as gr
from blocks_app import jsonable
from blocks_app.running import encoding, state, steps, updates

from .conftest import app

LARGE = {"numbers": list(range(30_000))}


@pytest.fixture
def on_the_loop(monkeypatch) -> list[str]:
    """What is done in the thread of the loop with anything large."""
    here, found = threading.current_thread(), []

    def watch(module: Any, name: str, is_large: Any) -> None:
        real = getattr(module, name)

        def watched(value: Any, *more: Any) -> Any:
            if threading.current_thread() is here and is_large(value):
                found.append(name)
            return real(value, *more)

        monkeypatch.setattr(module, name, watched)

    watch(jsonable, "dumps", lambda value: not encoding.is_light(value))
    watch(jsonable, "loads", lambda text: len(text) > 10_000)
    watch(steps, "diff", lambda value: True)
    watch(steps, "fingerprint", lambda value: True)
    watch(updates, "_compare", lambda value: True)
    watch(state, "_feed", lambda value: True)
    return found


async def coroutine(text: str) -> Any:
    return LARGE


def generator(text: str) -> Iterator[Any]:
    for number in range(4):
        yield {**LARGE, "last": number}


async def async_generator(text: str) -> AsyncIterator[Any]:
    for number in range(4):
        yield {**LARGE, "last": number}


@pytest.mark.parametrize("fn", [lambda text: LARGE, coroutine, generator, async_generator])
@pytest.mark.parametrize("postprocess", [True, False])
async def test_results_are_written_and_compared_elsewhere(bench, on_the_loop, fn: Any, postprocess: bool) -> None:
    with gr.Blocks() as demo:
        text, shown = gr.Textbox(), gr.JSON()
        gr.Button().click(fn, text, shown, postprocess=postprocess)
    b = bench(demo)
    await b.submit("x")
    ((value,),) = await b.answers()
    assert value["numbers"] == LARGE["numbers"]
    assert on_the_loop == []


@pytest.mark.parametrize("kind", ["plain", "async"])
async def test_states_that_somebody_listens_to_are_looked_at_elsewhere(bench, on_the_loop, kind: str) -> None:
    def plain(held: list[int]) -> list[int]:
        return [*held, *LARGE["numbers"]]

    async def later(held: list[int]) -> list[int]:
        return plain(held)

    with gr.Blocks() as demo:
        held = gr.State([])
        gr.Button().click(plain if kind == "plain" else later, held, held)
        held.change(lambda: None)
    b = bench(demo)
    for _ in range(2):
        await b.submit(None)
        await b.ends()
    assert len(b.engine.session("s").state.values[held._id]) == 60_000
    assert [end["output"]["changed_state_ids"] for end in (await b.ends()).values()] == [[held._id]] * 2
    assert on_the_loop == []


async def test_a_generator_that_runs_on_without_a_reader_is_merged_without_writing_it_anew(bench, on_the_loop) -> None:
    def many(text: str) -> Iterator[Any]:
        for number in range(12):
            yield [[number] * 40_000]

    with gr.Blocks() as demo:
        gr.Button().click(many, gr.Textbox(), gr.JSON(), concurrency_limit=None)
    b = bench(demo)
    b.engine.session("s").outbox.max_bytes = 100_000
    await b.submit("x")
    ((value,),) = await b.answers()
    assert value == [[11] * 40_000]
    assert on_the_loop == []


async def test_small_values_of_async_functions_need_no_thread(bench, monkeypatch) -> None:
    hops: list[str] = []
    from blocks_app.running import execute_once

    monkeypatch.setattr(execute_once, "in_thread", lambda *_: hops.append("hop"))

    async def small(text: str) -> str:
        return text.upper()

    b = bench(app(small))
    await b.submit("x")
    assert await b.answers() == [["X"]]
    assert hops == []
