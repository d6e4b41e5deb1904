"""CheckboxGroup: lists of choices."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError

CHOICES: Any = ["a", "b", ("Three", 3)]


@pytest.mark.parametrize("sent", [["a", 3], [], None])
def test_a_function_gets_the_values(sent: object) -> None:
    assert gr.CheckboxGroup(CHOICES).preprocess(sent) == sent


def test_or_their_positions() -> None:
    assert gr.CheckboxGroup(CHOICES, type="index").preprocess([3, "a"]) == [2, 0]


@pytest.mark.parametrize("sent", [["zzz"], "a", [["a"]], [True], [{}], {"a": 1}])
def test_what_is_no_choice_is_refused(sent: object) -> None:
    with pytest.raises(gr.Error, match='CheckboxGroup "Letters": '):
        gr.CheckboxGroup(CHOICES, label="Letters").preprocess(sent)


@pytest.mark.parametrize(
    ("returned", "wire"), [(["a"], ["a"]), ("b", ["b"]), (None, []), ([], []), (("a", 3), ["a", 3])]
)
def test_results_become_lists(returned: object, wire: object) -> None:
    assert gr.CheckboxGroup(CHOICES).postprocess(returned) == wire


@pytest.mark.parametrize(("returned", "wire"), [(["a", "zzz"], ["a", "zzz"]), ("zzz", ["zzz"]), ([True], [True])])
def test_a_stranger_passes_with_a_warning(returned: object, wire: object) -> None:
    with pytest.warns(UserWarning, match="is not in the list of choices"):
        assert gr.CheckboxGroup(CHOICES).postprocess(returned) == wire


def test_choices_are_pairs_in_the_page_and_values_in_the_schema() -> None:
    group = gr.CheckboxGroup(CHOICES)
    assert group.props()["choices"] == [("a", "a"), ("b", "b"), ("Three", 3)]
    items = {"enum": ["a", "b", 3], "type": "string"}
    assert group.api_info() == {"items": items, "title": "Checkbox Group", "type": "array"}


def test_many_values_cost_no_more_than_few() -> None:
    group = gr.CheckboxGroup(range(20_000))
    assert len(group.preprocess(list(range(20_000))) or []) == 20_000


@pytest.mark.parametrize("mistake", [{"choices": "abc"}, {"choices": [("a", "b", "c")]}, {"type": "values"}])
def test_mistakes_are_told_at_once(mistake: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match="CheckboxGroup: "):
        gr.CheckboxGroup(**mistake)
