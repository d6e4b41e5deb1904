"""A link opened by another visitor, pages and their history, settings that are kept, and an app on a device's own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr


def app() -> gr.Blocks:
    with gr.Blocks(title="Trips") as demo:
        gr.Navbar(main_page_name="Plan")
        place = gr.Textbox(label="Place")
        secret = gr.Textbox(label="Card", type="password")
        bags = gr.File(label="Bags", file_count="multiple")
        plan = gr.HTML(label="Plan")
        gr.Button("Plan it").click(lambda place, *_: f"<b>To {place}</b>", [place, secret, bags], plan)
        gr.DeepLinkButton("Share", "Copied!", share_files=True)
    with demo.route("About"):
        gr.Markdown("# About trips")
    return demo


class Visitors:
    """Pages of several people at one app, and what went wrong on them."""

    def __init__(self, browser: Any, address: str) -> None:
        self.address, self.complaints = address, []  # type: ignore[var-annotated]
        self._browser, self.contexts = browser, []  # type: ignore[var-annotated]

    def come(self, path: str = "") -> Page:
        """Somebody opens a page."""
        context = self._browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        self.contexts.append(context)
        page: Page = context.new_page()
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(path if path.startswith("http") else self.address + path)
        return page


@pytest.fixture(scope="module")
def visitors(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitors]:
    before, os.environ["GRADIO_TEMP_DIR"] = os.environ.get("GRADIO_TEMP_DIR"), str(tmp_path_factory.mktemp("files"))
    demo = app()
    found = Visitors(browser, demo.launch(prevent_thread_lock=True, quiet=True, pwa=True).local_url)
    yield found
    for context in found.contexts:
        context.close()
    demo.close(verbose=False)
    os.environ.pop("GRADIO_TEMP_DIR")
    if before is not None:
        os.environ["GRADIO_TEMP_DIR"] = before
    assert not found.complaints


def test_another_visitor_sees_what_the_first_had(visitors: Visitors, axe: Any) -> None:
    page = visitors.come("?seed=3")
    page.get_by_label("Place").fill("Oslo")
    page.get_by_label("Card").fill("4111")
    page.locator("input[type=file]").set_input_files({"name": "bag.txt", "mimeType": "text/plain", "buffer": b"socks"})
    expect(page.get_by_text("bag.txt")).to_be_visible()
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_text("To Oslo")).to_be_visible()
    page.get_by_label("Place").fill("Bergen")
    page.get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_have_text("bag.txt")
    axe(page)
    first = page.evaluate("navigator.clipboard.readText()")
    dialog.get_by_role("button", name="Copy a link with files").click()
    expect(page.get_by_role("button", name="Copied!", exact=True)).to_be_visible()
    second = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"\?seed=3&deep_link=[\w-]{22}$", first) and first != second

    other = visitors.come(first)
    expect(other.get_by_label("Place")).to_have_value("Bergen")
    expect(other.get_by_text("To Oslo")).to_be_visible()
    expect(other.get_by_label("Card")).to_have_value("")
    expect(other.get_by_text("bag.txt")).to_have_count(0)
    other.goto(second)
    expect(other.get_by_text("bag.txt")).to_be_visible()
    other.goto(first)  # the values are there again after other pages, too
    other.get_by_role("link", name="About").click()
    expect(other.get_by_role("heading", name="About trips")).to_be_visible()
    other.go_back()
    expect(other.get_by_label("Place")).to_have_value("Bergen")
    other.go_forward()
    expect(other.get_by_role("heading", name="About trips")).to_be_visible()


def test_settings_are_kept(visitors: Visitors, axe: Any) -> None:
    page = visitors.come("about")
    size = "getComputedStyle(document.querySelector('.prose, .md, main')).fontSize"
    before = page.evaluate(size)
    page.get_by_role("link", name="Settings").press("Enter")
    dialog = page.get_by_role("dialog", name="Settings")
    expect(dialog.get_by_role("radio", name="As the device").first).to_be_focused()
    page.keyboard.press("ArrowUp")  # round to the last
    expect(dialog.get_by_role("radio", name="Dark")).to_be_checked()
    dialog.get_by_role("radio", name="Very large").check()
    dialog.get_by_role("radio", name="Less").check()
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    expect(page).to_have_url(f"{visitors.address}about?view=settings")
    axe(page)
    page.reload()
    expect(dialog.get_by_role("radio", name="Dark")).to_be_checked()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(f"{visitors.address}about")
    expect(page.locator("body.dark")).to_have_count(1)
    expect(page.locator("html[data-calm]")).to_have_count(1)
    assert float(page.evaluate(size)[:-2]) == pytest.approx(1.5 * float(before[:-2]), abs=2)
    page.goto(f"{visitors.address}?view=api")
    expect(page.locator("body.dark")).to_have_count(1)
    page.goto(f"{visitors.address}?view=settings")
    dialog.get_by_role("button", name="Reset").click()
    expect(page.locator("body.dark")).to_have_count(0)
    assert page.evaluate("localStorage.getItem('blocks:settings')") is None


def test_an_installed_app_says_when_it_is_offline(visitors: Visitors, axe: Any) -> None:
    page = visitors.come()
    manifest = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then((each) => each.json())")
    assert (manifest["name"], manifest["display"]) == ("Trips", "standalone")
    assert page.evaluate("navigator.serviceWorker.ready.then((each) => each.scope)") == visitors.address
    page.context.set_offline(True)
    page.goto(f"{visitors.address}about")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    axe(page)
    kept = "caches.keys().then(async ([name]) => (await (await caches.open(name)).keys()).map((each) => each.url))"
    assert page.evaluate(kept) == [f"{visitors.address}offline.html"]
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="About trips")).to_be_visible()
    visitors.complaints[:] = [each for each in visitors.complaints if "ERR_INTERNET_DISCONNECTED" not in each]
