"""Apps in a site's own pages, in Chromium: a site with a strict policy, and styles that spoil what they meet."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, wait_for
from tests.ports import free_port


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site of embedding_site.py in a process of its own."""
    log, port = tmp_path_factory.mktemp("site") / "log", free_port()
    env = {**os.environ, "GRADIO_TEMP_DIR": str(log.parent)}
    command = [
        "-m",
        "uvicorn",
        "--port",
        str(port),
        "--log-level",
        "warning",
        "tests.browser.embedding_site:application",
    ]
    with log.open("w") as written:
        server = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env, stdout=written, stderr=written)
        try:
            wait_for(f"http://127.0.0.1:{port}/favicon.ico", server, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(30)


def one(page: Page, name: str) -> Locator:
    """The place of an app, when it is ready."""
    place = page.get_by_role("region", name=name, exact=True)
    place.scroll_into_view_if_needed()
    expect(place.locator("#blocks-root:not([aria-busy])")).to_be_visible()
    return place


def test_apps_of_one_page_do_not_know_each_other(site: str, page: Page, complaints: Any, axe: Any) -> None:
    page.goto(site)
    first, third = one(page, "One"), one(page, "Three")
    first.get_by_role("textbox", name="Text").fill("hello")
    first.get_by_role("textbox", name="Text").press("Tab")
    page.keyboard.press("Tab")  # past the output, which is reached as well
    expect(first.get_by_role("button", name="Spell")).to_be_focused()
    page.keyboard.press("Enter")
    expect(first.get_by_role("textbox", name="Letters")).to_have_value("hello")
    expect(third.get_by_role("textbox", name="Letters")).to_have_value("")
    first.get_by_role("button", name="Again").click()  # a script of the app sees the two fields of its own
    expect(first.get_by_role("textbox", name="Letters")).to_have_value("hello, 2")
    for place, number in ((first, "1"), (first, "2"), (third, "1")):
        place.get_by_role("button", name="Count").click()
        expect(place.get_by_role("spinbutton")).to_have_value(number)
    expect(third.locator(".blocks-page")).to_have_class("blocks-page dark scrolls")
    expect(first.locator(".blocks-page")).to_have_class("blocks-page")
    assert page.evaluate("document.documentElement.className + document.body.className") == ""
    page.evaluate("document.documentElement.style.colorScheme = 'dark'")  # as a switch of the page does
    expect(first.locator(".blocks-page")).to_have_class("blocks-page dark")
    page.evaluate("document.documentElement.style.colorScheme = ''")
    expect(first.locator(".blocks-page")).to_have_class("blocks-page")
    expect(page.get_by_text("Log in to use this app.")).to_be_visible()
    assert "the secret" not in page.content()
    axe(page)


def test_files_choices_and_elements_of_others_work_there(site: str, page: Page, complaints: Any, axe: Any) -> None:
    page.goto(site)
    place, third = one(page, "Two"), one(page, "Three")
    place.get_by_role("button", name="Measure").click()
    expect(place.get_by_role("alert")).to_contain_text("There is no file.")
    complaints.forgive("There is no file.")
    expect(third.get_by_role("alert")).to_have_count(0)
    axe(page)
    place.get_by_role("alert").get_by_role("button", name="Schließen").click()  # the tag says its language
    expect(place.get_by_text("Datei hier ablegen")).to_be_visible()
    assert page.evaluate("'blocks_words' in window") is False  # and tells nobody else of it
    upload = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"hello world"}
    place.get_by_test_id("file-upload").set_input_files(upload)
    expect(place.get_by_role("link", name="a.txt")).to_be_visible()
    place.get_by_role("button", name="Measure").click()
    expect(place.get_by_role("textbox", name="Size")).to_have_value("11 bytes")
    place.get_by_role("radio", name="3 of 4").check()
    expect(place.get_by_role("textbox", name="Size")).to_have_value("3 stars")
    place.get_by_role("combobox").click()
    place.get_by_role("option", name="two").click()
    expect(place.get_by_role("combobox")).to_have_value("two")
    place.get_by_role("tab", name="Second").click()
    expect(place.get_by_role("slider")).to_be_visible()
    place.get_by_role("combobox").click()
    place.get_by_role("option", name="one").hover()
    axe(page)


LOOK = """(place) => {
  const root = place.querySelector("blocks-app").shadowRoot;
  const looks = [...root.querySelectorAll(".gradio-container *")].map((node) => {
    const style = getComputedStyle(node), box = node.getBoundingClientRect();
    const names = ["font", "color", "letterSpacing", "textTransform", "textAlign", "margin", "border", "boxSizing"];
    return [node.localName, Math.round(box.height), ...names.map((name) => style[name])].join(" | ");
  });
  return [...looks, getComputedStyle(root.querySelector(".marked")).padding];
}"""


def test_styles_of_the_page_and_of_the_app_do_not_meet(site: str, new_page: Callable[..., Page]) -> None:
    looks, page = [], new_page(viewport={"width": 390, "height": 844})
    for address in (site, f"{site}hostile/"):
        page.goto(address)
        place = one(page, "Two")
        place.evaluate("(place) => (place.style.cssText = 'position:absolute;left:0;width:380px')")
        looks.append(place.evaluate(LOOK))
        assert place.evaluate("(place) => getComputedStyle(place).getPropertyValue('--own')") == ""
    kind, hostile = looks
    assert kind == hostile
    assert hostile[-1] == "7px"
    expect(page.get_by_label("Own")).to_have_css("width", "10px")


def test_a_page_on_a_phone_and_one_without_templates(site: str, new_page: Callable[..., Page], complaints: Any) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto(site)
    one(page, "One")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(f"{site}plain/")
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    complaints.forgive("401")
    page.get_by_role("textbox", name="Text").fill("plain")
    page.get_by_role("button", name="Spell").click()
    expect(page.get_by_role("textbox", name="Letters")).to_have_value("plain")
    with page.expect_event("websocket") as again:  # a new element is a new app
        page.evaluate("() => { const app = document.querySelector('blocks-app'); app.remove(); "
                      "setTimeout(() => document.querySelector('main').prepend(app)) }")  # fmt: skip
    assert "/letters/queue/ws" in again.value.url
    expect(page.get_by_role("textbox", name="Letters")).to_have_value("")
    with page.expect_event("websocket"):  # and one that is told of another app shows that
        page.evaluate("document.querySelector('blocks-app').setAttribute('src', '/files/')")
    expect(page.get_by_role("button", name="Measure")).to_be_visible()
    expect(page.get_by_role("button", name="Spell")).to_have_count(0)
