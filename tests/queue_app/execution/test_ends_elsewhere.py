"""Every other road of an event ends too: direct, repeated, validated, built, unloaded; and whoever listens may fail."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import blocks_app as gr
from auth_app.answers import ask
from queue_app.exceptions import QueueError
from queue_app.execution.job import JobState
from queue_app.failing import UNDESCRIBED
from queue_app.signals import job_changed, session_changed
from queue_app.testing import PageUser
from tests.queue_app.conftest import app, until
from tests.queue_app.execution.nasty import ANSWERS, RAISED, Failing, errors, nasty, values

ERRORS, VALUES = list(errors()), list(values())


def misbehave(text: str) -> Any:
    if text == "well":
        return text
    if text in VALUES:
        return values()[text]
    raise errors()[text]


async def test_direct_calls(bench) -> None:
    b = bench(app(misbehave, queue=False))
    for text in (*ERRORS, *VALUES):
        job = b.job(text)
        end = await b.engine.run_direct(job)
        assert (end.event_id, end.success) == (job.event_id, b.state(job) is JobState.DONE)
        assert not (end.success and text in ERRORS)
    assert (await b.engine.run_direct(b.job("well"))).success
    assert b.engine.snapshot().direct == 0


async def test_functions_that_are_called_again_and_again(bench) -> None:
    b = bench(app(misbehave, every=0.001))
    jobs = {text: await b.submit(text, session=text) for text in ERRORS}
    for text, job in jobs.items():
        assert list(await b.ends(text)) == [job.event_id]
    assert (b.engine.events, b.engine.snapshot().direct) == ({}, 0)


async def test_validators(bench) -> None:
    b = bench(app(lambda text: text, validator=misbehave))
    for text in ERRORS:
        with pytest.raises(QueueError):
            await b.submit(text)
    for text in VALUES:
        with contextlib.suppress(QueueError):
            await b.submit(text, session="others")
    await b.submit("well")
    assert await b.answers() == [["well"]]


@pytest.mark.parametrize("text", ERRORS)
def test_functions_that_build_a_part_of_the_page_and_values_of_the_load(text: str) -> None:
    with gr.Blocks() as demo:
        source, loaded = gr.Textbox("well", label="told"), gr.Textbox(label="loaded")
        demo.load(lambda: misbehave(text), None, loaded)

        @gr.render(inputs=source)
        def build(value: str) -> None:
            gr.Textbox(misbehave(value), label="built")

    with PageUser(demo) as page:
        assert page.value(page.find(gr.Textbox, "built")) == "well"
        page.set(source, text)
        page.set(source, "well")
        assert page.value(page.find(gr.Textbox, "built")) == "well"


def test_functions_for_visitors_that_leave() -> None:
    received: list[str] = []
    with gr.Blocks() as demo:
        button, out = gr.Button(), gr.Textbox()
        button.click(lambda: "here", None, out)
        for text in ERRORS:
            demo.unload(lambda text=text: (received.append(text), misbehave(text)))
    with PageUser(demo):
        pass
    with PageUser(demo) as page:
        page.click(button)
        assert page.value(out) == "here"
        page.until(lambda: len(received) >= len(ERRORS))
    assert set(received) == set(ERRORS)


@pytest.mark.parametrize("how", ANSWERS)
def test_states_that_cannot_be_compared_copied_or_described(how: str) -> None:
    with gr.Blocks() as demo:
        state, button, changed, out = gr.State(), gr.Button(), gr.Textbox(), gr.Textbox()
        button.click(lambda old: (nasty(how), "set"), state, [state, out])
        state.change(lambda: "changed", None, changed)
    for _ in range(2):
        with PageUser(demo) as page:
            page.click(button)
            page.click(button)
            assert (page.value(out), page.errors) == ("set", [])


@pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
async def test_observers_and_log_handlers_of_the_site_that_raise(bench, monkeypatch, error: BaseException) -> None:
    def fail(*_: Any) -> None:
        raise error

    if not isinstance(error, KeyboardInterrupt):
        monkeypatch.setattr(job_changed, "receivers", [fail])
        monkeypatch.setattr(session_changed, "receivers", [fail])
        monkeypatch.setattr(logging.getLogger("queue_app.jobs"), "filters", [Failing(error)])
    monkeypatch.setattr(logging.getLogger("queue_app"), "handlers", [Failing(error)])
    monkeypatch.setattr(logging.getLogger("queue_app.jobs"), "level", logging.ERROR)
    b = bench(app(misbehave))
    for text in ("ValueError", "well"):
        await b.submit(text)
    assert [end["success"] for end in (await b.ends()).values()] == [False, True]


@pytest.mark.parametrize("kind", ["plain", "async", "generator", "async generator"])
async def test_a_text_that_takes_its_time_holds_nobody_else(bench, kind: str) -> None:
    gate, asked = threading.Event(), threading.Event()

    class Slow(Exception):
        def __str__(self) -> str:
            asked.set()
            assert gate.wait(30)
            return "at last"

    def plain(text: str) -> str:
        if text != "well":
            raise Slow
        return text

    async def coroutine(text: str) -> str:
        return plain(text)

    def generator(text: str) -> Iterator[str]:
        yield plain(text)

    async def async_generator(text: str) -> Any:
        yield plain(text)

    functions = {"plain": plain, "async": coroutine, "generator": generator, "async generator": async_generator}
    b = bench(app(functions[kind], concurrency_limit=1))
    await b.submit("slow", session="slow")
    await asyncio.to_thread(asked.wait, 10)
    await b.submit("well")  # which waits for the only slot of the function
    assert await b.answers() == [["well"]]
    (end,) = (await b.ends("slow")).values()
    assert end["output"]["error"] == UNDESCRIBED
    gate.set()


async def test_toasts_and_progress_of_any_kind_are_shown(bench) -> None:
    def tell(text: str, progress: gr.Progress = gr.Progress()) -> str:
        for how in ANSWERS:
            odd = nasty(how)
            gr.Info("half \ud83d", title=odd, duration=odd, visible=odd)
            progress(odd, desc=odd, unit=odd, total=odd)
            progress((odd, odd), desc="\ud83d", unit="\udc00")
        gr.Warning("two halves \ud83d\ude00", title="\udfff")
        return text

    b = bench(app(tell))
    await b.submit("well")
    messages = await b.messages()
    assert messages[-1]["output"]["data"] == ["well"]
    toasts = [each["log"] for each in messages if each["msg"] == "log"]
    assert toasts == ["half �"] * len(ANSWERS) + ["two halves 😀"]


async def test_cancelling_ends_generators_that_will_not(bench) -> None:
    async def stubborn(text: str) -> Any:
        try:
            for _ in range(1_000):
                yield text
                await asyncio.sleep(0.001)
        finally:
            yield "once more"

    def failing(text: str) -> Iterator[str]:
        try:
            while True:
                yield text
        finally:
            raise SystemExit

    b = bench(app(stubborn, failing))
    for fn in (0, 1):
        job = await b.submit("x", fn=fn, session=f"s{fn}")
        reader = b.engine.subscribe(f"s{fn}", takeover=False)
        await until(reader, "process_generating")
        assert await b.engine.cancel(f"s{fn}", job.event_id)
        assert list(await b.ends(f"s{fn}")) == [job.event_id]
    await asyncio.sleep(0.05)
    assert b.engine.events == {}


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, GeneratorExit, StopIteration, asyncio.CancelledError])
async def test_questions_to_the_site_about_a_visitor_that_raise(kind: type[BaseException]) -> None:
    def plain() -> bool:
        raise kind

    async def coroutine() -> bool:
        raise kind

    for function in (plain, coroutine):
        with pytest.raises(Exception, match=kind.__name__):
            await asyncio.wait_for(ask(function), 10)


async def test_what_a_session_kept_ends_in_a_thread_even_when_its_end_fails(bench) -> None:
    ended: list[str] = []
    finished = threading.Event()

    class Held:
        def __del__(self) -> None:
            ended.append(threading.current_thread().name)
            finished.set()

    with gr.Blocks() as demo:
        state, button = gr.State(), gr.Button()
        button.click(Held, None, state)
        button.click(lambda: "well", None, gr.Textbox())
    b = bench(demo)
    await b.submit(session="leaves")
    await b.ends("leaves")
    b.engine.forget_state("leaves")
    assert await asyncio.to_thread(finished.wait, 10)
    assert ended[0].startswith("blocks-fn")
    await b.submit(fn=1)
    assert await b.answers() == [["well"]]


async def test_a_callback_that_raises_anything_leaves_the_others_alone(bench) -> None:
    received: list[str] = []

    def fail(value: str) -> None:
        received.append(value)
        raise SystemExit

    with gr.Blocks() as demo:
        states = [gr.State(name, delete_callback=fail) for name in "abc"]
        gr.Button().click(lambda: tuple("xyz"), None, states)
    b = bench(demo)
    await b.submit()
    await b.ends()
    b.engine.forget_state("s")
    for _ in range(200):
        if len(received) == 3:
            break
        await asyncio.sleep(0.02)
    assert sorted(received) == ["x", "y", "z"]
