"""Dataframe in Chromium: one page, used as a visitor would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr
from tests.serving import served

ROWS = [["Ada", 36, True], ["Bob", 41, False], ["Cleo", 28, True]]
HOSTILE = '<b>bold</b><img src="data:," onerror="window.pwned = 1"><script>window.pwned = 1</script>'


def people() -> gr.Blocks:
    """A table to edit, what the server hears of it, and tables to look at."""
    with gr.Blocks(title="People") as demo:
        table = gr.Dataframe(
            ROWS,
            headers=["name", "age", "member"],
            datatype=["str", "number", "bool"],
            type="array",
            label="People",
            elem_id="people",
            show_search="filter",
            show_row_numbers=True,
            interactive=True,
        )
        heard = gr.JSON(label="Heard")
        chosen = gr.Textbox(label="Chosen")
        table.input(lambda rows: rows, table, heard)

        def choose(event: gr.SelectData) -> str:
            return f"{event.index} {event.value} {event.row_value} {event.col_value}"

        table.select(choose, None, chosen)
        gr.Dataframe([["**strong** $$x^2$$"]], datatype="markdown", label="Rich", elem_id="rich", interactive=False)
        gr.Dataframe(label="None yet", elem_id="empty", row_count=0, interactive=False)
        many = gr.Dataframe(label="Many", elem_id="many", interactive=False, pinned_columns=1)
        gr.Button("Fill").click(lambda: [[row * 10 + at for at in range(20)] for row in range(5000)], None, many)
    return demo


@pytest.fixture(scope="module")
def url(browser) -> Iterator[str]:
    with served(people()) as address:
        yield address


@pytest.fixture
def table(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.get_by_test_id("cell-0-0").first).to_have_text("Ada")
    return page


def test_a_cell_is_edited_and_the_server_gets_it(table: Page) -> None:
    table.locator("#people").get_by_test_id("cell-1-1").dblclick()
    table.get_by_label("age, row 2").fill("42")
    table.keyboard.press("Enter")
    expect(table.get_by_test_id("json")).to_contain_text("42")
    expect(table.get_by_label("Chosen")).to_have_value("[2, 1] 28 ['Cleo', 28, True] [36, 42, 28]")
    table.keyboard.press("Control+z")
    expect(table.locator("#people").get_by_test_id("cell-1-1")).to_have_text("41")


def test_a_word_that_is_composed_opens_the_cell_by_its_first_letter(table: Page) -> None:
    cell = table.locator("#people").get_by_test_id("cell-0-0")
    cell.click()
    expect(table.get_by_label("name, row 1")).to_be_focused()
    session = table.context.new_cdp_session(table)
    session.send("Input.imeSetComposition", {"text": "に", "selectionStart": 1, "selectionEnd": 1})
    session.send("Input.insertText", {"text": "日本"})
    table.keyboard.press("Enter")
    expect(cell).to_have_text("日本")
    expect(table.get_by_label("name, row 2")).to_be_focused()


def test_cells_are_copied_and_pasted(new_page, url: str) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(url)
    cells = page.locator("#people")
    cells.get_by_test_id("cell-0-0").click()
    cells.get_by_test_id("cell-1-1").click(modifiers=["Shift"])
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == "Ada\t36\nBob\t41"
    cells.get_by_test_id("cell-2-0").click()
    page.keyboard.press("Control+v")
    expect(cells.get_by_test_id("cell-3-0")).to_have_text("Bob")
    expect(cells.get_by_test_id("cell-2-1")).to_have_text("36")


def test_a_csv_file_is_downloaded(table: Page) -> None:
    with table.expect_download() as download:
        table.locator("#people").get_by_role("button", name="Download as CSV").click()
    assert download.value.suggested_filename == "People.csv"
    assert download.value.path().read_text() == "name,age,member\nAda,36,true\nBob,41,false\nCleo,28,true\n"


def test_the_keyboard_reaches_menus_and_filters(table: Page) -> None:
    grid = table.locator("#people").get_by_role("grid")
    grid.focus()
    for key in ("ArrowUp", "ArrowRight", "Shift+F10"):
        table.keyboard.press(key)
    expect(table.get_by_role("menuitem", name="Sort ascending")).to_be_focused()
    table.get_by_role("menuitem", name="Filter…").click()
    table.get_by_role("dialog").get_by_role("combobox").select_option("is less than")
    table.get_by_label("Compared with").fill("40")
    table.keyboard.press("Enter")
    expect(table.get_by_role("status").first).to_have_text("2 of 3 rows")
    expect(grid).to_be_focused()


def test_many_rows_scroll_under_their_header(table: Page) -> None:
    table.get_by_role("button", name="Fill").click()
    many = table.locator("#many")
    expect(many.get_by_test_id("cell-0-0")).to_have_text("0")
    many.get_by_test_id("cell-0-0").click()
    table.keyboard.press("Control+End")
    table.keyboard.press("Control+ArrowDown")
    expect(many.get_by_test_id("cell-4999-19")).to_be_in_viewport()
    expect(many.get_by_test_id("header-0")).to_be_in_viewport()
    assert many.locator("tbody tr").count() < 60


def test_markup_in_cells_is_cleaned(new_page, serve, complaints) -> None:
    with gr.Blocks() as demo:
        gr.Dataframe([[HOSTILE, HOSTILE, HOSTILE]], datatype=["html", "markdown", "str"], interactive=False)
    page = new_page()
    page.goto(serve(demo))
    expect(page.get_by_test_id("cell-0-0").locator("b")).to_have_text("bold")
    expect(page.get_by_test_id("cell-0-1").locator("b")).to_have_text("bold")
    expect(page.get_by_test_id("cell-0-2")).to_have_text(HOSTILE)
    assert page.evaluate("window.pwned") is None
    assert page.locator("td [onerror], td script").count() == 0
    complaints.forgive("inline event handler")


def test_every_state_is_accessible(new_page, url: str, axe) -> None:
    for options in ({"color_scheme": "light"}, {"color_scheme": "dark", "viewport": {"width": 390, "height": 700}}):
        page = new_page(**options)
        page.goto(url)
        cells = page.locator("#people")
        expect(page.locator("#rich strong")).to_be_visible()
        axe(page)
        cells.get_by_test_id("cell-0-0").dblclick()
        axe(page)
        page.keyboard.press("Escape")
        cells.get_by_role("button", name="Menu of the column name").click()
        expect(page.get_by_role("menuitem").first).to_be_focused()
        axe(page)
        page.get_by_role("menuitem", name="Filter…").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        axe(page)
        page.get_by_label("Compared with").fill("nobody")
        page.keyboard.press("Enter")
        expect(cells.get_by_role("status")).to_have_text("0 of 3 rows")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
