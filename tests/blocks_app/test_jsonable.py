"""Any Python value as JSON."""

import json
import math
from collections import namedtuple
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import pytest

import blocks_app as gr
from blocks_app import jsonable
from blocks_app.exceptions import CallError

Point = namedtuple("Point", "x y")


class Colour(Enum):
    RED = "red"


@dataclass
class Row:
    number: int


ARRAYS = {
    "0-d": (np.array(3), 3),
    "0-d big-endian": (np.array(0.1, ">f4"), 0.1),
    "big-endian": (np.arange(3, dtype=">i8"), [0, 1, 2]),
    "sliced": (np.array([0.1, 0.2, 0.3], "f4")[::2], [0.1, 0.3]),
    "transposed": (np.arange(6).reshape(2, 3).T, [[0, 3], [1, 4], [2, 5]]),
    "texts": (np.array(["a", "ü"]), ["a", "ü"]),
    "objects": (np.array([1, "x", None, 2**70], object), [1, "x", None, 2**70]),
    "records": (np.array([(1, 2.5)], [("a", "i4"), ("b", "f8")]), [[1, 2.5]]),
    "masked": (np.ma.array([1, 2], mask=[0, 1]), [1, None]),
    "unsigned": (np.array([2**64 - 1], np.uint64), [2**64 - 1]),
    "truths": (np.array([True, False])[::-1], [False, True]),
    "not numbers": (np.array([np.nan, 1.0]), [None, 1.0]),
    "empty": (np.zeros((0, 3)), []),
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_arrays_of_every_layout_become_lists(kind: str) -> None:
    array, expected = ARRAYS[kind]
    assert json.loads(jsonable.dumps({"a": array})) == {"a": expected}
    assert jsonable.plain([array, 2**70]) == [expected, 2**70]


VALUES: list[tuple[Any, Any]] = [
    (np.float32(0.1), 0.1),
    (np.bool_(True), True),
    (np.int8(-3), -3),
    (np.longdouble(0.5), 0.5),
    (Decimal("1.50"), "1.50"),
    (date(2024, 2, 29), "2024-02-29"),
    (datetime(2024, 2, 29, tzinfo=UTC), "2024-02-29T00:00:00+00:00"),
    (time(1, 2), "01:02:00"),
    (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    (Colour.RED, "red"),
    (Path("/x/y"), "/x/y"),
    (b"ab", "b'ab'"),
    (Row(2**65), {"number": 2**65}),
    (Point(1, np.arange(2)), [1, [0, 1]]),
    (pd.Timestamp("2024-02-29"), "2024-02-29 00:00:00"),
    (math.nan, None),
    (-math.inf, None),
    ("half \ud83d", "half �"),
    ({np.int64(1): 1, (1, 2): 2, None: 3, 2**70: 4, Colour.RED: 5, date(2024, 2, 29): 6}, None),
]


@pytest.mark.parametrize(("value", "expected"), VALUES[:-1], ids=lambda value: type(value).__name__)
def test_the_fast_and_the_slow_way_agree(value: Any, expected: Any) -> None:
    assert json.loads(jsonable.dumps(value)) == expected
    assert jsonable.loads(jsonable.dumps([value, 2**64]))[0] == expected  # 2**64 is refused by the fast one
    assert jsonable.plain(value) == expected


def test_keys_of_any_kind_become_texts() -> None:
    made = json.loads(jsonable.dumps(VALUES[-1][0]))
    keys = ["1", "(1, 2)", "null", str(2**70), "red", "2024-02-29"]
    assert made == dict(zip(keys, range(1, 7)))


@pytest.mark.parametrize("number", [2**53 + 1, 2**63, 2**64, -(2**64), 10**400])
def test_whole_numbers_keep_every_digit(number: int) -> None:
    assert jsonable.loads(jsonable.dumps({"id": [number]})) == {"id": [number]}


def test_a_value_that_contains_itself_is_refused_in_words() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(CallError, match="nested more than 250 levels deep, or contains itself"):
        jsonable.dumps(value)


def test_what_is_no_json_says_where() -> None:
    with pytest.raises(ValueError, match="byte 1"):
        jsonable.loads("[x]")


ID = 2**64 + 3
CHOICES = [("big", ID), ("small", np.int64(5)), ("day", date(2024, 2, 29)), ("price", Decimal("1.50"))]


@pytest.mark.parametrize("kind", [gr.Radio, gr.Dropdown])
def test_a_choice_of_any_kind_comes_back_as_it_was_declared(kind: Any) -> None:
    component = kind(CHOICES)
    for _, value in CHOICES:
        sent = json.loads(jsonable.dumps(component.postprocess(value)))
        assert component.preprocess(sent) == value


def test_several_choices_of_any_kind_come_back_as_they_were_declared() -> None:
    for component in (gr.CheckboxGroup(CHOICES), gr.Dropdown(CHOICES, multiselect=True)):
        values = [value for _, value in CHOICES]
        sent = json.loads(jsonable.dumps(component.postprocess(values)))
        assert component.preprocess(sent) == values


def test_numbers_of_any_library_are_numbers_in_the_page() -> None:
    for value in (np.float32(0.5), Decimal("0.5"), np.array(0.5), 0.5):
        assert gr.Number().postprocess(value) == gr.Slider(0, 1).postprocess(value) == 0.5
    assert gr.Number(precision=0).postprocess(ID) == gr.Number().preprocess(ID) == ID
    assert gr.Slider(0, 2**65, step=1, randomize=True).get_random_value() <= 2**65


def test_labels_of_any_kind_have_a_name_and_numbers() -> None:
    made = gr.Label().postprocess({np.str_("cat"): np.float32(0.5), date(2024, 2, 29): Decimal("0.25"), ID: 0.1})
    assert [each["label"] for each in made["confidences"]] == ["cat", "2024-02-29", ID]
    assert [each["confidence"] for each in made["confidences"]] == [0.5, 0.25, 0.1]
    assert gr.Label().postprocess(date(2024, 2, 29))["label"] == "2024-02-29"
    assert gr.Label().postprocess(ID)["label"] == str(ID)


def test_a_browser_state_takes_numbers_of_numpy() -> None:
    state = gr.BrowserState({"id": ID, "row": np.arange(2)}, secret="s")
    assert state.preprocess(state.postprocess({"n": np.int64(3), "id": ID})) == {"n": 3, "id": ID}
    assert state.preprocess(None)["id"] == ID


@pytest.mark.parametrize("unit", ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns"])
def test_times_that_are_none_become_null_in_every_unit(unit: str) -> None:
    times = np.array([["NaT", "2020-01-02"], ["1970-01-01", "NaT"]], f"M8[{unit}]")
    (none, day), (first, last) = json.loads(jsonable.dumps({"a": times}))["a"]
    assert none is last is None and day.startswith("20") and first.startswith("19")
    assert (
        json.loads(jsonable.dumps([times[0, 0], np.array("NaT", f"M8[{unit}]"), np.timedelta64("NaT", "s")]))
        == [None] * 3
    )
    assert jsonable.plain([times[0]]) == [[None, day]]


def test_times_of_1970_stay_what_they_are() -> None:
    first = np.datetime64(0, "s")
    assert json.loads(jsonable.dumps([first, np.array([first]), "1970-01-01T00:00:00"])) == [
        "1970-01-01T00:00:00",
        ["1970-01-01T00:00:00"],
        "1970-01-01T00:00:00",
    ]


@pytest.mark.parametrize("value", [10**5000, [-(10**5000)], {"a": {10**5000: 1}}], ids=["number", "list", "key"])
def test_a_number_of_thousands_of_digits_is_refused_in_words(value: Any) -> None:
    with pytest.raises(CallError, match="more than 4,300 digits"):
        jsonable.dumps(value)


def test_a_text_with_such_a_number_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="more than 4,300 digits"):
        jsonable.loads("[" + "1" * 5000 + "]")


def test_a_decimal_that_signals_is_no_number() -> None:
    assert math.isnan(jsonable.number(Decimal("sNaN")))
