"""The paths that people take most, in browsers that Chromium's tests do not know: Firefox and WebKit."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.proxy import Proxy
from tests.serving import served

from . import pages
from .firefox import Firefox
from .tab import Tab
from .webkit import WebKit

pytestmark = pytest.mark.browser
READY = "return document.querySelector('#blocks-root')?.ariaBusy == null && document.readyState"
#: What Firefox itself writes of a connection that a test has cut, and the page of an error that is provoked.
MEANT = ("can’t establish a connection", "was interrupted while", "Not today.")


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    """One server for all paths, and the way to it, which can be cut."""
    with served(pages.app()) as url:
        relay = Proxy(url)
        yield relay
        relay.close()


@pytest.fixture(scope="module", params=[Firefox, WebKit], ids=["Firefox", "WebKit"])
def browser_of_others(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """Started once for all paths."""
    tab: Tab = request.param(tmp_path_factory.mktemp("browser"))
    yield tab
    tab.close()


@pytest.fixture
def tab(browser_of_others: Tab, proxy: Proxy) -> Iterator[Tab]:
    """The app's page, newly opened as by somebody who has not been there."""
    tab = browser_of_others
    tab.open(proxy.url + "?view=settings-form")  # where nothing runs that would keep more
    tab.run("sessionStorage.clear(); localStorage.clear()")
    ready(tab, proxy.url)
    tab.complaints()
    yield tab
    complaints = [each for each in tab.complaints() if not any(meant in each for meant in MEANT)]
    assert not complaints, complaints


def ready(tab: Tab, url: str) -> None:
    tab.open(url)
    tab.until(READY, "complete")


def test_a_button_answers(tab: Tab) -> None:
    tab.type("#name textarea, #name input", "Ann")
    tab.click("button", "Greet")
    tab.shows("#greeting textarea, #greeting input", "Hello, Ann!")


def test_words_come_one_by_one(tab: Tab) -> None:
    tab.click("button", "Start")
    for word, seen in (("one ", "one"), ("two ", "one two"), ("three", "one two three")):
        pages.words.put(word)
        tab.shows("#story textarea", seen)
    pages.words.put(None)
    tab.count("[data-testid=status-tracker]", 0)


def test_a_cut_connection_goes_on_where_it_was(tab: Tab, proxy: Proxy) -> None:
    tab.click("button", "Start")
    pages.words.put("one ")
    tab.shows("#story textarea", "one")
    proxy.drop()
    pages.words.put("two")
    pages.words.put(None)
    tab.shows("#story textarea", "one two")
    tab.count("[data-testid=status-tracker]", 0)


def test_a_page_that_is_loaded_again_finds_its_run(tab: Tab, proxy: Proxy) -> None:
    tab.click("button", "Start")
    pages.words.put("one ")
    tab.shows("#story textarea", "one")
    ready(tab, proxy.url)
    tab.shows("#story textarea", "one")
    pages.words.put("two")
    pages.words.put(None)
    tab.shows("#story textarea", "one two")


def test_an_error_is_told_and_escape_takes_it_away(tab: Tab) -> None:
    tab.click("button", "Fail")
    tab.shows("[data-testid=toast-text]", "Not today.")
    tab.press("Escape")
    tab.count("[data-testid=toast-body]", 0)


def test_a_file_goes_up_and_comes_back(tab: Tab, tmp_path: Path) -> None:
    path = tmp_path / "räksmörgås & 100%.txt"
    path.write_text("bread, shrimps")
    tab.choose_file("#upload input[type=file]", path)
    tab.shows("#content textarea, #content input", "bread, shrimps")
    tab.count("#back a[download]", 1)
    got = tab.run("return fetch(document.querySelector('#back a[download]').href).then((each) => each.text())")
    assert got == "bread, shrimps"
    assert tab.run("return document.querySelector('#back a[download]').download") == path.name


