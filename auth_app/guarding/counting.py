"""Counts in Django's cache that hold when many come at once, whichever cache that is.

Redis, Memcached and the cache in memory count in one step. Those in a database and in files read, then write, so that
a hundred at once could all be the first: there each count is a place that only one can take, or is made under a lock.
Where the cache keeps nothing, each process counts for itself.

All of this blocks: it belongs into a thread, where alone Django's caches count in one step.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from cachetools import TLRUCache
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks
from django.core.signals import setting_changed

_MOST_KEYS = 100_000
_TRIES = 3  # of a place that is neither free nor taken, as a database that is busy says

#: By key: until when it counts, and how many this process has seen.
_here: TLRUCache[str, tuple[float, int]] = TLRUCache(_MOST_KEYS, ttu=lambda _key, counted, _now: counted[0])
_lock = threading.Lock()


def _forget_all(*, setting: str, **_: Any) -> None:
    """What was counted beside other caches counts no more."""
    if setting == "CACHES":
        with _lock:
            _here.clear()


setting_changed.connect(_forget_all)


def take(cache: BaseCache, key: str, seconds: int, most: int) -> int:
    """One more. How many these are, `most + 1` or more when there are too many; forgotten after some seconds."""
    count = _take_there(cache, key, seconds, most)
    return count if count is not None else take_here(key, seconds)


def take_here(key: str, seconds: int) -> int:
    """The same as far as this process knows; for caches that are away."""
    now = time.monotonic()
    with _lock:
        ends, count = _here.get(key, (now + seconds, 0))
        _here[key] = ends, count + 1
        return count + 1


def give_back(cache: BaseCache, key: str, seconds: int) -> None:
    """One less."""
    with _lock:
        if (counted := _here.get(key)) is not None:
            _here[key] = counted[0], max(0, counted[1] - 1)
    if _counts_in_one_step(cache):
        with suppress(ValueError):  # forgotten meanwhile
            cache.decr(key)
        return
    with _alone(cache):
        count = int(cache.get(key) or 0)
        if count:
            cache.set(key, count - 1, seconds)
            cache.delete(f"{key}.{count}")


def forget(cache: BaseCache, key: str, most: int) -> None:
    """None any more."""
    with _lock:
        _here.pop(key, None)
    cache.delete(key)
    if not _counts_in_one_step(cache) and not isinstance(cache, FileBasedCache):
        cache.delete_many([f"{key}.{number}" for number in range(1, most + 1)])


def _take_there(cache: BaseCache, key: str, seconds: int, most: int) -> int | None:
    """None when the cache has forgotten it at once."""
    if _counts_in_one_step(cache):
        cache.add(key, 0, seconds)
        try:
            return int(cache.incr(key))
        except ValueError:
            return None
    if isinstance(cache, FileBasedCache):
        with _alone(cache):
            count = int(cache.get(key) or 0) + 1
            if count <= most:
                cache.set(key, count, seconds)
            return count
    return _take_place(cache, key, seconds, most)


def _take_place(cache: BaseCache, key: str, seconds: int, most: int) -> int | None:
    """The number of the first place that is free: `add` lets one take it. The key itself says where to begin."""
    number = int(cache.get(key) or 0) + 1
    while number <= most:
        place = f"{key}.{number}"
        for _ in range(_TRIES):
            if cache.add(place, 1, seconds):
                cache.set(key, number, seconds)
                return number if cache.get(place) is not None else None
            if cache.get(place) is not None:
                break
        number += 1
    return number


def _counts_in_one_step(cache: BaseCache) -> bool:
    """Whether it has a way of its own to count; Django's default reads, then writes."""
    return type(cache).incr is not BaseCache.incr


@contextmanager
def _alone(cache: Any) -> Iterator[None]:
    """While nobody else of this machine counts in a cache of files; nothing for others."""
    if not isinstance(cache, FileBasedCache):
        with nullcontext():
            yield
        return
    folder = Path(cache._dir)  # type: ignore[attr-defined]
    folder.mkdir(0o700, parents=True, exist_ok=True)
    with (folder / "blocks-counting.lock").open("ab") as file:
        locks.lock(file, locks.LOCK_EX)
        try:
            yield
        finally:
            locks.unlock(file)
