"""The orderly end under Uvicorn and gunicorn's worker of it.

Uvicorn closes every connection before it tells the application that it ends, and waits for streams that never end by
themselves. So the application ends first here, while pages can still be told. Afterwards Uvicorn raises the signal
anew, which kills the process before Python has ended it; where Uvicorn is all that the process does, SIGTERM ends it in
order, as Ctrl-C does.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from types import FrameType
from typing import Any

from queue_app import conf
from queue_app.shutdown import process_exit, sequence

_WORKERS = ("uvicorn_worker._workers", "uvicorn.workers")


def notice(whole: bool) -> None:
    """A server is starting, or serves its first request: if it is Uvicorn, on the main thread, end before it does.

    `whole`: the application is a site of ours, and nothing else is served. Else the others may take their time.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    server: Any = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    if not hasattr(server, "should_exit") or not hasattr(server, "shutdown") or hasattr(server, "ends_in_order"):
        return
    shut, was_signalled = server.shutdown, False

    def seconds() -> float:
        return 0.0 if getattr(server.config, "should_reload", False) else conf.shutdown_grace()

    async def shutdown_in_order(*args: Any, **options: Any) -> None:
        await sequence.end(seconds())
        if was_signalled and not whole:
            process_exit.take_time()
        await shut(*args, **options)
        if was_signalled and not whole:
            process_exit.settle(0, 0.0)

    def end_on_signal(number: int, frame: FrameType | None) -> None:
        nonlocal was_signalled
        was_signalled = server.should_exit = True
        process_exit.settle(0, seconds() + sequence.RECORDS)

    server.shutdown, server.ends_in_order = shutdown_in_order, True
    owner = _owner()
    if owner:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end_on_signal)
    if owner in _WORKERS:  # gunicorn's Ctrl-C, to which the worker itself does nothing
        asyncio.get_running_loop().add_signal_handler(signal.SIGQUIT, end_on_signal, signal.SIGQUIT, None)


def _owner() -> str:
    """The module of Uvicorn that runs the loop; "" when a program does that goes on after it."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        module: str = frame.f_globals.get("__name__", "")
        if module in _WORKERS or (module == "uvicorn.server" and frame.f_code.co_name == "run"):
            return module
        frame = frame.f_back
    return ""
