"""Buttons in the corners of components, used in Chromium."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

import blocks_app as gr

Serve = Callable[..., str]


def demo_with_buttons() -> gr.Blocks:
    """One component of each kind with a button of the app's in its corner; each button says whose it is."""
    with gr.Blocks(title="Corners") as demo:
        received = gr.Textbox(label="Heard", elem_id="heard")

        def again(name: str) -> gr.Button:
            button = gr.Button(f"Ask {name}", size="sm")
            button.click(lambda: name, None, received)
            return button

        with gr.Row():
            with gr.Column():
                gr.Textbox("Some text", label="Text", lines=2, buttons=["copy", again("text")])
                gr.Number(3, label="Number", buttons=[again("number")])
                gr.Slider(label="Slider", buttons=["reset", again("slider")])
                gr.Checkbox(label="Checkbox", buttons=[again("checkbox")])
                gr.CheckboxGroup(["a", "b"], label="Group", buttons=[again("group")])
                gr.Radio(["a", "b"], label="Radio", info="One of two", buttons=[again("radio")])
                gr.Dropdown(["a", "b"], label="Dropdown", buttons=[again("dropdown")])
            with gr.Column():
                gr.Markdown("# Words\n\nand more words", container=True, buttons=["copy", again("markdown")])
                gr.JSON({"a": [1, 2]}, label="JSON", buttons=["copy", again("json")])
                gr.Label({"cat": 0.9, "dog": 0.1}, label="Label", buttons=[again("label")])
                gr.Image(label="Image", interactive=True, buttons=["fullscreen", again("image")])
                gr.File(label="File", interactive=True, buttons=[again("file")])
                gr.HTML("<p>Markup</p>", container=True, padding=True, buttons=[again("html")])
    return demo


def test_each_button_is_heard(serve: Serve, page: Page) -> None:
    page.goto(serve(demo_with_buttons()))
    buttons = page.get_by_role("button", name="Ask ")
    expect(buttons).to_have_count(13)
    for button in buttons.all():
        name = button.inner_text().removeprefix("Ask ")
        button.click()
        expect(page.get_by_label("Heard")).to_have_value(name)


def test_corners_are_accessible_wide_and_on_a_phone_in_light_and_dark(serve: Serve, new_page, axe) -> None:
    url = serve(demo_with_buttons())
    for scheme in ("light", "dark"):
        page = new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme, has_touch=True, is_mobile=True)
        page.goto(url)
        expect(page.get_by_role("button", name="Ask html")).to_be_visible()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


def test_a_button_changes_the_component_it_stands_in(serve: Serve, page: Page) -> None:
    with gr.Blocks() as demo:
        button = gr.Button("Shout", icon=None)
        box = gr.Textbox("hello", label="Text", show_copy_button=True, buttons=["copy", button])
        button.click(lambda text: (text.upper(), gr.Button("Done", interactive=False)), box, [box, button])
    page.goto(serve(demo))
    page.get_by_role("button", name="Shout").press("Enter")
    expect(page.get_by_label("Text", exact=True)).to_have_value("HELLO")
    expect(page.get_by_role("button", name="Done")).to_be_disabled()
    expect(page.locator(".icon-buttons").get_by_role("button")).to_have_count(2)
