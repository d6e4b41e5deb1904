"""Deadlines that are the same for all: the first to expire is the first that came, so one timer suffices."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable


class Deadlines:
    """Calls `expired(name)` a fixed time after `set(name)`, unless dropped before. One timer for all of them."""

    def __init__(self, loop: asyncio.AbstractEventLoop, delay: float, expired: Callable[[str], None]) -> None:
        self._loop = loop
        self._delay = delay
        self._expired = expired
        self._due: OrderedDict[str, float] = OrderedDict()
        self._timer: asyncio.TimerHandle | None = None

    def set(self, name: str) -> None:
        """Start the time anew."""
        self._due[name] = self._loop.time() + self._delay
        self._due.move_to_end(name)
        self._arm()

    def drop(self, name: str) -> None:
        """Never mind."""
        self._due.pop(name, None)

    def __contains__(self, name: str) -> bool:
        return name in self._due

    def pass_time(self, seconds: float) -> None:
        """For tests: as if so many seconds had passed."""
        for name in self._due:
            self._due[name] -= seconds
        if self._timer is not None:
            self._timer.cancel()
        self._look()

    def close(self) -> None:
        """Forget all."""
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _arm(self) -> None:
        if self._timer is None and self._due:
            self._timer = self._loop.call_at(next(iter(self._due.values())), self._look)

    def _look(self) -> None:
        self._timer = None
        now = self._loop.time()
        while self._due:
            name, due = next(iter(self._due.items()))
            if due > now:
                break
            del self._due[name]
            self._expired(name)
        self._arm()
