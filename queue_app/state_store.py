"""Where the values of gr.State live: in this process as live objects, or in one of Django's caches.

With a cache (`BLOCKS_STATE_CACHE`) a session's values outlive the process, and every process sees them: before an
event runs they are brought up to date, afterwards what it changed is written. Each value has an entry of its own, so
events in several processes that change different States do not undo each other. Entries are signed and bound to app,
page, session and visitor: whoever can write to the cache cannot slip a value to somebody.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

from django.core import signing
from django.core.cache import caches

from blocks_app import connections
from blocks_app.components import State
from queue_app import state_codec
from queue_app.exceptions import QueueError

if TYPE_CHECKING:
    from blocks_app.blocks import Blocks
    from queue_app.sessions import Session

log = logging.getLogger("queue_app.sessions")

_THREADS = 4
_TRIES = 3  # a value may be changed by a running generator while it is written


class UnstorableState(QueueError):
    """A State holds a value that cannot be kept in the cache."""


class StateStore(Protocol):
    """Keeps what sessions have in their States. Called on the server's loop."""

    async def load(self, session: Session) -> None:
        """Bring the session's values up to date: an event is about to use them."""

    async def keep(self, session: Session) -> None:
        """Keep what an event has changed.

        Raises:
            UnstorableState: a value cannot be kept here; the text names the component.
        """

    def drop(self, session: Session) -> None:
        """Forget all values of the session."""

    def close(self) -> None:
        """Free the threads."""


class LiveStore:
    """The values are live objects of this process, whatever they are; nothing else has to be done."""

    async def load(self, session: Session) -> None:
        """See StateStore."""

    async def keep(self, session: Session) -> None:
        """See StateStore."""

    def drop(self, session: Session) -> None:
        """See StateStore."""
        session.drop_state()

    def close(self) -> None:
        """See StateStore."""


class CacheStore:
    """The values are entries of a Django cache; what sessions hold in this process are copies."""

    def __init__(self, alias: str, blocks: Blocks, owner: str, lifetime: float) -> None:
        """Keep values in the cache `alias`.

        Args:
            alias: a key of Django's CACHES.
            blocks: the app; a changed page starts afresh, as its numbers mean something else.
            owner: the app's key.
            lifetime: seconds that an entry stays after the last event of its session.
        """
        self._alias = alias
        self._blocks = blocks
        self._owner = owner
        self._lifetime = lifetime
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="blocks-state")
        self._page: tuple[int, str, dict[int, State]] = (-1, "", {})

    async def load(self, session: Session) -> None:
        """See StateStore."""
        if self._states:
            await self._in_thread(lambda: self._load(session))

    async def keep(self, session: Session) -> None:
        """See StateStore."""
        if self._states and session.has_state:
            await self._in_thread(lambda: self._keep(session))

    def drop(self, session: Session) -> None:
        """See StateStore."""
        keys = [self._key(session, number) for number in self._states]
        session.drop_state()
        self._pool.submit(self._quietly, lambda: caches[self._alias].delete_many(keys))

    def close(self) -> None:
        """See StateStore."""
        self._pool.shutdown(wait=False)

    # In a thread

    def _load(self, session: Session) -> None:
        keys = {self._key(session, number): number for number in self._states}
        found = caches[self._alias].get_many(list(keys))
        state, states = session.state, self._states
        for key, number in keys.items():
            text = found.get(key)
            if text == state.kept.get(number):
                continue  # what is here is as new, or newer by what a running event does to it
            entry = _opened(text, key)
            if entry is None or _is_over(entry[0], states[number]):
                state.values.pop(number, None)
                state.assigned.pop(number, None)
                state.kept.pop(number, None)
                continue
            since, value = entry
            state.values[number], state.kept[number] = value, str(text)
            if since is not None:
                state.assigned[number] = time.monotonic() - (time.time() - since)

    def _keep(self, session: Session) -> None:
        state, written = session.state, {}
        for number, block in self._states.items():
            if number not in state.values:
                continue
            key = self._key(session, number)
            text = self._text(key, block, state.values[number], state.assigned.get(number))
            if text != state.kept.get(number):
                written[key] = text
                state.kept[number] = text
        if written:
            caches[self._alias].set_many(written, self._lifetime)

    def _text(self, key: str, block: State, value: Any, assigned: float | None) -> str:
        since = None if assigned is None else _tenths(time.time() - (time.monotonic() - assigned))
        for left in reversed(range(_TRIES)):
            try:
                return signing.Signer(salt=key).sign(f"{json.dumps(since)} {state_codec.encode(value)}")
            except state_codec.Unstorable as error:
                raise UnstorableState(
                    f"{block.described} cannot be kept in the cache {self._alias!r}: {error}. "
                    "Keep plain data in it (numbers, text, lists, dicts, dates, arrays), or leave out "
                    "BLOCKS_STATE_CACHE, so that values stay in this process as they are."
                ) from error
            except RuntimeError:  # it grew while it was written
                if not left:
                    raise
        raise AssertionError  # the loop returns or raises

    # Helpers

    @property
    def _states(self) -> dict[int, State]:
        self._look()
        return self._page[2]

    def _look(self) -> None:
        version = self._blocks.version
        if self._page[0] == version:
            return
        blocks = {**self._blocks.blocks}
        for each in self._blocks.dependencies.values():  # a State need not be rendered
            blocks |= {block._id: block for block in (*each.inputs, *each.outputs)}
        states = {number: block for number, block in blocks.items() if isinstance(block, State)}
        kinds = sorted((number, block.get_block_name()) for number, block in blocks.items())
        self._page = (version, hashlib.sha256(repr(kinds).encode()).hexdigest()[:16], states)

    def _key(self, session: Session, number: int) -> str:
        self._look()
        whose = json.dumps([self._owner, self._page[1], session.hash, session.identity_key])
        return f"blocks.state.{hashlib.sha256(whose.encode()).hexdigest()}.{number}"

    async def _in_thread(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._pool, _releasing, work)

    def _quietly(self, work: Callable[[], Any]) -> None:
        try:
            _releasing(work)
        except Exception:  # nobody waits for it; entries end by themselves
            log.exception("state.drop_failed", extra={"cache": self._alias})


def _releasing(work: Callable[[], Any]) -> None:
    try:
        work()
    finally:
        connections.release()


def _tenths(seconds: float) -> float:
    """Rounded down, so that the two clocks' jitter does not make every text a new one."""
    return math.floor(seconds * 10) / 10


def _is_over(since: float | None, block: State) -> bool:
    return since is not None and since + block.time_to_live < time.time()


def _opened(text: Any, key: str) -> tuple[float | None, Any] | None:
    """When it was set, and the value; None when there is none, or when it is not ours."""
    if text is None:
        return None
    try:
        since, _, written = signing.Signer(salt=key).unsign(text).partition(" ")
    except signing.BadSignature:
        log.warning("state.not_ours", extra={"cache_key": key})
        return None
    return json.loads(since), state_codec.decode(written)
