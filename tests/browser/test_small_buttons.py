"""Buttons that do something of their own, in a real browser."""

from __future__ import annotations

from playwright.sync_api import expect

import blocks_app as gr


def test_the_address_is_copied_and_the_button_says_so(new_page, serve):
    with gr.Blocks() as demo:
        gr.DeepLinkButton("Share", "Copied!")
        gr.LoginButton("Log in")
        gr.DuplicateButton()
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{serve(demo)}?seed=3")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("button", name="Copied!")).to_be_visible()
    assert "/?seed=3&deep_link=" in page.evaluate("navigator.clipboard.readText()")
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    expect(page.get_by_role("link", name="Log in")).to_have_attribute("href", "/login?next=/%3Fseed%3D3")
    page.get_by_role("button", name="Duplicate Space").click()
    expect(page.get_by_test_id("toast-text")).to_contain_text("no Space to duplicate")
