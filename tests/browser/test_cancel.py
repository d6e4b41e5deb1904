"""Stopping what cannot be stopped: the page says what happens to it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from playwright.sync_api import Page, expect

import blocks_app as gr


def test_the_page_says_that_a_plain_function_runs_on(
    page: Page, serve: Callable[..., str], axe: Callable[[Page], None]
) -> None:
    began, go, ended = threading.Event(), threading.Event(), threading.Event()

    def slow() -> str:
        began.set()
        go.wait(60)
        ended.set()
        return "too late"

    with gr.Blocks() as demo:
        out = gr.Textbox(label="Out")
        start = gr.Button("Start").click(slow, None, out)
        gr.Button("Stop").click(None, cancels=[start])
    page.goto(serve(demo))
    page.get_by_role("button", name="Start").click()
    assert began.wait(30)
    page.get_by_role("button", name="Stop").click()
    toast = page.get_by_test_id("toast-text")
    expect(toast).to_have_text(
        "The function cannot be interrupted, so it runs on in the background. Its result will be dropped."
    )
    expect(page.get_by_role("status").filter(has_text="Cancelled")).to_be_visible()
    expect(page.get_by_test_id("status-tracker")).to_have_count(0)
    assert not ended.is_set()
    axe(page)
    go.set()
    assert ended.wait(30)
    began.clear()
    page.get_by_role("button", name="Start").click()  # the function is ready for the next one
    assert began.wait(30)
    expect(page.get_by_label("Out")).to_have_value("too late")
