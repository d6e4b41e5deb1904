"""Sends one request exactly as it was made up, and reads as much of the answer as tells how it went."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import NamedTuple

#: Seconds in which a server must begin to answer; generous, for loaded machines.
PATIENCE = 30
#: Bytes of an answer that are read.
ENOUGH = 256 * 1024


class Answer(NamedTuple):
    """Status, head and the read part of the body."""

    status: int
    head: bytes
    body: bytes


def send(port: int, request: bytes, trickles: bool = False) -> Answer:
    """The answer; a request that trickles comes in some pieces.

    Raises TimeoutError when none begins, and ConnectionError when the server hangs up without one.
    """
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # when it answered early: read that
            step = max(1, len(request) // 8) if trickles else len(request)
            for start in range(0, len(request), step):
                connection.sendall(request[start : start + step])
                if trickles:
                    time.sleep(0.005)
        read = b""
        while b"\r\n\r\n" not in read:
            piece = connection.recv(65536)
            if not piece:
                raise ConnectionError(f"no answer: {read!r}")
            read += piece
        head, _, body = read.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        lower = head.lower()
        if b"text/event-stream" not in lower and not request.startswith(b"HEAD") and status not in (204, 304, 101):
            body = _rest(connection, lower, body)
        return Answer(status, head, body)


def _rest(connection: socket.socket, head: bytes, body: bytes) -> bytes:
    length = next((line for line in head.split(b"\r\n") if line.startswith(b"content-length:")), b"")
    expected = int(length.partition(b":")[2]) if length else None
    while len(body) < ENOUGH:
        if expected is not None and len(body) >= expected:
            break
        if expected is None and body.endswith(b"0\r\n\r\n"):
            break
        piece = connection.recv(65536)
        if not piece:
            break
        body += piece
    return body
