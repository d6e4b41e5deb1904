"""Whatever a function raises or returns, and whatever the site does about it, ends its event once and nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

import blocks_app as gr
from tests.queue_app.execution.nasty import errors, values

ERRORS, VALUES = list(errors()), list(values())


def batched(texts: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(texts), size):
        yield texts[start : start + size]


class Kinds:
    """One app with a listener of every kind, all of which do the same."""

    def __init__(self, act: Callable[[str], Any]) -> None:
        async def coroutine(text: str) -> Any:
            await asyncio.sleep(0)
            return act(text)

        def generator(text: str) -> Iterator[Any]:
            yield "first"
            yield act(text)

        async def async_generator(text: str) -> AsyncIterator[Any]:
            yield "first"
            yield act(text)

        def batch(texts: list[str]) -> Any:
            return [[act(text) for text in texts]]

        with gr.Blocks() as self.demo:
            text, shown, button = gr.Textbox(), gr.JSON(), gr.Button()
            state = gr.State(0)
            state.change(lambda: None)
            for fn in (act, coroutine, generator, async_generator):
                button.click(fn, text, shown, postprocess=fn in (generator, async_generator))
                button.click(fn, text, state)
            button.click(batch, text, shown, batch=True, max_batch_size=2)
            self.count = len(self.demo.dependencies) - 1


@pytest.fixture
def all_end(bench) -> Callable[[Callable[[str], Any], list[str]], Any]:
    """Run every kind of listener with each of some texts: each ends once, and then everybody is still answered."""

    async def check(act: Callable[[str], Any], texts: list[str]) -> list[tuple[str, dict[str, Any]]]:
        def unless_well(text: str) -> Any:
            return "well" if text == "well" else act(text)

        kinds = Kinds(unless_well)
        b = bench(kinds.demo)
        b.mount.options.show_error = True
        jobs, messages = [], []
        for some in batched(texts, 8):
            session = some[0]
            jobs += [await b.submit(text, fn=fn, session=session) for text in some for fn in range(1, kinds.count + 1)]
            messages += await b.messages(session)
        ends = [each["event_id"] for each in messages if each["msg"] == "process_completed"]
        assert sorted(ends) == sorted(job.event_id for job in jobs)
        for session in (texts[0], "another"):
            well = [await b.submit("well", fn=fn, session=session) for fn in (1, 3)]
            ends = await b.ends(session)
            assert [ends[job.event_id]["output"].get("data") for job in well] == [["well"]] * 2
        snapshot = b.engine.snapshot()
        assert (snapshot.running, snapshot.waiting, b.engine.events) == (0, 0, {})
        texts_of = {job.event_id: job.data[0] for job in jobs}
        return [(texts_of[each["event_id"]], each) for each in messages if each["msg"] == "process_completed"]

    return check


async def test_whatever_is_raised(all_end) -> None:
    def fail(text: str) -> Any:
        raise errors()[text]

    ends = await all_end(fail, ERRORS)
    assert [text for text, end in ends if end["success"]] == []
    assert all(end["output"]["error"] for _, end in ends)


async def test_whatever_is_returned(all_end) -> None:
    await all_end(lambda text: values()[text], VALUES)
