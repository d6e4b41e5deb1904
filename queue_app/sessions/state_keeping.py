"""How the values of gr.State live: in this process as live objects, or as copies of what a store has.

With a store (`BLOCKS_STATE_CACHE`) a session's values outlive the process, and every process sees them: before an
event runs they are brought up to date, afterwards what it changed is written. With them go the options that updates
have changed (a Dropdown's choices), so that another process checks what the page sends against what the page shows.
See state_entries.py for what is written, and
state_store.py for where.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakValueDictionary

from blocks_app import connections
from blocks_app.logs import quietly
from blocks_app.outages import Outage, Unavailable, classify_outage
from blocks_app.threads.pool import Pool
from queue_app import conf
from queue_app.log_sentences import logger
from queue_app.sessions.session_hash import logged
from queue_app.sessions.state_entries import Entries, UnstorableState
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    from blocks_app.components import State
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.listeners.dependency import Dependency
    from queue_app.sessions.directory import LiveSession
    from queue_app.sessions.state_store import StateStore

__all__ = ["LiveStates", "OnDeleted", "StateKeeping", "StoredStates", "UnstorableState"]

log = logger("queue_app.sessions")

_THREADS = 4
#: How often the time of one answer the values of a session may take, of which each may need several.
_PATIENCE = 3
#: Seconds for which a cache that did not answer is not asked again.
_REST = 1.0


class StateAway(Unavailable):
    """What this page remembers cannot be read at the moment: the site's cache does not answer. Try again."""

    def __init__(self) -> None:
        super().__init__(Outage(503, str(StateAway.__doc__)))
        self.print_exception = False


#: Told of a value that is gone for good: its State, the value. Called from any thread.
OnDeleted = Callable[["State", Any], None]


class StateKeeping(Protocol):
    """Keeps what sessions have in their States. Called on the server's loop."""

    async def load(self, session: LiveSession, dependency: Dependency | None) -> None:
        """Bring the session's values up to date: an event of this listener is about to use them."""

    async def keep(self, session: LiveSession) -> None:
        """Keep what an event has changed.

        Raises:
            UnstorableState: a value cannot be kept here; the text names the component.
        """

    async def holds(self, session: LiveSession) -> bool:
        """Whether anything is kept of the session; True where that cannot be told at the moment."""

    def reset(self, session: LiveSession, but: Collection[int]) -> None:
        """A page shows all blocks as declared, except those numbered `but`: forget what updates have changed."""

    def forget(self, session: LiveSession, states: Iterable[State], on_deleted: OnDeleted, forced: bool) -> None:
        """Forget all values of the session; tell of those of `states` that functions have set.

        Unless `forced`, a session that another process goes on with is only forgotten here, and nobody is told.
        """

    def expire(self, session: LiveSession, state: State, on_deleted: OnDeleted) -> None:
        """Forget a value whose time is over, and tell, unless another process has set it again."""

    def pass_time(self, seconds: float) -> None:
        """For tests: as if so many seconds had passed."""

    async def settled(self) -> None:
        """Wait until what is forgotten is gone."""

    async def close(self) -> None:
        """Finish what has begun and free the threads."""


class LiveStates:
    """The values are live objects of this process, whatever they are; nothing else has to be done."""

    async def load(self, session: LiveSession, dependency: Dependency | None) -> None:
        """See StateKeeping."""

    async def keep(self, session: LiveSession) -> None:
        """See StateKeeping."""

    async def holds(self, session: LiveSession) -> bool:
        """See StateKeeping."""
        return session.has_state

    def reset(self, session: LiveSession, but: Collection[int]) -> None:
        """See StateKeeping."""
        if session.has_state:
            session.state.reset_blocks(but)

    def forget(self, session: LiveSession, states: Iterable[State], on_deleted: OnDeleted, forced: bool) -> None:
        """See StateKeeping."""
        if not session.has_state:
            return
        assigned = session.state.assigned
        for state in states:
            if state._id in assigned:
                self.expire(session, state, on_deleted)
        session.drop_state()

    def expire(self, session: LiveSession, state: State, on_deleted: OnDeleted) -> None:
        """See StateKeeping."""
        on_deleted(state, session.state.drop(state))

    def pass_time(self, seconds: float) -> None:
        """See StateKeeping."""

    async def settled(self) -> None:
        """See StateKeeping."""

    async def close(self) -> None:
        """See StateKeeping."""


