"""JSON from visitors: what is read in pieces is what a parser would have read at once."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

import blocks_app as gr
from blocks_app import parsing

ODD = [1, 2.5, None, True, "a,b", "[{", '\\"', '"', "ü\n", 2**70, "]}", ""]


def some(dice: random.Random, depth: int = 0) -> Any:
    """Any JSON value."""
    if depth > 5 or dice.random() < 0.4:
        return dice.choice(ODD)
    items = [some(dice, depth + 1) for _ in range(dice.randint(0, 9))]
    return items if dice.random() < 0.5 else {dice.choice('ab,["') + str(i): item for i, item in enumerate(items)}


whole = msgspec.json.Decoder()


@pytest.fixture(params=[40, 1_000_000], ids=["small window", "large window"])
def small_pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every text counts as heavy, and is read a few items at a time."""
    monkeypatch.setattr(parsing, "_AT_ONCE", -1)
    monkeypatch.setattr(parsing, "_RUN", 3)
    monkeypatch.setattr(parsing, "_WINDOW", request.param)
    yield


def read(text: bytes) -> Any:
    try:
        return repr(parsing.load(text, whole, parsing.Limits()))
    except msgspec.MsgspecError:
        return "refused"


@pytest.mark.usefixtures("small_pieces")
def test_pieces_make_the_same_value_or_the_same_refusal() -> None:
    dice = random.Random(8)
    for _ in range(150):
        value = some(dice)
        text = json.dumps(value, ensure_ascii=dice.random() < 0.5, indent=dice.choice([None, 1])).encode()
        assert parsing.load(text, whole, parsing.Limits()) == value
        at, cut, odd = dice.randrange(len(text)), dice.randint(0, 1), dice.choice(["", *'[]{},":\\ 1'])
        broken = text[:at] + odd.encode() + text[at + cut :]
        try:
            expected = repr(whole.decode(broken))
        except msgspec.MsgspecError:
            expected = "refused"
        assert read(broken) == expected, broken


class Shape(msgspec.Struct):
    """What an endpoint expects."""

    data: list[Any]
    name: str = "x"


def test_a_heavy_text_has_the_type_that_is_expected() -> None:
    rows = [{"id": 2**64 + number, "more": [[], "ü"]} for number in range(25_000)]
    made = parsing.load(json.dumps({"data": [rows]}), msgspec.json.Decoder(Shape), parsing.Limits())
    assert isinstance(made, Shape) and made.data == [rows]
    with pytest.raises(msgspec.ValidationError, match="name"):
        parsing.load(json.dumps({"name": rows}), msgspec.json.Decoder(Shape), parsing.Limits())


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[" * 23_000_000, parsing.TooManyValues),
        ("[" * 201 + "]" * 201, parsing.TooDeep),
        ("[" + "{}," * 1_000_000 + "1]", parsing.TooManyValues),
        ('["",' + "1," * 1_000_000 + "1]", parsing.TooManyValues),
        ('["' + "," * 2_000_000 + '"]', None),
        ('["' + "[" * 2_000_000 + '",' + "[]," * 300 + "1]", None),
        ("[" + "1," * 900_000 + "1]", None),
    ],
    ids=["brackets", "deep", "objects", "numbers", "commas in a text", "brackets in a text", "many numbers"],
)
def test_limits_count_what_is_really_there(text: str, error: type[Exception] | None) -> None:
    if error is None:
        parsing.load(text, whole, parsing.Limits())
        return
    with pytest.raises(error):
        parsing.load(text, whole, parsing.Limits())


def test_a_text_that_a_visitor_has_written_has_the_same_limits_in_a_component() -> None:
    with pytest.raises(gr.Error, match="nested too deeply: 200 levels"):
        gr.JSON().postprocess("[" * 300 + "]" * 300)
    with pytest.raises(gr.Error, match="too many values: 1000000 are allowed"):
        gr.JSON().postprocess("[" + "[]," * 1_000_000 + "1]")


@pytest.mark.parametrize("part", [40, 1_000_000])
def test_values_are_counted_outside_of_texts_wherever_a_part_ends(monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    monkeypatch.setattr(parsing, "_COUNTED", part)
    dice = random.Random(9)
    for _ in range(150):
        text = json.dumps(some(dice), ensure_ascii=dice.random() < 0.5).encode()
        marks = [text[at : at + 1] for at in parsing._marks(text)]
        values = 1 + sum(mark in (b"[", b"{", b",") for mark in marks)
        parsing._refuse_many(text, parsing.Limits(values=values))
        if values > 1:
            with pytest.raises(parsing.TooManyValues):
                parsing._refuse_many(text, parsing.Limits(values=values - 1))


def test_a_text_with_far_too_many_values_is_refused_by_counting_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_Pieces", None)  # nothing of it is read
    for text in (b'["x",' + b"[]," * 600_000 + b"[]]", b"[" + b'{"\\"a": 1},' * 600_000 + b"{}]"):
        with pytest.raises(parsing.TooManyValues):
            parsing.load(text, whole, parsing.Limits())
