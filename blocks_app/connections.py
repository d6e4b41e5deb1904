"""Database connections that user code has opened: given back after each call, as Django does after each request.

Django keeps a connection for each thread, and `CONN_MAX_AGE` keeps it open. Of the many threads in which functions run
each would hold one for good, so they give theirs back whatever that says; to the pool, where the database has one. A
page that uses no database must not load Django's, so nothing here happens until somebody else has loaded it.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])
T = TypeVar("T")

#: Seconds after which connections of async functions are looked at; one look serves all calls in between.
LATER = 1.0

_due: set[asyncio.AbstractEventLoop] = set()
_used = False  # whether somebody has loaded Django's; from then on it stays so
_under_way = 0  # async calls, whose connections are in use between two awaits


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


def connect() -> None:
    """Once, when the apps are ready."""
    from django.core.signals import request_finished

    request_finished.connect(_request_finished, dispatch_uid="blocks_app.connections")


def _request_finished(sender: Any, **_: Any) -> None:
    """Under ASGI each request of a site has a thread of its own: what that keeps open is of no use to the next one."""
    from django.core.handlers.asgi import ASGIHandler

    if isinstance(sender, type) and issubclass(sender, ASGIHandler):
        release()


def released(work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Do work in a thread of a pool, and give back the connections that it has opened."""
    try:
        return work(*args, **kwargs)
    finally:
        release()


def release(broken_only: bool = False) -> None:
    """Close this thread's connections, except in a transaction; or only those that do not work any more."""
    if not _in_use():
        return
    database = sys.modules["django.db"]
    for connection in database.connections.all(initialized_only=True):
        if connection.in_atomic_block or (broken_only and not _is_broken(connection)):
            continue
        with contextlib.suppress(database.Error):  # there is nothing to lose
            connection.close()


class lasting:
    """While an async function runs; afterwards its connections are given back."""

    __slots__ = ()

    def __enter__(self) -> None:
        global _under_way
        _under_way += 1

    def __exit__(self, *raised: object) -> None:
        global _under_way
        _under_way -= 1
        release_later()


def release_later() -> None:
    """After async code: give back, soon, what was opened in the one thread in which asgiref lets it use the ORM."""
    loop = asyncio.get_running_loop()
    if loop in _due or not _in_use() or _shared_thread() is None:
        return
    _due.difference_update([each for each in _due if each.is_closed()])
    _due.add(loop)
    loop.call_later(LATER, _look, loop)


async def release_now() -> None:
    """The same, and wait for it; what other async functions use is looked at later."""
    if _in_use() and (executor := _shared_thread()) is not None:
        await asyncio.get_running_loop().run_in_executor(executor, release, _under_way > 0)
        if _under_way:
            release_later()


def _look(loop: asyncio.AbstractEventLoop) -> None:
    _due.discard(loop)
    if (executor := _shared_thread()) is not None:
        loop.run_in_executor(executor, release, _under_way > 0)


def _shared_thread() -> Any:
    """asgiref's thread for all who name none; None when nobody has used it, and it need not be started for this."""
    asgiref = sys.modules.get("asgiref.sync")
    executor = asgiref.SyncToAsync.single_thread_executor if asgiref is not None else None
    return executor if getattr(executor, "_threads", None) else None


def _is_broken(connection: Any) -> bool:
    return bool(connection.errors_occurred) and connection.connection is not None and not connection.is_usable()


def _in_use() -> bool:
    global _used
    if not _used:
        conf = sys.modules.get("django.conf")
        _used = "django.db" in sys.modules and conf is not None and bool(conf.settings.configured)
    return _used
