"""JSON: plain data from whatever a function returns."""

from __future__ import annotations

import asyncio
import datetime

import numpy as np
import pytest

import blocks_app as gr
from blocks_app import jsonable
from blocks_app.running import encoding
from blocks_app.running.call import Call, Step
from blocks_app.running.runner import run
from blocks_app.threads.call_threads import Threads


def test_data_pass_in_both_directions() -> None:
    assert gr.JSON().preprocess({"a": 1}) == {"a": 1}
    assert gr.JSON().preprocess(None) is None
    assert gr.JSON().postprocess([1]) == [1]
    assert gr.JSON().postprocess(None) is None


def test_text_is_parsed() -> None:
    assert gr.JSON().postprocess('{"b":2}') == {"b": 2}


def test_bad_text_is_told() -> None:
    with pytest.raises(gr.Error, match="Invalid JSON string"):
        gr.JSON().postprocess("not json")


def test_arrays_and_numbers_of_numpy() -> None:
    assert gr.JSON().postprocess({"a": 1, "n": np.arange(2), "x": np.float32(0.5)}) == {"a": 1, "n": [0, 1], "x": 0.5}


def test_what_json_does_not_know_becomes_text() -> None:
    class Pet:
        def __str__(self) -> str:
            return "cat"

    shown = gr.JSON().postprocess({"pet": Pet(), "day": datetime.date(2024, 6, 1), 3: float("nan")})
    assert shown == {"pet": "cat", "day": "2024-06-01", "3": None}


def test_numbers_beyond_64_bits_keep_their_digits() -> None:
    assert gr.JSON().postprocess({"a": [2**70, 1]}) == {"a": [2**70, 1]}


def test_schema_and_example() -> None:
    assert gr.JSON().api_info() == {"type": {}, "description": "any valid json"}
    assert gr.JSON().example_payload() == {"foo": "bar"}
    assert gr.Json is gr.JSON


def test_the_copy_button_can_be_left_out() -> None:
    assert gr.JSON().props()["buttons"] == ["copy"]
    assert gr.JSON(buttons=[]).props()["buttons"] == []


def test_a_returned_value_is_a_copy() -> None:
    given = {"a": [1]}
    shown = gr.JSON().postprocess(given)
    given["a"].append(2)
    assert shown == {"a": [1]}


def test_large_data_bring_their_json_which_a_component_of_ones_own_does_not_send() -> None:
    class Counted(gr.JSON):
        def postprocess(self, value):  # changes what it got
            shown = super().postprocess(value)
            shown["rows"] = len(shown["rows"])
            return shown

    large = {"rows": [{"id": number, "name": "somebody"} for number in range(5_000)]}
    with gr.Blocks() as demo:
        gr.Button().click(lambda: (large, large), None, [gr.JSON(), Counted()])

    async def last() -> Step:
        threads = Threads(1)
        try:
            return [step[0] async for step in run(demo, [Call(demo.dependencies[0], [])], threads)][-1]
        finally:
            threads.close()

    step = asyncio.run(last())
    assert step.data == [large, {"rows": 5_000}] == jsonable.loads(step.encoded.raw())
    shown = gr.JSON().postprocess(large)
    text = jsonable.taken(shown)
    assert jsonable.loads(text) == shown == large
    assert jsonable.taken(shown) is None  # it is not kept
    assert encoding.encode(shown) == text
