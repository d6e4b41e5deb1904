"""The embedded engine with the real runner: life of an event, order, limits, batches, errors."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

import blocks_app as gr
from queue_app.exceptions import NotYours, QueueFull, QueueStopped, UnknownFunction
from queue_app.execution.job import JobState
from tests.queue_app.conftest import app


async def test_an_event_is_told_from_the_queue_to_its_end(bench) -> None:
    b = bench(app(lambda text: f"hello {text}"))
    job = await b.submit("you")
    messages = await b.messages()
    assert [each["msg"] for each in messages] == ["process_starts", "process_completed"]
    assert messages[-1]["output"]["data"] == ["hello you"]
    assert messages[-1]["success"] and b.state(job) is JobState.DONE


async def test_a_reader_that_was_there_first_sees_the_place_too(bench) -> None:
    b = bench(app(lambda text: text))
    reader = b.engine.subscribe("s")
    b.engine.scheduler.cap = 0
    await b.submit("x")
    (entry,) = reader.take()
    assert b'"rank":0,"queue_size":1' in entry.message


async def test_events_of_one_function_run_one_after_another_in_order(bench) -> None:
    order: list[str] = []
    running = 0

    async def note(text: str) -> str:
        nonlocal running
        running += 1
        assert running == 1
        order.append(text)
        await asyncio.sleep(0)
        running -= 1
        return text

    b = bench(app(note))
    for text in "abcde":
        await b.submit(text)
    assert await b.answers() == [[text] for text in "abcde"]
    assert order == list("abcde")


async def test_functions_do_not_block_each_other(bench) -> None:
    release = threading.Event()

    def slow(text: str) -> str:
        release.wait(10)
        return "slow"

    b = bench(app(slow, lambda text: "quick"))
    await b.submit("x", fn=0, session="a")
    await b.submit("x", fn=1, session="b")
    assert await b.answers("b") == [["quick"]]
    release.set()
    assert await b.answers("a") == [["slow"]]


async def test_a_shared_id_shares_the_lowest_limit(bench) -> None:
    peak = running = 0

    async def work(text: str) -> str:
        nonlocal peak, running
        running += 1
        peak = max(peak, running)
        await asyncio.sleep(0.02)
        running -= 1
        return text

    with gr.Blocks() as demo:
        text, result, button = gr.Textbox(), gr.Textbox(), gr.Button()
        button.click(work, text, result, concurrency_id="gpu", concurrency_limit=5)
        button.click(lambda text: work(text), text, result, concurrency_id="gpu", concurrency_limit=2)
    b = bench(demo)
    for _ in range(6):
        await b.submit("x", fn=0)
    await b.ends()
    assert peak == 2


async def test_a_batch_takes_what_waits(bench) -> None:
    sizes: list[int] = []
    first = threading.Event()

    def upper(texts: list[str]) -> list[list[str]]:
        first.wait(10)
        sizes.append(len(texts))
        return [[text.upper() for text in texts]]

    b = bench(app(upper, batch=True, max_batch_size=3))
    b.engine.scheduler.cap = 0
    for text in "abcdefg":
        await b.submit(text)
    b.engine.scheduler.cap = 40
    first.set()
    b.engine.pump()
    assert await b.answers() == [[text] for text in "ABCDEFG"]
    assert sizes == [3, 3, 1]


async def test_a_full_queue_says_so_with_the_very_text(bench) -> None:
    release = threading.Event()
    b = bench(app(lambda text: str(release.wait(10))).queue(max_size=2))
    for _ in range(3):
        await b.submit("x")
    with pytest.raises(QueueFull, match=r"^Queue is full\. Max size is 2 and size is 2\.$"):
        await b.submit("x")
    release.set()
    assert len(await b.ends()) == 3


async def test_submitting_an_event_again_changes_nothing(bench) -> None:
    calls: list[str] = []
    b = bench(app(lambda text: calls.append(text)))
    job = await b.submit("x")
    await b.engine.submit(b.job("x", event_id=job.event_id))
    await b.ends()
    await b.engine.submit(b.job("x", event_id=job.event_id))
    assert calls == ["x"] and not b.engine.events


async def test_sessions_and_events_belong_to_who_opened_them(bench) -> None:
    release = threading.Event()
    b = bench(app(lambda text: str(release.wait(10))))
    job = await b.submit("x", identity_key="user:1")
    with pytest.raises(NotYours):
        await b.submit("x", identity_key="user:2")
    with pytest.raises(NotYours):
        await b.submit("x", session="other", event_id=job.event_id, identity_key="user:2")
    assert b.engine.find_session("s", "user:2") is None
    assert b.engine.find_session("s", "user:1") is not None
    assert not await b.engine.cancel("other", job.event_id)
    release.set()
    await b.ends()


async def test_a_function_that_is_not_there_is_refused(bench) -> None:
    b = bench(app(None, lambda text: text))
    for number in (0, 7):
        with pytest.raises(UnknownFunction):
            await b.submit("x", fn=number)


async def test_an_exception_is_told_and_the_group_goes_on(bench, caplog) -> None:
    def fail(text: str) -> str:
        if text == "bad":
            raise gr.Error("bad input", duration=3)
        if text == "worse":
            raise KeyError("secret")
        return text

    b = bench(app(fail))
    for text in ("bad", "worse", "good"):
        await b.submit(text)
    bad, worse, good = (await b.ends()).values()
    assert bad["output"] == {"error": "bad input", "duration": 3, "visible": True, "title": "Error"}
    assert worse["output"]["error"] is None and not worse["success"]
    assert good["output"]["data"] == ["good"]
    assert "KeyError: 'secret'" in caplog.text


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, GeneratorExit, StopIteration, asyncio.CancelledError])
@pytest.mark.parametrize("how", ["plain", "async", "generator", "async generator"])
async def test_nothing_that_a_function_raises_ends_more_than_its_event(bench, kind, how) -> None:
    armed = True

    def work() -> str:
        nonlocal armed
        if armed:
            armed = False
            raise kind("away")
        return "fine"

    def plain(text: str) -> str:
        return work()

    async def coroutine(text: str) -> str:
        return work()

    def generator(text: str) -> Iterator[str]:
        yield work()

    async def async_generator(text: str):
        yield work()

    function = {"plain": plain, "async": coroutine, "generator": generator, "async generator": async_generator}[how]
    b = bench(app(function))
    await b.submit("x")
    await b.submit("y")
    first, second = (await b.ends()).values()
    assert not first["success"] and second["output"]["data"] == ["fine"]
    assert b.engine.scheduler.at_work == 0


async def test_waiting_events_are_told_their_rank_and_wait(bench) -> None:
    b = bench(app(lambda text: text))
    await b.submit("x")
    await b.ends()
    b.engine.scheduler.cap = 0
    reader = b.engine.subscribe("t")
    for text in "abc":
        await b.submit(text, session="t")
    places = [entry.message for entry in reader.take()]
    assert [f'"rank":{rank},"queue_size":{rank + 1},"rank_eta":0.'.encode() in text for rank, text in enumerate(places)]
    assert b.engine.snapshot().waiting == 3


async def test_direct_events_run_beside_the_limits(bench) -> None:
    release = threading.Event()

    def function(text: str) -> str:
        if text == "wait":
            release.wait(10)
        return text

    b = bench(app(function))
    await b.submit("wait")
    completed = await b.engine.run_direct(b.job("direct", session="t"))
    assert completed.success and bytes(completed.output.data) == b'["direct"]'
    release.set()
    await b.ends()


async def test_a_direct_generator_gives_its_first_value(bench) -> None:
    def count(text: str) -> Iterator[str]:
        yield "one"
        yield "two"

    completed = await (b := bench(app(count))).engine.run_direct(b.job("x"))
    assert bytes(completed.output.data) == b'["one"]' and completed.output.is_generating


async def test_a_direct_event_that_fails_says_why(bench) -> None:
    def fail(text: str) -> str:
        raise gr.Error("no")

    completed = await (b := bench(app(fail))).engine.run_direct(b.job("x"))
    assert not completed.success and completed.output.error == "no"


async def test_closing_completes_everything_with_an_error_and_ends_the_streams(bench) -> None:
    release = threading.Event()
    b = bench(app(lambda text: str(release.wait(10))))
    running, waiting = await b.submit("x"), await b.submit("y")
    reader = b.engine.subscribe("s")
    await b.engine.close()
    release.set()
    ends = [entry.message async for batch in _batches(reader) for entry in batch if entry.kind == "process_completed"]
    assert len(ends) == 2 and all(b"Server is shutting down" in end for end in ends)
    assert b.state(running) is b.state(waiting) is JobState.FAILED
    with pytest.raises(QueueStopped):
        await b.submit("z")


async def _batches(reader):
    async for batch in reader:
        yield batch


async def test_functions_declared_later_are_known(bench) -> None:
    demo = app(lambda text: text)
    b = bench(demo)
    with demo:
        result = gr.Textbox()
        gr.Button().click(lambda: "later", None, result)
    await b.submit(fn=1)
    assert await b.answers() == [["later"]]


async def test_state_lasts_for_the_session_and_only_there(bench) -> None:
    def count(seen: int) -> tuple[int, str]:
        return seen + 1, str(seen + 1)

    with gr.Blocks() as demo:
        state, result, button = gr.State(0), gr.Textbox(), gr.Button()
        button.click(count, state, [state, result])
    b = bench(demo)
    for session in ("a", "a", "b"):
        await b.submit(None, session=session)
    assert [data[1] for data in await b.answers("a")] == ["1", "2"]
    assert [data[1] for data in await b.answers("b")] == ["1"]


async def test_each_change_of_state_is_one_log_record(bench, caplog) -> None:
    caplog.set_level("INFO", "queue_app.jobs")
    b = bench(app(lambda text: text))
    job = await b.submit("x")
    await b.ends()
    assert [each.action for each in caplog.records] == ["job.queued", "job.started", "job.done"]
    assert {each.event_id for each in caplog.records} == {job.event_id}
