"""Waiting for the end of the program: for Ctrl-C, or for the SIGTERM that ends containers."""

from __future__ import annotations

import signal
import socket
import threading
from contextlib import suppress
from types import FrameType

_settled = threading.Event()


class Wakeup:
    """Something to wait for, once, beside a signal.

    Waits on a socket that each signal writes to, in the main thread: waiting on a lock would miss a signal that another
    thread receives, or that comes just before the wait begins.
    """

    def __init__(self) -> None:
        self.is_set = False
        self._reading, self._writing = socket.socketpair()
        self._writing.setblocking(False)

    def set(self) -> None:
        """Whoever waits goes on. From any thread, any number of times."""
        self.is_set = True
        with suppress(OSError):  # full, so it wakes already; or closed, as nobody waits any more
            self._writing.send(b"\0")

    def wait(self) -> None:
        """Return when it is set; in the main thread a signal's handler may raise before."""
        main = threading.current_thread() is threading.main_thread()
        before = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False) if main else -1
        try:
            while not self.is_set:
                self._reading.recv(64)  # Python runs the signal's handler right after
        finally:
            if main:
                signal.set_wakeup_fd(before)
            self._reading.close()
            self._writing.close()


def until_interrupted() -> None:
    """Wait until a signal's handler raises KeyboardInterrupt; in other threads until the process ends."""
    if threading.current_thread() is threading.main_thread():
        Wakeup().wait()
    else:
        _settled.wait()


def release_threads() -> None:
    """The process ends: threads of the user's that wait for that go on, as Python waits for them."""
    _settled.set()


def end_like_an_interrupt(*, threads_too: bool = False) -> None:
    """Let SIGTERM, and the end of the terminal, do what Ctrl-C does, unless the program has its own use for them.

    `threads_too`: any of them also lets launch() in other threads return, for which the main thread may wait.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    handler = _interrupt_all if threads_too else signal.default_int_handler
    if threads_too and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, handler)
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):  # Windows has no terminals that end
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, handler)


def _interrupt_all(number: int, frame: FrameType | None) -> None:
    release_threads()
    signal.default_int_handler(number, frame)
