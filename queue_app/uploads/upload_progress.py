"""How far uploads have come, for `upload_progress`: kept in this process while they last, and a little longer.

The browser makes up an `upload_id` and names it in both requests. Who asks must carry the same cookies and
authorization as who uploads, so that an id that was guessed tells nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Iterable

from cachetools import FIFOCache

#: Uploads that are remembered; the oldest goes first.
KEPT = 1_000
LONGEST_ID = 200
#: Reports that wait for a reader; further ones are added to the last.
REPORTS = 100

Key = tuple[str, str]


class ReceivedBytes:
    """One upload: what has come and was not told yet. Lives on the server's event loop."""

    def __init__(self) -> None:
        self.reports: deque[tuple[str, int]] = deque()
        self.done = self.closed = False
        self._changed = asyncio.Event()

    def add(self, name: str, size: int) -> None:
        """So many bytes of the file of this name have come."""
        if self.reports and (self.reports[-1][0] == name or len(self.reports) >= REPORTS):
            name, before = self.reports.pop()
            size += before
        self.reports.append((name, size))
        self._changed.set()

    def finish(self) -> None:
        """Nothing more will come."""
        self.done = True
        self._changed.set()

    def close(self) -> None:
        """Nobody listens any more."""
        self.closed = True
        self._changed.set()

    async def next_reports(self) -> list[tuple[str, int]]:
        """Wait for reports or the end; give the reports that were not given yet."""
        while not self.reports and not self.done and not self.closed:
            self._changed.clear()
            await self._changed.wait()
        found = list(self.reports)
        self.reports.clear()
        return found


class _Uploads(FIFOCache[Key, ReceivedBytes]):
    def popitem(self) -> tuple[Key, ReceivedBytes]:
        """Whoever waits for reports of the one that goes is told its end."""
        key, progress = super().popitem()
        progress.finish()
        return key, progress


_uploads = _Uploads(KEPT)
_waiting: dict[Key, list[asyncio.Future[ReceivedBytes]]] = {}


def key_of(upload_id: str, headers: Iterable[tuple[bytes, bytes]]) -> Key | None:
    """What an upload is known by: its id and a digest of who sends it. None without a sensible id."""
    if not upload_id or len(upload_id) > LONGEST_ID:
        return None
    secrets = sorted((name, value) for name, value in headers if name in (b"cookie", b"authorization"))
    return upload_id, hashlib.sha256(repr(secrets).encode()).hexdigest()


def begin(key: Key) -> ReceivedBytes:
    """An upload starts."""
    progress = _uploads[key] = ReceivedBytes()
    for waiter in _waiting.pop(key, ()):
        if not waiter.done():
            waiter.set_result(progress)
    return progress


async def find(key: Key, patience: float) -> ReceivedBytes | None:
    """An upload; waits so many seconds for one that has not begun."""
    known = _uploads.get(key)
    if known is not None:
        return known
    if len(_waiting) >= KEPT:
        return None
    waiter: asyncio.Future[ReceivedBytes] = asyncio.get_running_loop().create_future()
    _waiting.setdefault(key, []).append(waiter)
    try:
        async with asyncio.timeout(patience):
            return await waiter
    except TimeoutError:
        return None
    finally:
        left = [each for each in _waiting.pop(key, ()) if each is not waiter]
        if left:
            _waiting[key] = left


def forget(key: Key) -> None:
    """Its end was told."""
    _uploads.pop(key, None)
