"""The event loop of a project's async functions that decide about access: never the server's, which they could hold.

One for the process, so that what such a function keeps open, as a client of another service, stays usable.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Coroutine
from typing import Any

_lock = threading.Lock()
_running: dict[int, asyncio.AbstractEventLoop] = {}  # by process: a fork has the loop of its parent, and no thread


async def elsewhere(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine there and wait for it here; cancelling here cancels it there."""
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, _loop()))


def _loop() -> asyncio.AbstractEventLoop:
    """The loop; its thread starts on first use."""
    with _lock:
        found = _running.get(os.getpid())
        if found is None:
            _running.clear()
            found = _running[os.getpid()] = asyncio.new_event_loop()
            thread = threading.Thread(target=found.run_forever, name="blocks-auth", daemon=True)
            thread.start()
            atexit.register(_stop, found, thread)
        return found


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    """At the end of the program: a thread that runs no Python then meets nothing that is gone."""
    loop.call_soon_threadsafe(loop.stop)
    if thread.ident is not None and thread.is_alive():
        thread.join(1.0)
