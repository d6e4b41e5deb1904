"""Form components as a visitor meets them: events in their order, keyboard, growing, clipboard, popover."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr

LETTERS: Any = ["p", "q", "r"]


NOTE = """
window.seen = [];
const told = ({name, data}) => data === undefined ? name : `${name} ${JSON.stringify(data)}`;
addEventListener("gr-event", (event) => seen.push(told(event.detail)), true);
"""


@pytest.fixture
def watch(serve, page: Page) -> Callable[[Callable[[], gr.Component]], Callable[[], list[str]]]:
    """Opens a page with one component `#it`; the answer tells what that has told the page so far."""

    def open_with(make: Callable[[], gr.Component]) -> Callable[[], list[str]]:
        with gr.Blocks() as demo:
            make()
            gr.HTML("<button>Elsewhere</button>")
        page.add_init_script(NOTE)
        page.goto(serve(demo))
        expect(page.locator("#it")).to_be_visible()
        return lambda: page.evaluate("seen")

    return open_with


def test_textbox_typing_submitting_leaving(watch, page):
    events = watch(lambda: gr.Textbox(label="Name", elem_id="it"))
    page.get_by_label("Name", exact=True).click()
    page.keyboard.type("xy")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert events() == ["focus", "change", "input", "change", "input", "submit", "blur"]


def test_textbox_with_lines(watch, page):
    events = watch(lambda: gr.Textbox(label="Story", lines=3, elem_id="it"))
    page.get_by_label("Story").press_sequentially("z")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Enter")
    assert events() == ["focus", "change", "input", "change", "input", "submit"]
    expect(page.get_by_label("Story")).to_have_value("z\n")


def test_textbox_selection(watch, page):
    events = watch(lambda: gr.Textbox("a1xy", label="Name", elem_id="it", interactive=True))
    page.get_by_label("Name").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Tab")
    assert 'select {"value":"a1xy","index":[0,4]}' in events()


def test_textbox_grows_with_its_text_up_to_max_lines(watch, page):
    watch(lambda: gr.Textbox(label="Story", max_lines=4, elem_id="it"))
    field = page.get_by_label("Story")
    heights = []
    for count in (1, 3, 4, 9):
        field.fill("\n".join("x" * count))
        heights.append(field.evaluate("(box) => box.getBoundingClientRect().height"))
    assert heights[0] < heights[1] < heights[2] == heights[3]


def test_textbox_scrolls_to_new_text_from_the_server(serve, page):
    with gr.Blocks() as demo:
        out = gr.Textbox("\n".join("abcdefghij"), label="Log", lines=2, max_lines=3)
        gr.Button("More").click(lambda text: text + "\nnew" * 20, out, out)
    page.goto(serve(demo))
    log = page.get_by_label("Log")
    log.evaluate("(box) => box.scrollTop = box.scrollHeight")
    page.get_by_role("button", name="More").click()
    expect(log).to_have_value("\n".join("abcdefghij") + "\nnew" * 20)
    assert log.evaluate("(box) => box.scrollHeight - box.scrollTop - box.clientHeight") < 2


def test_textbox_copies(serve, new_page):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    with gr.Blocks() as demo:
        gr.Textbox("take me", label="Text", show_copy_button=True)
    page.goto(serve(demo))
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "take me"
    expect(page.locator("#blocks-live")).to_have_text("Copied")


def test_autofocus(watch, page):
    watch(lambda: gr.Textbox(label="Name", autofocus=True, elem_id="it"))
    expect(page.get_by_label("Name")).to_be_focused()


def test_number(watch, page):
    events = watch(lambda: gr.Number(label="Age", elem_id="it"))
    page.get_by_label("Age").fill("5")
    page.keyboard.press("Enter")
    page.get_by_label("Age").fill("")
    page.keyboard.press("Tab")
    assert events() == ["focus", "change", "input", "submit", "change", "input", "blur"]


def test_number_half_typed(watch, page):
    watch(lambda: gr.Number(label="Age", elem_id="it"))
    field = page.get_by_label("Age")
    field.fill("")
    field.press_sequentially("-1.50")
    assert page.evaluate("it.value") == -1.5
    expect(field).to_have_value("-1.50")


def test_slider_by_keyboard_and_by_mouse(watch, page):
    events = watch(lambda: gr.Slider(0, 10, 5, label="Size", elem_id="it", interactive=True))
    handle = page.get_by_label("range slider for Size")
    handle.focus()
    page.keyboard.press("ArrowRight")
    assert events() == ["change", "input", "release 5.1"]
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2)
    page.mouse.up()
    assert events()[-1] == "release 10"
    assert page.evaluate("it.value") == 10


def test_slider_number_box(watch, page):
    events = watch(lambda: gr.Slider(0, 10, 5, label="Size", elem_id="it", interactive=True))
    page.get_by_label("number input for Size").fill("7")
    page.keyboard.press("Tab")
    assert events() == ["change", "input", "release 7"]


def test_checkbox(watch, page):
    events = watch(lambda: gr.Checkbox(label="Agree", elem_id="it"))
    box = page.get_by_role("checkbox", name="Agree", exact=True)
    box.click()
    page.keyboard.press("Enter")
    page.keyboard.press(" ")
    expect(box).to_be_checked()
    one = ["change", "input"]
    selects = [f'select {{"index":0,"value":{value},"selected":{value}}}' for value in ("true", "false", "true")]
    assert events() == [selects[0], *one, selects[1], *one, selects[2], *one]


def test_checkbox_group(watch, page):
    events = watch(lambda: gr.CheckboxGroup(LETTERS, label="Letters", elem_id="it"))
    page.get_by_role("group", name="Letters").get_by_role("checkbox", name="r").check()
    assert events() == ['select {"index":2,"value":"r","selected":true}', "input", "change"]


def test_radio_by_mouse_and_arrows(watch, page):
    events = watch(lambda: gr.Radio(LETTERS, label="Letter", elem_id="it"))
    page.get_by_test_id("q-radio-label").click()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="r")).to_be_checked()
    first, second = ('select {"value":"q","index":1}', 'select {"value":"r","index":2}')
    assert events() == ["change", first, "input", "change", second, "input"]


def test_dropdown_by_mouse(watch, page):
    events = watch(lambda: gr.Dropdown(LETTERS, label="Letter", elem_id="it"))
    field = page.get_by_label("Letter", exact=True)
    field.click()
    page.get_by_role("option", name="r", exact=True).click()
    expect(field).to_have_value("r")
    expect(page.get_by_role("listbox")).to_have_count(0)
    assert events() == ["focus", "blur", 'select {"index":2,"value":"r","selected":true}', "input", "change"]


def test_dropdown_by_keyboard(watch, page):
    events = watch(lambda: gr.Dropdown(LETTERS, label="Letter", elem_id="it"))
    page.get_by_label("Letter").focus()
    page.keyboard.type("q")
    expect(page.get_by_role("option")).to_have_text(["q"])
    page.keyboard.press("Enter")
    assert page.evaluate("it.value") == "q"
    assert 'key_up {"key":"q","input_value":"q"}' in events()


def test_dropdown_opens_below_and_stays_in_the_window(watch, page):
    watch(lambda: gr.Dropdown([str(i) for i in range(200)], label="Number", elem_id="it"))
    page.get_by_role("combobox").click()
    expect(page.get_by_role("option")).to_have_count(100)
    field, options = page.locator(".combobox").bounding_box(), page.get_by_role("listbox").bounding_box()
    assert abs(options["y"] - field["y"] - field["height"]) < 5
    assert abs(options["width"] - field["width"]) < 2
    assert options["y"] + options["height"] <= 800


def test_dropdown_with_several(watch, page, axe):
    events = watch(lambda: gr.Dropdown(LETTERS, label="Letters", multiselect=True, elem_id="it"))
    page.get_by_role("combobox", name="Letters").click()
    for name in ("p", "q"):
        page.get_by_role("option", name=name, exact=True).click()
    axe(page)
    page.get_by_role("button", name="Remove p").click()
    assert page.evaluate("it.value") == ["q"]
    page.get_by_role("button", name="Clear").click()
    assert page.evaluate("it.value") == []
    assert events()[:4] == ["focus", 'select {"index":0,"value":"p","selected":true}', "change", "input"]


def test_dropdown_takes_a_custom_value_on_leaving(watch, page):
    watch(lambda: gr.Dropdown(LETTERS, label="Letter", allow_custom_value=True, elem_id="it"))
    page.get_by_label("Letter").fill("new")
    page.get_by_role("button", name="Elsewhere").click()
    assert page.evaluate("it.value") == "new"


def test_an_update_changes_choices_and_value(serve, page):
    with gr.Blocks() as demo:
        drop = gr.Dropdown(LETTERS, label="Letter")
        out = gr.Textbox(label="Out")
        gr.Button("Change").click(lambda: gr.Dropdown(choices=["new", "old"], value="new"), outputs=drop)
        gr.Button("Send").click(lambda letter: letter, drop, out)
    page.goto(serve(demo))
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_label("Letter")).to_have_value("new")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Out")).to_have_value("new")


def test_a_long_word_does_not_widen_its_box(serve, new_page):
    with gr.Blocks() as demo:
        gr.Textbox(label="One")
        with gr.Row():
            gr.Textbox(label="Two", lines=3)
            gr.Textbox(label="Three", buttons=["copy"])
    page = new_page(viewport={"width": 360, "height": 740})
    page.goto(serve(demo))
    for label in ("One", "Two", "Three"):
        field = page.get_by_label(label)
        before = field.bounding_box()["width"]
        field.fill("x" * 300)
        assert field.bounding_box()["width"] == before
        block = field.locator("xpath=ancestor::gr-textbox").bounding_box()
        assert block["height"] - field.bounding_box()["height"] < 80
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
