"""The orderly end under Daphne: the `daphne` command, runserver, and the servers of launch() and runblocks.

When Twisted's reactor is told to stop, Daphne cancels the applications of its connections; a socket that was upgraded
from a request makes that fail, so nobody is cancelled and nothing told, and what is still suspended on the loop is
collected while Python takes itself down, which Python 3.11 does not survive. Here the reactor stops after everything
has ended, and leaves nothing on its loop. Daphne knows no `lifespan`.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
from typing import Any

from queue_app import conf
from queue_app.log_sentences import logger
from queue_app.server.daphne.patching import replace
from queue_app.shutdown import process_exit, sequence

log = logger("queue_app.shutdown_daphne")

#: Seconds that tasks have to end which were cancelled.
CANCELLED = 1.0

_grace: float | None = None  # what `stop` was given


def install() -> None:
    """Change Daphne's Server in this process, once."""
    from daphne.server import Server  # installs the reactor

    kind: Any = Server
    if getattr(kind, "ends_in_order", False):
        return
    kind.ends_in_order = True
    success = kind.listen_success

    def listen_success(server: Any, port: Any) -> None:
        server.__dict__.setdefault("ports", []).append(port)
        success(server, port)

    def kill_all_applications(server: Any) -> Any:
        from twisted.internet import reactor

        if threading.current_thread() is threading.main_thread() and getattr(reactor, "_exitSignal", None):
            process_exit.settle(0, conf.shutdown_grace() + sequence.RECORDS)
        return leave(server)

    replace(kind, listen_success=listen_success, kill_all_applications=kill_all_applications)
    atexit.register(stop)


def leave(*servers: Any) -> Any:
    """End what these servers serve, and all that is on the reactor's loop: a Deferred, for `before shutdown`."""
    from twisted.internet.defer import Deferred

    return Deferred.fromFuture(asyncio.ensure_future(_leave(servers)))


async def _leave(servers: tuple[Any, ...]) -> None:
    try:
        for server in servers:
            await stop_listening(server)
        await sequence.end(_grace)
        await end_applications(servers)
        here = asyncio.current_task()
        await cancelled([task for task in asyncio.all_tasks() if task is not here])
        await asyncio.get_running_loop().shutdown_asyncgens()
    except Exception:  # the reactor stops all the same
        log.exception("server.ending_failed")


async def stop_listening(server: Any) -> None:
    """Nobody new comes in."""
    for port in server.__dict__.pop("ports", ()):
        stopped = port.stopListening()
        if stopped is not None:
            await stopped.asFuture(asyncio.get_running_loop())


async def end_applications(servers: tuple[Any, ...]) -> None:
    """Cancel what still answers, and hang up on those who have not left."""
    open_ = [(protocol, details) for server in servers for protocol, details in server.connections.items()]
    await cancelled([details["application_instance"] for _, details in open_ if "application_instance" in details])
    for protocol, details in open_:
        transport = getattr(protocol, "transport", None)
        if transport is not None and not details.get("disconnected"):  # those that left wait to be counted out
            transport.abortConnection()


async def cancelled(tasks: list[asyncio.Task[Any]]) -> None:
    """Cancel tasks and wait for their end, a little."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=CANCELLED)


def stop(grace: float = 0.0) -> None:
    """The program ends: a reactor that runs in another thread stops, and is waited for; its loop is closed."""
    global _grace
    from twisted.internet import reactor as installed

    reactor: Any = installed
    if reactor.running:
        thread = _thread_of_reactor()
        if thread is None or thread is threading.current_thread():
            return
        _grace = grace
        reactor.callFromThread(reactor.stop)
        thread.join(grace + sequence.RECORDS + 3 * CANCELLED)
    loop = reactor._asyncioEventloop
    if not loop.is_running():
        loop.close()


def _thread_of_reactor() -> threading.Thread | None:
    from twisted.python import threadable

    here: Any = threadable.ioThread
    return next((each for each in threading.enumerate() if each.ident == here), None)
