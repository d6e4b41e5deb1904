"""Memory that many ended sessions or large events have left goes back to the system.

The C library keeps what was freed in between what is still used: 10,000 sessions with a State of 10 KB left about
50 MB so. On Linux it gives all of it back when it is asked, which takes some 10 ms in a thread. Elsewhere nothing is
done.
"""

from __future__ import annotations

import asyncio
import ctypes
import functools
import sys
import time
from collections.abc import Callable
from typing import Any

from queue_app.log_sentences import logger

log = logger("queue_app.sessions")

_MANY = 500  # sessions whose State has gone since the last time
_LARGE = 32 * 1024 * 1024  # bytes of large values that have gone since the last time
_CALM = 5.0  # seconds after the last of them, so that a crowd that leaves together is one


#: When the system was asked last, in seconds of `time.monotonic`.
last_asked = -_CALM


class Trimming:
    """Counts the sessions that end, and asks for their memory when they were many. Lives on the server's loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, submit: Callable[[Callable[[], Any]], Any]) -> None:
        """Ask when it has been calm for a while after many; `submit` runs a function in a thread."""
        self._loop = loop
        self._submit = submit
        self._ended = 0
        self._bytes = 0
        self._timer: asyncio.TimerHandle | None = None

    def ended(self) -> None:
        """A session with State was forgotten."""
        self._ended += 1
        if self._ended < _MANY:
            return
        if self._ended % _MANY == 0 or self._timer is None:  # a timer for each of them would cost more than it brings
            self.close()
            self._timer = self._loop.call_later(_CALM, self._ask)

    def freed(self, size: int) -> None:
        """Values of so many bytes have gone, or go in a moment."""
        if asyncio._get_running_loop() is not self._loop:
            return
        self._bytes += size
        if self._bytes >= _LARGE and self._timer is None:
            self._timer = self._loop.call_later(_CALM, self._ask)

    def pass_time(self, seconds: float) -> None:
        """For tests: as if so many seconds had passed."""
        if self._timer is not None and seconds >= _CALM:
            self.close()
            self._ask()

    def close(self) -> None:
        """Ask no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ask(self) -> None:
        global last_asked
        log.debug("memory.trimmed", extra={"sessions": self._ended, "bytes": self._bytes})
        self._timer, self._ended, self._bytes = None, 0, 0
        if time.monotonic() - last_asked > _CALM / 2:  # another app of the process has not just done it
            last_asked = time.monotonic()
            self._submit(give_back)


def give_back(ended: int = _MANY) -> bool:
    """Give the system the memory that so many ended sessions have freed.

    False where they were few, where nothing could be given, and where it is not known how.
    """
    trim = trim_function() if ended >= _MANY else None
    return trim is not None and bool(trim(0))


@functools.cache
def trim_function() -> Callable[[int], int] | None:
    """The C library's own; None where it has none."""
    if not sys.platform.startswith("linux"):
        return None
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    return trim
