"""Other ways in than one tab with a WebSocket: a network that lets none through, and many tabs at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from playwright.sync_api import Page, expect

import blocks_app as gr
from tests.browser.conftest import Complaints

BLOCKED = """
const Real = WebSocket;
window.WebSocket = class extends Real {
  constructor(url) { super(String(url).replace("queue/ws", "queue/no-such-door")); }
};
"""


def app() -> gr.Blocks:
    def count(word: str) -> Iterator[str]:
        for number in range(3):
            yield f"{word}{number}"

    with gr.Blocks() as demo:
        word, out, seen = gr.Textbox(label="Word"), gr.Textbox(label="Out"), gr.State(0)
        gr.Button("Go").click(count, word, out)
        total = gr.Number(label="Total")
        gr.Button("Count").click(lambda number: (number + 1, number + 1), seen, [seen, total])
    return demo


def test_where_no_socket_gets_through_long_polling_does(
    page: Page, serve: Callable[..., str], complaints: Complaints
) -> None:
    page.add_init_script(BLOCKED)
    polls: list[str] = []
    page.on("request", lambda request: polls.append(request.method) if "queue/poll" in request.url else None)
    page.goto(serve(app()))
    page.get_by_label("Word").fill("w")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_label("Out")).to_have_value("w2")
    for number in ("1", "2"):
        page.get_by_role("button", name="Count").click()
        expect(page.get_by_label("Total")).to_have_value(number)
    assert "GET" in polls and "POST" in polls
    page.close()  # its poll would be told that the server goes
    complaints.forgive("WebSocket")


def test_polling_code_is_not_loaded_where_a_socket_is(page: Page, serve: Callable[..., str]) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(serve(app()))
    page.get_by_role("button", name="Count").click()
    expect(page.get_by_label("Total")).to_have_value("1")
    assert not [url for url in asked if "longpoll" in url or "queue/poll" in url]


def test_ten_tabs_of_one_browser_all_work(page: Page, serve: Callable[..., str]) -> None:
    url = serve(app())
    tabs = [page, *(page.context.new_page() for _ in range(9))]
    for tab in tabs:
        tab.goto(url)
    for tab in tabs:
        tab.bring_to_front()  # as whoever presses it does; those behind are drawn once a second only
        tab.get_by_role("button", name="Count").click()
    for number, tab in enumerate(tabs):
        tab.bring_to_front()
        tab.get_by_label("Word").fill(f"tab{number}-")
        tab.get_by_role("button", name="Go").click()
    for number, tab in enumerate(tabs):
        expect(tab.get_by_label("Out")).to_have_value(f"tab{number}-2")
        expect(tab.get_by_label("Total")).to_have_value("1")
