"""Dialogue: what a function gets, what it may return."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError, Error
from queue_app.testing import PageUser

LINES = [{"speaker": "Ada", "text": "Hello"}, {"speaker": "Bo", "text": "Hi [all]"}]


def test_a_function_gets_one_text_or_lines() -> None:
    assert gr.Dialogue().preprocess(LINES) == "[Ada] Hello\n[Bo] Hi [all]"
    assert gr.Dialogue(separator="|").preprocess(LINES) == "[Ada] Hello|[Bo] Hi [all]"
    assert gr.Dialogue(formatter=lambda who, text: f"{who}: {text}").preprocess(LINES) == "Ada: Hello\nBo: Hi [all]"
    assert gr.Dialogue(type="list").preprocess([{**LINES[0], "more": 1}]) == [LINES[0]]
    assert gr.Dialogue().preprocess("as it is") == "as it is"
    for nothing in ([], "", [{"speaker": "Ada", "text": ""}]):
        assert gr.Dialogue().preprocess(nothing) == ""
    assert gr.Dialogue().preprocess(None) is None


def test_a_text_is_read_line_by_line() -> None:
    field = gr.Dialogue(type="list", speakers=["Cy"])
    assert field.preprocess("[Ada] Hello\n\n [Bo] Hi [all]\nHm [x] [") == [
        *LINES,
        {"speaker": "Cy", "text": "Hm [x] ["},
    ]
    assert gr.Dialogue(type="list").preprocess("a") == [{"speaker": "Unknown", "text": "a"}]
    own = gr.Dialogue(type="list", unformatter=lambda line, who: {"speaker": line[:1], "text": line[1:]})
    assert own.preprocess("Abc") == [{"speaker": "A", "text": "bc"}]


@pytest.mark.parametrize("payload", [5, {"a": 1}, ["a"], [{"speaker": "Ada"}], [{"speaker": 1, "text": "a"}], [[1, 2]]])
def test_anything_else_is_refused_in_words(payload: Any) -> None:
    with pytest.raises(Error, match="Dialogue"):
        gr.Dialogue().preprocess(payload)
    with pytest.raises(ValueError, match=r"[Dd]ialogue"):
        gr.Dialogue().postprocess(payload)


def test_there_are_no_more_lines_than_allowed() -> None:
    with pytest.raises(Error, match="2 lines, at most 1"):
        gr.Dialogue(max_lines=1).preprocess(LINES)


def test_a_function_returns_lines_or_a_text() -> None:
    assert gr.Dialogue().postprocess(LINES) == LINES
    assert gr.Dialogue().postprocess(({"speaker": "a", "text": "b", "more": 1},)) == [{"speaker": "a", "text": "b"}]
    assert gr.Dialogue().postprocess("[Ada] Hello") == "[Ada] Hello"
    assert gr.Dialogue().postprocess(None) is None


def test_wrong_options_are_refused() -> None:
    for options in ({"type": "json"}, {"ui_mode": "lines"}, {"separator": ""}, {"separator": " "}, {"max_lines": 0}):
        with pytest.raises(DeclarationError, match="Dialogue"):
            gr.Dialogue(**options)


def test_the_hint_is_there_where_it_helps() -> None:
    assert gr.Dialogue().info is None
    assert "colon" in str(gr.Dialogue(tags=["(laughs)"]).info)
    assert (gr.Dialogue(tags=["(laughs)"], info="Mine").info, gr.Dialogue().label) == ("Mine", "Dialogue")


def test_the_page_can_ask_for_the_apps_own_way_to_write_lines() -> None:
    with gr.Blocks() as demo:
        field = gr.Dialogue(LINES, speakers=["Ada"], formatter=lambda who, text: f"{who}: {text}")
        text = gr.Textbox()
        field.submit(lambda value: value, field, text)
    entry = next(each for each in demo.get_config_file()["components"] if each["id"] == field._id)
    assert entry["props"]["_server"].keys() == {"as_text", "as_lines"}
    with PageUser(demo) as user:
        user.submit(field)
        assert user.value(text) == "Ada: Hello\nBo: Hi [all]"
