"""What only the page does: counting the time, and keeping values in its storage."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count

from playwright.sync_api import Page, expect

import blocks_app as gr


def test_a_timer_ticks_until_it_is_stopped(page: Page, serve: Callable[..., str]) -> None:
    numbers = count(1)
    with gr.Blocks() as demo:
        timer, out = gr.Timer(0.1), gr.Number(label="Ticks")
        timer.tick(lambda: next(numbers), None, out)
        gr.Button("Stop").click(lambda: gr.Timer(active=False), None, timer)
        gr.Button("Start").click(lambda: gr.Timer(active=True), None, timer)
    page.goto(serve(demo))
    ticks = page.get_by_label("Ticks")
    expect(ticks).to_have_value(re.compile("^([3-9]|..+)$"))
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("gr-timer")).to_have_js_property("pace", 0)
    seen = int(ticks.input_value())
    page.get_by_role("button", name="Start").click()
    page.wait_for_function("seen => Number(document.querySelector('input').value) > seen + 1", arg=seen)


def test_a_value_outlives_the_page_and_reaches_other_tabs(page: Page, serve: Callable[..., str]) -> None:
    with gr.Blocks() as demo:
        kept, out = gr.BrowserState(0), gr.Number(label="Seen")
        gr.Button("Count").click(lambda seen: seen + 1, kept, kept)
        gr.on([demo.load, kept.change], lambda seen: seen, kept, out)
    url = serve(demo)
    page.goto(url)
    page.get_by_role("button", name="Count").click()
    expect(page.get_by_label("Seen")).to_have_value("1")
    page.reload()
    expect(page.get_by_label("Seen")).to_have_value("1")
    other = page.context.new_page()
    other.goto(url)
    expect(other.get_by_label("Seen")).to_have_value("1")
    other.get_by_role("button", name="Count").click()
    expect(page.get_by_label("Seen")).to_have_value("2")
