"""T42: a page with every component loads under the strict policy: no violation, no foreign request.

The fixture that makes pages fails a test whose page violates the policy or asks another host for anything; so does
each demo when it is looked at in test_demos.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

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
