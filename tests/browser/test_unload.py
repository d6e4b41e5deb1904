"""`Blocks.unload` in a real browser: closing and reloading a tab both count, each once."""

from __future__ import annotations

import queue
from collections.abc import Callable

from playwright.sync_api import Page, expect

import blocks_app as gr


def test_closing_and_reloading_a_tab_each_count_once(page: Page, serve: Callable[..., str]) -> None:
    left: queue.Queue[str | None] = queue.Queue()
    with gr.Blocks() as demo:
        out = gr.Textbox(label="Out")
        demo.load(_who, None, out)
        demo.unload(lambda: left.put("nobody asked"))

        @demo.unload
        def note(request: gr.Request) -> None:
            left.put(request.session_hash)

    url = serve(demo)
    page.goto(url)
    box = page.get_by_label("Out")
    expect(box).not_to_have_value("")
    session = box.input_value()
    page.reload()
    assert {left.get(timeout=10), left.get(timeout=10)} == {session, "nobody asked"}
    expect(box).to_have_value(session)
    page.close()
    assert {left.get(timeout=10), left.get(timeout=10)} == {session, "nobody asked"}
    assert left.empty()


def _who(request: gr.Request) -> str | None:
    return request.session_hash
