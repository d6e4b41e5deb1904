"""Threads that end with the client: a bounded pool, and connections that can be woken from elsewhere."""

from __future__ import annotations

import functools
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from blocks_client._connections import CLOSING, Connections, Exchange, Line

_IDLE = 10.0


class Pool:
    """At most `size` daemon threads, started when there is work, ended when there is none for a while."""

    def __init__(self, size: int, name: str) -> None:
        self._size = max(1, size)
        self._name = name
        self._work: deque[Callable[[], None]] = deque()
        self._changed = threading.Condition()
        self._idle = 0
        self._threads: set[threading.Thread] = set()
        self._closed = False

    def run(self, work: Callable[[], None]) -> None:
        """Let a thread do it, soon."""
        with self._changed:
            self._work.append(work)
            if self._idle >= len(self._work):
                self._changed.notify()
            elif len(self._threads) < self._size:
                thread = threading.Thread(target=self._loop, name=f"{self._name}-{len(self._threads)}", daemon=True)
                self._threads.add(thread)
                thread.start()

    def close(self) -> list[threading.Thread]:
        """Drop what has not begun; gives the threads, which end after what they do."""
        with self._changed:
            self._closed = True
            self._work.clear()
            self._changed.notify_all()
            return [thread for thread in self._threads if thread is not threading.current_thread()]

    def _loop(self) -> None:
        while True:
            with self._changed:
                if not self._work and not self._closed:
                    self._idle += 1
                    self._changed.wait_for(self._has_update, _IDLE)
                    self._idle -= 1
                if not self._work:
                    self._threads.discard(threading.current_thread())
                    return
                work = self._work.popleft()
            work()
            del work  # keeps nothing alive while it waits

    def _has_update(self) -> bool:
        return bool(self._work) or self._closed


class Sockets(Connections):
    """The connections of a client with threads."""

    def __init__(self, most: int | None = None) -> None:
        super().__init__(most)
        self._changed = threading.Condition(self.lock)

    def changed(self) -> None:
        """Whoever waits for room looks again."""
        self._changed.notify_all()

    def opening(self) -> None:
        """Before a connection is made: wait for the end of those that the pool has given up."""
        with self._changed:
            self._changed.wait_for(self.has_room, CLOSING)
            self._opening += 1

    def opened(self, stream: Any, is_new: bool = True) -> None:
        """Watch a network stream of httpcore."""
        if stream is None:
            self.failed()
            return
        write, close = stream.write, stream.close
        line = self.add(stream, close, is_new)
        if line is not None:
            stream.write = functools.partial(self._write, line, write)
            stream.close = functools.partial(self._close, line)

    def end(self, exchange: Exchange) -> None:
        """The answer is over."""
        for line in self.ended(exchange):
            self._finish(line)

    def _write(self, line: Line, write: Callable[..., None], *args: Any, **options: Any) -> None:
        self.used(line)
        write(*args, **options)

    def _close(self, line: Line) -> None:
        if self.may_close(line):
            self._finish(line)

    def _finish(self, line: Line) -> None:
        try:
            line.close()
        finally:
            self.closed(line)
