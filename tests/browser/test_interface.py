"""An app in one line, used in Chromium."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Page, expect

import blocks_app as gr

Serve = Callable[..., str]


def click(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_submit_stop_clear_and_flag(serve: Serve, page: Page, axe, tmp_path: Path) -> None:
    go_on = threading.Event()

    def count(what: str, start: float) -> Iterator[str]:
        yield f"{start:g} {what}"
        go_on.wait(20)
        yield f"{start + 1:g} {what}"

    demo = gr.Interface(
        count, [gr.Textbox(label="What"), gr.Number(3, label="From")], gr.Textbox(label="Counted"), title="Counting",
        description="One by one.", flagging_dir=str(tmp_path), flagging_options=["wrong", "nice"],
    )  # fmt: skip
    page.goto(serve(demo))
    expect(page.get_by_role("heading", name="Counting")).to_have_css("text-align", "center")
    what, counted = page.get_by_label("What"), page.get_by_label("Counted")
    what.fill("sheep")
    what.press("Enter")
    expect(counted).to_have_value("3 sheep")
    expect(page.get_by_role("button", name="Submit")).to_be_hidden()
    axe(page)
    click(page, "Stop")
    expect(page.get_by_role("button", name="Submit")).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    go_on.set()
    click(page, "Submit")
    expect(counted).to_have_value("4 sheep")
    click(page, "Flag as nice")
    expect(page.get_by_role("button", name="Saving...")).to_be_visible()
    expect(page.get_by_role("button", name="Flag as nice")).to_be_enabled()
    assert "sheep,3,4 sheep,nice" in (tmp_path / "log.csv").read_text()
    click(page, "Clear")
    expect(what).to_have_value("")
    expect(counted).to_have_value("")


def test_live_on_a_phone_in_the_dark(serve: Serve, new_page, axe) -> None:
    demo = gr.Interface(
        lambda text, size: text[: int(size)], gr.Textbox(label="Text"), gr.Textbox(label="Cut"), live=True, title="Cut",
        additional_inputs=gr.Slider(1, 9, value=3, step=1, label="Letters"), article="*The end.*", deep_link=True,
    )  # fmt: skip
    page = new_page(viewport={"width": 360, "height": 740}, color_scheme="dark", has_touch=True, is_mobile=True)
    page.goto(serve(demo))
    page.get_by_label("Text", exact=True).fill("abcdef")
    expect(page.get_by_label("Cut")).to_have_value("abc")
    click(page, "Additional Inputs")
    page.get_by_label("number input for Letters").fill("5")
    expect(page.get_by_label("Cut")).to_have_value("abcde")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
