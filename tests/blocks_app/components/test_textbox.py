"""Textbox: text both ways, and what a declaration may say."""

from __future__ import annotations

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError


@pytest.mark.parametrize(("sent", "argument"), [("a", "a"), (None, None), (3, "3"), ("", "")])
def test_a_function_gets_text(sent: object, argument: object) -> None:
    assert gr.Textbox().preprocess(sent) == argument


@pytest.mark.parametrize(("returned", "wire"), [("a", "a"), (3, "3"), (None, None), (["x"], "['x']")])
def test_anything_may_be_returned(returned: object, wire: object) -> None:
    assert gr.Textbox().postprocess(returned) == wire


@pytest.mark.parametrize("sent", [["a"], {"a": 1}])
def test_lists_and_objects_are_refused(sent: object) -> None:
    with pytest.raises(gr.Error, match='Textbox "Name": a text is needed'):
        gr.Textbox(label="Name").preprocess(sent)


def test_max_length_holds_for_clients_too() -> None:
    box = gr.Textbox(label="Name", max_length=3)
    assert box.preprocess("äöü") == "äöü"
    with pytest.raises(gr.Error, match="4 characters, at most 3"):
        box.preprocess("abcd")


def test_a_long_value_is_not_repeated_in_the_message() -> None:
    with pytest.raises(gr.Error) as refused:
        gr.Textbox().preprocess(["x" * 10_000])
    assert len(str(refused.value)) < 200


def test_max_lines_is_never_less_than_lines() -> None:
    assert gr.Textbox(lines=30).max_lines == 30
    assert gr.Textbox(max_lines=None).max_lines == 20


def test_the_copy_button_has_two_spellings() -> None:
    assert gr.Textbox(show_copy_button=True).props()["show_copy_button"] is True
    assert gr.Textbox(buttons=["copy"]).props()["buttons"] == ["copy"]


@pytest.mark.parametrize(
    "mistake",
    [
        {"type": "number"},
        {"text_align": "center"},
        {"lines": 0},
        {"max_length": -1},
        {"buttons": ["fly"]},
        {"html_attributes": {"onclick": "alert(1)"}},
    ],
)
def test_mistakes_are_told_at_once(mistake: dict[str, object]) -> None:
    with pytest.raises(DeclarationError, match="Textbox: "):
        gr.Textbox(**mistake)  # type: ignore[arg-type]


def test_html_attributes_take_both_forms() -> None:
    wanted = {"autocomplete": "email", "spellcheck": False}
    given = gr.InputHTMLAttributes(autocomplete="email", spellcheck=False)
    assert gr.Textbox(html_attributes=given).props()["html_attributes"] == wanted
    assert gr.Textbox(html_attributes=wanted).props()["html_attributes"] == wanted


def test_a_callable_value_is_called_for_the_first_page() -> None:
    assert gr.Textbox(lambda: "now").initial_value() == "now"


def test_textarea_is_a_textbox_of_seven_lines() -> None:
    area = gr.TextArea("x", placeholder="?", max_lines=9)
    assert (area.lines, area.max_lines, area.props()["name"], gr.Text) == (7, 9, "textbox", gr.Textbox)
