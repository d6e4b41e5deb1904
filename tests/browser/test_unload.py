"""`Blocks.unload` in a real browser: closing a tab, reloading it and losing it all count, each once."""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

import blocks_app as gr
from tests.browser.conftest import Complaints
from tests.browser.proxy import Proxy


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


def test_a_connection_that_stays_away_counts_once_after_a_grace_time(
    page: Page, serve: Callable[..., str], settings: Any, complaints: Complaints
) -> None:
    settings.BLOCKS_UNLOAD_GRACE = 0.5
    left: queue.Queue[str | None] = queue.Queue()
    with gr.Blocks() as demo:
        out = gr.Textbox(label="Out")
        demo.load(_who, None, out)

        @demo.unload
        def note(request: gr.Request) -> None:
            left.put(request.session_hash)

    proxy = Proxy(serve(demo))
    try:
        page.goto(proxy.url)
        expect(page.get_by_label("Out")).not_to_have_value("")
        session = page.get_by_label("Out").input_value()
        proxy.disconnect()
        assert left.get(timeout=20) == session
        page.close()
        complaints[:] = [each for each in complaints if "WebSocket" not in each and "net::ERR_" not in each]
        assert left.empty()
    finally:
        proxy.close()


def _who(request: gr.Request) -> str | None:
    return request.session_hash
