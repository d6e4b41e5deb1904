"""Code in Chromium: an editor in colours under the strict policy, that the keyboard can leave."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr
from tests.serving import served

LONG = "a = '" + "long " * 100 + "'"


@pytest.fixture(scope="module")
def address(browser) -> Iterator[str]:
    with gr.Blocks() as demo:
        code = gr.Code("def f():\n    return 1", "python", label="Source", interactive=True, autocomplete=True)
        seen = gr.Textbox(label="Seen")
        language = gr.Radio(["python", "sql-pgSQL", "dockerfile"], label="Language")
        gr.Button("Add").click(lambda text: text + "\nprint(f())", code, code)
        gr.Code(LONG, label="Long", interactive=False, wrap_lines=True, show_line_numbers=False, max_lines=2, lines=2)
        code.input(lambda text: text, code, seen)
        language.change(lambda name: gr.Code(language=name), language, code)
    with served(demo) as address:
        yield address


@pytest.fixture
def source(page: Page, address: str):
    page.goto(address)
    field = page.locator(".cm-content").first
    expect(field).to_have_attribute("aria-label", "Source")
    return field


def colours(field) -> set[str]:
    return set(field.evaluate("node => [...node.querySelectorAll('span')].map((each) => getComputedStyle(each).color)"))


def test_code_is_in_colours_that_another_language_changes(source, page: Page):
    expect(source.locator("span").first).to_be_visible()
    python = colours(source)
    assert len(python) > 2
    page.get_by_label("dockerfile").check()
    expect(source.locator("span")).to_have_count(0)  # "def" means nothing there
    page.emulate_media(color_scheme="dark")
    page.get_by_label("python").check()
    expect(source.locator("span").first).to_be_visible()
    assert colours(source) != python


def test_a_number_stands_beside_its_line(source, page: Page):
    page.wait_for_function(  # both at once: CodeMirror draws its numbers anew when it measures
        """(source) => {
          const top = (node) => node?.getBoundingClientRect().top;
          const numbers = [...document.querySelectorAll(".cm-lineNumbers .cm-gutterElement")];
          const second = numbers.find((each) => each.textContent === "2" && each.checkVisibility());
          return Math.abs(top(second) - top(source.querySelectorAll(".cm-line")[1])) < 2;
        }""",
        arg=source.element_handle(),
    )


def test_an_editor_goes_with_its_block_and_comes_back_with_it(source, page: Page):
    host = page.locator("gr-code").first.element_handle()
    assert host
    host.evaluate("host => { place = host.parentNode; mark = host.nextSibling; host.remove() }")
    page.wait_for_timeout(50)
    assert host.evaluate("host => host.querySelector('.cm-editor')") is None
    host.evaluate("host => { host.receive('again = True'); place.insertBefore(host, mark) }")
    expect(page.locator(".cm-content").first).to_have_text("again = True")
    host.evaluate("host => { editor = host.querySelector('.cm-editor'); place.append(host) }")
    page.wait_for_timeout(50)
    assert host.evaluate("host => host.contains(editor)")


#: What a Code tells, and when it is left.
LISTEN = """() => {
  told = [];
  left = new Promise((resolve) => {
    document.querySelector("gr-code").addEventListener("gr-event", ({ detail }) => {
      told.push(detail.name);
      if (detail.name === "blur") resolve(told);
    });
  });
}"""


def test_what_is_typed_is_told_and_tab_leaves(source, page: Page):
    page.evaluate(LISTEN)
    source.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("0")
    expect(page.get_by_label("Seen")).to_have_value("def f():\n    return 10")
    page.keyboard.press("Tab")
    expect(source).not_to_be_focused()
    assert page.evaluate("left") == ["focus", "change", "input", "blur"]


def test_a_value_from_the_server_leaves_the_caret_and_is_no_input(source, page: Page):
    source.click()
    page.keyboard.press("Control+Home")
    page.get_by_role("button", name="Add").evaluate("button => button.click()")
    expect(source).to_contain_text("print(f())")
    expect(page.get_by_label("Seen")).to_have_value("")
    page.keyboard.type("#")
    expect(page.get_by_label("Seen")).to_have_value("#def f():\n    return 1\nprint(f())")
    page.keyboard.press("Control+Z")
    expect(page.get_by_label("Seen")).to_have_value("def f():\n    return 1\nprint(f())")


def test_words_are_offered(source, page: Page, axe):
    source.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nret")
    expect(page.get_by_role("option", name="return")).to_be_visible()
    axe(page)
    page.keyboard.press("Enter")
    expect(source).to_contain_text(re.compile(r"return 1\s+return"))


def test_code_to_read_wraps_scrolls_and_takes_nothing(source, page: Page, axe):
    field = page.locator(".cm-content").nth(1)
    expect(field).to_have_attribute("aria-readonly", "true")
    scroller = page.locator(".cm-scroller").nth(1)
    assert scroller.evaluate("node => node.scrollWidth <= node.clientWidth && node.scrollHeight > node.clientHeight")
    field.focus()
    page.keyboard.type("x")
    expect(field).to_have_text(LONG)
    assert page.locator(".cm-lineNumbers").count() == 1
    axe(page)


def test_it_is_copied_and_saved(source, page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "def f():\n    return 1"
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download").first.click()
    assert saved.value.suggested_filename == "file.py"
    assert saved.value.path().read_text() == "def f():\n    return 1"
