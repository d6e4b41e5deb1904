"""What stands in closed tabs comes when it is needed, and nobody notices."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

import blocks_app as gr
from tests.browser.conftest import Complaints
from tests.serving import served

#: The texts that stand in an element one frame later, which is when it is first painted.
AFTER_A_FRAME = """async ([button, place]) => {
  document.querySelector(button).click();
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  return document.querySelector(place).innerText;
}"""


@pytest.fixture(scope="module")
def address(browser) -> Iterator[str]:
    with gr.Blocks() as demo:
        with gr.Tab("First", elem_id="first"):
            name = gr.Textbox(label="Name")
            greet = gr.Button("Greet")
            answer = gr.Textbox(label="Greeting")
            send = gr.Button("Send")
        with gr.Tab("Second", elem_id="second"):
            with gr.Row():
                number = gr.Number(label="Count", elem_id="count")
                choice = gr.Dropdown(["red", "green"], value=None, label="Colour", elem_id="colour")
            with gr.Accordion("More", open=False, elem_id="more"):
                gr.JSON({"deep": "inside"}, elem_id="json")
        with gr.Tab("Third", elem_id="third"):
            gr.Code("x = 1", "python", label="Source", elem_id="source")
        extra = gr.Label("secret", label="Extra", visible=False, elem_id="extra")
        greet.click(lambda who: f"Hello, {who}!", name, answer)
        send.click(lambda: (7, gr.Dropdown(label="Shade", value="green")), None, [number, choice])
        number.change(lambda count, shade: f"{count} {shade}", [number, choice], answer)
        answer.change(lambda text: gr.Label(visible="7" in text), answer, extra)
    with served(demo) as address:
        yield address


def hold(page: Page, name: str) -> list[Route]:
    """Keeps back the module of an element."""
    held: list[Route] = []
    page.route(f"**/assets/{name}-*.js", lambda route: held.append(route))
    return held


def open_and_let_it_fetch(page: Page, address: str) -> None:
    """They come one after the other, each when the one before it has been run; that of the Label is the last."""
    with page.expect_response("**/assets/label-*.js"):
        page.goto(address)


def tab(page: Page, name: str):
    return page.get_by_role("tab", name=name)


def test_the_first_tab_answers_without_the_modules_of_the_others(page: Page, address: str) -> None:
    held = hold(page, "number")
    page.goto(address)
    page.get_by_label("Name").fill("Ann")
    page.get_by_role("button", name="Greet").click()
    expect(page.get_by_label("Greeting")).to_have_value("Hello, Ann!")
    tab(page, "Second").click()
    expect(page.locator("#count")).to_have_attribute("aria-busy", "true")
    expect(page.get_by_label("Colour")).to_be_visible()
    held[0].continue_()
    expect(page.get_by_label("Count")).to_be_visible()
    expect(page.locator("gr-deferred#count")).to_have_count(0)


def test_events_find_what_is_not_there_yet(page: Page, address: str) -> None:
    held = hold(page, "dropdown")
    page.goto(address)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("gr-number #count-input")).to_have_count(1)
    expect(page.get_by_test_id("status-tracker")).to_have_count(0)  # it waits for both
    held[0].continue_()
    expect(page.get_by_label("Greeting")).to_have_value("7 green")
    expect(page.locator("#extra")).to_be_visible()
    tab(page, "Second").click()
    expect(page.get_by_label("Count")).to_have_value("7")
    expect(page.get_by_label("Shade")).to_have_value("green")


def test_nothing_is_painted_empty_when_a_tab_opens(page: Page, address: str, axe) -> None:
    open_and_let_it_fetch(page, address)
    axe(page)
    assert "Count" in page.evaluate(AFTER_A_FRAME, ["#second-button", "#second"])
    assert "inside" in page.evaluate(AFTER_A_FRAME, ["#more button", "#more"])
    axe(page)


def test_the_keyboard_opens_a_tab_and_goes_into_it(page: Page, address: str) -> None:
    page.goto(address)
    tab(page, "First").press("ArrowRight")
    expect(page.get_by_label("Count")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Count")).to_be_focused()


def test_an_editor_is_made_ready_by_who_points_at_its_tab(page: Page, address: str) -> None:
    editors: list[str] = []
    page.on("request", lambda request: editors.append(request.url) if "/editor-" in request.url else None)
    open_and_let_it_fetch(page, address)
    assert editors == []
    tab(page, "Third").hover()
    expect(page.locator("#source .cm-content")).to_be_attached()
    expect(page.locator("#source .cm-content")).to_be_hidden()


def test_a_module_that_fails_is_told_and_tried_again(page: Page, address: str, complaints: Complaints) -> None:
    page.route("**/assets/number-*.js", lambda route: route.abort())
    page.goto(address)
    tab(page, "Second").click()
    expect(page.locator("#count")).to_have_text("number could not be loaded.")
    page.unroute("**/assets/number-*.js")
    tab(page, "First").click()
    tab(page, "Second").click()
    expect(page.get_by_label("Count")).to_be_visible()
    complaints.forgive("Could not load")
    complaints.forgive("Failed to load resource")


def test_scripts_of_the_app_find_every_element(page: Page, serve: Callable[..., str]) -> None:
    with gr.Blocks(
        js="() => { document.body.dataset.found = document.querySelectorAll('#count input').length }"
    ) as demo:
        with gr.Tab("First"):
            gr.Markdown("Here")
        with gr.Tab("Second"):
            gr.Number(elem_id="count")
    page.goto(serve(demo))
    expect(page.locator("body[data-found='1']")).to_have_count(1)


def test_a_heavy_library_waits_until_its_block_comes_into_view(page: Page, serve: Callable[..., str]) -> None:
    with gr.Blocks() as demo:
        gr.HTML("<div style='height: 4000px'>Long</div>")
        gr.Code("x = 1", "python", label="Source", elem_id="source")
    page.goto(serve(demo))
    expect(page.locator("#source .code-plain")).to_have_text("x = 1")
    expect(page.locator("#source .cm-content")).to_have_count(0)
    page.locator("#source").scroll_into_view_if_needed()
    expect(page.locator("#source .cm-content")).to_be_visible()
