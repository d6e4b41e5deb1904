"""One at a time for each key, and work in threads for whoever must not wait."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from blocks_app.threads.pool import Pool


class _Lock:
    """Held by whoever makes a value; the next one finds it made."""

    def __init__(self) -> None:
        self.lock = threading.RLock()


_locks: weakref.WeakValueDictionary[str, _Lock] = weakref.WeakValueDictionary()
_guard = threading.Lock()


@contextmanager
def one_at_a_time(key: str) -> Iterator[None]:
    """Wait until nobody else in this process is in here with this key."""
    with _guard:
        lock = _locks.get(key)
        if lock is None:
            lock = _locks[key] = _Lock()
    with lock.lock:
        yield


@functools.cache
def _threads() -> Pool:
    return Pool(4, "blocks-cache")


async def in_thread(work: Callable[..., Any], *args: Any) -> Any:
    """Do what reads or writes a cache or a storage, for an async function."""
    run_here = contextvars.copy_context().run
    return await asyncio.get_running_loop().run_in_executor(_threads(), run_here, work, *args)
