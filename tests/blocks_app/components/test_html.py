"""HTML: goes to the page as it is."""

from __future__ import annotations

import pytest

import blocks_app as gr


@pytest.mark.parametrize("value", ["<b>x</b>", 3, None])
def test_values_are_unchanged(value: object) -> None:
    assert gr.HTML().postprocess(value) == value
    assert gr.HTML().preprocess(value) == value


def test_an_object_tells_its_own_html() -> None:
    class Card:
        def __html__(self) -> str:
            return "<i>card</i>"

    assert gr.HTML().postprocess(Card()) == "<i>card</i>"
    assert gr.HTML().postprocess(["a"]) == "['a']"


def test_schema_example_and_events() -> None:
    assert gr.HTML().api_info() == {"type": "string"}
    assert gr.HTML().example_value() == "<p>Hello</p>"
    assert [event.name for event in gr.HTML.events] == ["change", "click", "double_click"]


def test_heights_go_to_the_page() -> None:
    props = gr.HTML(min_height=20, max_height="10rem").props()
    assert (props["min_height"], props["max_height"]) == (20, "10rem")


def test_a_client_cannot_send_an_object() -> None:
    with pytest.raises(gr.Error, match="HTML"):
        gr.HTML().preprocess({"a": 1})
