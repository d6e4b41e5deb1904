"""Pump: carries what a producer in another thread or loop makes to a reader on the server's loop.

A hop between threads for each value costs many times the value itself, so the producer runs ahead by a small window and
the reader takes everything that is there. One that makes a value every few microseconds would wake the reader for each
all the same: what comes within a millisecond of the last values waits until it is over, or half the window is full.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator
from typing import Generic, TypeVar

from blocks_app.threads.call_threads import LoopInbox

T = TypeVar("T")


class ChannelClosedError(Exception):
    """The reader has gone; the producer stops."""


#: Seconds between two times that the reader is woken for a few values.
PAUSE = 0.001
#: Bytes of values that wait to be read, from which on the producer waits, too.
MOST_BYTES = 1024 * 1024


class BoundedChannel(Generic[T]):
    """Bounded, one producer, one reader.

    Args:
        to_reader: mailbox of the reader's loop.
        window: how many values the producer may be ahead.
        to_producer: mailbox of the producer's loop when that is async; None when the producer is a thread.
    """

    def __init__(self, to_reader: LoopInbox, window: int = 64, to_producer: LoopInbox | None = None) -> None:
        self._values: deque[tuple[T, int]] = deque()
        self._given = self._taken = 0  # bytes; each is counted by one side alone
        self._to_reader = to_reader
        self._to_producer = to_producer
        self._window = window
        self._woken = False
        self._delivered = 0.0
        self._pause: asyncio.TimerHandle | None = None
        self._reader: asyncio.Future[None] | None = None
        self._room = threading.Event()
        self._async_room: asyncio.Future[None] | None = None
        self._ended = False
        self._error: BaseException | None = None
        self.closed = False

    # -- the producer's side ------------------------------------------------------------------------------------------

    def put(self, value: T, size: int = 0) -> None:
        """From a thread: hand over a value of about so many bytes, waiting while the window is full.

        Raises:
            PumpClosedError: nobody reads any more.
        """
        while self._is_full and not self.closed:
            self._room.clear()
            if self._is_full and not self.closed:
                self._room.wait()
        if self.closed:
            raise ChannelClosedError
        self._append(value, size)

    async def put_async(self, value: T, size: int = 0) -> None:
        """From the producer's loop: the same."""
        while self._is_full and not self.closed:
            self._async_room = asyncio.get_running_loop().create_future()
            if self._is_full and not self.closed:
                await self._async_room
            self._async_room = None
        if self.closed:
            raise ChannelClosedError
        self._append(value, size)

    @property
    def _is_full(self) -> bool:
        """Whether a value has to wait: one always fits, however large it is."""
        return len(self._values) >= self._window or self._given - self._taken >= MOST_BYTES

    def _append(self, value: T, size: int) -> None:
        self._given += size
        self._values.append((value, size))
        self._wake()

    def end(self, error: BaseException | None = None) -> None:
        """No more values; `error` is raised to the reader after the last one."""
        self._error = error
        self._ended = True
        self._wake()

    def _wake(self) -> None:
        if not self._woken:
            self._woken = True
            self._to_reader.post(self._wake_soon)
        elif self._pause is not None and not self._may_pause:
            self._to_reader.post(self._deliver)

    @property
    def _may_pause(self) -> bool:
        return not self._ended and not self._is_full and len(self._values) < self._window // 2

    # -- the reader's side --------------------------------------------------------------------------------------------

    def _wake_soon(self) -> None:
        loop = asyncio.get_running_loop()
        pause = self._delivered + PAUSE - loop.time()
        if pause > 0 and self._may_pause:
            self._pause = loop.call_later(pause, self._deliver)
        else:
            self._deliver()

    def _deliver(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        self._woken = False
        self._delivered = asyncio.get_running_loop().time()
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def close(self) -> None:
        """The reader goes; a waiting producer is woken to find out."""
        self.closed = True
        self._make_room()

    def _make_room(self) -> None:
        if self._to_producer is None:
            self._room.set()
        elif self._async_room is not None:
            self._to_producer.post(self._open_room)

    def _open_room(self) -> None:
        if self._async_room is not None and not self._async_room.done():
            self._async_room.set_result(None)

    async def read(self) -> AsyncGenerator[T, None]:
        """The values in order; closing it tells the producer to stop."""
        values = self._values
        try:
            while True:
                while values:
                    value, size = values.popleft()
                    waited = self._given - self._taken
                    self._taken += size
                    if len(values) == self._window // 2 or waited >= MOST_BYTES:
                        self._make_room()
                    yield value
                if self._ended and not values:
                    if self._error is not None:
                        raise self._error
                    return
                self._make_room()
                self._reader = asyncio.get_running_loop().create_future()
                if values or self._ended:  # it came between the look and the wait
                    continue
                await self._reader
        finally:
            self.close()
