"""JSON: plain data from whatever a function returns."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

import blocks_app as gr


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
