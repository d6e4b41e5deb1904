"""The connections of a client with threads: they can be woken from elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from blocks_client._drivers.connections import CLOSING, Connections, Exchange, Line


class ThreadConnections(Connections):
    """The connections of a client with threads."""

    ending = "close"

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
