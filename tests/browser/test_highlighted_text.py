"""Parts of a text, marked with the mouse and with the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr

PARTS: Any = [("Ann saw ", None), ("Lima", "place"), (" and Rome", None)]


@pytest.fixture
def told(serve, page: Page):
    """Opens an editable text; the answer is where its value is told after each change."""
    with gr.Blocks() as demo:
        text = gr.HighlightedText(PARTS, label="Text", interactive=True, show_legend=True, elem_id="it")
        told = gr.Textbox(label="Told")
        text.change(
            lambda parts: "|".join(f"{each['token']}={each['class_or_confidence']}" for each in parts), text, told
        )
    page.goto(serve(demo))
    expect(page.locator("#it .textfield")).to_be_visible()
    return page.get_by_label("Told")


def test_a_part_is_marked_with_the_mouse_and_with_the_keyboard(told, page: Page, axe) -> None:
    page.locator(".textspan", has_text="and Rome").dblclick(position={"x": 60, "y": 10})
    axe(page)
    page.locator(".marking").get_by_role("button", name="place").click()
    expect(told).to_have_value("Ann saw =None|Lima=place| and =None|Rome=place")
    field = page.get_by_role("textbox", name="Text")
    field.focus()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.type("xyz")  # nothing can be written
    page.keyboard.press("Enter")
    expect(page.get_by_label("Category", exact=True)).to_be_focused()
    page.keyboard.type("person")
    page.keyboard.press("Enter")
    expect(told).to_have_value("Ann=person| saw =None|Lima=place| and =None|Rome=place")
    expect(field).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    expect(told).to_have_value("Ann saw =None|Lima=place| and =None|Rome=place")
