"""Texts given as js: each stands alone, and none needs eval."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

import blocks_app as gr
from tests.browser.conftest import Complaints


def test_a_mistake_in_one_text_leaves_the_others_working(
    page: Page, serve: Callable[..., str], complaints: Complaints
) -> None:
    with gr.Blocks() as demo:
        out = gr.Textbox(label="Out")
        gr.Button("Broken").click(None, None, out, js="() => { return 'never")
        gr.Button("Whole").click(None, None, out, js="() => 'whole'")
    page.goto(serve(demo))
    page.get_by_role("button", name="Whole").click()
    expect(page.get_by_label("Out")).to_have_value("whole")
    complaints.forgive("Invalid or unexpected token")
    complaints.forgive("has a mistake")


def test_texts_are_read_as_gradio_reads_them(page: Page, serve: Callable[..., str]) -> None:
    """Sloppy mode, comments around, a semicolon behind, named and async functions."""
    texts = {
        "Sloppy": "() => { undeclared = 'sloppy'; return undeclared }",
        "Comment": "// what it does\n() => 'comment' // how",
        "Semicolon": "() => 'semicolon';\n",
        "Named": "function named() { return 'named' }",
        "Async": "async () => { await null; return 'async' }",
    }
    with gr.Blocks() as demo:
        out = gr.Textbox(label="Out")
        for name, text in texts.items():
            gr.Button(name).click(None, None, out, js=text)
    page.goto(serve(demo))
    for name in texts:
        page.get_by_role("button", name=name).click()
        expect(page.get_by_label("Out")).to_have_value(name.lower())


def test_a_script_that_fails_or_never_ends_costs_its_own_event(
    page: Page, serve: Callable[..., str], complaints: Complaints
) -> None:
    with gr.Blocks(js="() => { throw new Error('no start') }") as demo:
        out, loaded = gr.Textbox(label="Out"), gr.Textbox(label="Loaded")
        demo.load(lambda: "loaded", None, loaded)
        gr.Button("Throws").click(lambda: "never", None, out, js="() => { throw new Error('no luck') }")
        gr.Button("Waits").click(lambda: "never", None, out, js="() => new Promise(() => undefined)")
        gr.Button("Whole").click(lambda: "whole", None, out)
    page.goto(serve(demo))
    expect(page.get_by_label("Loaded")).to_have_value("loaded")
    expect(page.get_by_test_id("toast-body").first).to_contain_text("no start")
    page.get_by_role("button", name="Throws").click()
    expect(page.get_by_test_id("toast-body").first).to_contain_text("no luck")
    page.get_by_role("button", name="Waits").click()
    page.get_by_role("button", name="Whole").click()
    expect(page.get_by_label("Out")).to_have_value("whole")
    complaints.forgive("no start")
    complaints.forgive("no luck")
