"""The very end of a process that a signal has told to end: how it exits, and after what time at the latest.

Python waits for threads before it ends, and what still runs in daemon threads or hangs in a loop then meets an
interpreter that is being taken down. So a process whose exit code is settled leaves at once when user code or a
connection still hangs, after everything that had to be done has been done.
"""

from __future__ import annotations

import atexit
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from blocks_app.threads import call_threads, pool
from queue_app.log_sentences import logger
from queue_app.shutdown import signals

log = logger("queue_app.exiting")

#: Seconds from the end of the server to the end of the process, before what hangs is left behind.
LAST = 8.0
#: Seconds within which a second signal is the same wish: a terminal and a parent may both pass it on.
ONE_WISH = 1.0

_code: int | None = None
_in_time: threading.Event | None = None


def settle(code: int, seconds: float) -> None:
    """The process ends with this code, and after so many seconds at the latest; a signal from now on ends it at once.

    Call it when a signal, or a reload, has told the process to end.
    """
    global _code, _in_time
    _end_on_next_signal()
    _code = code
    signals.release_threads()
    take_time()
    _in_time = threading.Event()
    with suppress(RuntimeError):  # Python ends already, and starts no more threads
        watch = (_in_time, seconds + LAST)
        threading.Thread(target=_leave_late, args=watch, name="blocks-exit", daemon=True).start()
    atexit.register(_in_time.set)  # all threads have ended: from here on Python needs nobody's help


def take_time() -> None:
    """Something else ends in its own time: do not hurry it. `settle` anew afterwards."""
    if _in_time is not None:
        _in_time.set()


@contextmanager
def impatient() -> Iterator[None]:
    """While a program that goes on afterwards ends its server: a second signal ends it at once."""
    before = _end_on_next_signal()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_on_next_signal() -> dict[int, Any]:
    """From now on a signal ends the process at once; which handlers there were before."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    since = time.monotonic()

    def again(number: int, frame: FrameType | None) -> None:
        if time.monotonic() - since > ONE_WISH:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    return {number: signal.signal(number, again) for number in (signal.SIGINT, signal.SIGTERM)}


def _leave_late(in_time: threading.Event, seconds: float) -> None:
    if not in_time.wait(seconds):
        hang = [thread.name for thread in threading.enumerate() if thread is not threading.current_thread()]
        log.error("server.cut_off", extra={"threads": hang})
        _leave()


def leave_at_last() -> None:
    """Once all is done that was to be done at the end, leave at once, without taking the interpreter down.

    For a process whose parent waits for its end to start the next: daemon threads may hang an interpreter that goes.
    Call it before user code is loaded, so that what that has registered with atexit is done before.
    """
    atexit.register(_leave_when_settled)


def _leave_when_settled() -> None:
    if _code is not None:
        logging.shutdown()
        _leave()


@atexit.register  # early, so that it is called late
def _leave_what_hangs() -> None:
    if _code is not None and (pool.at_work() or call_threads.user_loops):
        logging.shutdown()
        _leave()


def _leave() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(_code or 0)
