"""Daphne's connections under back-pressure: nothing piles up for a client that does not read, or writes too fast.

Daphne hands a socket whatever an application gives it, and an application whatever a socket sends, in queues without
an end. Here an application waits until a slow client has taken what was sent, and is rid of one that takes nothing for
long; a socket whose messages wait for the application is not read; and its pings are not answered while answers wait.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from queue_app import conf
from queue_app.log_sentences import logger
from queue_app.server.daphne import lazy_websockets
from queue_app.server.daphne.patching import replace

log = logger("queue_app.pressure")

#: Bytes of messages that may wait for a socket's application before no more is read.
WAITING = 1024 * 1024
#: What a message that waits costs besides its text.
_EACH = 512


class FlowControl:
    """Told by Twisted when the client is too slow; an application waits until it is open."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()

    def pauseProducing(self) -> None:
        """The socket's buffer is full."""
        self.open.clear()

    def resumeProducing(self) -> None:
        """The socket has taken it."""
        self.open.set()

    def stopProducing(self) -> None:
        """The client has gone: whoever waits may go on."""
        self.open.set()


class Backlog:
    """The messages of one socket that wait for its application."""

    def __init__(self) -> None:
        self.size = 0
        self._sizes: deque[int] = deque()

    def add(self, size: int) -> bool:
        """One more; True when they are too many now."""
        self._sizes.append(size + _EACH)
        self.size += size + _EACH
        return self.size > WAITING

    def take(self) -> bool:
        """The first is taken; True when they are no longer too many."""
        before = self.size
        self.size -= self._sizes.popleft()
        return before > WAITING >= self.size


async def taken(flow: FlowControl, transport: Any) -> bool:
    """Wait until the client has taken what was sent; False when it takes nothing of it for too long."""
    if flow.open.is_set():
        return True
    left = _unsent(transport)
    while True:
        try:
            async with asyncio.timeout(conf.slow_reader()):
                await flow.open.wait()
            return True
        except TimeoutError:
            before, left = left, _unsent(transport)
            if left >= before:
                return False


def _unsent(transport: Any) -> int:
    """Bytes that Twisted keeps for the client; below TLS, what is encrypted already."""
    while (inner := getattr(transport, "transport", None)) is not None:
        transport = inner
    waiting: int = len(transport.dataBuffer) - transport.offset + transport._tempDataLen
    return waiting


def install() -> None:
    """Change Daphne's WebSockets in this process; `body_spooling.install` calls it, once."""
    from daphne.server import Server

    create, reply = Server.create_application, Server.handle_reply

    def create_application(server: Any, protocol: Any, scope: Any) -> Any:
        queue = create(server, protocol, scope)
        if queue is not None and _is_socket(protocol):
            _count(queue, protocol)
        return queue

    async def handle_reply(server: Any, protocol: Any, message: Any) -> None:
        if not _is_socket(protocol):
            await reply(server, protocol, message)
            return
        if message["type"] == "websocket.close":
            _shut(protocol)
        await reply(server, protocol, message)
        if message["type"] == "websocket.accept":
            _fit(protocol)
        elif protocol.tap is not None and not await taken(protocol.tap, protocol.transport):
            log.info("reader.dropped", extra={"path": protocol.path.decode("latin-1")})
            protocol.transport.abortConnection()

    replace(Server, create_application=create_application, handle_reply=handle_reply)
    lazy_websockets.with_websockets(_patch_sockets)


def _patch_sockets(kind: Any) -> None:
    """Change Daphne's WebSocketProtocol."""
    on_message, pinged = kind.onMessage, kind.onPing

    def onMessage(protocol: Any, payload: bytes, isBinary: bool) -> None:
        on_message(protocol, payload, isBinary)
        if protocol.backlog.add(len(payload)):
            protocol.transport.pauseProducing()

    def onPing(protocol: Any, payload: bytes) -> None:
        if protocol.tap is None or protocol.tap.open.is_set():
            pinged(protocol, payload)

    kind.tap = None
    replace(kind, onMessage=onMessage, onPing=onPing)


def _is_socket(protocol: Any) -> bool:
    """Whether Daphne speaks WebSocket with this client; asks without loading Daphne's WebSockets."""
    return getattr(protocol, "application_type", "") == "websocket"


def _fit(protocol: Any) -> None:
    """Put a FlowControl where the request that became this socket has left its own."""
    protocol.tap = FlowControl()
    protocol.transport.unregisterProducer()
    protocol.transport.registerProducer(protocol.tap, True)


def _shut(protocol: Any) -> None:
    """Let the transport end: with TLS it would wait for whoever still may write."""
    if protocol.tap is not None:
        protocol.tap.stopProducing()
        protocol.tap = None
        protocol.transport.unregisterProducer()


def _count(queue: Any, protocol: Any) -> None:
    """Read on as soon as the application has taken what waited."""
    take, protocol.backlog = queue._get, Backlog()

    def get() -> Any:
        message = take()
        if message["type"] == "websocket.receive" and protocol.backlog.take():
            protocol.transport.resumeProducing()
        return message

    queue._get = get
