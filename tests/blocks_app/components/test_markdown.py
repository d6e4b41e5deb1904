"""Markdown: the text on the wire, and its options."""

from __future__ import annotations

import pytest

import blocks_app as gr


def test_shared_indentation_is_removed() -> None:
    assert gr.Markdown().postprocess("   # a\n   b") == "# a\nb"
    assert gr.Markdown().postprocess(None) is None
    assert gr.Markdown().preprocess("# a") == "# a"


def test_defaults() -> None:
    props = gr.Markdown().props()
    assert props["latex_delimiters"] == [{"left": "$$", "right": "$$", "display": True}]
    assert (props["sanitize_html"], props["line_breaks"], props["header_links"]) == (True, False, False)
    assert props["container"] is False
    assert "min_width" not in props


def test_schema_and_example() -> None:
    assert gr.Markdown().api_info() == {"type": "string"}
    assert gr.Markdown().example_payload() == "# Hello!"


def test_no_formulas() -> None:
    assert gr.Markdown(latex_delimiters=[]).props()["latex_delimiters"] == []


def test_both_ways_to_ask_for_a_copy_button() -> None:
    assert gr.Markdown(show_copy_button=True).buttons == ["copy"]
    assert gr.Markdown(buttons=["copy"]).show_copy_button


@pytest.mark.parametrize(
    "wrong",
    [{"buttons": ["save"]}, {"height": -1}, {"max_height": ""}, {"latex_delimiters": [{"left": "$"}]}],
)
def test_a_wrong_option_is_told(wrong: dict[str, object]) -> None:
    with pytest.raises(gr.exceptions.DeclarationError, match="Markdown"):
        gr.Markdown(**wrong)  # type: ignore[arg-type]


def test_a_client_cannot_send_an_object() -> None:
    with pytest.raises(gr.Error, match="Markdown"):
        gr.Markdown().preprocess(["a"])


def test_change_and_copy_take_listeners() -> None:
    assert [event.name for event in gr.Markdown.events] == ["change", "copy"]
