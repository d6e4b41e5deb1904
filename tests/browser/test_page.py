"""What the page does around an event: status, toasts, chains, scripts of the user, themes, size."""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

import blocks_app as gr
from tests.browser.conftest import Complaints

Serve = Callable[..., str]


def test_one_event_and_what_follows_it(page: Page, serve: Serve) -> None:
    with gr.Blocks() as demo:
        name, greeting, log = gr.Textbox(label="Name"), gr.Textbox(label="Greeting"), gr.Textbox(label="Log")
        greet = gr.Button("Greet").click(lambda who: f"Hello, {who}!", name, greeting)
        greet.then(lambda text: f"said: {text}", greeting, log)
    page.goto(serve(demo))
    page.get_by_label("Name").fill("Ann")
    page.get_by_role("button", name="Greet").click()
    expect(page.get_by_label("Greeting")).to_have_value("Hello, Ann!")
    expect(page.get_by_label("Log")).to_have_value("said: Hello, Ann!")


def test_js_runs_before_the_function_or_instead_of_it(page: Page, serve: Serve) -> None:
    with gr.Blocks() as demo:
        text, out = gr.Textbox("a", label="Text"), gr.Textbox(label="Out")
        gr.Button("Both").click(str.upper, text, out, js="(x) => [x + x]")
        gr.Button("Alone").click(None, text, out, js="(x) => x + '!';")
        gr.Button("Direct").click(lambda x: f"direct {x}", text, out, queue=False)
    page.goto(serve(demo))
    for name, value in {"Both": "AA", "Alone": "a!", "Direct": "direct a"}.items():
        page.get_by_role("button", name=name).click()
        expect(page.get_by_label("Out")).to_have_value(value)


def test_an_output_shows_progress_and_then_nothing(page: Page, serve: Serve) -> None:
    goes_on = threading.Semaphore(0)

    def work(progress: gr.Progress = gr.Progress()) -> str:
        progress((3, 4), unit="steps")
        goes_on.acquire(timeout=20)
        progress(0.25, desc="phase")
        goes_on.acquire(timeout=20)
        return "done"

    with gr.Blocks() as demo:
        out = gr.Textbox(label="Out")
        gr.Button("Work").click(work, None, out)
    page.goto(serve(demo))
    page.get_by_role("button", name="Work").click()
    tracker = page.get_by_test_id("status-tracker")
    expect(tracker).to_contain_text(re.compile(r"3/4 steps \| \d+\.\ds"))
    goes_on.release()
    expect(tracker).to_contain_text("phase - 25.0%")
    expect(tracker.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "25")
    goes_on.release()
    expect(page.get_by_label("Out")).to_have_value("done")
    expect(tracker).to_have_count(0)


def test_a_waiting_event_knows_its_place(page: Page, serve: Serve) -> None:
    to_yield: queue.Queue[str] = queue.Queue()

    def work() -> str:
        return to_yield.get(timeout=20)

    with gr.Blocks() as demo:
        outs = [gr.Textbox(label=f"Out {i}") for i in range(3)]
        for i, out in enumerate(outs):
            gr.Button(f"Work {i}").click(work, None, out, concurrency_id="one", concurrency_limit=1)
    page.goto(serve(demo))
    for i in range(3):
        page.get_by_role("button", name=f"Work {i}").click()
        expect(page.get_by_test_id("status-tracker")).to_have_count(i + 1)
    expect(page.get_by_test_id("status-tracker").last).to_contain_text("queue: 2/2 |")
    for i in range(3):
        to_yield.put(f"value {i}")
        expect(page.get_by_label(f"Out {i}")).to_have_value(f"value {i}")


@pytest.fixture
def failing() -> gr.Blocks:
    def refuse() -> None:
        raise gr.Error("Not <b>this</b> way")

    def break_down() -> None:
        raise ValueError("secret")

    def warn() -> str:
        gr.Warning("careful")
        gr.Info("note")
        return "fine"

    with gr.Blocks() as demo:
        out, log = gr.Textbox(label="Out"), gr.Textbox(label="Log")
        refused = gr.Button("Refuse").click(refuse, None, out)
        refused.success(lambda: "success", None, log)
        refused.then(lambda: "then", None, log)
        gr.Button("Break").click(break_down, None, out)
        gr.Button("Warn").click(warn, None, out)
    return demo


def test_an_error_is_told_in_its_words(page: Page, serve: Serve, failing: gr.Blocks, complaints: Complaints) -> None:
    page.goto(serve(failing))
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("alert")).to_contain_text("Not <b>this</b> way")
    expect(page.get_by_label("Log")).to_have_value("then")
    expect(page.get_by_test_id("status-tracker").filter(has_text="Error")).to_be_visible()  # what follows has one, too
    page.get_by_test_id("toast-close").click()
    expect(page.get_by_test_id("toast-body")).to_have_count(0)
    complaints.forgive("Not <b>this</b> way")


def test_other_errors_keep_their_text_to_themselves(page: Page, serve: Serve, failing: gr.Blocks) -> None:
    page.goto(serve(failing))
    page.get_by_role("button", name="Break").click()
    expect(page.get_by_test_id("status-tracker")).to_have_text("Error")
    expect(page.get_by_test_id("toast-body")).to_have_count(0)


