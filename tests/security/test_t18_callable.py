"""T18: only what a listener names can be called; nothing by the name of a method or an attribute."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import blocks_app as gr
from tests.security.live import Live
from tests.serving import served

NAMES = ["__class__", "__init__", "save", "preprocess", "postprocess", "launch", "close", "fn", "lambda", "secret",
         "hidden", "dependencies", "blocks.close", "..", "%2e%2e", "echo/../hidden",
         "ECHO", "echo%00", "undefined"]  # fmt: skip


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    def secret(text: str) -> str:
        return f"secret {text}"

    with gr.Blocks() as demo:
        text = gr.Textbox()
        gr.Button("1").click(lambda value: value, text, text, api_name="echo")
        gr.Button("2").click(secret, text, text, api_name=False)
        gr.Button("3").click(None, text, text, js="x => x", api_name="script")
    with served(demo) as address:
        yield Live(address)


@pytest.mark.parametrize("name", [*NAMES, "script"])
def test_other_names_are_not_found(live: Live, name: str) -> None:
    for endpoint in ("run", "api", "call", "gradio_api/run", "gradio_api/call", "gradio_api/call/v2"):
        answer = live.post(f"{endpoint}/{name}", {"data": ["x"]})
        assert answer.status in (400, 404), (endpoint, name)
        assert b"secret x" not in answer.body


@pytest.mark.parametrize("number", [1, 2, -1, 99, 10**30])
def test_private_functions_have_no_number_for_programs(live: Live, number: int) -> None:
    for endpoint in ("run/predict", "queue/join"):
        answer = live.post(endpoint, {"data": ["x"], "fn_index": number, "session_hash": "s"})
        assert answer.status in (400, 404), endpoint


@pytest.mark.parametrize("number", ["__class__", [0], {"fn": 0}, 0.5, True])
def test_a_number_is_a_number(live: Live, number: object) -> None:
    answer = live.post("queue/join", {"data": ["x"], "fn_index": number, "session_hash": "s"})
    assert answer.status == 400


def test_what_is_declared_can_be_called(live: Live) -> None:
    assert live.run("echo", "x").json["data"] == ["x"]
