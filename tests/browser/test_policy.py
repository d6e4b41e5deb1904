"""T42: a page with every component loads under the strict policy: no violation, no foreign request.

The fixture that makes pages fails a test whose page violates the policy or asks another host for anything; so does
each demo when it is looked at in test_demos.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

import blocks_app as gr
from blocks_app.conf import CONTENT_SECURITY_POLICY
from tests.fuzz.served import declare

WATCH = "addEventListener('securitypolicyviolation', e => (window.violations ||= []).push(e.violatedDirective))"


def watched(page: Page, url: str) -> dict[str, str]:
    """Open a page and count violations from its first byte on; gives the page's headers."""
    page.add_init_script(WATCH)
    response = page.goto(url)
    assert response is not None and response.ok
    expect(page.locator(".gradio-container")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.violations || []") == []
    return response.headers


def test_a_page_with_every_component(serve, page: Page) -> None:
    headers = watched(page, serve(declare()))
    assert re.fullmatch(
        re.escape(CONTENT_SECURITY_POLICY).replace(r"\{nonce\}", r"[\w-]{22}"), headers["content-security-policy"]
    )
    for name in ("Textbox", "Dropdown", "Image", "File"):
        expect(page.locator("label, legend, .block-label", has_text=name).first).to_be_attached()


def test_the_policy_is_strict() -> None:
    scripts = [part for part in CONTENT_SECURITY_POLICY.split("; ") if part.startswith(("script-src", "default-src"))]
    assert scripts == ["default-src 'self'", "script-src 'self' 'nonce-{nonce}'"]
    others = ("object-src", "base-uri", "frame-ancestors", "connect-src", "form-action")
    assert all(f"; {part} '" in CONTENT_SECURITY_POLICY for part in others)


def test_pictures_of_other_hosts_are_shown_where_they_are_named_and_told_where_not(
    serve, page: Page, complaints
) -> None:
    with gr.Blocks() as demo:
        gr.Image("http://localhost:9/named.png", label="Named", interactive=False)
        answer = gr.Markdown()
        gr.Button("Show").click(lambda: "![A cat](http://127.0.0.2:9/strange.png)", None, answer)
    page.route("http://localhost:9/*", lambda route: route.fulfill(path=gr.get_image()))
    page.goto(serve(demo))
    named = page.get_by_test_id("detailed-image")
    assert named.evaluate("async (image) => { await image.decode(); return image.naturalWidth }") == 320
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("note")).to_contain_text("it lies at 127.0.0.2:9")
    expect(page.get_by_role("link", name="Open it there")).to_be_visible()
    complaints.forgive("127.0.0.2")
