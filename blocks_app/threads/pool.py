"""Threads that never hold up the end of the program.

The threads of a ThreadPoolExecutor are waited for when Python ends, however long that takes: one function that sleeps
for an hour keeps the process for an hour. Those of a Pool are waited for by whoever ends the server, as long as the
operator allows, and then no more. After each piece of work they give back the database connections that it opened.
"""

from __future__ import annotations

import queue
import threading
import weakref
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from blocks_app.connections import released

P = ParamSpec("P")
T = TypeVar("T")

#: What was submitted: its future, the function, its arguments. None ends a thread.
_Item = tuple["Future[Any]", Callable[..., Any], tuple[Any, ...], dict[str, Any]] | None
_pools: weakref.WeakSet[Pool] = weakref.WeakSet()


class Pool(ThreadPoolExecutor):
    """An executor of at most `size` daemon threads; `size` may be changed.

    A ThreadPoolExecutor by class, because asyncio takes nothing else as a loop's default; its threads are our own.
    """

    def __init__(self, size: int, name: str) -> None:
        """Start no thread yet; each is called `name` and a number."""
        super().__init__(size, thread_name_prefix=name)
        self.size = size
        self.name = name
        self._items: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        self._crew = _Crew()
        self._over = False
        self._guard = threading.Lock()
        weakref.finalize(self, self._items.put, None).atexit = False  # forgotten without shutdown: its threads end
        _pools.add(self)

    @property
    def busy(self) -> list[Future[Any]]:
        """What runs in a thread at the moment."""
        return list(self._crew.running)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` in a thread as soon as one is free. Raises RuntimeError after `shutdown`."""
        future: Future[T] = Future()
        with self._guard:
            if self._over:
                raise RuntimeError("This pool takes no more work: it was shut down.")
            self._items.put((future, fn, args, kwargs))
            crew = self._crew
            if crew.idle:
                crew.idle.pop()
            elif crew.threads < self.size:
                crew.threads += 1
                name = f"{self.name}_{crew.threads}"
                threading.Thread(target=_work, args=(self._items, crew), name=name, daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work. What runs goes on to its end; `wait` waits for that."""
        with self._guard:
            self._over = True
        if cancel_futures:
            self._cancel_what_waits()
        pending = self.busy
        self._items.put(None)
        if wait:
            for future in pending:
                future.exception()

    def _cancel_what_waits(self) -> None:
        while True:
            try:
                item = self._items.get_nowait()
            except queue.Empty:
                return
            if item is not None:
                item[0].cancel()


class _Crew:
    """The threads of a pool; apart from it, so that they do not keep it alive."""

    def __init__(self) -> None:
        self.threads = 0
        self.idle: deque[None] = deque()  # one entry per thread that waits; never more than do
        self.running: set[Future[Any]] = set()


def _work(items: queue.SimpleQueue[_Item], crew: _Crew) -> None:
    while True:
        try:
            item = items.get_nowait()
        except queue.Empty:
            crew.idle.append(None)
            item = items.get()
        if item is None:
            items.put(None)  # for the next thread
            return
        future, fn, args, kwargs = item
        del item
        if future.set_running_or_notify_cancel():
            crew.running.add(future)
            try:
                result = released(fn, *args, **kwargs)
            except BaseException as error:
                crew.running.discard(future)
                future.set_exception(error)
            else:
                crew.running.discard(future)
                future.set_result(result)
                del result
        del future, fn, args, kwargs


def at_work() -> list[Future[Any]]:
    """What runs in the threads of all pools."""
    return [future for pool in list(_pools) for future in pool.busy]
