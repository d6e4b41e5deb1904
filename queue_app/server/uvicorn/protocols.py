"""Uvicorn's connections with our limits: for heads that trickle in or never end, and for clients that do not read.

The `uvicorn` command takes them as well: `--http queue_app.server.uvicorn.protocols:PatientHTTP` and
`--ws queue_app.server.uvicorn.protocols:PatientWebSocket`.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from queue_app import conf
from queue_app.log_sentences import logger
from queue_app.server.network.refusals import answer

log = logger("queue_app.pressure")

#: Bytes that the head of a request may have, beyond what comes with its first bytes.
LONGEST_HEAD = 64 * 1024
_AT_ONCE = struct.pack("ii", 1, 0)
_TOO_LONG = "The address or the headers of the request are too long."


class _DropsSlowReaders(asyncio.Protocol):
    """Hangs up on a client that takes nothing of what waits for it for `BLOCKS_SLOW_READER` seconds."""

    transport: asyncio.Transport
    _unread = 0
    _look: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """The socket's buffer is full: applications wait from now on."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """The client has taken it."""
        self._rest()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._rest()
        super().connection_lost(exc)

    def _watch(self) -> None:
        self._unread = self.transport.get_write_buffer_size()
        self._look = asyncio.get_running_loop().call_later(conf.slow_reader(), self._look_again)

    def _look_again(self) -> None:
        if self.transport.get_write_buffer_size() < self._unread:
            self._watch()
            return
        log.info("reader.dropped")
        # At once, as Daphne does: what the kernel has of the answer would wait for the client as well.
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()

    def _rest(self) -> None:
        if self._look is not None:
            self._look.cancel()
            self._look = None


class PatientHTTP(_DropsSlowReaders, HttpToolsProtocol):
    """A connection on which the head of each request has `BLOCKS_SLOW_WRITER` seconds to come."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.access_log = False  # as under Daphne; the `uvicorn` command's own would only be formatted
        self._deadline: asyncio.TimerHandle | None = None
        self._begun = False  # of a head: whether some of it has come
        self._came = 0

    def connection_made(self, transport: Any) -> None:
        """Somebody has come, and should say what for."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Some bytes: of a head, a body, or both."""
        of_head = self._begun
        super().data_received(data)
        if not self._begun or self.transport.is_closing():
            return
        if of_head:
            self._came += len(data)
            if self._came > LONGEST_HEAD:
                self._refuse(431, _TOO_LONG)
        elif self._deadline is None:
            self._await_head()

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self._begun, self._came = True, 0

    def on_headers_complete(self) -> None:
        """The head has come; what follows is a body, which is timed where it is read."""
        self._begun = False
        self._forget_deadline()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._forget_deadline()
        super().connection_lost(exc)

    def give_up(self) -> None:
        """Say no more of an answer that has begun: it cannot be completed any more."""
        if self.cycle is not None and self.cycle.response_started:
            self.cycle.disconnected = True

    def _await_head(self) -> None:
        if seconds := conf.slow_writer():
            self._deadline = self.loop.call_later(seconds, self._too_late)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        if self._begun:
            from queue_app.uploads.body_limits import SLOW  # Django; the `uvicorn` command imports this module first

            self._refuse(408, SLOW)
        elif not self.transport.is_closing():
            self.transport.close()  # nobody has asked for anything

    def _refuse(self, status: int, why: str) -> None:
        self._forget_deadline()
        if not self.transport.is_closing():
            self.transport.write(answer(status, "application/json", orjson.dumps({"detail": why})))
            self.transport.close()


class PatientWebSocket(_DropsSlowReaders, WebSocketsSansIOProtocol):
    """A WebSocket. Uvicorn stops reading it while a message waits for the application."""

    def give_up(self) -> None:
        """It has been told to close."""
