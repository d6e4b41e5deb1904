"""T35: size and number of messages, idle and slow peers, and open connections per visitor have bounds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

import blocks_app as gr
from auth_app.identity import Identity
from queue_app import limits
from queue_app.exceptions import TooMany
from tests.security.live import Live, frames_until


def app() -> gr.Blocks:
    with gr.Blocks() as demo:
        text = gr.Textbox()
        gr.Button().click(lambda value: value, text, text, api_name="echo")
    return demo


def test_a_message_that_is_too_large_closes_the_socket(serve: Callable[..., Live], settings: Any) -> None:
    settings.BLOCKS_MAX_BODY_SIZE = 10_000
    live = serve(app())
    with live.socket() as socket:
        frames_until(socket, "welcome")
        socket.send('{"type":"submit","event_id":"eeeeeeee","fn_index":0,"data":["' + "x" * 20_000 + '"]}')
        with pytest.raises(ConnectionClosed):
            frames_until(socket, "accepted")
    assert live.post("run/echo", {"data": ["x" * 20_000]}).status == 413


def test_too_many_messages_close_the_socket(serve: Callable[..., Live], settings: Any) -> None:
    settings.BLOCKS_SOCKET_RATE = 5
    with serve(app()).socket() as socket:
        for _ in range(100):
            socket.send('{"type":"ping"}')
        told = frames_until(socket, "refused")[-1]
        assert (told["status"], told["detail"]) == (429, "This page sends too many messages.")
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(30)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4429


def test_connections_of_one_address_have_a_cap(serve: Callable[..., Live], settings: Any) -> None:
    settings.BLOCKS_CONNECTIONS_PER_ADDRESS = 2
    live = serve(app())
    with live.socket("a") as first, live.socket("b") as second:
        frames_until(first, "welcome")
        frames_until(second, "welcome")
        with live.socket("c") as third:
            assert frames_until(third, "refused")[-1]["status"] == 429
        assert live.ask("queue/data?session_hash=a").status == 429
    settings.BLOCKS_CONNECTIONS_PER_ADDRESS = 0
    with live.socket("d") as fourth:
        frames_until(fourth, "welcome")


def test_connections_of_one_user_have_a_cap_and_are_given_back(settings: Any) -> None:
    settings.BLOCKS_CONNECTIONS_PER_USER = 2
    ann, scope = Identity("user:91", "ann"), {"client": ("10.0.0.1", 1)}
    seats = [limits.enter(ann, scope), limits.enter(ann, scope)]
    with pytest.raises(TooMany):
        limits.enter(ann, scope)
    limits.leave(seats[0])
    seats[0] = limits.enter(ann, scope)
    for seat in seats:
        limits.leave(seat)
    assert not limits._open["identity:user:91"]


def test_a_reader_that_takes_nothing_is_dropped(
    serve: Callable[..., Live], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BLOCKS_SLOW_READER = 0.3
    monkeypatch.setattr("queue_app.consumers.WINDOW_BYTES", 10_000)
    live = serve(app())
    with live.socket() as socket:
        event = {"type": "submit", "event_id": "e" * 8, "fn_index": 0, "data": ["x" * 20_000]}
        socket.send(json.dumps(event))
        with pytest.raises(ConnectionClosed) as closed:  # it reads, but never says that anything has arrived
            while True:
                socket.recv(30)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4001
    assert live.ask("config").status == 200


def test_a_stream_that_nobody_reads_is_hung_up(serve: Callable[..., Live], settings: Any) -> None:
    import socket as sockets

    settings.BLOCKS_SLOW_READER = 0.3

    def endless() -> Any:
        yield from (f"{n}" + "x" * 500_000 for n in range(1000))

    with gr.Blocks() as demo:
        text = gr.Textbox()
        gr.Button().click(endless, None, text, api_name="endless")
    live = serve(demo)
    joined = live.post("queue/join", {"data": [], "fn_index": 0, "session_hash": "slow"})
    assert joined.status == 200
    with sockets.create_connection(("127.0.0.1", live.port), 30) as connection:
        connection.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        connection.sendall(b"GET /queue/data?session_hash=slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert _ends(connection)


def _ends(connection: Any) -> bool:
    """Whether the server hung up while we looked only now and then."""
    import select

    poll = select.poll()
    poll.register(connection, select.POLLERR | select.POLLHUP | select.POLLRDHUP)
    return bool(poll.poll(30_000))


def test_a_dead_peer_is_noticed() -> None:
    from queue_app.server import TIMEOUTS

    assert 0 < TIMEOUTS["ping_interval"] <= 30 and 0 < TIMEOUTS["ping_timeout"] <= 120  # type: ignore[operator]


async def test_the_budget_of_messages_grows_back(settings: Any) -> None:
    settings.BLOCKS_SOCKET_RATE = 100
    bucket = limits.Bucket()
    assert [bucket.take() for _ in range(1500)].count(True) >= 1000
    assert not bucket.take()
    await asyncio.sleep(0)
    bucket._seen -= 1
    bucket._left = max(bucket._left, 0)
    assert bucket.take()
