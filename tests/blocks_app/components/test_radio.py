"""Radio: one of its choices."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr

CHOICES: Any = ["a", "b", ("Three", 3)]


@pytest.mark.parametrize("sent", ["a", 3, None])
def test_a_function_gets_the_value(sent: object) -> None:
    assert gr.Radio(CHOICES).preprocess(sent) == sent


@pytest.mark.parametrize(("sent", "position"), [("b", 1), (3, 2), (None, None)])
def test_or_its_position(sent: object, position: object) -> None:
    assert gr.Radio(CHOICES, type="index").preprocess(sent) == position


@pytest.mark.parametrize("sent", ["zzz", "3", True, ["a"], {"a": 1}])
def test_what_is_no_choice_is_refused(sent: object) -> None:
    with pytest.raises(gr.Error, match=r"Radio \"Letter\": .* is not in the list of choices: \['a', 'b', 3\]"):
        gr.Radio(CHOICES, label="Letter").preprocess(sent)


@pytest.mark.parametrize("returned", ["a", "", None, 3])
def test_a_result_is_the_value(returned: object) -> None:
    assert gr.Radio(CHOICES).postprocess(returned) == returned


@pytest.mark.parametrize("returned", ["zzz", "3", True, ["a"]])
def test_a_stranger_passes_with_a_warning(returned: object) -> None:
    with pytest.warns(UserWarning, match="is not in the list of choices"):
        assert gr.Radio(CHOICES).postprocess(returned) == returned


def test_true_is_not_one() -> None:
    with pytest.raises(gr.Error):
        gr.Radio([1, 2]).preprocess(True)


def test_a_long_list_of_choices_is_cut_in_the_message() -> None:
    with pytest.raises(gr.Error) as refused:
        gr.Radio([f"choice {i}" for i in range(1000)]).preprocess("x")
    assert len(str(refused.value)) < 400


def test_the_schema_names_the_choices() -> None:
    assert gr.Radio(["a", "b"]).api_info() == {"enum": ["a", "b"], "title": "Radio", "type": "string"}
    assert gr.Radio([1, 2.5]).api_info()["type"] == "number"


def test_an_update_of_the_choices_counts_for_the_next_call() -> None:
    duplicate = gr.Radio(CHOICES).copy_with({"choices": ["new"]})
    assert duplicate.preprocess("new") == "new"
