"""Sessions: a visitor's page, or a program. Who it belongs to, what it has been told, what it keeps, and its end.

A session that nobody reads is first given some time (a phone that sleeps, a reload), then its events are dropped, and
much later it is forgotten. Nothing looks around for old sessions: each kind of deadline is the same for all, so the
first to expire is the first that came, and one timer per kind suffices.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from blocks_app.logs import quietly
from blocks_app.running.state import SessionState
from queue_app.deadlines import Deadlines
from queue_app.delivery.memory_outboxes import MemoryOutboxStore
from queue_app.delivery.subscription import Subscription
from queue_app.delivery.unread_bounds import SMALL
from queue_app.exceptions import NotYours
from queue_app.log_sentences import logger
from queue_app.sessions.malloc_trim import give_back
from queue_app.sessions.presence import Attendance, PresenceRegistry, VisitorInfo
from queue_app.sessions.session_directory import SessionDirectory, SessionView
from queue_app.sessions.session_hash import logged
from queue_app.signals import SessionChanged, session_changed

if TYPE_CHECKING:
    from queue_app.delivery.outbox_store import OutboxStore

log = logger("queue_app.sessions")

_lives = itertools.count(1)
_REMEMBERED = 64  # finished events per session whose re-submission is recognised
_KEPT = 10_000  # sessions, with or without state, before the oldest that nobody needs is forgotten
_LOOKED_AT = 8  # sessions that may be looked at to find one to forget


class LiveSession:
    """One session.

    Attributes:
        hash: its name, chosen by the client.
        identity_key: whose it is; None until somebody has come.
        life: which session of this process it is, to tell it from a forgotten one of its name.
        outbox: its messages.
        endless: ids of its events that repeat while the page is open.
        evicted: whether its state was dropped to make room for others.
        returns: whether its last reader can come back; one without numbers cannot, so its events end sooner.
    """

    __slots__ = (
        "_done", "_sessions", "_state", "endless", "evicted", "hash", "identity_key", "life", "outbox",
        "returns",
    )  # fmt: skip

    def __init__(self, hash: str, sessions: MemorySessionDirectory) -> None:
        self.hash = hash
        self.identity_key: str | None = None
        self.outbox = sessions.outboxes.channel(hash)
        self.endless: set[str] = set()
        self.evicted = False
        self.returns = True
        self._sessions = sessions
        self._state: SessionState | None = None
        self._done: deque[str] | None = None
        self.life = next(_lives)

    @property
    def open_events(self) -> int:
        """How many events wait or run."""
        return len(self.outbox.pending) if self.outbox.is_busy else 0

    @property
    def pending(self) -> list[str]:
        """The events that wait or run."""
        return self.outbox.pending

    @property
    def state(self) -> SessionState:
        """The values of gr.State; a fresh one when there is none (any more)."""
        if self._state is None:
            self._state = SessionState()
        return self._state

    @property
    def has_state(self) -> bool:
        """Whether any value is kept."""
        state = self._state
        return state is not None and bool(state.values or state.changes or state.renders or state.shown)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to come back to: no answers, no values."""
        return not len(self.outbox) and not self.has_state

    @property
    def is_kept(self) -> bool:
        """Whether it was not forgotten yet."""
        return self._sessions.knows(self)

    def knows(self, event_id: str) -> bool:
        """Whether this event was submitted here before, as far as that is remembered."""
        return self.outbox.is_open(event_id) or (self._done is not None and event_id in self._done)

    def remember(self, event_id: str) -> None:
        """An event has ended; submitting it again will be recognised for a while."""
        if self._done is None:
            self._done = deque(maxlen=_REMEMBERED)
        self._done.append(event_id)

    def drop_state(self) -> None:
        """Forget all values; the next event starts afresh. They end in a thread, as that may run code of the app."""
        ended, self._state = [self._state], None
        self._sessions.let_go(ended)

    @property
    def connections(self) -> int:
        """How many readers and heartbeats are open."""
        return self._sessions.presence.count(self.hash)

    def view(self) -> SessionView:
        """It at this moment, as plain data."""
        outbox = self.outbox
        pending = tuple(outbox.pending) if outbox.is_busy else ()
        return SessionView(
            self.hash, self.identity_key, self.life, outbox.number, len(outbox), pending, self.connections
        )

    def touch(self) -> None:
        """It gave a sign of life."""
        self._sessions.touched(self)

    def attend(self, visitor: VisitorInfo | None = None) -> Attendance:
        """A connection of it was opened: see MemorySessionDirectory.attending."""
        return self._sessions.attending(self, visitor)

    def subscribe(self, after: int, takeover: bool, plain: bool, visitor: VisitorInfo | None = None) -> Subscription:
        """Read its messages; counts as a connection until the reader is closed."""
        reader = self.outbox.subscribe(after, takeover=takeover, plain=plain)
        if takeover:
            self.returns = not plain
        reader.attendance = self.attend(visitor)
        return reader


