"""A component of another app, with a plain JavaScript file, in Chromium."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

import blocks_app as gr
from tests.thirdparty_app.components import Rating


def test_it_works_as_our_own(serve: Callable[..., str], page: Page, axe: Callable[[Page], None]) -> None:
    with gr.Blocks(title="Stars") as demo:
        gr.Markdown("# Stars")
        rating = Rating(1, label="Stars", info="How was it?", stars=4)
        received = gr.Textbox(label="Heard")
        rating.input(lambda number: f"{number} stars", rating, received)
        gr.Button("Best").click(lambda: 9, None, rating)
    page.goto(serve(demo))
    group = page.get_by_role("radiogroup", name="Stars")
    expect(group).to_contain_text("★")
    group.get_by_role("radio", name="3 of 4").check()
    expect(page.get_by_label("Heard")).to_have_value("3 stars")
    page.get_by_role("button", name="Best").click()
    expect(group.get_by_role("radio", name="4 of 4")).to_be_checked()
    axe(page)
