"""Waiting for the end of the program: for Ctrl-C, or for the SIGTERM that ends containers."""

from __future__ import annotations

import signal
import socket
import threading
from contextlib import closing

_never = threading.Event()


def until_interrupted() -> None:
    """Wait until a signal's handler raises KeyboardInterrupt.

    The main thread waits on a socket that each signal writes to. Waiting on a lock would miss a signal that another
    thread receives, or that comes just before the wait begins.
    """
    if threading.current_thread() is not threading.main_thread():
        _never.wait()
        return
    reading, writing = socket.socketpair()
    with closing(reading), closing(writing):
        writing.setblocking(False)
        before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
        try:
            while True:
                reading.recv(64)  # Python runs the signal's handler right after
        finally:
            signal.set_wakeup_fd(before)


def end_like_an_interrupt() -> None:
    """Let SIGTERM, and the end of the terminal, do what Ctrl-C does, unless the program has its own use for them."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):  # Windows has no terminals that end
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
