"""What stands on a page can be read, reached and called by its name: with keys, on paper, on phones, while it waits."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

import blocks_app as gr


@pytest.fixture
def waits() -> threading.Event:
    """Set when the slow function of `desk` may end."""
    return threading.Event()


@pytest.fixture
def desk(waits: threading.Event) -> gr.Blocks:
    """Outputs of a slow function and of one that fails, and what is looked at."""

    def slow(text: str) -> str:
        waits.wait(60)
        return "new"

    def fails(text: str) -> str:
        raise gr.Error("It does not work.")

    with gr.Blocks() as demo:
        with gr.Row():
            text = gr.Textbox("hello", label="Text")
            gr.Textbox(show_label=False, placeholder="nameless")
            go = gr.Button("Go")
        slowly = gr.Textbox("old", label="Slowly", interactive=False)
        broken = gr.Textbox("whole", label="Broken", interactive=False)
        gr.Number(3, label="Count", interactive=False)
        with gr.Row():
            gr.Image(Image.new("RGB", (24, 24), "red"), label="Small", interactive=False)
            gr.Image(label="Photo")
        gr.Checkbox(True, label="Ticked", interactive=True)
        gr.Dropdown([f"Choice {i}" for i in range(5000)], num_choices_shown=None, label="Many", interactive=True)
        gr.Markdown("| a | b |\n|:-:|--:|\n| 1 | 2 |")
        go.click(slow, text, slowly)
        go.click(fails, text, broken)
    return demo


def test_outputs_are_reached_by_keys_and_areas_called_by_their_labels(desk, serve, page: Page, settled) -> None:
    settled(page, serve(desk))
    page.get_by_label("Slowly").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("x")
    expect(page.get_by_label("Slowly")).to_have_value("old")
    assert page.evaluate("document.activeElement.selectionEnd") == 3
    page.keyboard.press("Tab")
    expect(page.get_by_label("Broken")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Count")).to_be_focused()
    expect(page.get_by_role("button", name="Photo Drop Image Here - or - Click to Upload", exact=True)).to_be_visible()
    for button in page.locator("button:visible, a[href]:visible").all():
        if not button.inner_text().strip():
            assert button.get_attribute("title"), button.evaluate("element => element.outerHTML")


def test_what_waits_and_what_has_failed_leave_the_value_in_sight(
    desk, waits, serve, page: Page, settled, complaints, axe
) -> None:
    settled(page, serve(desk))
    page.get_by_role("button", name="Go").click()
    mark = page.locator("#blocks-root").get_by_role("button", name="Error")
    expect(mark).to_be_visible()
    expect(page.get_by_test_id("status-tracker")).to_have_count(2)
    for label in ("Slowly", "Broken"):
        box = page.get_by_label(label).bounding_box()
        on_top = page.evaluate("([x, y]) => document.elementFromPoint(x, y).localName", [box["x"] + 20, box["y"] + 20])
        assert on_top == "textarea", label
    axe(page)
    mark.focus()
    page.keyboard.press("Enter")
    expect(mark).to_have_count(0)
    expect(page.get_by_test_id("toast-body")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("toast-body")).to_have_count(0)
    waits.set()
    expect(page.get_by_label("Slowly")).to_have_value("new")
    expect(page.locator("#blocks-live")).to_have_text("Done.")
    complaints.forgive("It does not work.")


def test_a_long_list_shows_a_part_and_keys_reach_all_of_it(desk, serve, page: Page, settled, axe) -> None:
    settled(page, serve(desk))
    field = page.get_by_label("Many")
    field.click()
    options = page.get_by_role("option")
    expect(options.first).to_have_attribute("aria-setsize", "5000")
    assert options.count() < 200
    axe(page)
    page.keyboard.press("Control+End")
    expect(page.get_by_role("option", name="Choice 4999", exact=True)).to_be_in_viewport()
    page.keyboard.press("PageUp")
    page.locator(".options").evaluate("list => (list.scrollTop = list.scrollHeight / 2)")
    expect(page.get_by_role("option", name="Choice 2500", exact=True)).to_be_attached()
    field.press_sequentially("e 4321")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Choice 4321")


def test_pictures_tables_and_rows_keep_their_shape(desk, serve, new_page: Callable[..., Page], settled) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
    settled(page, serve(desk))
    picture = page.get_by_test_id("detailed-image").bounding_box()
    assert (picture["width"], picture["height"]) == (24, 24)
    tops = [box.bounding_box()["y"] for box in page.locator("gr-image").all()]
    assert tops[1] > tops[0] + 100  # one below the other
    align = "[...document.querySelectorAll('td')].map((cell) => getComputedStyle(cell).textAlign.split('-').at(-1))"
    assert page.evaluate(align) == ["center", "right"]
    page.set_viewport_size({"width": 1100, "height": 844})
    ends = [page.locator(each).bounding_box() for each in ("textarea >> nth=0", "[placeholder=nameless]", "button.lg")]
    assert max(box["y"] + box["height"] for box in ends) - min(box["y"] + box["height"] for box in ends) < 3
    page.emulate_media(media="print")
    expect(page.locator("html.dark")).to_have_count(0)  # no light letters on white paper
    assert page.get_by_role("checkbox").evaluate("box => getComputedStyle(box).printColorAdjust") == "exact"
    page.emulate_media(media="screen", forced_colors="active")
    assert page.get_by_role("checkbox").evaluate("box => getComputedStyle(box).appearance") == "auto"
