"""How many decoders of pictures, sounds and films a process has at work at once.

A decoder takes a processor and memory that depends on what a visitor sent. However many functions are called, through
the queue, without it or directly, only so many decode at the same time; the others wait in line.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from blocks_app import conf
from blocks_app.exceptions import Error
from blocks_app.media import pixels

#: Bytes that a decoded pixel takes, as `pixels` counts.
_OF_A_PIXEL = 7


class Decoders:
    """Those that are at work, and the line of those who wait for one."""

    def __init__(self) -> None:
        self.at_work = 0
        self._changed = threading.Condition()
        self._line: deque[object] = deque()

    def begin(self) -> bool:
        """Wait for a place, at most as long as pictures do; whether there is one."""
        place = object()
        with self._changed:
            self._line.append(place)
            try:
                if not self._changed.wait_for(lambda: self._is_next(place), pixels.PATIENCE):
                    return False
                self.at_work += 1
                return True
            finally:
                self._line.remove(place)
                self._changed.notify_all()

    def end(self) -> None:
        """One is done."""
        with self._changed:
            self.at_work -= 1
            self._changed.notify_all()

    def _is_next(self, place: object) -> bool:
        return self._line[0] is place and self.at_work < conf.decoders_at_once()


decoders = Decoders()
_inside: ContextVar[bool] = ContextVar("blocks_decoding", default=False)


@contextmanager
def slot() -> Iterator[None]:
    """Be one of the decoders at work; inside of another slot it costs nothing.

    Memory is asked for before (`held`, `pixels.held`): who has a slot waits for nobody.

    Raises:
        Error: none was free in a minute.
    """
    if _inside.get():
        yield
        return
    if not decoders.begin():
        raise Error(str(pixels.BUSY))
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)
        decoders.end()


@contextmanager
def held(size: int, *, while_working: bool = False) -> Iterator[None]:
    """Hold so many decoded bytes, of what all pictures, sounds and films of the process may take: see `pixels.held`.

    Raises:
        Error: there is no room for them.
    """
    with pixels.held(-(-size // _OF_A_PIXEL), while_working=while_working):
        yield
