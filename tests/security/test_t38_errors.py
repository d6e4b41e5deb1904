"""T38: what went wrong inside is told to the log, not to the visitor."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import blocks_app as gr
from tests.security.live import Live, frames_until

INSIDE = "postgres://admin:hunter2@db"


def broken(text: str) -> str:
    raise RuntimeError(INSIDE)


def app() -> gr.Blocks:
    with gr.Blocks() as demo:
        text = gr.Textbox()
        gr.Button().click(broken, text, text, api_name="broken")
    return demo


def test_an_exception_is_told_by_no_endpoint(serve: Callable[..., Live]) -> None:
    live = serve(app())
    direct = live.run("broken", "x")
    assert direct.status == 500 and direct.json["error"] is None
    started = live.post("call/broken", {"data": ["x"]})
    streamed = live.ask(f"call/broken/{started.json['event_id']}")
    live.post("queue/join", {"data": ["x"], "fn_index": 0, "session_hash": "s"})
    for answer in (direct, streamed, live.ask("queue/data?session_hash=s")):
        assert b"hunter2" not in answer.body and b"Traceback" not in answer.body and b".py" not in answer.body


def test_nor_by_the_socket_even_with_debug(serve: Callable[..., Live], settings: Any) -> None:
    settings.DEBUG = True
    with serve(app()).socket() as socket:
        socket.send('{"type":"submit","event_id":"eeeeeeee","fn_index":0,"data":["x"]}')
        text = ""
        while "process_completed" not in text:
            text += json.dumps(frames_until(socket, "messages")[-1])
    assert "hunter2" not in text and "Traceback" not in text


def test_show_error_tells_the_text_and_never_the_trace(serve: Callable[..., Live]) -> None:
    answer = serve(app(), show_error=True).run("broken", "x")
    assert INSIDE in answer.json["error"] and b"Traceback" not in answer.body and b"File " not in answer.body


def test_a_mistake_of_the_server_is_told_in_general_words(serve: Callable[..., Live], monkeypatch: Any) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError(INSIDE)

    live = serve(app())
    monkeypatch.setattr("queue_app.transport.queue_stream.checked_session", fail)
    monkeypatch.setattr("blocks_app.web.views.api_info", fail)
    joined = live.post("queue/join", {"data": ["x"], "fn_index": 0, "session_hash": "s"})
    for answer in (joined, live.ask("info")):
        assert answer.status == 500
        assert b"hunter2" not in answer.body and b"Traceback" not in answer.body
