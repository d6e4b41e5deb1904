"""A launched app as a program sees it: plain requests, and sockets."""

from __future__ import annotations

import contextlib
import json
import socket
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from websockets.sync.client import ClientConnection, connect

PATIENCE = 30


class Answer(NamedTuple):
    """Status, headers by lower-case name, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Live:
    """One launched app at `url`, which ends with a slash."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.port = int(url.rstrip("/").rpartition(":")[2])

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """GET, or POST with a body; names of headers are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            with urlopen(Request(self.url + path, body, named), timeout=PATIENCE) as found:
                return Answer(found.status, {k.lower(): v for k, v in found.headers.items()}, found.read())
        except HTTPError as error:
            with error:
                return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        """POST JSON."""
        return self.ask(path, json.dumps(body).encode(), Content_Type="application/json", **headers)

    def run(self, name: str, *data: Any) -> Answer:
        """Call an endpoint and wait for what it says."""
        return self.post(f"run/{name}", {"data": list(data)})

    def raw(self, request: bytes) -> bytes:
        """Send bytes; give the first line of the answer, or nothing when the server hung up."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(request)
            read = b""
            try:
                while b"\r\n" not in read and (piece := connection.recv(4096)):
                    read += piece
            except ConnectionResetError:
                pass
        return read.partition(b"\r\n")[0]

    def socket(self, session: str = "s", **headers: str) -> ClientConnection:
        """A page's socket."""
        address = f"ws://127.0.0.1:{self.port}/queue/ws?session_hash={session}&after=0"
        origin: Any = f"http://127.0.0.1:{self.port}"
        return connect(address, origin=origin, open_timeout=PATIENCE, additional_headers=headers)


def frames_until(socket: ClientConnection, kind: str) -> list[dict[str, Any]]:
    """Frames up to the first of this type."""
    found: list[dict[str, Any]] = []
    while not found or found[-1]["type"] != kind:
        found.append(json.loads(socket.recv(PATIENCE)))
    return found
