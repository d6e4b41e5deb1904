"""Threads that end with the client."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

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
