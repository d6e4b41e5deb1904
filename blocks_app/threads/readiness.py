"""What a process does before the first function of an app runs in it, once: it loads models, opens connections."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from concurrent.futures import Future

    from blocks_app.threads.call_threads import Threads

#: Per app the process that gets ready or is, as servers fork, and how it goes.
_begun: WeakKeyDictionary[Any, tuple[int, Future[None]]] = WeakKeyDictionary()


async def get_ready(app: Any, fns: Sequence[Callable[[], Any]], threads: Threads) -> None:
    """Run what an app has to do first, unless that was done here, and wait until it has ended.

    Raises what one of them raises; the next call tries again.
    """
    process, running = _begun.get(app, (0, None))
    if running is None or process != os.getpid():
        running = threads.plain.submit(_run, list(fns))
        _begun[app] = os.getpid(), running
    try:
        await asyncio.shield(asyncio.wrap_future(running))
    except Exception:
        if _begun.get(app, (0, None))[1] is running:
            del _begun[app]
        raise


def _run(fns: Sequence[Callable[[], Any]]) -> None:
    """In a thread, as it is the user's code."""
    for fn in fns:
        fn()
