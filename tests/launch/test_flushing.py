"""What a launched server writes: at once where it fits, and completely where it does not."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from queue_app.server.daphne.embedded import on_loop, reactor

from .conftest import call, fetch


@pytest.fixture
def app(launched: Callable[..., Any]) -> str:
    """The address of an app that greets."""
    address: str = launched().local_url
    return address


def test_an_answer_does_not_wait_for_the_selector(app: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch(app)
    asked: list[object] = []
    monkeypatch.setattr(reactor, "addWriter", asked.append)
    assert call(app, "Ann") == ["Hello Ann!"]
    assert asked == []


def test_what_does_not_fit_into_the_sockets_buffer_arrives_too(app: str) -> None:
    text = "x" * 3_000_000
    body = b'{"data":["%s"]}' % text.encode()
    parts = urlsplit(app)
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect((parts.hostname or "", parts.port or 0))
        head = f"POST /gradio_api/run/greet HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        slow.sendall(f"{head}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        on_loop(_turn)  # the answer is not read before the server has done something else
        with slow.makefile("rb") as answer:
            received = answer.read()
    assert received.startswith(b"HTTP/1.1 200") and f"Hello {text}!".encode() in received


async def _turn() -> None:
    """Another turn of the server's loop."""
