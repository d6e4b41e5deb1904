"""Sends made-up requests and says which answers are wrong."""

from __future__ import annotations

import json
import re

from tests.fuzz.client import Answer, send

#: Endpoints that answer a function's own error with 500, as Gradio's clients expect it.
RUNS = re.compile(rb"POST /(gradio_api/)?(run|api)/")


def _gave_too_little(request: bytes) -> bool:
    """Whether it has no inputs at all: as in Gradio, why that fails is only told with show_error."""
    body = json.loads(request.partition(b"\r\n\r\n")[2])
    return body["data"] == []


def check(port: int, request: bytes) -> Answer:
    """Send one request. AssertionError when the answer is one that no request may get."""
    answer = send(port, request)
    asked = request[:300]
    if answer.status == 500:
        assert RUNS.match(request), (asked, answer.head)
        assert json.loads(answer.body).get("error") or _gave_too_little(request), (
            f"an exception nobody meant: {asked!r} {request[-300:]!r}"
        )
    else:
        assert 200 <= answer.status < 500 or (answer.status == 503 and b"Queue is full" in answer.body), (asked, answer)
    assert b"Traceback" not in answer.body, asked
    assert b"x-bad:" not in answer.head.lower(), asked
    assert b"root:x:0" not in answer.body, asked
    return answer
