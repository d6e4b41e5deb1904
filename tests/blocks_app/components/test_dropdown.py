"""Dropdown: one or several choices, or values of one's own."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError

CHOICES: Any = ["x", ("Why", "y"), 3]


@pytest.mark.parametrize("sent", ["x", 3, None])
def test_a_function_gets_the_value(sent: object) -> None:
    assert gr.Dropdown(CHOICES).preprocess(sent) == sent


@pytest.mark.parametrize("sent", ["zzz", ["x"], True, {}])
def test_what_is_no_choice_is_refused(sent: object) -> None:
    with pytest.raises(gr.Error, match='Dropdown "Letter": '):
        gr.Dropdown(CHOICES, label="Letter").preprocess(sent)


def test_several_are_a_list() -> None:
    drop = gr.Dropdown(CHOICES, multiselect=True, max_choices=2, label="Letters")
    assert drop.preprocess(["y", "x"]) == ["y", "x"]
    with pytest.raises(gr.Error, match="at most 2 choices"):
        drop.preprocess(["x", "y", 3])
    with pytest.raises(gr.Error, match="a list of choices is needed"):
        drop.preprocess("x")


def test_positions_are_none_for_custom_values() -> None:
    assert gr.Dropdown(CHOICES, type="index").preprocess("y") == 1
    own = gr.Dropdown(CHOICES, type="index", multiselect=True, allow_custom_value=True)
    assert own.preprocess(["new", 3]) == [None, 2]


def test_custom_values_are_texts_or_numbers() -> None:
    drop = gr.Dropdown(CHOICES, allow_custom_value=True)
    assert drop.preprocess("new") == "new"
    for wrong in (["new"], {"a": 1}, True):
        with pytest.raises(gr.Error):
            drop.preprocess(wrong)


@pytest.mark.parametrize("returned", ["x", None, 3])
def test_a_result_is_the_value(returned: object) -> None:
    assert gr.Dropdown(CHOICES).postprocess(returned) == returned


@pytest.mark.parametrize("returned", ["zzz", ["x"]])
def test_a_stranger_passes_with_a_warning(returned: object) -> None:
    with pytest.warns(UserWarning, match="is not in the list of choices"):
        assert gr.Dropdown(CHOICES).postprocess(returned) == returned


def test_several_wrap_a_single_result() -> None:
    assert gr.Dropdown(CHOICES, multiselect=True).postprocess("x") == ["x"]
    assert gr.Dropdown(CHOICES, multiselect=True).postprocess(("x", 3)) == ["x", 3]


def test_schemas() -> None:
    assert gr.Dropdown(["x"]).api_info() == {"type": "string", "enum": ["x"]}
    assert gr.Dropdown(["x"], allow_custom_value=True).api_info() == {"type": "string"}
    several = gr.Dropdown(["x"], multiselect=True)
    assert several.api_info() == {"type": "array", "items": {"type": "string", "enum": ["x"]}}
    assert several.example_payload() == ["x"]


def test_options_that_contradict_are_told() -> None:
    with pytest.warns(UserWarning, match="max_choices has no effect"):
        gr.Dropdown(CHOICES, max_choices=2)
    with pytest.warns(UserWarning, match="must be typed"):
        assert gr.Dropdown(CHOICES, allow_custom_value=True, filterable=False).filterable is True
    with pytest.raises(DeclarationError, match="at least 1"):
        gr.Dropdown(CHOICES, multiselect=True, max_choices=0)
