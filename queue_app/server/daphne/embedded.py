"""Daphne inside this process: one thread runs Twisted's reactor on an asyncio loop, any number of servers listen in it.

Importing this module installs Twisted's asyncio reactor; it is imported when the first server starts.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import warnings
import weakref
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from functools import cached_property
from typing import Any, TypeVar

from queue_app.server import lazy_startup
from queue_app.server.daphne import lazy_websockets

# First of Twisted, because it installs the asyncio reactor.
with lazy_websockets.without_websockets():
    from daphne.server import Server

# isort: split
from daphne.http_protocol import HTTPFactory
from twisted.internet import reactor as _reactor
from twisted.logger import globalLogBeginner

from queue_app import conf
from queue_app.server.daphne import body_spooling, shutdown_hooks, socket_flush

T = TypeVar("T")
Application = Callable[..., Awaitable[None]]

#: Seconds. Daphne's own are made for short requests; a busy machine with 1,000 joining visitors needs longer ones.
TIMEOUTS = {
    "http_timeout": None,  # streams stay open
    "websocket_timeout": 30 * 86400,
    "websocket_connect_timeout": 60,
    "websocket_handshake_timeout": 60,
    "ping_interval": 20,
    "ping_timeout": 60,
    "application_close_timeout": 10,
}
#: Bytes that a WebSocket message may always have: the parts of long frames, of which each site refuses what it wants.
_FRAME = 1024 * 1024
#: Seconds that the first visitor has to come before the rest is loaded without one.
_FIRST_PAGE = 0.5
#: Seconds that the first answer has to leave before.
_ON_ITS_WAY = 0.01

body_spooling.install()
shutdown_hooks.install()
reactor: Any = _reactor
_thread: threading.Thread | None = None
_starting = threading.Lock()
_servers: weakref.WeakSet[EmbeddedServer] = weakref.WeakSet()


class QuietFactory(HTTPFactory):  # type: ignore[misc]  # Daphne has no types
    """Daphne's, without Twisted's own access log: each line of it was formatted and then thrown away."""

    def log(self, request: Any) -> None:
        """Say nothing."""


class EmbeddedServer(Server):  # type: ignore[misc]  # Daphne has no types
    """One Daphne server that shares the process's reactor: it can be closed without stopping the others."""

    def __init__(self, application: Application, listening: socket.socket, tls: Any = None) -> None:
        """Take over a socket that listens already.

        Args:
            application: the ASGI application.
            listening: a bound, listening, non-blocking socket; closed here by `start`.
            tls: a Twisted context factory to speak https, or None.
        """
        size = max(conf.max_body_size(), _FRAME)
        super().__init__(
            application,
            endpoints=["adopted"],
            signal_handlers=False,
            websocket_max_message_size=size,
            websocket_max_frame_size=size,
            server_name="",  # no banner
            **TIMEOUTS,
        )
        self.connections: dict[Any, dict[str, Any]] = {}
        self.closed = False
        self._socket = listening
        self._tls = tls
        self._answered = False
        _servers.add(self)

    def start(self) -> None:
        """Serve from now on. Call it on any thread but the reactor's."""
        try:
            _start_reactor()
            on_loop(self._listen)
        finally:
            self._socket.close()  # Twisted has a copy of its own

    def stop_listening(self) -> None:
        """Let nobody new in."""
        if not self.closed:
            on_loop(lambda: shutdown_hooks.stop_listening(self))

    def close(self) -> None:
        """Stop listening, end every connection and wait until both have happened."""
        if not self.closed:
            self.closed = True
            on_loop(self._shut)

    async def _listen(self) -> None:
        self.http_factory = QuietFactory(self)
        factory: Any = self.http_factory
        if self._tls is not None:
            from twisted.protocols.tls import TLSMemoryBIOFactory  # loads OpenSSL

            factory = TLSMemoryBIOFactory(self._tls, False, factory)
        port = reactor.adoptStreamPort(self._socket.fileno(), self._socket.family, factory)
        port.transport = socket_flush.FlushingServer
        self.ports = [port]
        reactor.callLater(1, self.application_checker)
        reactor.callLater(2, self.timeout_checker)
        reactor.callLater(_FIRST_PAGE, lazy_startup.warm_up)

    @cached_property
    def ws_factory(self) -> Any:
        """What Daphne gives the connections to that become WebSockets; made when the first one does."""
        factory = lazy_websockets.websocket_factory(self, server=self.server_name)
        factory.setProtocolOptions(
            autoPingTimeout=self.ping_timeout,
            allowNullOrigin=True,  # the guard checks origins and answers in words
            openHandshakeTimeout=self.websocket_handshake_timeout,
            maxMessagePayloadSize=self.websocket_max_message_size,
            maxFramePayloadSize=self.websocket_max_frame_size,
        )
        return factory

    def protocol_disconnected(self, protocol: Any) -> None:
        """Daphne's own; as soon as the first answer is on its way, what the page asks for next is loaded."""
        super().protocol_disconnected(protocol)
        if not self._answered:
            self._answered = True
            reactor.callLater(_ON_ITS_WAY, lazy_startup.warm_up)

    async def _shut(self) -> None:
        await shutdown_hooks.stop_listening(self)
        await shutdown_hooks.end_applications((self,))
        self.connections.clear()

    def application_checker(self) -> None:
        """Daphne's own, until closed."""
        if not self.closed:
            super().application_checker()

    def timeout_checker(self) -> None:
        """Daphne's own, until closed."""
        if not self.closed:
            super().timeout_checker()


def serve(
    application: Application, listening: socket.socket, tls: Any = None, *, lifespan: bool = False
) -> EmbeddedServer:
    """See backends.Backend; Daphne knows no `lifespan`."""
    server = EmbeddedServer(application, listening, tls)
    server.start()
    return server


def stop(grace: float = 0.0) -> None:
    """See backends.Backend."""
    shutdown_hooks.stop(grace)


def tls_context(certfile: str, keyfile: str | None, password: str | None) -> Any:
    """See backends.Backend."""
    from queue_app.server.daphne.tls import Certificate  # OpenSSL, only for https

    return Certificate(certfile, keyfile, password)


def on_loop(action: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine on the reactor's thread; wait for its result and give it."""
    result: Future[T] = Future()

    async def run() -> None:
        try:
            result.set_result(await action())
        except BaseException as error:
            result.set_exception(error)

    tasks = set[Any]()

    def begin() -> None:
        task = asyncio.get_running_loop().create_task(run())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    reactor.callFromThread(begin)
    return result.result()


def _start_reactor() -> None:
    """Start the reactor's thread, once per process; a reactor that somebody else runs already is used as it is."""
    global _thread
    with _starting:
        if _thread is not None or reactor.running:
            return
        silence: Any = lambda event: None  # noqa: E731  # what matters of Twisted's log is raised anyway
        shown = warnings.showwarning
        globalLogBeginner.beginLoggingTo([silence], redirectStandardIO=False, discardBuffer=True)
        warnings.showwarning = shown  # Twisted takes Python's warnings along, into the same silence
        _thread = threading.Thread(target=_run_reactor, name="blocks-server", daemon=True)
        reactor.addSystemEventTrigger("before", "shutdown", lambda: shutdown_hooks.leave(*_servers))
        _thread.start()


def _run_reactor() -> None:
    asyncio.set_event_loop(reactor._asyncioEventloop)
    reactor.run(installSignalHandlers=False)
