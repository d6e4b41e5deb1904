"""Visits: which pages and programs have the app open, and the app's `unload` functions when one of them leaves.

A visit begins with a page's first connection and ends once: at once when the page says that it goes (a closed or
reloaded tab closes its WebSocket with 1001; a program ends its heartbeat), otherwise after a grace time in which a lost
connection may come back. What `unload` functions tidy up belongs to the session, so they see its State, though the
session itself may be forgotten before they have run.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from blocks_app.logs import quietly
from queue_app.deadlines import Deadlines
from queue_app.sessions.directory import LiveSession
from queue_app.sessions.session_hash import logged
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.running.request import Request
    from blocks_app.running.state import SessionState

log = logging.getLogger("queue_app.sessions")


@dataclass(slots=True)
class Presence:
    """One visit: whose, the request of its last connection, and how many connections it has."""

    session: LiveSession
    request: Request
    connections: int = 0


class PresenceRegistry:
    """The visits of one app. Lives on the server's loop."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        blocks: DeclaredPage,
        state: Callable[[LiveSession], SessionState],
        grace: float,
        run: Callable[[Callable[..., Any], SessionState, Request], Coroutine[Any, Any, None]],
    ) -> None:
        """Watch over the visits to `blocks`.

        Args:
            loop: the server's.
            blocks: the app whose `unload` functions are run.
            state: gives what a session keeps.
            grace: seconds that a lost connection may take to come back.
            run: runs one of them, with what the session keeps and the request of its last connection; never raises.
        """
        self._blocks = blocks
        self._run = run
        self._state = state
        self._open: dict[str, Presence] = {}
        self._gone = Deadlines(loop, grace, self._end)
        self._tasks = TaskGroup("unload")

    def __len__(self) -> int:
        return len(self._open)

    def begin(self, session: LiveSession, request: Request) -> None:
        """A page or program has connected, or has come back; `request` is what its `unload` functions will see."""
        if not self._blocks.unload_fns:
            return
        self._gone.drop(session.hash)
        visit = self._open.setdefault(session.hash, Presence(session, request))
        visit.session, visit.request = session, request
        visit.connections += 1

    def left(self, session: LiveSession, *, for_good: bool) -> None:
        """A connection has closed; `for_good` when the client has said that it will not come back."""
        visit = self._open.get(session.hash)
        if visit is None:
            return
        visit.connections -= 1
        if for_good:
            self._end(session.hash)
            if visit.connections > 0:  # a reloaded page was here before the end of the old one was heard
                self._open[session.hash] = visit
        elif visit.connections <= 0:
            self._gone.set(session.hash)

    def pass_time(self, seconds: float) -> None:
        """For tests: as if so many seconds had passed."""
        self._gone.pass_time(seconds)

    async def close(self) -> None:
        """Wait for the functions that run, a little; nobody new is told."""
        self._gone.close()
        self._open.clear()
        await self._tasks.finish()

    def _end(self, name: str) -> None:
        self._gone.drop(name)
        visit = self._open.pop(name)
        quietly(log.info, "session.unloaded", extra={"session": logged(name)})
        state = self._state(visit.session)  # kept by the run, whatever becomes of the session
        for fn in list(self._blocks.unload_fns):
            self._tasks.start(self._run(fn, state, visit.request))
