"""T35: size and number of messages, idle and slow peers, and open connections per visitor have bounds."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import socket as sockets
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State
from websockets.uri import parse_uri

import blocks_app as gr
from auth_app.identity import Identity
from queue_app.access import throttling
from queue_app.exceptions import TooMany
from queue_app.sessions.message_rate import Bucket
from tests.launch.programs import certificate
from tests.security.live import Live, frames_until


def app() -> gr.Blocks:
    with gr.Blocks() as demo:
        text = gr.Textbox()
        gr.Button().click(lambda value: value, text, text, api_name="echo")
    return demo


def test_a_message_that_is_too_large_costs_its_event_alone(serve: Callable[..., Live], settings: Any) -> None:
    settings.BLOCKS_MAX_BODY_SIZE = 10_000
    live = serve(app())
    with live.socket() as socket:
        frames_until(socket, "welcome")
        for event, text in (("eeeeeeee", "x" * 20_000), ("ffffffff", "x")):
            socket.send(json.dumps({"type": "submit", "event_id": event, "fn_index": 0, "data": [text]}))
        refusal = frames_until(socket, "refused")[-1]
        assert (refusal["event_id"], refusal["status"]) == ("eeeeeeee", 413) and "10000 bytes" in refusal["detail"]
        assert frames_until(socket, "accepted")[-1]["event_id"] == "ffffffff"


def test_a_message_beyond_what_the_server_takes_at_once_closes_the_socket(serve: Callable[..., Live]) -> None:
    with serve(app()).socket() as socket:
        frames_until(socket, "welcome")
        with pytest.raises(ConnectionClosed):
            socket.send("x" * 33 * 1024 * 1024)
            frames_until(socket, "pong")


def test_a_request_that_is_too_large_is_refused(serve: Callable[..., Live], settings: Any) -> None:
    settings.BLOCKS_MAX_BODY_SIZE = 10_000
    live = serve(app())
    assert live.post("run/echo", {"data": ["x" * 20_000]}).status == 413


def test_too_many_messages_close_the_socket(serve: Callable[..., Live], settings: Any) -> None:
    settings.BLOCKS_SOCKET_RATE = 5
    with serve(app()).socket() as socket:
        for _ in range(100):
            socket.send('{"type":"ping"}')
        refusal = frames_until(socket, "refused")[-1]
        assert (refusal["status"], refusal["detail"]) == (429, "This page sends too many messages.")
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
    slots = [throttling.enter(ann, scope), throttling.enter(ann, scope)]
    with pytest.raises(TooMany):
        throttling.enter(ann, scope)
    throttling.leave(slots[0])
    slots[0] = throttling.enter(ann, scope)
    for slot in slots:
        throttling.leave(slot)
    slots = [throttling.enter(ann, scope), throttling.enter(ann, scope)]  # both were given back, and no more
    with pytest.raises(TooMany):
        throttling.enter(ann, scope)
    for slot in slots:
        throttling.leave(slot)


def test_a_reader_that_takes_nothing_is_dropped(
    serve: Callable[..., Live], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BLOCKS_SLOW_READER = 0.3
    monkeypatch.setattr("queue_app.delivery.delivery_loop.WINDOW_BYTES", 10_000)
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
    settings.BLOCKS_SLOW_READER = 0.3
    live = serve(endless())
    joined = live.post("queue/join", {"data": [], "fn_index": 0, "session_hash": "slow"})
    assert joined.status == 200
    with sockets.create_connection(("127.0.0.1", live.port), 30) as connection:
        connection.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        connection.sendall(b"GET /queue/data?session_hash=slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert _ends(connection)


@pytest.mark.parametrize("secure", [False, True])
def test_a_socket_that_nobody_reads_is_hung_up_and_costs_little(
    serve: Callable[..., Live], settings: Any, tmp_path: Path, secure: bool
) -> None:
    """Not even by one that claims to have got it all."""
    settings.BLOCKS_SLOW_READER, settings.BLOCKS_SOCKET_RATE = 0.5, 0
    before, most, limit = memory(), 0, 64 * 2**20
    with stubborn(serve(endless(), **(keys(tmp_path) if secure else {})), secure) as (connection, say):
        say({"type": "submit", "event_id": "e" * 8, "fn_index": 0, "data": []})
        with contextlib.suppress(OSError):
            while most < limit and not _ends(connection, 1):
                say({"type": "ack", "number": 2**50})
                most = max(most, memory() - before)
    assert most < limit, f"{most / 2**20:.0f} MB for one reader"


def test_answers_that_nobody_reads_do_not_pile_up(serve: Callable[..., Live], settings: Any) -> None:
    """A client that asks and asks, and reads nothing, is not read either, and then dropped."""
    settings.BLOCKS_SLOW_READER, settings.BLOCKS_SOCKET_RATE = 0.5, 0
    live = serve(app())
    before, sent, limit = memory(), 0, 300 * 2**20
    with stubborn(live) as (connection, say), contextlib.suppress(OSError):
        while sent < limit and not _ends(connection, 0):
            sent += say({"type": "submit", "event_id": "?" * 30_000, "fn_index": 0, "data": []})
    assert sent < limit
    assert memory() - before < 100 * 2**20
    assert live.ask("config").status == 200


@pytest.mark.parametrize("reads", [True, False])
def test_pings_are_answered_only_to_who_reads(reads: bool) -> None:
    from queue_app.server.daphne import lazy_websockets
    from queue_app.server.daphne.backpressure import FlowControl

    protocol: Any = lazy_websockets.websocket_factory(None).protocol()
    answered = list[bytes]()
    protocol.log, protocol.sendPong = Mock(), answered.append
    protocol.state, protocol.tap = protocol.STATE_OPEN, FlowControl()
    if not reads:
        protocol.tap.pauseProducing()
    protocol.onPing(b"x")
    assert answered == ([b"x"] if reads else [])


def test_messages_wait_in_the_clients_own_machine() -> None:
    """A socket is not read while a megabyte of it waits for the application."""
    from queue_app.server.daphne.backpressure import WAITING, Backlog

    waiting = Backlog()
    assert not waiting.add(WAITING // 2) and waiting.add(WAITING // 2) and waiting.add(1)
    assert waiting.take() and not waiting.take() and not waiting.take() and waiting.size == 0


def endless() -> gr.Blocks:
    def run() -> Any:
        yield from (f"{n}" + "x" * 500_000 for n in range(2000))

    with gr.Blocks() as demo:
        text = gr.Textbox()
        gr.Button().click(run, None, text, api_name="endless")
    return demo


def keys(folder: Path) -> dict[str, Any]:
    key, cert = certificate(folder)
    return {"ssl_keyfile": str(key), "ssl_certfile": str(cert), "ssl_verify": False}


def memory() -> int:
    """Resident bytes of this process, without those that were freed and that the C library keeps for the next ones."""
    give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if give_back is not None:
        give_back(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextlib.contextmanager
def stubborn(live: Live, secure: bool = False) -> Iterator[tuple[Any, Callable[[Any], int]]]:
    """A socket of which only the handshake is read; what sends a frame on it, and gives its size."""
    address = f"ws://127.0.0.1:{live.port}/queue/ws?session_hash=stubborn"
    page: Any = f"{'https' if secure else 'http'}://127.0.0.1:{live.port}"
    protocol = ClientProtocol(parse_uri(address), origin=page)
    with sockets.socket() as plain:
        plain.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        plain.settimeout(30)
        plain.connect(("127.0.0.1", live.port))
        connection = ssl._create_unverified_context().wrap_socket(plain) if secure else plain

        def push() -> int:
            pieces = protocol.data_to_send()
            for piece in pieces:
                connection.sendall(piece)
            return sum(map(len, pieces))

        def say(frame: Any) -> int:
            protocol.send_text(json.dumps(frame).encode())
            return push()

        protocol.send_request(protocol.connect())
        push()
        while protocol.state is not State.OPEN:
            protocol.receive_data(connection.recv(1))
        try:
            yield connection, say
        finally:
            connection.close()


def _ends(connection: Any, milliseconds: int = 30_000) -> bool:
    """Whether the server hung up while we looked only now and then."""
    poll = select.poll()
    poll.register(connection, select.POLLERR | select.POLLHUP | select.POLLRDHUP)
    return bool(poll.poll(milliseconds))


def test_a_dead_peer_is_noticed() -> None:
    from queue_app.server.daphne.embedded import TIMEOUTS

    assert 0 < TIMEOUTS["ping_interval"] <= 30 and 0 < TIMEOUTS["ping_timeout"] <= 120  # type: ignore[operator]


def test_the_budget_of_messages_grows_back(settings: Any) -> None:
    settings.BLOCKS_SOCKET_RATE = 100
    now = [0.0]
    bucket = Bucket(lambda: now[0])
    assert [bucket.take() for _ in range(1500)].count(True) == 1000
    assert not bucket.take()
    now[0] += 1
    assert [bucket.take() for _ in range(150)].count(True) == 100
