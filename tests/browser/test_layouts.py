"""Layouts as a visitor meets them: who stands where, what folds, what the keyboard does, on a phone and on a desk."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Locator, Page, expect

import blocks_app as gr

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def box(where: Locator) -> dict[str, float]:
    found = where.bounding_box()
    assert found is not None
    return found


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector("#blocks-root:not([aria-busy])")


def many_tabs() -> gr.Blocks:
    with gr.Blocks() as demo, gr.Tabs(elem_id="pages"):
        for name in ("Overview", "Details", "History of changes", "Advanced options", "About"):
            with gr.Tab(name, elem_id=name.split()[0].lower()):
                gr.Markdown(f"# In {name}")
    return demo


def test_tabs_that_do_not_fit_are_in_a_menu(serve, new_page, axe) -> None:
    page = new_page(**PHONE)
    open_page(page, serve(many_tabs()))
    page.get_by_role("button", name="More tabs").click()
    axe(page)
    page.get_by_role("menuitemradio", name="Advanced options").click()
    expect(page.get_by_role("heading", name="In Advanced options")).to_be_visible()
    expect(page.get_by_role("button", name="More tabs, Advanced options is shown")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_menu_of_tabs_works_by_keyboard(serve, new_page) -> None:
    page = new_page(viewport={"width": 360, "height": 740})
    open_page(page, serve(many_tabs()))
    page.get_by_role("button", name="More tabs").press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="In About")).to_be_visible()


def test_tabs_by_keyboard(serve, page) -> None:
    open_page(page, serve(many_tabs()))
    page.locator("#overview-button").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Details")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Details")).to_be_visible()
    page.keyboard.press("End")
    expect(page.get_by_role("heading", name="In About")).to_be_visible()
    expect(page.get_by_role("button", name="More tabs")).to_have_count(0)


def test_tab_events_and_updates_reach_python(serve, page) -> None:
    with gr.Blocks() as demo:
        with gr.Tabs() as tabs:
            with gr.Tab("One", id=1):
                go = gr.Button("Go to two")
            with gr.Tab("Two", id=2) as two:
                gr.Markdown("# Second")
        received = gr.Textbox(label="Heard")

        @tabs.select(outputs=received)
        def chosen(data: gr.SelectData) -> str:
            return f"chose {data.value} at {data.index}"

        go.click(lambda: gr.Tabs(selected=2), None, tabs)
        two.select(lambda: "two is shown", None, received)
    open_page(page, serve(demo))
    page.get_by_role("button", name="Go to two").click()
    expect(page.get_by_role("heading", name="Second")).to_be_visible()
    expect(page.get_by_label("Heard")).to_have_value("two is shown")
    page.get_by_role("tab", name="One").click()
    expect(page.get_by_label("Heard")).to_have_value("chose One at 0")


def test_accordion_folds_by_keyboard_and_by_python(serve, page) -> None:
    with gr.Blocks() as demo:
        with gr.Accordion("More", open=False) as more:
            gr.Textbox(label="Inside")
        gr.Button("Open").click(lambda: gr.Accordion(open=True), None, more)
        received = gr.Textbox(label="Heard")
        more.collapse(lambda: "folded", None, received)
    open_page(page, serve(demo))
    expect(page.get_by_label("Inside")).to_be_hidden()
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_label("Inside")).to_be_visible()
    page.get_by_role("button", name="More").press("Space")
    expect(page.get_by_label("Inside")).to_be_hidden()
    expect(page.get_by_label("Heard")).to_have_value("folded")


def test_columns_share_a_row_by_scale_and_wrap_on_a_phone(serve, new_page) -> None:
    with gr.Blocks() as demo, gr.Row():
        with gr.Column(scale=2, elem_id="wide"):
            gr.Textbox(label="A")
        with gr.Column(scale=1, elem_id="narrow"):
            gr.Textbox(label="B")
    url = serve(demo)
    desk, phone = new_page(), new_page(**PHONE)
    open_page(desk, url)
    open_page(phone, url)
    assert box(desk.locator("#wide"))["width"] == pytest.approx(2 * box(desk.locator("#narrow"))["width"], abs=1)
    assert (
        box(phone.locator("#narrow"))["y"] >= box(phone.locator("#wide"))["y"] + box(phone.locator("#wide"))["height"]
    )


@pytest.mark.parametrize("equal", [True, False])
def test_equal_height(serve, page, equal) -> None:
    with gr.Blocks() as demo, gr.Row(equal_height=equal):
        gr.HTML("<p style='height:200px'>high</p>", elem_id="high")
        gr.Button("Low", elem_id="low")
    open_page(page, serve(demo))
    same = box(page.locator("#low"))["height"] == pytest.approx(box(page.locator("#high"))["height"], abs=1)
    assert same is equal


def test_a_button_beside_a_field_keeps_its_height_and_stands_level(serve, page) -> None:
    with gr.Blocks() as demo, gr.Row():
        gr.Textbox(label="Task")
        gr.Button("Add", scale=0, elem_id="add")
    open_page(page, serve(demo))
    field, button = box(page.get_by_label("Task")), box(page.locator("#add"))
    assert button["height"] < 50
    assert button["y"] + button["height"] == pytest.approx(field["y"] + field["height"], abs=2)


def test_only_what_has_a_scale_fills_the_height(serve, page) -> None:
    def height(fill: bool) -> float:
        with gr.Blocks(fill_height=fill) as demo:
            gr.Markdown("above")
            gr.Textbox(label="Text", scale=1, lines=3, elem_id="text")
        open_page(page, serve(demo))
        return box(page.locator("#text"))["height"]

    assert height(False) < 160
    assert height(True) > 400


def test_a_tab_with_a_scale_fills_the_height(serve, page) -> None:
    with gr.Blocks(fill_height=True) as demo, gr.Tab("A", scale=1, elem_id="tab"):
        gr.Markdown("a")
    open_page(page, serve(demo))
    assert box(page.locator("#tab"))["height"] > 400


def test_a_column_shows_progress_when_told_to(serve, page) -> None:
    with gr.Blocks() as demo:
        with gr.Column(show_progress=True, elem_id="told") as with_progress:
            gr.Markdown("a")
        with gr.Column(elem_id="untold") as without_progress:
            gr.Markdown("b")

        def wait():
            time.sleep(1)
            return gr.Column(visible=True), gr.Column(visible=True)

        gr.Button("Wait").click(wait, None, [with_progress, without_progress])
    open_page(page, serve(demo))
    page.get_by_role("button", name="Wait").click()
    expect(page.locator("#told > [data-testid=status-tracker]")).to_be_visible()
    expect(page.locator("#told > [data-testid=status-tracker]")).to_have_count(0)
    expect(page.locator("#untold [data-testid=status-tracker]")).to_have_count(0)


def test_a_form_comes_back_with_its_first_shown_input(serve, page) -> None:
    with gr.Blocks() as demo:
        text = gr.Textbox(label="Text", visible=False)
        gr.Button("Show").click(lambda: gr.Textbox(visible=True), None, text)
    open_page(page, serve(demo))
    expect(page.get_by_label("Text")).to_be_hidden()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Text")).to_be_visible()


def test_names_that_css_and_scripts_rely_on(serve, page) -> None:
    with gr.Blocks() as demo:
        with gr.Row(elem_id="row", elem_classes=["mine"]), gr.Column(variant="panel", elem_id="column"):
            gr.Button("Run", elem_id="run", variant="primary", size="sm")
        with gr.Group(elem_id="group"):
            gr.Textbox(elem_id="text")
        with gr.Tab("A", elem_id="tab"):
            gr.Markdown("a")
        with gr.Accordion("More", elem_id="more"):
            gr.Markdown("b")
    open_page(page, serve(demo))
    for selector in (
        "#row.row.mine > #column.column.panel",
        "button#run.primary.sm",
        "#group.gr-group .form > #text.block",
        ".tabs .tab-nav > button#tab-button.selected[role=tab]",
        ".tabs #tab.tabitem[role=tabpanel]",
        "#more.block > button.label-wrap.open > span.icon",
        "gradio-app .gradio-container footer",
    ):
        assert page.locator(selector).count() == 1, selector


def test_a_sidebar_stands_beside_the_page_and_over_it_on_a_phone(serve, new_page, axe) -> None:
    with gr.Blocks() as demo:
        with gr.Sidebar("Settings", width=300, elem_id="side"):
            gr.Textbox(label="Prompt")
        gr.Textbox(label="Question")
    url = serve(demo)
    wide = new_page()
    open_page(wide, url)
    assert box(wide.get_by_label("Question"))["x"] > 300
    wide.get_by_role("button", name="Close Settings").click()
    expect(wide.get_by_label("Prompt")).to_be_hidden()
    for scheme in ("light", "dark"):
        phone = new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
        open_page(phone, url)
        expect(phone.get_by_label("Prompt")).to_be_hidden()
        phone.get_by_role("button", name="Open Settings").press("Enter")
        expect(phone.get_by_label("Prompt")).to_be_visible()
        axe(phone)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
        phone.mouse.click(360, 400)
        expect(phone.get_by_label("Prompt")).to_be_hidden()
