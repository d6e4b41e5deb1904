"""The end of gr.State values: each has its own time, and what must be tidied up after it is told.

A value that a function set is forgotten `time_to_live` seconds later, and with all others of its session when the
session's own time is over. `delete_callback` is the user's code and so runs in a thread. With the values in a cache the
process that has used a session last tells its callbacks, once; values of a process that was killed end untold.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from blocks_app.components import State
from blocks_app.logs import quietly
from queue_app.log_sentences import logger
from queue_app.sessions.malloc_trim import Trimming
from queue_app.sessions.session_hash import logged

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from queue_app.sessions.directory import LiveSession
    from queue_app.sessions.state_keeping import StateKeeping

log = logger("queue_app.expiry")


class StateExpiry:
    """Watches the values of all sessions of one app. Lives on the server's loop."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        blocks: DeclaredPage,
        submit: Callable[[Callable[[], None]], Any],
        store: StateKeeping,
    ) -> None:
        """Watch the States of `blocks` that `store` keeps; `submit` runs a function in a thread."""
        self._loop = loop
        self._store = store
        self._blocks = blocks
        self._submit = submit
        self.trimming = Trimming(loop, submit)
        self._timers: dict[tuple[str, int], asyncio.TimerHandle] = {}
        self._known: tuple[int, dict[int, State]] = (-1, {})

    def watch(self, session: LiveSession) -> None:
        """An event of the session has ended: the time of the values that it set runs now."""
        timed = self._states
        if not timed or not session.has_state:
            return
        for number, since in list(session.state.assigned.items()):
            state = timed.get(number)
            if state is not None and math.isfinite(state.time_to_live) and (session.hash, number) not in self._timers:
                self._arm(session, state, since)

    def expired(self, session: LiveSession, forced: bool = False) -> None:
        """The session itself is over: its values go with it.

        Unless `forced`, those of a session that goes on in another process stay there.
        """
        states = self._states
        if session.has_state:
            self.trimming.ended()
            for number in session.state.assigned:
                self._disarm(session, number)
        self._store.forget(session, states.values(), self._notify, forced)

    def pass_time(self, sessions: Iterable[LiveSession], seconds: float) -> None:
        """For tests: as if so many seconds had passed for the values of these sessions."""
        self.trimming.pass_time(seconds)
        for session in sessions:
            if not session.has_state:
                continue
            assigned = session.state.assigned
            for number in list(assigned):
                assigned[number] -= seconds
                timer = self._timers.get((session.hash, number))
                if timer is not None:
                    timer.cancel()
                    self._look(session, self._states[number])

    def close(self) -> None:
        """Watch no more."""
        self.trimming.close()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    @property
    def _states(self) -> dict[int, State]:
        """The States that functions set, by number; States that are not rendered count too."""
        if self._known[0] != self._blocks.version:
            outputs = [block for each in self._blocks.dependencies.values() for block in each.outputs]
            self._known = (self._blocks.version, {block._id: block for block in outputs if isinstance(block, State)})
        return self._known[1]

    def _arm(self, session: LiveSession, state: State, since: float) -> None:
        left = since + state.time_to_live - time.monotonic()
        self._timers[session.hash, state._id] = self._loop.call_later(max(left, 0), self._look, session, state)

    def _look(self, session: LiveSession, state: State) -> None:
        del self._timers[session.hash, state._id]
        since = session.state.assigned.get(state._id) if session.has_state else None
        if since is None:
            return
        if since + state.time_to_live > time.monotonic():
            self._arm(session, state, since)  # it was set again meanwhile
        else:
            self._delete(session, state)

    def _delete(self, session: LiveSession, state: State) -> None:
        log.debug("state.expired", extra={"session": logged(session.hash), "block": state._id})
        self._store.expire(session, state, self._notify)

    def _disarm(self, session: LiveSession, number: int) -> None:
        timer = self._timers.pop((session.hash, number), None)
        if timer is not None:
            timer.cancel()

    def _notify(self, state: State, value: Any) -> None:
        self._submit(lambda: _call_back(state, value))


def _call_back(state: State, value: Any) -> None:
    try:
        state.deleted(value)
    except BaseException:  # the user's code; nobody waits for it
        quietly(log.exception, "state.delete_callback_failed", extra={"block": state._id})
