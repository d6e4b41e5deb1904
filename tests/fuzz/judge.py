"""Sends made-up requests and says which answers are wrong."""

from __future__ import annotations

import json
import re

from tests.fuzz.client import Answer, send
from tests.fuzz.requests import LOGGED_IN, Made
from tests.fuzz.server import Server

#: Endpoints that answer a function's own error with 500, as Gradio's clients expect it.
RUNS = re.compile(rb"POST /(gradio_api/)?(run|api)/")


def _gave_too_little(body: bytes) -> bool:
    """Whether it has no inputs at all: as in Gradio, why that fails is only told with show_error."""
    return bool(json.loads(body)["data"] == [])


def check(server: Server, made: Made) -> Answer:
    """Send one request. AssertionError when the answer is one that no request may get."""
    request = made.request.replace(LOGGED_IN, server.cookie)
    asked = request[:300]
    try:
        answer = send(server.private_port if made.private else server.port, request, made.trickles)
    except (OSError, ValueError) as error:
        raise AssertionError(f"{type(error).__name__}: {error} {request[:3000]!r}") from error
    if answer.status == 200 and made.private and server.cookie not in request:
        assert not RUNS.match(request), asked
    if answer.status == 500:
        assert RUNS.match(request), (asked, answer.head)
        assert json.loads(answer.body).get("error") or _gave_too_little(made.body), (
            f"an exception nobody meant: {asked!r} {request[-300:]!r}"
        )
    else:
        assert 200 <= answer.status < 500 or (answer.status == 503 and b"Queue is full" in answer.body), (asked, answer)
    assert b"Traceback" not in answer.body, asked
    assert b"x-bad:" not in answer.head.lower(), asked
    assert b"root:x:0" not in answer.body, asked
    return answer
