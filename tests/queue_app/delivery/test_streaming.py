"""Yields, progress and toasts on their way to the reader."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from typing import Any

import blocks_app as gr
from blocks_app.running import runner
from blocks_app.running.call import Step
from blocks_app.running.updates import apply_edits
from tests.queue_app.conftest import app, until


def followed(messages: list[dict[str, Any]]) -> list[Any]:
    """The values of one output as a client sees them, step by step."""
    seen: list[Any] = []
    for message in messages:
        if message["msg"] == "process_generating":
            (data,) = message["output"]["data"]
            seen.append(apply_edits(seen[-1], data) if seen else data)
    return seen


async def test_the_first_yield_is_complete_and_later_ones_are_edits(bench) -> None:
    def count(text: str) -> Iterator[str]:
        yield "a"
        yield "ab"
        yield "ab"
        yield "x"

    b = bench(app(count))
    await b.submit("x")
    messages = await b.messages()
    data = [each["output"]["data"] for each in messages if "output" in each]
    assert data == [["a"], [[["append", [], "b"]]], [[]], [[["replace", [], "x"]]], ["x"]]
    assert messages[-1]["msg"] == "process_completed" and messages[-1]["output"]["is_generating"] is False


async def test_a_simple_reader_gets_complete_values_only(bench) -> None:
    def count(text: str) -> Iterator[str]:
        yield "a"
        yield "ab"

    b = bench(app(count))
    await b.submit("x", simple_format=True)
    data = [each["output"]["data"] for each in await b.messages(plain=True) if "output" in each]
    assert data == [["a"], ["ab"], ["ab"]]


async def test_nested_values_arrive_as_they_were_yielded_though_they_are_changed_in_place(bench) -> None:
    def grow(text: str) -> Iterator[Any]:
        value: dict[str, Any] = {"rows": [[1, 2, 3], [4]]}
        yield value
        value["rows"][0][1:] = []
        yield value
        value["rows"].append([{"deep": None}])
        yield value
        del value["rows"][0]
        yield value

    with gr.Blocks() as demo:
        text, result, button = gr.Textbox(), gr.JSON(), gr.Button()
        button.click(grow, text, result)
    b = bench(demo)
    await b.submit("x")
    assert followed(await b.messages()) == [
        {"rows": [[1, 2, 3], [4]]},
        {"rows": [[1], [4]]},
        {"rows": [[1], [4], [{"deep": None}]]},
        {"rows": [[4], [{"deep": None}]]},
    ]


async def test_an_error_after_a_yield_ends_the_event_and_the_yield_stays(bench) -> None:
    def fail(text: str) -> Iterator[str]:
        yield "a"
        raise gr.Error("broken")

    b = bench(app(fail))
    await b.submit("x")
    messages = await b.messages()
    assert [each["msg"] for each in messages[-2:]] == ["process_generating", "process_completed"]
    assert messages[-1]["output"]["error"] == "broken"


async def test_an_empty_generator_changes_nothing(bench) -> None:
    def nothing(text: str) -> Iterator[str]:
        yield from ()

    b = bench(app(nothing))
    await b.submit("x")
    assert await b.answers() == [[{"__type__": "update"}]]


async def test_a_reader_that_joins_late_gets_the_state_and_then_the_edits(bench) -> None:
    go = threading.Event()

    def count(text: str) -> Iterator[str]:
        for number in range(3_000):
            yield "x" * number
        go.wait(10)
        yield "x" * 3_000

    b = bench(app(count))
    await b.submit("x")
    first = b.engine.subscribe("s")
    while b.engine.session("s").outbox.number < 3_000:
        await anext(first)
    first.close()
    go.set()
    seen = followed(await b.messages())
    assert len(seen) < 2_100 and seen[-1] == "x" * 3_000
    assert all(len(one) <= len(other) for one, other in itertools.pairwise(seen))


async def test_toasts_come_in_order_with_their_level(bench) -> None:
    def speak(text: str) -> str:
        gr.Info("one")
        gr.Warning("two", duration=None)
        return text

    b = bench(app(speak))
    await b.submit("x")
    logs = [(each["log"], each["level"], each["duration"]) for each in await b.messages() if each["msg"] == "log"]
    assert logs == [("one", "info", 10), ("two", "warning", None)]


async def test_progress_is_throttled_and_the_newest_wins(bench) -> None:
    def work(text: str, progress=gr.Progress()) -> str:
        for step in range(1, 2_001):
            progress((step, 2_000), desc="step")
        time.sleep(0.12)
        return text

    b = bench(app(work))
    reader = b.engine.subscribe("s")
    await b.submit("x")
    units = (await until(reader, "progress"))["progress_data"]
    assert units[0]["desc"] == "step" and units[0]["length"] == 2_000
    await until(reader, "process_completed")
    assert b.engine.session("s").outbox.number < 20


async def test_durations_are_told(bench) -> None:
    b = bench(app(lambda text: time.sleep(0.02)))
    for _ in range(2):
        await b.submit("x")
        *_, end = (await b.ends()).values()
    assert end["output"]["duration"] >= 0.02 and end["output"]["average_duration"] >= 0.02 and end["avg_time"] >= 0.02


async def test_no_toast_is_lost_when_the_answer_overtakes_it(bench, monkeypatch) -> None:
    """A value may reach the loop before the toast that was posted before it from the same thread."""

    async def at_once(_blocks: gr.Blocks, calls: list[Any], _threads: Any) -> Any:
        calls[0].report.log("info", "first", 10, True, "Info")
        yield [Step(["half"], final=False)]
        calls[0].report.log("info", "second", 10, True, "Info")
        yield [Step(["all"])]

    monkeypatch.setattr(runner, "run", at_once)
    b = bench(app(lambda text: text))
    await b.submit("x")
    kinds = [each.get("log") or each["msg"] for each in await b.messages()]
    assert kinds[-4:] == ["first", "process_generating", "second", "process_completed"]


async def test_no_toast_is_lost_when_the_function_fails_right_after_it(bench, monkeypatch) -> None:
    async def at_once(_blocks: gr.Blocks, calls: list[Any], _threads: Any) -> Any:
        calls[0].report.log("info", "first", 10, True, "Info")
        raise gr.Error("no")
        yield []

    monkeypatch.setattr(runner, "run", at_once)
    b = bench(app(lambda text: text))
    await b.submit("x")
    kinds = [each.get("log") or each["msg"] for each in await b.messages()]
    assert kinds[-2:] == ["first", "process_completed"]