def test_show_error_tells_the_text_of_any_error(
    page: Page, serve: Serve, failing: gr.Blocks, complaints: Complaints
) -> None:
    page.goto(serve(failing, show_error=True))
    page.get_by_role("button", name="Break").click()
    expect(page.get_by_test_id("toast-text")).to_have_text("secret")
    complaints.forgive("secret")


def test_notes_stack_and_go_when_the_function_starts_again(page: Page, serve: Serve, failing: gr.Blocks) -> None:
    page.goto(serve(failing))
    for _ in range(2):
        page.get_by_role("button", name="Warn").click()
        expect(page.get_by_label("Out")).to_have_value("fine")
        expect(page.get_by_test_id("toast-text")).to_have_text(["note", "careful"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_status_and_toasts_are_accessible(
    new_page: Callable[..., Page],
    serve: Serve,
    failing: gr.Blocks,
    complaints: Complaints,
    axe: Callable[[Page], None],
    scheme: str,
) -> None:
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    page.goto(serve(failing))
    for name in ("Refuse", "Warn", "Break"):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_test_id("status-tracker")).to_have_count(0 if name == "Warn" else 1)
    expect(page.get_by_test_id("toast-body")).to_have_count(3)
    axe(page)
    complaints.forgive("Not <b>this</b> way")


def test_the_user_adds_style_script_and_head_under_the_strict_policy(page: Page, serve: Serve) -> None:
    with gr.Blocks(
        css="#mine label > span {color: rgb(1, 2, 3)}",
        js="() => { document.body.dataset.boxes = document.querySelectorAll('textarea').length }",
        head="<script>document.documentElement.dataset.head = 'ran'</script><style>footer {visibility: hidden}</style>",
    ) as demo:
        gr.Textbox(label="Mine", elem_id="mine", elem_classes=["own"])
    page.goto(serve(demo))
    expect(page.locator("#mine.own.block label > span")).to_have_css("color", "rgb(1, 2, 3)")
    expect(page.locator("footer")).to_be_hidden()
    expect(page.locator("html[data-head=ran] body[data-boxes='1']")).to_have_count(1)
    assert page.evaluate("gradioApp() === document.querySelector('gradio-app')")


@pytest.mark.parametrize(
    ("scheme", "query", "dark"), [("dark", "", True), ("light", "", False), ("dark", "?__theme=light", False)]
)
def test_dark_by_system_or_by_address(
    new_page: Callable[..., Page], serve: Serve, scheme: str, query: str, dark: bool
) -> None:
    with gr.Blocks() as demo:
        gr.Textbox(label="Text")
    page = new_page(color_scheme=scheme)
    page.goto(serve(demo) + query)
    expect(page.get_by_label("Text")).to_be_visible()
    assert page.evaluate("document.body.classList.contains('dark')") is dark
    page.evaluate("document.body.classList.toggle('dark')")
    expect(page.locator("html.dark")).to_have_count(0 if dark else 1)


def test_the_hello_page_is_small(page: Page, serve: Serve) -> None:
    with gr.Blocks() as demo:
        name, greeting = gr.Textbox(label="Name"), gr.Textbox(label="Greeting")
        gr.Button("Greet").click(lambda who: who, name, greeting)
    page.goto(serve(demo))
    page.get_by_role("button", name="Greet").click()
    expect(page.get_by_test_id("status-tracker")).to_have_count(0)
    sizes = page.evaluate(
        """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
            .map(({name, encodedBodySize}) => [name, encodedBodySize])"""
    )
    scripts = sum(size for name, size in sizes if name.endswith(".js"))
    # what tells of a silent server, and what keeps the page for a reload, has to be there before either happens
    assert scripts <= 21_000, sizes
    assert sum(size for _, size in sizes) <= 35_000, sizes


def test_the_socket_opens_without_waiting_for_the_modules(page: Page, serve: Serve, complaints: Complaints) -> None:
    with gr.Blocks() as demo:
        gr.Button("Greet").click(lambda: None)
    page.route("**/assets/main-*.js", lambda route: route.abort())
    with page.expect_websocket():
        page.goto(serve(demo))
    complaints.forgive("Failed to load resource")


def test_a_click_before_the_functions_are_there_is_not_lost(page: Page, serve: Serve) -> None:
    with gr.Blocks() as demo:
        name, greeting = gr.Textbox("Ann", label="Name"), gr.Textbox(label="Greeting")
        gr.Button("Greet").click(lambda who: f"Hello, {who}!", name, greeting, js="(who) => who.toUpperCase()")
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    held: list[Route] = []
    page.route("**/app/fns-*.js", lambda route: held.append(route))
    with page.expect_request("**/app/fns-*.js"):
        page.goto(serve(demo), wait_until="commit")
    page.get_by_role("button", name="Greet").click()
    held[0].continue_()
    expect(page.get_by_label("Greeting")).to_have_value("Hello, ANN!")
    assert len(sockets) == 1  # the page took the early one
