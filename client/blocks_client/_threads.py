"""Threads that end with the client: a bounded pool, and sockets that can be woken from elsewhere."""

from __future__ import annotations

import functools
import threading
import weakref
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

_IDLE = 10.0
#: Seconds after which nobody waits any more for a connection to be closed. It takes a moment.
_CLOSING = 5.0
_BOTH = 2  # socket.SHUT_RDWR


class Pool:
    """At most `size` daemon threads, started when there is work, ended when there is none for a while."""

    def __init__(self, size: int, name: str) -> None:
        self._size = max(1, size)
        self._name = name
        self._work: deque[Callable[[], None]] = deque()
        self._news = threading.Condition()
        self._idle = 0
        self._threads: set[threading.Thread] = set()
        self._closed = False

    def run(self, work: Callable[[], None]) -> None:
        """Let a thread do it, soon."""
        with self._news:
            self._work.append(work)
            if self._idle >= len(self._work):
                self._news.notify()
            elif len(self._threads) < self._size:
                thread = threading.Thread(target=self._loop, name=f"{self._name}-{len(self._threads)}", daemon=True)
                self._threads.add(thread)
                thread.start()

    def close(self) -> list[threading.Thread]:
        """Drop what has not begun; gives the threads, which end after what they do."""
        with self._news:
            self._closed = True
            self._work.clear()
            self._news.notify_all()
            return [thread for thread in self._threads if thread is not threading.current_thread()]

    def _loop(self) -> None:
        while True:
            with self._news:
                if not self._work and not self._closed:
                    self._idle += 1
                    self._news.wait_for(self._has_news, _IDLE)
                    self._idle -= 1
                if not self._work:
                    self._threads.discard(threading.current_thread())
                    return
                work = self._work.popleft()
            work()
            del work  # keeps nothing alive while it waits

    def _has_news(self) -> bool:
        return bool(self._work) or self._closed


class Sockets:
    """The open sockets of a client: never more than `most`, and threads that read from them can be ended.

    httpx bounds its pool, but a connection that the pool gives up is out of its count before it is closed. Where many
    have waited too long at once, the next ones would be opened beside them. So whoever opens one waits for those.
    """

    def __init__(self, most: int | None = None) -> None:
        """`most` is that of the one pool that is used; None where there are several, which close on their own."""
        self._most = most
        self._open: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._opening = 0
        self._news = threading.Condition()
        self._is_shut = False

    def opening(self) -> None:
        """Before a connection is made: wait for the end of those that the pool has given up."""
        with self._news:
            self._news.wait_for(self._has_room, _CLOSING)
            self._opening += 1

    def failed(self) -> None:
        """It could not be made."""
        with self._news:
            self._opening -= 1
            self._news.notify_all()

    def opened(self, stream: Any, is_new: bool = True) -> None:
        """Its network stream as httpcore has it; one that is not new has taken another's place, as TLS does."""
        found = socket_of(stream)
        with self._news:
            self._opening -= is_new
            if found is not None:
                self._open.add(found)
                stream.close = functools.partial(self._close, stream.close)
                if self._is_shut:
                    shutdown(found)
            self._news.notify_all()

    def _close(self, close: Callable[[], None]) -> None:
        try:
            close()
        finally:
            with self._news:
                self._news.notify_all()

    def shutdown(self) -> None:
        """Wake everybody who reads, now and from now on."""
        with self._news:
            self._is_shut = True
            self._news.notify_all()
            for each in list(self._open):
                shutdown(each)

    def _has_room(self) -> bool:
        if self._most is None or self._is_shut:
            return True
        for each in list(self._open):
            if each.fileno() == -1:
                self._open.discard(each)  # closed; the garbage collector may take long to say so
        return self._opening + len(self._open) < self._most


def socket_of(stream: Any) -> socket.socket | None:
    """The socket under a network stream of httpcore, if there is one."""
    found = stream.get_extra_info("socket") if stream is not None else None
    return found if hasattr(found, "shutdown") else None


def shutdown(each: socket.socket | None) -> None:
    """End both directions; a thread that reads sees the end at once."""
    if each is not None:
        try:
            each.shutdown(_BOTH)
        except OSError:
            pass  # not connected any more
