"""Checkbox: truth both ways."""

from __future__ import annotations

import pytest

import blocks_app as gr


@pytest.mark.parametrize("sent", [True, False, None])
def test_a_function_gets_the_truth_value(sent: object) -> None:
    assert gr.Checkbox().preprocess(sent) is sent


@pytest.mark.parametrize("sent", ["true", 1, [], {}])
def test_anything_else_is_refused(sent: object) -> None:
    with pytest.raises(gr.Error, match='Checkbox "Agree": true or false is needed'):
        gr.Checkbox(label="Agree").preprocess(sent)


@pytest.mark.parametrize(("returned", "wire"), [(True, True), (None, False), ("x", True), (0, False)])
def test_a_result_is_taken_by_its_truth(returned: object, wire: bool) -> None:
    assert gr.Checkbox().postprocess(returned) is wire