class StoredStates:
    """The values are entries of a store; what sessions hold in this process are copies."""

    def __init__(self, store: StateStore, alias: str, blocks: DeclaredPage, owner: str) -> None:
        """Keep values of the app with the key `owner` in a store; `alias` names it in the log."""
        self._alias = alias
        self.entries = Entries(store, alias, blocks, owner)
        self._pool = Pool(_THREADS, "blocks-state")
        self._tasks = TaskGroup("state store")
        self._away_until = self._failed = 0.0
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def load(self, session: LiveSession, dependency: Dependency | None) -> None:
        """See StateKeeping."""
        numbers = self.entries.wanted(dependency)
        if not numbers:
            return
        try:
            await self._one_by_one(session, lambda: self.entries.load(session, numbers))
        except Exception as error:
            if self.entries.needs(dependency):
                raise
            self._goes_on(session, error)

    async def keep(self, session: LiveSession) -> None:
        """See StateKeeping."""
        if not session.has_state:
            return
        try:
            await self._one_by_one(session, lambda: self.entries.keep(session))
        except Exception as error:
            self._goes_on(session, error)

    async def holds(self, session: LiveSession) -> bool:
        """See StateKeeping."""
        found: list[bool] = []
        try:
            await self._one_by_one(session, lambda: found.append(self.entries.holds(session)))
        except Exception as error:
            self._goes_on(session, error)
        return found != [False]

    def reset(self, session: LiveSession, but: Collection[int]) -> None:
        """See StateKeeping."""
        if session.has_state:
            session.state.reset_blocks(but)
        if self.entries.changeable:
            self._later(session, lambda: self.entries.delete_blocks(session, but))

    def forget(self, session: LiveSession, states: Iterable[State], on_deleted: OnDeleted, forced: bool) -> None:
        """See StateKeeping."""
        if not session.has_state and not forced:
            return
        session.drop_state()
        wanted = list(states)

        def end() -> None:
            for state, value in self.entries.end(session, wanted, forced):
                on_deleted(state, value)

        self._later(session, end)

    def expire(self, session: LiveSession, state: State, on_deleted: OnDeleted) -> None:
        """See StateKeeping."""

        def end() -> None:
            for value in self.entries.expire(session, state):
                on_deleted(state, value)

        self._later(session, end)

    def values(self, hash: str, identity_key: str | None) -> list[tuple[int, Any]]:
        """What the store has of the States of a visitor's session now, by number. Waits for it; [] where it is away."""
        try:
            return self.entries.values(hash, identity_key)
        except Exception as error:
            if classify_outage(error) is None:
                raise
            return []

    def pass_time(self, seconds: float) -> None:
        """See StateKeeping."""
        self.entries.pass_time(seconds)

    async def settled(self) -> None:
        """See StateKeeping."""
        await self._tasks.finish()

    async def close(self) -> None:
        """See StateKeeping."""
        await self._tasks.finish()
        self._pool.shutdown(wait=False)

    def _goes_on(self, session: LiveSession, error: Exception) -> None:
        """The cache is away: what is here stays as it is, and is written with what changes next."""
        if not isinstance(error, StateAway):
            raise error
        quietly(
            log.warning,
            "state.away",
            extra={"cache": self._alias, "session": logged(session.hash), "error": repr(error.__cause__)},
        )

    async def _one_by_one(self, session: LiveSession, work: Callable[[], None]) -> None:
        """Work in a thread, one thing at a time for each session: reading between two halves of a write would take the
        older value for a newer one.

        Raises StateAway when the cache does not answer; for some seconds then nobody waits for it again.
        """
        if time.monotonic() < self._away_until:
            raise StateAway
        patience, rest = conf.cache_timeout() * _PATIENCE, 0.0
        if self._away_until:  # one looks whether it is back, and nobody else waits meanwhile
            self._away_until = time.monotonic() + patience
        try:
            async with asyncio.timeout(patience):
                await self._locked(session, work)
        except Exception as error:
            if classify_outage(error) is None:
                raise
            rest = _REST
            raise StateAway from error
        finally:
            self._away_until = time.monotonic() + rest if rest else 0.0

    async def _locked(self, session: LiveSession, work: Callable[[], None]) -> None:
        lock = self._locks.get(session.hash)
        if lock is None:
            lock = self._locks[session.hash] = asyncio.Lock()
        async with lock:
            await asyncio.get_running_loop().run_in_executor(self._pool, self._worked, work)

    def _worked(self, work: Callable[[], None]) -> None:
        """In a thread. What has waited for one while the cache has failed does not try it too."""
        if self._failed > 0 and time.monotonic() - self._failed < _REST:
            raise StateAway
        try:
            work()
        except Exception as error:
            if classify_outage(error) is not None:
                self._failed = time.monotonic()
            raise
        finally:
            connections.release()

    def _later(self, session: LiveSession, work: Callable[[], None]) -> None:
        self._tasks.start(self._quietly(session, work))

    async def _quietly(self, session: LiveSession, work: Callable[[], None]) -> None:
        """Delete entries for somebody who does not wait.

        What cannot be deleted now is not deleted later: by then another process may have gone on with the session.
        It is logged, and ends with its time in the cache, `LEFT_BEHIND`.
        """
        ids = {"cache": self._alias, "session": logged(session.hash)}
        try:
            await self._one_by_one(session, work)
        except StateAway as away:
            quietly(log.warning, "state.not_deleted", extra={**ids, "error": repr(away.__cause__)})
        except Exception:
            quietly(log.exception, "state.not_deleted", extra=ids)


def stored_states(blocks: DeclaredPage, owner: str) -> StoredStates | None:
    """The State of an app as `BLOCKS_STATE_CACHE` keeps it; None where it lives in the process."""
    from queue_app.sessions.cache_state_store import CacheStateStore

    alias = conf.state_cache()
    return None if alias is None else StoredStates(CacheStateStore(alias), alias, blocks, owner)
