"""Database connections that user code has opened: given back after each call, as Django does after each request.

A page that uses no database must not load Django's, so nothing here happens until somebody else has loaded it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

#: Seconds after which connections of async functions are looked at; one look serves all calls in between.
_LATER = 1.0

_due: set[asyncio.AbstractEventLoop] = set()


class EveryDatabase(set[str]):
    """For `view._non_atomic_requests`: no database opens a transaction around the view (`ATOMIC_REQUESTS`).

    Django refuses to wrap async views, and what ours change is one statement or a transaction of its own.
    """

    def __contains__(self, alias: object) -> bool:
        return True


def without_transaction(view: View) -> View:
    """A view around which no request's transaction is opened; what it says must not need a database."""
    view._non_atomic_requests = EveryDatabase()  # type: ignore[attr-defined]
    return view


def release() -> None:
    """In the thread of a call: close the connections that are old or broken (`CONN_MAX_AGE`, 0 by default)."""
    if _in_use():
        sys.modules["django.db"].close_old_connections()


def release_later() -> None:
    """On the loop of async functions: the same, soon, in the one thread in which asgiref lets them use the ORM."""
    loop = asyncio.get_running_loop()
    if loop not in _due and _in_use() and "asgiref.sync" in sys.modules:
        _due.add(loop)
        loop.call_later(_LATER, _look, loop)


def _look(loop: asyncio.AbstractEventLoop) -> None:
    _due.discard(loop)
    executor = sys.modules["asgiref.sync"].SyncToAsync.single_thread_executor
    if getattr(executor, "_threads", None):  # else nobody has used it, and it need not be started for this
        loop.run_in_executor(executor, release)


def _in_use() -> bool:
    conf = sys.modules.get("django.conf")
    return "django.db" in sys.modules and conf is not None and bool(conf.settings.configured)
