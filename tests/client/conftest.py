"""A faulty server: every test says in a few lines how it misbehaves."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

CONFIG: dict[str, Any] = {
    "version": "6.31.0",
    "protocol": "sse_v3",
    "api_prefix": "/gradio_api",
    "connect_heartbeat": False,
    "components": [{"id": 1, "type": "textbox"}, {"id": 2, "type": "textbox"}],
    "dependencies": [{"id": 0, "inputs": [1], "outputs": [2], "api_name": "echo", "backend_fn": True}],
}
INFO: dict[str, Any] = {
    "named_endpoints": {
        "/echo": {
            "parameters": [{"parameter_name": "text", "label": "text", "parameter_has_default": False}],
            "returns": [{"label": "out"}],
        }
    },
    "unnamed_endpoints": {},
}


class Exchange(BaseHTTPRequestHandler):
    """One request at the faulty server, with short ways to answer it."""

    protocol_version = "HTTP/1.1"
    server: Faulty
    body: bytes = b""

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        self.body = self.rfile.read(length) if length else b""
        path = self.path.split("?")[0]
        self.server.seen.append((self.command, path, {key.lower(): value for key, value in self.headers.items()}))
        for end, answer in self.server.answers.items():
            if path.endswith(end):
                answer(self)
                return
        self.say({"detail": f"nothing at {path}"}, 404)

    do_POST = do_GET

    def say(self, value: Any, status: int = 200, **headers: str) -> None:
        """Answer with JSON, or bytes as they are."""
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"content_type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), text)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self, *messages: Any, cut: bool = False) -> None:
        """Answer with messages; `(number, message)` has an id. A cut stream ends in the middle of a chunk."""
        texts = []
        for message in messages:
            number, content = message if isinstance(message, tuple) else (None, message)
            texts.append((f"id: {number}\n" if number is not None else "") + f"data: {json.dumps(content)}\n\n")
        self.pieces([text.encode() for text in texts], cut)

    def pieces(self, pieces: list[bytes], cut: bool = False, **headers: str) -> None:
        """Answer with a stream of these pieces."""
        self.send_response(200)
        for name, text in {"content-type": "text/event-stream", "transfer-encoding": "chunked", **headers}.items():
            self.send_header(name, text)
        self.end_headers()
        for piece in pieces:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"5\r\nda" if cut else b"0\r\n\r\n")
        self.wfile.flush()
        if cut:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Be quiet."""


class Faulty(ThreadingHTTPServer):
    """A server that misbehaves as a test says.

    Attributes:
        answers: what is done by the end of a path; the first that fits.
        seen: the requests: method, path, headers.
        base: its address.
    """

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Exchange)
        self.base = f"http://127.0.0.1:{self.server_port}/"
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.events = 0
        self.answers: dict[str, Callable[[Exchange], Any]] = {
            "/config": lambda exchange: exchange.say(CONFIG),
            "/info": lambda exchange: exchange.say(INFO),
            "/cancel": lambda exchange: exchange.say({"success": True}),
            "/queue/join": lambda exchange: exchange.say({"event_id": "e1"}),
        }

    def headers_of(self, end: str) -> list[dict[str, str]]:
        """The headers of the requests for a path."""
        return [headers for _, path, headers in self.seen if path.endswith(end)]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the game."""


@pytest.fixture
def faulty() -> Iterator[Faulty]:
    """A server to teach bad manners."""
    with serving() as server:
        yield server


@pytest.fixture
def elsewhere() -> Iterator[Faulty]:
    """Another host."""
    with serving() as server:
        yield server


class serving:
    """Runs a faulty server."""

    def __init__(self, port: int = 0) -> None:
        self.port = port

    def __enter__(self) -> Faulty:
        self.server = Faulty(self.port)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        return self.server

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


def ours(but: Collection[threading.Thread] = ()) -> list[str]:
    """The threads of clients that run, by name."""
    return [each.name for each in threading.enumerate() if each.name.startswith("blocks-client") and each not in but]


def eventually(condition: Callable[[], object]) -> bool:
    """Whether it becomes true, however busy the machine is."""
    limit = time.monotonic() + 60
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(0.01)
    return True


class Opened:
    """The sockets that this process has connected, with threads and with asyncio."""

    def __init__(self) -> None:
        self.all: list[socket.socket] = []

    @property
    def count(self) -> int:
        """How many are open now; never one that was opened while this counts."""
        return sum(each.fileno() != -1 for each in list(self.all))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Counts from here on."""
    made, create, loop = Opened(), socket.create_connection, asyncio.SelectorEventLoop
    connect = loop.sock_connect

    def create_connection(*args: Any, **options: Any) -> socket.socket:
        made.all.append(create(*args, **options))
        return made.all[-1]

    async def sock_connect(self: Any, sock: socket.socket, address: Any) -> None:
        await connect(self, sock, address)
        made.all.append(sock)

    monkeypatch.setattr(socket, "create_connection", create_connection)
    monkeypatch.setattr(loop, "sock_connect", sock_connect)
    return made


def generating(data: list[Any], event: str = "e1") -> dict[str, Any]:
    return {"msg": "process_generating", "event_id": event, "output": {"data": data}, "success": True}


def completed(data: list[Any], event: str = "e1") -> dict[str, Any]:
    return {"msg": "process_completed", "event_id": event, "output": {"data": data}, "success": True}


CLOSE = {"msg": "close_stream", "event_id": None}
