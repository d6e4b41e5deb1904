"""What the event log keeps of failed events besides their figures: inputs, to try them again, and tracebacks.

An event that fails costs a client one request, and may carry as much as the site allows. So what is kept of such
events is bounded: per event, per visitor and in all, while it waits to be written and in the database. What is over
the bounds is let go, the oldest first; the figures stay.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from msgspec.structs import asdict, replace

from queue_app import conf
from queue_app.databases import rows, writing
from queue_app.records.event_models import Event
from queue_app.signals import JobChanged

WAITING = 16 * 1024 * 1024  # bytes that may wait in memory
MOST_ROWS = 20_000  # events of which something is kept
OFTEN = 10.0  # seconds between two looks at what is kept
_SHARE = 16  # of all that may be kept, so much is added before the next look
_BATCH = 500
_NUMBER = 8  # bytes of a number, more or less


class KeptChange(JobChanged, frozen=True, eq=False):
    """A change of which more than figures is kept; `size` is how many bytes that takes while it waits."""

    size: int = 0


class Details:
    """Admits what is kept, and lets go of the oldest. Of the event log of one process.

    Attributes:
        waiting: bytes that wait in memory.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.waiting = 0
        self._added = 0
        self._rows = 0
        self._by_visitor: dict[str, int] = defaultdict(int)
        self._looked: float | None = None

    def admit(self, change: JobChanged) -> JobChanged:
        """The change with what may be kept of its failure and its inputs. Quick."""
        most = conf.event_log_inputs()
        size = measure(change.data, most) if change.data is not None and most else 0
        data, error = change.data if 0 < size <= most else None, change.error
        bytes_ = (size if data is not None else 0) + (len(error.trace) if error is not None else 0)
        client = change.request.client if change.request is not None else None
        who = visitor(change.identity, client[0] if client else "", change.session)
        with self._lock:
            if self.waiting + bytes_ > WAITING or self._by_visitor[who] + bytes_ > conf.event_log_visitor():
                error = error.detached(trace=False) if error is not None else None
                return replace(change, error=error, data=None)
            self.waiting += bytes_
            self._by_visitor[who] += bytes_
        if not bytes_:
            return replace(change, data=None)
        return KeptChange(**{**asdict(change), "data": data}, size=bytes_)

    def written(self, bytes_: int, count: int) -> None:
        """So much has left the memory; called in the event log's thread."""
        with self._lock:
            self.waiting -= bytes_
        self._added += bytes_
        self._rows += count

    def is_due(self) -> bool:
        """Whether it is time to look at what is kept."""
        if not self._rows:
            return False
        if self._looked is None:
            return True
        if time.monotonic() - self._looked < OFTEN:
            return False
        with self._lock:
            full = any(size > conf.event_log_visitor() / 2 for size in self._by_visitor.values())
        return full or self._added > conf.event_log_kept() / _SHARE or self._rows > MOST_ROWS / _SHARE

    def look(self) -> int:
        """Let go of what is too much in the database: how many events it was. Raises what the database raises."""
        self._looked = time.monotonic()
        over = list(_over(conf.event_log_kept(), conf.event_log_visitor()))
        for start in range(0, len(over), _BATCH):
            with writing(Event):
                rows(Event).filter(pk__in=over[start : start + _BATCH]).update(inputs="", traceback="", kept=0)
        with self._lock:
            self._by_visitor.clear()
        self._added = self._rows = 0
        return len(over)


def visitor(identity: str | None, address: str, session: str) -> str:
    """Whose an event is: those without a login are told apart by their address, as anybody makes sessions."""
    return f"identity {identity}" if identity else f"address {address}" if address else f"session {session}"


def measure(data: Any, most: int) -> int:
    """About how many bytes a JSON value has; soon more than `most` when it has more."""
    size, left = 0, [data]
    while left and size <= most:
        value = left.pop()
        kind = type(value)
        if kind is str:
            size += len(value) + 3
        elif kind is dict:
            size += 2 + sum(len(str(key)) + 4 for key in value) if len(value) <= most else most + 1
            left += value.values()
        elif kind in (list, tuple):
            size += 2 + len(value)
            if size <= most:
                left += value
        else:
            size += _NUMBER if kind is not int else 1 + value.bit_length() // 3
    return size


def _over(in_all: int, per_visitor: int) -> Iterator[int]:
    """The events beyond the bounds, as the newest are kept."""
    total = count = 0
    sums: dict[str, int] = defaultdict(int)
    kept = rows(Event).filter(kept__gt=0).order_by("-submitted", "-id")
    for key, identity, address, session, size in kept.values_list("id", "identity", "address", "session", "kept"):
        who = visitor(identity, address, session)
        if count >= MOST_ROWS or total + size > in_all or sums[who] + size > per_visitor:
            yield key
            continue
        count += 1
        total += size
        sums[who] += size
