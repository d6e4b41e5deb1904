"""Uvicorn inside this process: one thread runs an asyncio loop, any number of servers listen in it.

Importing this module imports Uvicorn; it is imported when the first server starts that `BLOCKS_SERVER` wants to be one.
"""

from __future__ import annotations

import asyncio
import atexit
import socket
import ssl
import threading
import weakref
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

import uvicorn

from queue_app import conf
from queue_app.exceptions import LaunchError
from queue_app.log_sentences import logger
from queue_app.server import lazy_startup
from queue_app.server.network.tls import checked_files, unusable
from queue_app.server.uvicorn.protocols import PatientHTTP, PatientWebSocket
from queue_app.shutdown import sequence

T = TypeVar("T")
Application = Callable[..., Awaitable[None]]

log = logger("queue_app.shutdown_uvicorn")

#: Bytes that a WebSocket message may always have: the parts of long frames, of which each site refuses what it wants.
_FRAME = 1024 * 1024
#: Seconds that the first visitor has to come before the rest is loaded without one.
_FIRST_PAGE = 0.5
#: Seconds that what was cut or told to end has to do so.
_CUT, _END = 1.0, 5.0
#: Uvicorn's settings for all that we serve. Headers of proxies are never believed: what a proxy tells is for Django's
#: settings and for `root_path`.
SETTINGS: dict[str, Any] = {
    "http": PatientHTTP,
    "ws": PatientWebSocket,
    "interface": "asgi3",
    "proxy_headers": False,
    "server_header": False,
    "log_config": None,  # the program's
    "workers": 1,  # whatever WEB_CONCURRENCY says
    "timeout_keep_alive": 60,  # as Daphne's
    "timeout_graceful_shutdown": 1,
    "ws_ping_interval": 20.0,
    "ws_ping_timeout": 60.0,
    "ws_per_message_deflate": False,  # Daphne has none; it would take 300 KB for each page
}

_loop: asyncio.AbstractEventLoop | None = None
_thread: threading.Thread | None = None
_starting = threading.Lock()
_servers: weakref.WeakSet[EmbeddedServer] = weakref.WeakSet()


class EmbeddedServer(uvicorn.Server):
    """One Uvicorn server that shares the process's loop: it can be closed without stopping the others."""

    def __init__(self, application: Application, listening: socket.socket, tls: Any, lifespan: bool) -> None:
        """See backends.Backend.serve."""
        size = max(conf.max_body_size(), _FRAME)
        options = {**SETTINGS, "ws_max_size": size, "lifespan": "auto" if lifespan else "off"}
        super().__init__(uvicorn.Config(application, **options))
        self.config.load()
        self.config.ssl = tls
        self._socket = listening
        self._up: asyncio.Event = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None
        _servers.add(self)

    def start(self) -> None:
        """Serve from now on. Raises LaunchError when the application says in its `lifespan` that it cannot."""
        try:
            _start_loop(self.config)
            on_loop(self._begin)
        except BaseException:
            self._socket.close()
            raise

    def stop_listening(self) -> None:
        """Let nobody new in."""
        if _loop is not None and not _loop.is_closed():
            on_loop(self.end_listening)

    def close(self) -> None:
        """Stop listening, end every connection and wait until both have happened."""
        if _loop is not None and not _loop.is_closed():
            on_loop(self.end)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Uvicorn's own; then whoever started it may go on."""
        await super().startup(sockets)
        self._up.set()

    async def end_listening(self) -> None:
        """The same on the loop."""
        for listener in getattr(self, "servers", ()):
            listener.close()

    async def end(self) -> None:
        """The same on the loop: cut what still answers, hang up on who has not left, let Uvicorn end."""
        await self.end_listening()
        for connection in self._connections():
            connection.give_up()
        await sequence.cut(self.server_state.tasks, _CUT)
        for connection in self._connections():
            connection.transport.abort()
        self.should_exit = True
        if self._serving is not None:
            await asyncio.wait([self._serving], timeout=_END)

    async def _begin(self) -> None:
        self._serving = asyncio.get_running_loop().create_task(self._serve_until_stopped())
        up = asyncio.ensure_future(self._up.wait())
        await asyncio.wait([self._serving, up], return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if self._serving.done():
            self._serving.result()

    async def _serve_until_stopped(self) -> None:
        try:
            await self.serve(sockets=[self._socket])
        except SystemExit:
            raise LaunchError("The application refused to start in its `lifespan`; its log says why.") from None

    def _connections(self) -> list[Any]:
        return list(self.server_state.connections)


def serve(
    application: Application, listening: socket.socket, tls: Any = None, *, lifespan: bool = False
) -> EmbeddedServer:
    """See backends.Backend."""
    server = EmbeddedServer(application, listening, tls, lifespan)
    server.start()
    return server


def on_loop(action: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """See backends.Backend."""
    assert _loop is not None
    return asyncio.run_coroutine_threadsafe(action(), _loop).result()


def stop(grace: float = 0.0) -> None:
    """See backends.Backend."""
    global _loop
    loop, thread = _loop, _thread
    if loop is None or thread is None or thread is threading.current_thread():
        return
    with suppress(TimeoutError):
        leaving = asyncio.run_coroutine_threadsafe(_leave(grace), loop)
        leaving.result(grace + sequence.RECORDS + _END + 3 * _CUT)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(_CUT)
    if not thread.is_alive():
        loop.close()
    _loop = None


def tls_context(certfile: str, keyfile: str | None, password: str | None) -> ssl.SSLContext:
    """See backends.Backend."""
    checked_files(certfile, keyfile)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certfile, keyfile, lambda: password or "")  # never asks at the terminal
    except (ssl.SSLError, OSError, ValueError) as error:
        raise unusable(certfile, keyfile, error) from error
    return context


async def _leave(grace: float) -> None:
    """End what all servers serve, and all that is on the loop."""
    try:
        for server in list(_servers):
            await server.end_listening()
        await sequence.end(grace)
        for server in list(_servers):
            await server.end()
        here = asyncio.current_task()
        rest = [task for task in asyncio.all_tasks() if task is not here]
        for task in rest:
            task.cancel()
        if rest:
            await asyncio.wait(rest, timeout=_CUT)
        await asyncio.get_running_loop().shutdown_asyncgens()
    except Exception:  # the loop stops all the same
        log.exception("server.ending_failed")


def _start_loop(config: uvicorn.Config) -> None:
    """Start the loop's thread, once per process: uvloop where it is installed, as the `uvicorn` command does."""
    global _loop, _thread
    with _starting:
        if _loop is not None:
            return
        factory = config.get_loop_factory()
        _loop = factory() if factory is not None else asyncio.new_event_loop()
        _thread = threading.Thread(target=_run_loop, args=(_loop,), name="blocks-server", daemon=True)
        atexit.register(stop)
        _thread.start()


def _run_loop(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.call_later(_FIRST_PAGE, lazy_startup.warm_up)
    loop.run_forever()
