"""T41: a limit on events and uploads per person or address, counted in Django's cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import blocks_app as gr
from auth_app.identity import ANONYMOUS, Identity
from queue_app.access import throttling
from queue_app.exceptions import TooMany
from tests.security.live import Live, frames_until


def app() -> gr.Blocks:
    with gr.Blocks() as demo:
        text = gr.Textbox()
        gr.Button().click(lambda value: value, text, text, api_name="echo")
    return demo


def test_every_endpoint_counts_and_answers_429(serve: Callable[..., Live], settings: Any) -> None:
    settings.BLOCKS_RATE_LIMIT = "4/d"
    live = serve(app())
    event = {"data": ["x"], "fn_index": 0, "session_hash": "s"}
    form = b'--b\r\nContent-Disposition: form-data; name="files"; filename="x"\r\n\r\nx\r\n--b--\r\n'
    kind = "multipart/form-data; boundary=b"
    endpoints: list[Callable[[], Any]] = [
        lambda: live.run("echo", "x"),
        lambda: live.post("call/echo", event),
        lambda: live.post("queue/join", event),
        lambda: live.ask("upload", form, Content_Type=kind),
    ]
    assert [endpoint().status for endpoint in endpoints] == [200] * 4
    for endpoint in endpoints:
        refused = endpoint()
        assert (refused.status, "4 in 86400 seconds" in refused.json["detail"]) == (429, True)
        assert int(refused.headers["retry-after"]) > 0
    with live.socket() as socket:
        socket.send('{"type":"submit","event_id":"eeeeeeee","fn_index":0,"data":["x"]}')
        assert frames_until(socket, "refused")[-1]["status"] == 429
    assert live.ask("config").status == 200


async def test_visitors_are_counted_apart(settings: Any) -> None:
    settings.BLOCKS_RATE_LIMIT = "1/h"
    here, there = {"client": ("10.0.0.1", 1)}, {"client": ("10.0.0.2", 1)}
    for identity, scope in (
        (Identity("user:1", "ann"), here),
        (Identity("user:2", "bob"), here),
        (ANONYMOUS, here),
        (ANONYMOUS, there),
    ):
        await throttling.spend(identity, scope)
        with pytest.raises(TooMany):
            await throttling.spend(identity, scope)


async def test_a_header_does_not_make_another_address(settings: Any) -> None:
    settings.BLOCKS_RATE_LIMIT = "1/h"
    await throttling.spend(ANONYMOUS, {"client": ("10.0.0.9", 1), "headers": []})
    with pytest.raises(TooMany):
        await throttling.spend(ANONYMOUS, {"client": ("10.0.0.9", 1), "headers": [(b"x-forwarded-for", b"1.2.3.4")]})


async def test_off_by_default() -> None:
    for _ in range(100):
        await throttling.spend(ANONYMOUS, {"client": ("10.0.0.3", 1)})


@pytest.mark.parametrize(("text", "rate"), [("60/m", (60, 60)), ("5/10s", (5, 10)), ("1/hour", (1, 3600))])
def test_rates_are_written_so(text: str, rate: tuple[int, int]) -> None:
    assert throttling.parse_rate(text) == rate


@pytest.mark.parametrize("text", ["60", "m/60", "1/0s", "-1/s", "1/y"])
def test_other_rates_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is written like"):
        throttling.parse_rate(text)
