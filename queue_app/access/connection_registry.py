"""Open sockets, streams and direct calls of visitors who are known: closed as soon as they may not be open any more.

Whenever access may have changed, the guard is asked again with the connection's own headers. When it answers with
somebody else or nobody, the connection is closed and what its session still waits for is cancelled.
"""

from __future__ import annotations

import asyncio
import contextvars
import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied

from auth_app.conf import cache_seconds
from auth_app.connection import as_request
from auth_app.visitors import known
from auth_app.visitors.signals import access_changed
from blocks_app.logs import quietly
from blocks_app.outages import Unavailable, classify_outage
from queue_app.execution.engine import engine_of, engines_here, has_engine
from queue_app.execution.job import AccessEnded
from queue_app.log_sentences import logger
from queue_app.tasks import spawn

if TYPE_CHECKING:
    from auth_app.identity import Identity
    from blocks_app.web.registry import Mount
    from queue_app.asgi_types import Scope

log = logger("queue_app.live")


@dataclass(eq=False, slots=True)
class Connection:
    """One open connection and the task that serves it."""

    mount: Mount
    scope: Scope
    identity: Identity
    task: asyncio.Task[Any]
    session_hash: str | None = None
    evicted: bool = False
    asked: float = field(default_factory=time.monotonic)

    async def confirm(self) -> None:
        """Before something new is done: ask again when that was long ago; evicts itself, and then never returns."""
        if self.identity.is_anonymous or time.monotonic() - self.asked < cache_seconds():
            return
        if await self.still_allowed():
            self.asked = time.monotonic()
            return
        self.evict()
        await asyncio.get_running_loop().create_future()

    def close(self) -> None:
        """It is not open any more."""
        opened.get(self.task.get_loop(), set()).discard(self)

    async def still_allowed(self) -> bool:
        """Ask the guard again."""
        try:
            identity = await self.mount.guard(self.scope)
        except PermissionDenied:
            return False
        except Exception as error:
            if (outage := classify_outage(error)) is not None:  # nobody is logged out because a database is away
                raise Unavailable(outage) from error
            quietly(log.exception, "connection.review_failed", extra={"mount": self.mount.key})
            return False
        return identity is not None and identity.key == self.identity.key

    def evict(self) -> None:
        """Close it. Its task sees `evicted` when it is cancelled, and says good-bye."""
        self.evicted = True
        self.task.cancel()
        quietly(log.info, "connection.evicted", extra={"mount": self.mount.key, "visitor": self.identity.key})


#: By loop: what access_changed may close.
opened: dict[asyncio.AbstractEventLoop, set[Connection]] = {}


def watch(mount: Mount, scope: Scope, identity: Identity) -> Connection:
    """From now on the running task is cancelled when the visitor loses access: `evicted` tells why."""
    task = asyncio.current_task()
    assert task is not None
    connection = Connection(mount, scope, identity, task)
    if not identity.is_anonymous:  # else there is nothing to lose
        opened.setdefault(asyncio.get_running_loop(), set()).add(connection)
    return connection


def connect() -> None:
    """Listen to the access room; called once when the apps are ready."""
    access_changed.connect(_access_changed, dispatch_uid="queue_app.live")


def _access_changed(session: str | None = None, identity_key: str | None = None, ended: bool = False, **_: Any) -> None:
    for loop, connections in list(opened.items()):
        if loop.is_closed():
            opened.pop(loop, None)
            continue
        try:
            # A context of its own: the sender's would bind what the review asks to the sender's thread.
            loop.call_soon_threadsafe(
                _begin_review, connections, session, identity_key, ended, context=contextvars.Context()
            )
        except RuntimeError:  # closed between the two lines
            opened.pop(loop, None)


def _begin_review(connections: set[Connection], session: str | None, identity_key: str | None, ended: bool) -> None:
    found = _chosen(connections, session, identity_key)
    spawn(_review(found, session, identity_key if ended else None))


def _chosen(connections: set[Connection], session: str | None, identity_key: str | None) -> list[Connection]:
    if identity_key is not None:
        return [each for each in connections if each.identity.key == identity_key]
    if session is not None:
        return [each for each in connections if _session_of(each.scope) == session]
    return list(connections)


def _session_of(scope: Scope) -> str | None:
    """The digest of a connection's session cookie."""
    if not any(name == b"cookie" for name, _ in scope["headers"]):
        return None
    key = as_request(scope).COOKIES.get(settings.SESSION_COOKIE_NAME)
    return known.digest(key) if key else None


async def _review(connections: list[Connection], session: str | None, ended: str | None) -> None:
    """Close what may not be open, then stop what waits or runs for a visitor without a connection."""
    everybody = session is None and ended is None
    for connection in connections:
        try:
            if await connection.still_allowed():
                continue
        except Unavailable:
            if everybody:  # asked again before it does anything new; whom it is about is closed in doubt
                connection.asked = -math.inf
                continue
        connection.evict()
        if connection.session_hash is not None and has_engine(connection.mount):
            await _cancel_pending(connection)
    if session is None and ended is None:
        return

    for engine in engines_here():
        await engine.drop(AccessEnded(ended, session))


async def _cancel_pending(connection: Connection) -> None:
    engine = engine_of(connection.mount)
    session = engine.find_session(connection.session_hash or "", connection.identity.key)
    for event_id in session.pending if session is not None else ():
        await engine.cancel(connection.session_hash or "", event_id)
