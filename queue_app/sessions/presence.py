"""Presence: who is there of each session, and the app's `unload` functions when its page or program leaves.

Every connection is counted once, from `attend` to `Attendance.leave`. A visit is made of those that a page or a program
keeps as long as it is there. It ends once: at once when the page says that it goes (a closed or reloaded tab closes its
WebSocket with 1001; a program ends its heartbeat), otherwise after a grace time in which a lost connection may come
back. What `unload` functions tidy up belongs to the session, so they see its State, though the session itself may be
forgotten before they have run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from blocks_app.logs import quietly
from blocks_app.running.request import RequestInfo
from queue_app.deadlines import Deadlines
from queue_app.log_sentences import logger
from queue_app.sessions.session_hash import logged
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.running.state import SessionState

log = logger("queue_app.sessions")


class PresentSession(Protocol):
    """What presence needs of a session."""

    hash: str

    @property
    def state(self) -> SessionState:
        """What it keeps, for its `unload` functions."""


class VisitorInfo(msgspec.Struct, frozen=True):
    """Who is there, as plain data: what `unload` functions will see as their request.

    Attributes:
        session_hash: of the page or program.
        identity_key, username, request: as in a job.
    """

    session_hash: str
    identity_key: str
    username: str | None
    request: RequestInfo


@dataclass(slots=True)
class Presence:
    """Who is there of one session.

    Attributes:
        connections: how many of its connections are open, of whatever kind.
        visiting: how many of these a page or program keeps as long as it is there.
        visit: whether such a visit goes on; within the grace time it does without a connection.
        session, visitor: what `unload` functions will see; those of the visit's last connection.
    """

    connections: int = 0
    visiting: int = 0
    visit: bool = False
    session: PresentSession | None = None
    visitor: VisitorInfo | None = None


class PresenceRegistry:
    """Who is there of all sessions of one app, by their hashes. Lives on the server's loop."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        blocks: DeclaredPage,
        grace: float,
        run: Callable[[Callable[..., Any], SessionState, VisitorInfo], Coroutine[Any, Any, None]],
    ) -> None:
        """Watch over who visits `blocks`.

        Args:
            loop: the server's.
            blocks: the app whose `unload` functions are run.
            grace: seconds that a lost connection may take to come back.
            run: runs one of them, with what the session keeps and who its last connection was; never raises.
        """
        self._blocks = blocks
        self._run = run
        self._all: dict[str, Presence] = {}
        self._gone = Deadlines(loop, grace, self._end)
        self._tasks = TaskGroup("unload")

    def count(self, session_hash: str) -> int:
        """How many connections of a session are open."""
        found = self._all.get(session_hash)
        return 0 if found is None else found.connections

    def enter(self, session: PresentSession, visitor: VisitorInfo | None) -> bool:
        """A connection was opened; with its visitor when a page or program keeps it.

        Gives whether it counts towards a visit.
        """
        present = self._all.get(session.hash)
        if present is None:
            present = self._all[session.hash] = Presence()
        present.connections += 1
        if visitor is None or not self._blocks.unload_fns:
            return False
        self._gone.drop(session.hash)
        present.visiting += 1
        present.visit = True
        present.session, present.visitor = session, visitor
        return True

    def leave(self, session_hash: str, *, visiting: bool, for_good: bool) -> int:
        """A connection has closed: how many are left.

        Args:
            session_hash: whose.
            visiting: what `enter` has given.
            for_good: the client has said that it will not come back.
        """
        present = self._all[session_hash]
        present.connections -= 1
        if visiting:
            present.visiting -= 1
            if present.visit and for_good:
                self._end(session_hash)
                present.visit = present.visiting > 0  # a reloaded page is here before the end of the old one was heard
            elif present.visit and not present.visiting:
                self._gone.set(session_hash)
        self._tidy(session_hash, present)
        return present.connections

    def pass_time(self, seconds: float) -> None:
        """For tests: as if so many seconds had passed."""
        self._gone.pass_time(seconds)

    async def close(self) -> None:
        """Wait for the functions that run, a little; nobody new is told."""
        self._gone.close()
        for present in self._all.values():
            present.visit = False
        await self._tasks.finish()

    def _tidy(self, session_hash: str, present: Presence) -> None:
        if not present.connections and not present.visit:
            self._all.pop(session_hash, None)

    def _end(self, name: str) -> None:
        """The visit is over, for whichever reason."""
        self._gone.drop(name)
        present = self._all[name]
        present.visit = False
        self._tidy(name, present)
        session, visitor = present.session, present.visitor
        assert session is not None and visitor is not None
        quietly(log.info, "session.unloaded", extra={"session": logged(name)})
        state = session.state  # kept by the run, whatever becomes of the session
        for fn in list(self._blocks.unload_fns):
            self._tasks.start(self._run(fn, state, visitor))


class Attendance:
    """One open connection of a session: counted until it leaves."""

    __slots__ = ("_leave",)

    def __init__(self, leave: Callable[[bool], None]) -> None:
        """Call `leave` once, with whether it is for good, when the connection has closed."""
        self._leave: Callable[[bool], None] | None = leave

    def leave(self, *, for_good: bool = False) -> None:
        """The connection has closed; `for_good` when its page or program has said that it goes. May be called twice."""
        leave, self._leave = self._leave, None
        if leave is not None:
            leave(for_good)
