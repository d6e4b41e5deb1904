"""How many messages one page may send in a while, over whichever connections."""

from __future__ import annotations

import time
from collections.abc import Callable

from queue_app import conf


class Bucket:
    """How many messages one page may send: `BLOCKS_SOCKET_RATE` a second, and ten seconds' worth at once."""

    __slots__ = ("_clock", "_left", "_rate", "_seen")

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Count the seconds of a clock."""
        self._clock = clock
        self._rate = conf.socket_rate()
        self._left = self._rate * 10.0
        self._seen = clock()

    def take(self) -> bool:
        """Whether one more message is within the limit."""
        if not self._rate:
            return True
        now = self._clock()
        self._left = min(self._rate * 10.0, self._left + (now - self._seen) * self._rate)
        self._seen = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    @property
    def wait(self) -> float:
        """Seconds until one more message is within the limit."""
        return max(0.0, (1 - self._left) / self._rate) if self._rate else 0.0
