"""One story for a reload: what was typed and shown is there again with the session, or both begin anew, with a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import blocks_app as gr
from queue_app.execution import engine as engines

Serve = Callable[..., str]


def add(tasks: list[str], text: str) -> tuple[list[str], str, str]:
    tasks = [*tasks, text]
    return tasks, "\n".join(tasks), ""


def tasks_app() -> gr.Blocks:
    """Tasks in a State, with all that a visitor may set beside them."""
    with gr.Blocks() as demo:
        tasks = gr.State([])
        with gr.Row():
            text, shown = gr.Textbox(label="Task"), gr.Textbox("Nothing to do", label="Tasks", lines=3)
        gr.Button("Add").click(add, [tasks, text], [tasks, shown, text])
        visits, secret = gr.Number(label="Visits"), gr.Textbox(label="Secret", type="password")
        greeting = gr.Textbox(label="Greeting")
        with gr.Tabs():
            with gr.Tab("First"):
                level, loud = gr.Slider(0, 10, 3, step=1, label="Level"), gr.Checkbox(label="Loud")
            with gr.Tab("Second"), gr.Accordion("More", open=False):
                colour = gr.Dropdown(["red", "blue"], value="red", label="Colour")

        @gr.render(inputs=tasks)
        def notes(given: list[str]) -> None:
            for each in given:
                gr.Textbox(label=f"Note on {each}")

        counts = iter(range(1, 100))
        demo.load(lambda: next(counts), None, visits)
        demo.load(lambda: "Hello", None, greeting)
        gr.Button("Use").click(lambda *_: None, [secret, greeting, level, loud, colour])
    return demo


def put(page: Page, task: str) -> None:
    page.get_by_label("Task", exact=True).fill(task)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_label(f"Note on {task}")).to_be_visible()


def test_what_was_typed_and_shown_is_there_again(page: Page, serve: Serve) -> None:
    page.goto(serve(tasks_app()))
    put(page, "tea")
    put(page, "cake")
    expect(page.get_by_label("Visits")).to_have_value("1")
    page.get_by_label("Task", exact=True).fill("half a th")
    page.get_by_label("Note on tea").fill("Earl Grey")
    page.get_by_label("Greeting").fill("Mine")
    page.get_by_label("Secret").fill("s3cret")
    page.get_by_role("spinbutton", name="Level").fill("7")
    page.get_by_label("Loud").check()
    page.get_by_role("tab", name="Second").click()
    page.get_by_role("button", name="More").click()
    page.get_by_role("combobox", name="Colour").click()
    page.get_by_role("option", name="blue").click()
    for visit in ("2", "3"):  # once more is no other story
        page.reload()
        expect(page.get_by_label("Tasks", exact=True)).to_have_value("tea\ncake")
        expect(page.get_by_label("Task", exact=True)).to_have_value("half a th")
        expect(page.get_by_label("Note on tea")).to_have_value("Earl Grey")
        expect(page.get_by_label("Visits")).to_have_value(visit)  # nobody has changed it, so it is loaded anew
        expect(page.get_by_label("Greeting")).to_have_value("Mine")
        expect(page.get_by_label("Secret")).to_have_value("")
        expect(page.get_by_role("combobox", name="Colour")).to_have_value("blue")
        page.get_by_role("tab", name="First").click()
        expect(page.get_by_role("spinbutton", name="Level")).to_have_value("7")
        expect(page.get_by_label("Loud")).to_be_checked()
        page.get_by_role("tab", name="Second").click()
    assert "s3cret" not in page.evaluate("JSON.stringify(sessionStorage)")
    put(page, "milk")
    expect(page.get_by_label("Tasks", exact=True)).to_have_value("tea\ncake\nmilk")
    expect(page.locator(".link-notice")).to_have_count(0)


def test_both_begin_anew_with_a_word_when_the_session_is_gone(page: Page, serve: Serve) -> None:
    demo = tasks_app()
    address = serve(demo)
    page.goto(address)
    put(page, "tea")
    session = page.evaluate("JSON.parse(Object.values(sessionStorage)[0]).session")
    page.goto("about:blank")
    assert demo.mount is not None
    engine: Any = next(iter(engines.engines_of(demo.mount).values()))
    engine.loop.call_soon_threadsafe(engine.forget_state, session)
    page.goto(address)
    expect(page.locator(".link-notice")).to_have_text("The server keeps nothing of this page any more. It begins anew.")
    expect(page.get_by_label("Tasks", exact=True)).to_have_value("Nothing to do")
    put(page, "milk")
    expect(page.get_by_label("Tasks", exact=True)).to_have_value("milk")


def test_gradios_own_rule_is_a_setting(page: Page, serve: Serve, settings: Any) -> None:
    settings.BLOCKS_RELOAD = "anew"
    page.goto(serve(tasks_app()))
    put(page, "tea")
    page.reload()
    expect(page.get_by_label("Greeting")).to_have_value("Hello")
    expect(page.get_by_label("Tasks", exact=True)).to_have_value("Nothing to do")
    put(page, "milk")
    expect(page.get_by_label("Tasks", exact=True)).to_have_value("milk")


def test_a_copy_of_the_tab_shows_nothing_of_it(page: Page, serve: Serve) -> None:
    page.goto(serve(tasks_app()))
    put(page, "tea")
    page.reload()
    expect(page.get_by_label("Tasks", exact=True)).to_have_value("tea")
    with page.expect_popup() as opened:
        page.evaluate("void window.open(location.href)")  # takes a copy of the session storage along
    copy = opened.value
    expect(copy.get_by_label("Greeting")).to_have_value("Hello")
    expect(copy.get_by_label("Tasks", exact=True)).to_have_value("Nothing to do")
    put(copy, "milk")
    expect(copy.get_by_label("Tasks", exact=True)).to_have_value("milk")


def test_what_is_too_large_is_named_and_the_rest_is_kept(page: Page, serve: Serve) -> None:
    with gr.Blocks() as demo:
        long, short = gr.Textbox(label="Long"), gr.Textbox(label="Short")
        gr.Button("Go").click(lambda: ("x" * 3_000_000, "y"), None, [long, short])
    page.goto(serve(demo))
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_label("Short")).to_have_value("y")
    page.reload()
    expect(page.locator(".link-notice")).to_have_text("Too large to be kept over the reload: Long.")
    expect(page.get_by_label("Short")).to_have_value("y")
    expect(page.get_by_label("Long")).to_have_value("")


@pytest.mark.parametrize("files", [["a.txt", "b.txt"]])
def test_files_that_were_on_their_way_are_named(page: Page, serve: Serve, files: list[str], tmp_path: Any) -> None:
    with gr.Blocks() as demo:
        gr.File(label="Papers", file_count="multiple")
    for name in files:
        (tmp_path / name).write_text(name)
    page.goto(serve(demo))
    page.route("**/upload?*", lambda route: None)  # never answered
    with page.expect_request("**/upload?*"):
        page.locator("input[type=file]").set_input_files([tmp_path / name for name in files])
    page.reload()
    expect(page.locator(".link-notice")).to_have_text("Not sent before the reload, so choose again: a.txt, b.txt.")


def test_the_open_tab_stands_in_the_address(page: Page, serve: Serve) -> None:
    with gr.Blocks() as demo:
        with gr.Tabs():
            with gr.Tab("Plain"):
                gr.Markdown("a plain one")
            with gr.Tab("With more", id="more"), gr.Tabs():
                with gr.Tab("Near"):
                    gr.Markdown("what is near")
                with gr.Tab("Far & wide"):
                    gr.Markdown("what is far")
        go = gr.Button("Go")
        go.click(lambda: "x", None, gr.Textbox(label="Out"))
    address = serve(demo)
    page.goto(f"{address}?lang=en")
    tab = page.get_by_role("tab")
    tab.filter(has_text="With more").click()
    tab.filter(has_text="Far").click()
    expect(page).to_have_url(f"{address}?lang=en#tab=more&tab2=Far+%26+wide")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_label("Out")).to_have_value("x")
    page.reload()
    expect(page.get_by_text("what is far")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("what is near")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("a plain one")).to_be_visible()
    expect(page).to_have_url(f"{address}?lang=en")
    page.go_forward()
    expect(page.get_by_text("what is near")).to_be_visible()
    expect(page.get_by_label("Out")).to_have_value("x")  # no page was loaded
    other = page.context.new_page()
    other.goto(f"{address}#tab=more&tab2=Far+%26+wide")
    expect(other.get_by_text("what is far")).to_be_visible()
    other.goto(f"{address}#tab=nowhere")
    expect(other.get_by_text("a plain one")).to_be_visible()
