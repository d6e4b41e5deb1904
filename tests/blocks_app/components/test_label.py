"""Label: names and confidences."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import blocks_app as gr


def test_confidences_are_ranked_and_cut() -> None:
    assert gr.Label(num_top_classes=2).postprocess({"a": 0.1, "b": 0.7, "c": 0.2}) == {
        "label": "b",
        "confidences": [{"label": "b", "confidence": 0.7}, {"label": "c", "confidence": 0.2}],
    }


@pytest.mark.parametrize(("value", "name"), [("cat", "cat"), (3, "3"), (0.5, "0.5"), (np.int64(4), "4")])
def test_a_name_alone(value: object, name: str) -> None:
    assert gr.Label().postprocess(value) == {"label": name, "confidences": None}


@pytest.mark.parametrize("value", [None, {}])
def test_nothing(value: object) -> None:
    assert gr.Label().postprocess(value) == {}


def test_confidences_of_numpy() -> None:
    shown = gr.Label().postprocess({"a": np.float32(0.5)})
    assert type(shown["confidences"][0]["confidence"]) is float


def test_a_file_only_when_it_is_a_path(tmp_path: Path) -> None:
    file = tmp_path / "pet.json"
    file.write_text(json.dumps({"label": "cat", "confidences": None}))
    assert gr.Label().postprocess(file) == {"label": "cat", "confidences": None}
    assert gr.Label().postprocess(str(file))["label"] == str(file)


@pytest.mark.parametrize("wrong", [["cat"], {"a": "much"}, Path("missing.json")])
def test_what_is_no_label_is_told(wrong: object) -> None:
    with pytest.raises(gr.Error, match="Label"):
        gr.Label().postprocess(wrong)


def test_what_a_function_gets() -> None:
    assert gr.Label().preprocess({"label": "a", "confidences": [{"label": "a", "confidence": 0.9}]}) == {"a": 0.9}
    assert gr.Label().preprocess({"label": "a"}) == "a"
    assert gr.Label().preprocess(None) is None


@pytest.mark.parametrize("wrong", ["cat", {"label": "a", "confidences": [1]}])
def test_a_client_must_send_a_label(wrong: object) -> None:
    with pytest.raises(gr.Error, match="Label"):
        gr.Label().preprocess(wrong)


def test_select_is_marked_when_somebody_listens() -> None:
    with gr.Blocks():
        label = gr.Label()
        label.select(lambda: None)
    assert label.props()["_selectable"] is True


def test_the_example_round_trips() -> None:
    label = gr.Label()
    assert label.preprocess(label.example_payload()) == label.example_value()


def test_a_time_that_is_none_is_no_label() -> None:
    assert gr.Label().postprocess(np.datetime64("NaT", "D")) == {}
