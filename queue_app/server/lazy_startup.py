"""The first page of a launched app comes first: what only later answers need is loaded when it has been sent.

Most of the way from the start of a script to its first page is importing. Two things are put off until then: autobahn,
which no page but the first WebSocket needs, and the collector of reference cycles, which would look several times
through the modules that are just being loaded and find nothing.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

_WEBSOCKETS = "daphne.ws_protocol"
#: What a page asks for right after itself.
_NEXT = ("queue_app.transport.assets", "queue_app.transport.websocket", "queue_app.execution.memory_engine")

_lock = threading.Lock()
_loading = threading.Lock()
_mends: list[Callable[[Any], None]] = []
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
        _wake_collector()
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
        _websockets()
        for name in _NEXT:
            import_module(name)
    finally:
        _wake_collector()


@contextmanager
def without_websockets() -> Iterator[None]:
    """While `daphne.server` is imported: what it wants of its WebSockets is loaded when it is first called."""
    if _WEBSOCKETS in sys.modules or "daphne.server" in sys.modules:
        yield
        return
    stand_in = ModuleType(_WEBSOCKETS)
    vars(stand_in)["WebSocketFactory"] = websocket_factory
    sys.modules[_WEBSOCKETS] = stand_in
    try:
        yield
    finally:
        del sys.modules[_WEBSOCKETS]


def websocket_factory(*args: Any, **options: Any) -> Any:
    """Daphne's WebSocketFactory, imported now."""
    return _websockets().WebSocketFactory(*args, **options)


def with_websockets(mend: Callable[[Any], None]) -> None:
    """Call `mend` with Daphne's WebSocketProtocol, before there is one of it."""
    with _loading:
        _mends.append(mend)
    if _WEBSOCKETS in sys.modules:  # the `daphne` command
        _websockets()


def _websockets() -> ModuleType:
    module = import_module(_WEBSOCKETS)
    with _loading:
        while _mends:
            _mends.pop(0)(module.WebSocketProtocol)
    return module


def _wake_collector() -> None:
    """Only if it rests because of us: a program may want none."""
    global _collector_rests
    with _lock:
        if _collector_rests:
            _collector_rests = False
            gc.enable()
