"""The page that tells how to call an app from a program."""

from __future__ import annotations

import shlex
import subprocess

from playwright.sync_api import expect

import blocks_app as gr


def app():
    with gr.Blocks(title="Sums") as demo:
        a, b = gr.Number(2, label="A"), gr.Number(label="B")
        total = gr.Number(label="Sum")

        def add(a, b):
            """Add two numbers."""
            return a + b

        gr.Button().click(add, [a, b], total)
        gr.Button().click(lambda: None, api_name=False)
    return demo


def test_the_footer_leads_to_the_endpoints(serve, page, axe):
    page.goto(serve(app()))
    page.get_by_role("link", name="Use via API").click()
    expect(page.get_by_role("heading", name="/add")).to_be_visible()
    expect(page.get_by_text("Add two numbers.")).to_be_visible()
    expect(page.get_by_role("row", name="b float required B (Number)")).to_be_visible()
    expect(page.get_by_role("heading", level=2)).to_have_count(1)
    axe(page)


def test_the_curl_lines_work_as_they_stand(serve, page):
    page.goto(serve(app()) + "?view=api")
    page.get_by_text("curl", exact=True).click()
    code = page.locator("details", has_text="curl").last.locator("code").inner_text()
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, timeout=20, check=True)
    assert "event: complete\ndata: [5" in done.stdout, shlex.quote(done.stdout)


def test_without_show_api_there_is_no_link(serve, page):
    page.goto(serve(app(), show_api=False))
    expect(page.get_by_role("button").first).to_be_visible()
    expect(page.get_by_role("link", name="Use via API")).to_have_count(0)
