"""The orderly end, in one process: grace, refusals, requests that are cut, and a start afterwards."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import blocks_app as gr
from queue_app.shutdown import sequence
from queue_app.testing import AsyncPageUser
from queue_app.transport.routing import BlocksASGI


async def begun(page: AsyncPageUser, running: int, waiting: int) -> None:
    """Return when as many events run and wait."""
    while (now := page.engine.snapshot()) and (now.running, now.waiting) != (running, waiting):
        await asyncio.sleep(0)


async def test_a_running_event_ends_within_the_grace_and_a_waiting_one_is_told_at_once() -> None:
    with gr.Blocks() as demo:
        text, out = gr.Textbox(), gr.Textbox()
        button = gr.Button()
        button.click(lambda text: time.sleep(1) or text, text, out, trigger_mode="multiple")
    async with AsyncPageUser(demo) as page:
        await page.set(text, "done")
        for _ in range(2):
            await page.fire(button, "click", wait=False)
        await begun(page, running=1, waiting=1)
        await page.engine.close(60)
        await page.until(lambda: page.value(out) == "done" and bool(page.errors))
        assert page.errors == ["Server is shutting down"]
        await page.fire(button, "click")
        assert page.errors[-1] == "The server is shutting down. Try again in a moment."


async def test_an_engine_is_closed_once_and_whoever_asks_again_waits_for_that() -> None:
    with gr.Blocks() as demo:
        text, out = gr.Textbox(), gr.Textbox()
        button = gr.Button()
        button.click(lambda text: time.sleep(1) or text, text, out)
    async with AsyncPageUser(demo) as page:
        await page.fire(button, "click", wait=False)
        await begun(page, running=1, waiting=0)
        closing = asyncio.create_task(page.engine.close(60))
        await asyncio.sleep(0)
        await page.engine.close()
        assert closing.done() or (await asyncio.wait([closing], timeout=1))[0]


async def _slow_site(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.sleep(3600)


async def _answer(path: str, application: BlocksASGI) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    await application({"type": "http", "method": "GET", "path": path, "headers": []}, receive, send)
    return sent


async def test_a_request_of_the_site_that_does_not_end_is_cut_with_a_sentence_and_another_server_may_start() -> None:
    application = BlocksASGI(_slow_site)
    request = asyncio.create_task(_answer("/slow", application))
    await asyncio.sleep(0)
    await sequence.end(0.0)
    assert sequence.begun()
    start, body = await request
    assert start["status"] == 503 and b"shutting down" in body["body"]
    sequence.start_anew()
    assert not sequence.begun()