def test_a_picture_goes_up_and_is_shown(tab: Tab, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(png(30, 20))
    tab.choose_file("#picture input[type=file]", path)
    tab.shows("#size textarea, #size input", "30 x 20")
    tab.until("return document.querySelector('#picture img')?.naturalWidth", 30)


def png(width: int, height: int) -> bytes:
    """A red picture."""
    rows = (b"\0" + b"\xff\0\0" * width) * height
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_dropdown_by_pointer_and_by_keyboard(tab: Tab) -> None:
    tab.click("#fruit [role=combobox]")
    tab.click("[role=option]", "cherry")
    tab.shows("#picked textarea, #picked input", "cherry")
    tab.count("[role=listbox]", 0)
    tab.focus("#fruit [role=combobox]")
    tab.run("document.activeElement.select()")
    tab.press("ban")
    tab.count("[role=option]", 1)
    tab.press("Down")
    tab.press("Enter")
    tab.shows("#picked textarea, #picked input", "banana")


def test_a_radio_and_a_slider_by_keyboard(tab: Tab) -> None:
    tab.click("#radio label", "small")
    tab.shows("#both textarea, #both input", "('small', 3)")
    tab.press("Right")
    tab.shows("#both textarea, #both input", "('large', 3)")
    tab.focus("#slider input[type=range]")
    tab.press("Right")
    tab.shows("#both textarea, #both input", "('large', 4)")


def test_tabs_by_pointer_and_by_keyboard(tab: Tab) -> None:
    tab.shows("#in-first em", "first")
    tab.click("[role=tab]", "Second")
    tab.count("#in-second math", 1)
    tab.until("return document.querySelector('#in-first em').checkVisibility()", False)
    tab.press("Home")
    tab.shows("#in-first em", "first")


def test_parts_come_and_go_and_keep_what_was_typed(tab: Tab) -> None:
    tab.type("#wanted textarea, #wanted input", "a b")
    tab.type("#part-b textarea, #part-b input", "typed")
    tab.shows("#greeting textarea, #greeting input", "b: typed")
    tab.focus("#wanted textarea, #wanted input")
    tab.press("Home")
    tab.press("c ")
    tab.count("#part-c", 1)
    tab.shows("#part-b textarea, #part-b input", "typed")
    assert tab.run("return document.activeElement.closest('#wanted') != null")


def test_a_conversation(tab: Tab) -> None:
    tab.type("#say textarea, #say input", "Guten Tag")
    tab.press("Enter")
    tab.shows("#chat strong", "Guten Tag")
    tab.shows("#say textarea, #say input", "")


def test_a_cell_is_edited(tab: Tab) -> None:
    tab.click("#table [data-testid=cell-1-1]")
    tab.press("41")
    tab.press("Enter")
    tab.shows("#total textarea, #total input", "42")
    tab.shows("#table [data-testid=cell-1-1]", "41")


def test_code_is_written(tab: Tab) -> None:
    tab.run("document.querySelector('#code').scrollIntoView()")  # the editor comes when it is seen
    tab.type("#code .cm-content", "def f(): pass")
    tab.until("return document.querySelectorAll('#code .cm-line span').length > 0", True)
    tab.click("button", "Run it")
    tab.shows("#total textarea, #total input", "DEF F(): PASS")


def test_settings_are_kept(tab: Tab, proxy: Proxy) -> None:
    tab.click("footer a, footer button", "Settings")
    tab.click(".settings-dialog label", "Dark")
    tab.until("return document.body.classList.contains('dark')", True)
    tab.press("Escape")
    tab.count(".settings-dialog", 0)
    ready(tab, proxy.url)
    assert tab.run("return document.body.classList.contains('dark')")


def test_what_is_copied_is_told(tab: Tab) -> None:
    tab.type("#story textarea", "words")
    tab.click("#story .copy-button")
    tab.count("#story .copy-button[aria-label=Copied]", 1)
    tab.until("return document.querySelector('#blocks-live').textContent", "Copied")
