"""Inputs that a validator refuses, as programs are told of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import blocks_app as gr
from blocks_app.listeners.validation import validating
from tests.auth_app.socket import EVENT, socket
from tests.auth_app.visitor import Visitor, site
from tests.hanging import Hanging
from tests.wire.asgi_client import Client
from tests.wire.conftest import App


def not_empty(text: str) -> dict[str, Any]:
    return gr.validate(bool(text), "Write something.")


async def test_every_endpoint_answers_422_with_the_words_for_each_input(app: App, client: Client) -> None:
    number = app.fn("echo")
    echo = app.blocks.dependencies[number]
    app.blocks.dependencies[number] = replace(echo, validator=validating(echo, not_empty))
    join = {"data": [""], "fn_index": number, "session_hash": "s1"}
    for endpoint, body in (("call/echo", {"data": [""]}), ("run/echo", {"data": [""]}), ("queue/join", join)):
        answer = await client.post(f"/app/{endpoint}", body)
        assert answer.status == 422, endpoint
        assert answer.json == {
            "detail": [
                {"__type__": "validate", "is_valid": False, "message": "Write something.", "parameter_name": "a"}
            ]
        }
    assert (await client.post("/app/run/echo", {"data": ["x"]})).json["data"] == ["<x>"]


async def test_one_that_takes_long_holds_nothing_of_its_page_up_and_can_be_cancelled() -> None:
    hang = Hanging()
    with gr.Blocks() as demo:
        text = gr.Textbox()
        gr.Button().click(str.upper, text, text, validator=hang)
    async with site(demo) as client, socket(Visitor(client, origin="http://testserver")) as opened:
        opened.submit(0, "x")
        opened.send(type="ping")
        await opened.until("pong")
        assert await asyncio.to_thread(hang.began.wait, 10)
        opened.send(type="cancel", event_id=EVENT)
        assert (await opened.until("refused"))["status"] == 409
        assert await asyncio.to_thread(hang.stopped.wait, 10)
