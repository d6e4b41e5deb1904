"""Whatever has started a run, whatever may end it does: a table of both."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest

import blocks_app as gr
from auth_app.identity import named
from blocks_app.running.request import RequestInfo
from queue_app.exceptions import EventCancelled, QueueStopped, ValidatorFailed
from queue_app.execution.job import AccessEnded
from queue_app.execution.job_factory import Submitter, build_job
from queue_app.execution.unloading import run_unload
from queue_app.sessions.presence import VisitorInfo
from tests.queue_app.conftest import Bench

ANN = named("ann")


@dataclass
class Hanging:
    """A function that never returns, and notes where it is."""

    began: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)

    async def __call__(self, *_: Any) -> None:
        self.began.set()
        try:
            await asyncio.sleep(60)
        finally:
            self.stopped.set()


@dataclass
class Started:
    """What was started in an app: the number of its event, and whoever waits for it."""

    bed: Bench
    hanging: Hanging
    event_id: str
    waiter: asyncio.Task[Any]

    async def end(self) -> str:
        """How it has ended, in words, after its function has stopped and its slot is free."""
        assert await asyncio.to_thread(self.hanging.stopped.wait, 10)
        try:
            ended = await asyncio.wait_for(self.waiter, 10)
        except (EventCancelled, QueueStopped, ValidatorFailed) as error:
            ended = str(error)
        async with asyncio.timeout(10):
            while (now := self.bed.engine.snapshot()).running or now.direct:
                await asyncio.sleep(0.01)
        return str(ended)


Start = Callable[[Callable[..., Bench], float | None], Awaitable[Started]]
STARTS: dict[str, Start] = {}


def starts(make: Callable[..., Coroutine[Any, Any, Started]]) -> Any:
    STARTS[make.__name__] = make
    return make


async def begun(bed: Bench, hanging: Hanging, event_id: str, work: Coroutine[Any, Any, Any]) -> Started:
    waiter = asyncio.create_task(work)
    assert await asyncio.to_thread(hanging.began.wait, 10)
    return Started(bed, hanging, event_id, waiter)


def page(hanging: Hanging, limit: float | None, event: str = "click", **options: Any) -> gr.Blocks:
    with gr.Blocks() as demo:
        button = gr.Button()
        (demo if event == "load" else button).__getattribute__(event)(hanging, None, None, time_limit=limit, **options)
    return demo


async def message(bed: Bench, job: Any) -> str:
    """Submit an event of a page; how it ends, as its session hears it."""
    await bed.engine.submit(job)
    end = (await bed.ends())[job.event_id]
    return "ended" if end["success"] else end["output"]["error"]


async def of_a_page(bed: Bench, hanging: Hanging) -> Started:
    job = build_job(Submitter(bed.mount, ANN, RequestInfo()), bed.demo.dependencies[0], [], "s")
    return await begun(bed, hanging, job.event_id, message(bed, job))


@starts
async def a_click(bench: Any, limit: float | None) -> Started:
    return await of_a_page(bench(page(hanging := Hanging(), limit)), hanging)


@starts
async def the_load_of_a_page(bench: Any, limit: float | None) -> Started:
    return await of_a_page(bench(page(hanging := Hanging(), limit, "load")), hanging)


@starts
async def an_event_that_repeats(bench: Any, limit: float | None) -> Started:
    return await of_a_page(bench(page(hanging := Hanging(), limit, every=1)), hanging)


@starts
async def a_call_of_a_program(bench: Any, limit: float | None) -> Started:
    return await awaited(bench(page(hanging := Hanging(), limit)), hanging, counted=True)


@starts
async def an_event_beside_the_queue(bench: Any, limit: float | None) -> Started:
    return await awaited(bench(page(hanging := Hanging(), limit, queue=False)), hanging, counted=False)


async def awaited(bed: Bench, hanging: Hanging, *, counted: bool) -> Started:
    job = build_job(Submitter(bed.mount, ANN, RequestInfo()), bed.demo.dependencies[0], [], "s")

    async def call() -> Any:
        completed = await bed.engine.run_direct(job, counted)
        return "ended" if completed.success else completed.output.error

    return await begun(bed, hanging, job.event_id, call())


@starts
async def a_validator(bench: Any, limit: float | None) -> Started:
    hanging = Hanging()
    with gr.Blocks() as demo:
        gr.Button().click(lambda: None, None, None, validator=hanging, time_limit=limit)
    return await of_a_page(bench(demo), hanging)


@starts
async def a_validator_of_a_call(bench: Any, limit: float | None) -> Started:
    hanging = Hanging()
    with gr.Blocks() as demo:
        gr.Button().click(lambda: None, None, None, validator=hanging, time_limit=limit)
    return await awaited(bench(demo), hanging, counted=True)


ALL = pytest.mark.parametrize("start", STARTS.values(), ids=lambda start: start.__name__)


@pytest.mark.parametrize("start", [each for each in STARTS.values() if each is not an_event_that_repeats])
async def test_a_time_limit_ends_it(bench, start: Start) -> None:
    """Of what repeats for as long as the page is open none may be declared."""
    assert "took longer than its time limit of 0.1 s" in await (await start(bench, 0.1)).end()


@ALL
@pytest.mark.parametrize("session", ["s", None], ids=["of its page", "of an operator"])
async def test_a_cancel_ends_it(bench, start: Start, session: str | None) -> None:
    started = await start(bench, None)
    assert await started.bed.engine.cancel(session, started.event_id)
    assert await started.end() in ("ended", "The event was cancelled.")
    assert not await started.bed.engine.cancel(session, started.event_id)


@ALL
async def test_the_cancel_of_another_session_does_not(bench, start: Start) -> None:
    started = await start(bench, None)
    assert not await started.bed.engine.cancel("another", started.event_id)
    assert not started.hanging.stopped.is_set()


@ALL
async def test_an_operator_who_ends_the_session_ends_it(bench, start: Start) -> None:
    started = await start(bench, None)
    assert await started.bed.engine.end_session("s") == 1
    assert await started.end() in ("ended", "The event was cancelled.")


@ALL
async def test_the_end_of_a_login_ends_it(bench, start: Start) -> None:
    started = await start(bench, None)
    await started.bed.engine.drop(AccessEnded(identity_key="name:eve"))
    assert not started.hanging.stopped.is_set()
    await started.bed.engine.drop(AccessEnded(identity_key=ANN.key))
    assert await started.end() in ("ended", "The event was cancelled.")


@ALL
@pytest.mark.parametrize("grace", [None, 0.1], ids=["at once", "with some grace"])
async def test_the_end_of_the_server_ends_it(bench, start: Start, grace: float | None) -> None:
    started = await start(bench, None)
    await started.bed.engine.close(grace)
    assert "erver is shutting down" in await started.end()


@ALL
async def test_whoever_awaits_it_no_longer_ends_it(bench, start: Start) -> None:
    """A page that has left for good, the request of a call that was closed."""
    started = await start(bench, None)
    if start in (a_call_of_a_program, an_event_beside_the_queue, a_validator, a_validator_of_a_call):
        started.waiter.cancel()
    else:
        started.bed.engine.sessions.get("s").outbox.reader.close()
        started.bed.engine.sessions.pass_time(3600)
    assert await asyncio.to_thread(started.hanging.stopped.wait, 10)


async def test_an_unload_function_ends_with_the_server_and_with_nothing_else(bench) -> None:
    hanging, bed = Hanging(), bench(gr.Blocks())
    session = bed.engine.sessions.own("s", ANN.key)
    work = run_unload(bed.engine, hanging, session.state, VisitorInfo("s", ANN.key, "ann", RequestInfo()))
    started = await begun(bed, hanging, "", work)
    await bed.engine.drop(AccessEnded(identity_key=ANN.key))
    await bed.engine.end_session("s")
    assert not hanging.stopped.is_set()
    await bed.engine.close()
    assert await asyncio.to_thread(hanging.stopped.wait, 10)
    await asyncio.wait([started.waiter])
