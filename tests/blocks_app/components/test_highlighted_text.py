"""HighlightedText: parts of a text with categories and scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import blocks_app as gr
from blocks_app.running.updates import diff

ENTITIES = {
    "text": "Ann saw Lima",
    "entities": [{"entity": "place", "start": 8, "end": 12}, {"entity_group": "person", "start": 0, "end": 3}],
}


def shown(value: Any, **options: Any) -> list[tuple[str, Any]]:
    parts = gr.HighlightedText(**options).postprocess(value)
    assert parts is not None
    return [(part["token"], part["class_or_confidence"]) for part in parts]


def test_pairs_become_parts() -> None:
    assert shown([("a", None), ["b", "x"], ("c", np.float32(0.5)), ("d", 1)]) == [
        ("a", None),
        ("b", "x"),
        ("c", 0.5),
        ("d", 1.0),
    ]


def test_what_a_function_was_given_can_be_returned() -> None:
    component = gr.HighlightedText()
    parts = component.preprocess(component.example_payload())
    assert component.postprocess(parts) == component.example_payload()


def test_entities_stand_in_the_order_of_the_text() -> None:
    assert shown(ENTITIES) == [("", None), ("Ann", "person"), (" saw ", None), ("Lima", "place"), ("", None)]
    assert shown({"text": "plain", "entities": []}) == [("plain", None)]


def test_what_two_entities_claim_is_shown_once() -> None:
    claimed = [{"entity": "a", "start": 0, "end": 4}, {"entity": "b", "start": 2, "end": 6}]
    assert "".join(text for text, _ in shown({"text": "abcdef", "entities": claimed})) == "abcdef"


def test_neighbours_of_one_category_are_combined() -> None:
    value = [("a", "x"), ("", None), ("b", "x"), ("c", None), ("d", None)]
    assert shown(value, combine_adjacent=True, adjacent_separator="-") == [("a-b", "x"), ("c-d", None)]
    assert shown(ENTITIES, combine_adjacent=True) == [("Ann", "person"), (" saw ", None), ("Lima", "place")]


def test_white_space_is_kept_unless_told() -> None:
    assert shown([(" a ", "x")]) == [(" a ", "x")]
    assert shown([(" a ", "x")], show_whitespaces=False) == [("a", "x")]


@pytest.mark.parametrize(
    "wrong",
    ["text", 3, [1], [("a",)], ["ab"], [("a", object())], {"text": "a"}, {"text": "a", "entities": [{"start": None}]}],
)
def test_what_is_no_marked_text_is_told(wrong: object) -> None:
    with pytest.raises(gr.Error, match='HighlightedText "Words"'):
        gr.HighlightedText(label="Words").postprocess(wrong)


@pytest.mark.parametrize(
    "wrong", ["text", {"token": "a"}, [1], [{"token": 1}], [{"token": "a", "class_or_confidence": []}]]
)
def test_a_client_must_send_parts(wrong: object) -> None:
    with pytest.raises(gr.Error, match="HighlightedText"):
        gr.HighlightedText().preprocess(wrong)


def test_a_stream_sends_what_was_added() -> None:
    component = gr.HighlightedText()
    before = component.postprocess([("one ", "number")])
    after = component.postprocess([("one ", "number"), ("two", "number")])
    assert diff(before, after) == [["add", [1], {"token": "two", "class_or_confidence": "number"}]]