class MemorySessionDirectory(SessionDirectory):
    """All sessions of one app, within this process; see SessionDirectory. Lives on the server's event loop.

    The engine in the same process works on the sessions themselves: `get`, `own`.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        abandon: Callable[[LiveSession, bool], None],
        presence: PresenceRegistry,
        outboxes: OutboxStore | None = None,
        *,
        capacity: int = 10_000,
        grace: float = 60.0,
        endless_grace: float = 5.0,
        lifetime: float = 3600.0,
        expired: Callable[[LiveSession], None] | None = None,
        owner: str = "",
    ) -> None:
        """Keep sessions.

        Args:
            loop: where the deadlines are watched.
            abandon: called with a session that nobody reads any more; True when only its endless events are meant.
            presence: counts who is there.
            outboxes: has their messages; None for a store within this process.
            capacity: how many sessions may hold state; the least recently used loses it first.
            grace: seconds until the events of a session without readers are dropped.
            endless_grace: the same for events that repeat while the page is open, and for all events of a session
                whose reader had no numbers and so cannot come back.
            lifetime: seconds until a session without connections and events is forgotten.
            expired: called with a session whose state is about to be dropped: its time is over or others need room.
            owner: the app's key, for the signal.
        """
        self.capacity = capacity
        self.presence = presence
        self.outboxes: OutboxStore = outboxes if outboxes is not None else MemoryOutboxStore()
        self.let_go: Callable[[list[SessionState | None]], object] = list.clear
        self.owner = owner
        self._abandon = abandon
        self._expired = expired
        self._all: OrderedDict[str, LiveSession] = OrderedDict()
        self._over = False
        self._holders: OrderedDict[str, LiveSession] = OrderedDict()
        self._grace = Deadlines(loop, grace, self._grace_over)
        self._endless = Deadlines(loop, endless_grace, self._endless_over)
        self._life = Deadlines(loop, lifetime, self._life_over)

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[LiveSession]:
        return iter(list(self._all.values()))

    def knows(self, session: LiveSession) -> bool:
        """Whether this session was not forgotten yet."""
        return self._all.get(session.hash) is session

    def get(self, hash: str) -> LiveSession:
        """The session of this name, created on first use."""
        session = self._all.get(hash)
        if session is None:
            session = self._all[hash] = LiveSession(hash, self)
            self._grace.set(hash)
            self._life.set(hash)
            if len(self._all) > max(self.capacity, _KEPT):
                self._forget_one()
        return session

    def own(self, hash: str, identity_key: str | None) -> LiveSession:
        """The session itself of this visitor; see SessionDirectory.claim."""
        session = self.get(hash)
        if session.identity_key is None:
            session.identity_key = identity_key
        elif session.identity_key != identity_key:
            raise NotYours
        return session

    def claim(self, hash: str, identity_key: str | None) -> SessionView:
        """See SessionDirectory."""
        return self.own(hash, identity_key).view()

    def owned(self, hash: str, identity_key: str | None) -> LiveSession | None:
        """The session itself of this visitor, if there is one; see SessionDirectory.find."""
        session = self._all.get(hash)
        if session is None or session.identity_key not in (None, identity_key):
            return None
        return session

    def find(self, hash: str, identity_key: str | None) -> SessionView | None:
        """See SessionDirectory."""
        session = self.owned(hash, identity_key)
        return None if session is None else session.view()

    def look(self, hash: str) -> LiveSession | None:
        """The session itself, where it was not forgotten."""
        return self._all.get(hash)

    def pending(self, hash: str) -> list[str]:
        """See SessionDirectory."""
        session = self._all.get(hash)
        return [] if session is None else session.pending

    def attend(self, hash: str, visitor: VisitorInfo | None = None) -> Attendance:
        """See SessionDirectory."""
        return self.attending(self.get(hash), visitor)

    def forget(self, hash: str) -> None:
        """See SessionDirectory."""
        session = self._all.pop(hash, None)
        self._holders.pop(hash, None)
        for deadlines in (self._grace, self._endless, self._life):
            deadlines.drop(hash)
        if session is not None:
            self.outboxes.drop(hash)
            self._notify("forgotten", session)

    put_away = forget  #: What the directory itself does with one that nobody needs here.
    lingers = False  #: Whether a session that has nothing stays for its grace, as it would have to be asked for.

    def hold(self, session: LiveSession) -> None:
        """An event used the session's state; beyond the capacity the least recently used state is dropped."""
        if not session.has_state:
            return
        self._holders[session.hash] = session
        self._holders.move_to_end(session.hash)
        if len(self._holders) > self.capacity:
            name, oldest = self._holders.popitem(last=False)
            if self._expired is not None:
                self._expired(oldest)
            oldest.drop_state()
            oldest.evicted = True
            quietly(log.info, "state.evicted", extra={"session": logged(name), "capacity": self.capacity})

    def used(self, session: LiveSession) -> None:
        """An event is about to use the session's state; one that was lost to the capacity is told in the log."""
        if session.evicted:
            session.evicted = False
            quietly(
                log.warning,
                "state.fresh",
                extra={"session": logged(session.hash), "capacity": self.capacity},
            )

    def pass_time(self, seconds: float) -> None:
        """For tests: as if so many seconds had passed."""
        for deadlines in (self._endless, self._grace, self._life):
            deadlines.pass_time(seconds)

    def close(self) -> None:
        """End all timers."""
        for deadlines in (self._grace, self._endless, self._life):
            deadlines.close()

    def clear(self) -> None:
        """Let go of all sessions of a closed engine, which somebody may still refer to."""
        many, self._over = len(self._all), True
        self._all.clear()
        self._holders.clear()
        give_back(many)

    def attending(self, session: LiveSession, visitor: VisitorInfo | None) -> Attendance:
        """A connection of a session was opened; see SessionDirectory.attend."""
        visiting = self.presence.enter(session, visitor)
        self._notify("attached", session)
        for deadlines in (self._grace, self._endless, self._life):
            deadlines.drop(session.hash)

        def leave(for_good: bool) -> None:
            if not self.presence.leave(session.hash, visiting=visiting, for_good=for_good):
                self._left(session)

        return Attendance(leave)

    # Told by sessions

    def touched(self, session: LiveSession) -> None:
        """It is the most recently used now; if nobody reads it, its time starts anew."""
        if session.hash in self._all:
            self._all.move_to_end(session.hash)
            if not session.connections:
                self._grace.set(session.hash)

    def _left(self, session: LiveSession) -> None:
        """Nobody reads it any more."""
        known = self._all.get(session.hash)
        if known is not None or self._over:
            self._notify("left", known or session)
        if known is None:
            return
        session = known
        is_done = not session.open_events and session.is_empty
        if is_done and not self.lingers:
            self.put_away(session.hash)  # nothing to come back to
            return
        self._grace.set(session.hash)
        self._life.set(session.hash)
        if session.endless or not (session.returns or is_done):
            self._endless.set(session.hash)

    def _notify(self, what: str, session: LiveSession) -> None:
        if session_changed.receivers:
            name, whose, many = session.hash, session.identity_key, session.connections
            session_changed.send(SessionChanged(what, time.time(), self.owner, name, whose, many))

    def _grace_over(self, name: str) -> None:
        session = self._all.get(name)
        if session is not None and not session.connections and session.has_state and session.state.renders is not None:
            session.state.renders.rest()
        self._drop_events(name, only_endless=False)
        self._free_answers(session)
        if session is not None and not session.connections and not session.open_events and session.is_empty:
            self.put_away(name)  # as when a reader leaves: programs may name a new session in each call

    def _endless_over(self, name: str) -> None:
        session = self._all.get(name)
        if session is not None:
            self._drop_events(name, only_endless=session.returns)
            if not session.returns:
                self._free_answers(session)

    def _free_answers(self, session: LiveSession | None) -> None:
        """Nobody came in time for what it has to say; small answers wait on, for a phone that sleeps."""
        if session is not None and not session.connections and (size := session.outbox.shrink(SMALL)):
            quietly(log.info, "answers.freed", extra={"session": logged(session.hash), "bytes": size})

    def _drop_events(self, name: str, only_endless: bool) -> None:
        session = self._all.get(name)
        if session is not None and not session.connections and session.open_events:
            self._abandon(session, only_endless)

    def _life_over(self, name: str) -> None:
        session = self._all[name]
        if session.connections or session.open_events:
            self._life.set(name)
            return
        if self._expired is not None:
            self._expired(session)
        self.put_away(name)

    def _forget_one(self) -> None:
        """Make room: forget the least recently used session that nobody needs."""
        for _ in range(_LOOKED_AT):
            name, session = next(iter(self._all.items()))
            if not session.connections and not session.open_events:
                if session.has_state and self._expired is not None:
                    self._expired(session)
                self.put_away(name)
                return
            self._all.move_to_end(name)
