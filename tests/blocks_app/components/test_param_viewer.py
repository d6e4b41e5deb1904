"""ParamViewer: a dict for each parameter, both ways."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from blocks_app.components.param_viewer import Parameter
from blocks_app.exceptions import DeclarationError

ROW: Parameter = {"type": "int | None", "description": "Its age.", "default": None}


def test_parameters_pass_both_ways() -> None:
    viewer = gr.ParamViewer({"age": ROW})
    assert viewer.initial_value() == viewer.postprocess({"age": ROW}) == viewer.preprocess({"age": ROW}) == {"age": ROW}
    assert gr.ParamViewer().initial_value() == {}
    assert viewer.postprocess(None) is viewer.preprocess(None) is None


def test_types_and_defaults_that_are_no_text_are_shown_by_name() -> None:
    shown = gr.ParamViewer().postprocess({"age": {"type": int, "description": "Its age.", "default": 3}})
    assert shown == {"age": {"type": "int", "description": "Its age.", "default": "3"}}


@pytest.mark.parametrize("value", ["x", 5, [1], {"a": 1}, {"a": ["int"]}])
def test_what_is_no_dict_of_dicts_is_refused(value: Any) -> None:
    with pytest.raises(gr.Error, match="a dict of parameters is needed"):
        gr.ParamViewer().preprocess(value)
    with pytest.raises(ValueError, match="a dict with a dict for each parameter"):
        gr.ParamViewer().postprocess(value)


@pytest.mark.parametrize("options", [{"language": "rust"}, {"linkify": "int"}, {"linkify": [int]}, {"max_height": -1}])
def test_what_cannot_be_is_refused_at_once(options: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match="ParamViewer: "):
        gr.ParamViewer(**options)
