"""Daphne's WebSockets, loaded when the first one comes or the first page has been sent.

`daphne.server` imports autobahn at once, which no page but the first WebSocket needs. While it does, a stand-in gives
it a factory that imports the real one when it is first called.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

from queue_app.server import lazy_startup

_WEBSOCKETS = "daphne.ws_protocol"

_loading = threading.Lock()
_patches: list[Callable[[Any], None]] = []


@contextmanager
def without_websockets() -> Iterator[None]:
    """While `daphne.server` is imported: what it wants of its WebSockets is loaded when it is first called."""
    if _WEBSOCKETS in sys.modules or "daphne.server" in sys.modules:
        yield
        return
    stand_in = ModuleType(_WEBSOCKETS)
    vars(stand_in)["WebSocketFactory"] = websocket_factory
    sys.modules[_WEBSOCKETS] = stand_in
    lazy_startup.load_after_first_page(_websockets)
    try:
        yield
    finally:
        del sys.modules[_WEBSOCKETS]


def websocket_factory(*args: Any, **options: Any) -> Any:
    """Daphne's WebSocketFactory, imported now."""
    return _websockets().WebSocketFactory(*args, **options)


def with_websockets(patch: Callable[[Any], None]) -> None:
    """Call `patch` with Daphne's WebSocketProtocol, before there is one of it."""
    with _loading:
        _patches.append(patch)
    if _WEBSOCKETS in sys.modules:  # the `daphne` command
        _websockets()


def _websockets() -> ModuleType:
    module = import_module(_WEBSOCKETS)
    with _loading:
        while _patches:
            _patches.pop(0)(module.WebSocketProtocol)
    return module
