"""The first page of a launched app comes first: what only later answers need is loaded when it has been sent.

Most of the way from the start of a script to its first page is importing. Put off until then is what only a later
answer needs, such as Daphne's WebSockets (see daphne/lazy_websockets.py), and the collector of reference cycles, which
would look several times through the modules that are just being loaded and find nothing.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module

from queue_app.execution.engine import load_engine

#: What a page asks for right after itself.
_NEXT = ("queue_app.transport.assets", "queue_app.transport.websocket")

_lock = threading.Lock()
_loads: list[Callable[[], object]] = []
_thread: threading.Thread | None = None
_collector_rests = False


@contextmanager
def collector_rests() -> Iterator[None]:
    """While an app starts and until `warm_up`: no reference cycles are looked for. A failure ends it at once."""
    global _collector_rests
    with _lock:
        if _thread is None and gc.isenabled():
            _collector_rests = True
            gc.disable()
    try:
        yield
    except BaseException:
        wake_collector()
        raise


def warm_up() -> None:
    """Load what the page asks for next, in a thread, once per process. Returns at once."""
    global _thread
    with _lock:
        if _thread is not None:
            return
        _thread = threading.Thread(target=_load, name="blocks-warming", daemon=True)
    _thread.start()


def _load() -> None:
    try:
        for load in _loads:
            load()
        for name in _NEXT:
            import_module(name)
        load_engine()
    finally:
        wake_collector()


def load_after_first_page(load: Callable[[], object]) -> None:
    """Have `warm_up` call this as well."""
    _loads.append(load)


def wake_collector() -> None:
    """Only if it rests because of us: a program may want none."""
    global _collector_rests
    with _lock:
        if _collector_rests:
            _collector_rests = False
            gc.enable()
