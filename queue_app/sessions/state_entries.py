"""What the entries of a session mean: its States, and what updates have changed. Read and written in threads.

Each State and each changed block has an entry of its own, so events in several processes that change different ones
do not undo each other. Entries are signed and bound to app, page, session and visitor: whoever can write to the cache
cannot slip a value to somebody. One more entry, the mark, says which process has used the session last: only that one
may end it.
"""

from __future__ import annotations

import hashlib
import json
import math
import secrets
import time
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.core import signing

from blocks_app.components import State
from blocks_app.rendering.render_record import FIRST
from blocks_app.serialising import codec
from queue_app.exceptions import QueueError
from queue_app.log_sentences import logger
from queue_app.sessions import render_entries
from queue_app.sessions.state_store import LEFT_BEHIND, Entry, version_of

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.running.state import SessionState
    from queue_app.sessions.directory import LiveSession
    from queue_app.sessions.state_store import StateStore

log = logger("queue_app.sessions")

_RENEWED = LEFT_BEHIND / 7  # a session that is used has all its entries written anew so often
_ENDING = 60.0  # seconds that two processes may differ in ending the same session
_JITTER = 0.5  # seconds that the clocks of two processes may differ
_TRIES = 3  # a value may be changed by a running generator while it is written
_MARK = -1  # stands for the mark among the numbers of blocks


class UnstorableState(QueueError):
    """A State holds a value that cannot be kept in the cache."""


class Entries:
    """All entries of one app. May be used from several threads, for one session from one at a time."""

    def __init__(self, store: StateStore, alias: str, blocks: DeclaredPage, owner: str) -> None:
        """Keep them in a store for the page `blocks` of the app with the key `owner`; `alias` names the store."""
        self._store = store
        self._alias = alias
        self._blocks = blocks
        self.owner = owner
        self._process = secrets.token_hex(8)
        self._ahead = 0.0
        self._page: tuple[int, str, dict[int, State], frozenset[int]] = (-1, "", {}, frozenset())

    # What there is to keep

    @property
    def states(self) -> dict[int, State]:
        """Every State of the page by its number; one need not be rendered."""
        return self._look()[2]

    @property
    def changeable(self) -> frozenset[int]:
        """The numbers of the blocks that functions may update."""
        return self._look()[3]

    def wanted(self, dependency: Dependency | None) -> list[int]:
        """Whose entries an event of this listener needs: all States, and those of its blocks that may be changed."""
        changeable = self.changeable
        blocks = (*dependency.inputs, *dependency.outputs) if dependency is not None else ()
        parts = [render_entries.NUMBER] if self._builds else []
        return [*self.states, *parts, *{block._id for block in blocks} & changeable]

    def needs(self, dependency: Dependency | None) -> bool:
        """Whether an event of this listener is wrong without the entries; of others only choices may be older."""
        if dependency is None or dependency.renders is not None:
            return True
        return any(isinstance(block, State) for block in (*dependency.inputs, *dependency.outputs))

    @property
    def _builds(self) -> bool:
        """Whether the page has functions that build parts of it."""
        return any(each.renders is not None for each in self._blocks.dependencies.values())

    def pass_time(self, seconds: float) -> None:
        """For tests: as if so many seconds had passed."""
        self._ahead += seconds

    # Reading and writing

    def load(self, session: LiveSession, numbers: list[int]) -> None:
        """Take what other processes have written; what was not changed there stays as it is here."""
        base, state = self._base(session), session.state
        for number, entry in self._store.load(base, [_MARK, *numbers], state.kept).items():
            if number in state.changed:
                continue  # what is here is newer by what a running event does to it
            if number == _MARK:
                _note(state, number, entry)
            elif number == render_entries.NUMBER:
                opened = _opened(entry, f"{base}.{number}")
                render_entries.take(state, opened[1] if opened is not None else None, self._now())
                _note(state, number, entry)
            else:
                self._take(state, number, f"{base}.{number}", entry)

    def values(self, hash: str, identity_key: str | None) -> list[tuple[int, Any]]:
        """What is kept of the States of a visitor's session, by number; nothing is taken over."""
        base = self._base_of(hash, identity_key)
        found = self._store.load(base, list(self.states), {})
        opened = [(number, _opened(entry, f"{base}.{number}")) for number, entry in sorted(found.items())]
        return [(number, each[1]) for number, each in opened if each is not None]

    def holds(self, session: LiveSession) -> bool:
        """Whether there is anything of the session."""
        return self._store.load(self._base(session), [_MARK], {}).get(_MARK) is not None

    def keep(self, session: LiveSession) -> None:
        """Write what has changed here.

        Raises:
            UnstorableState: a State's value cannot be written. It is dropped, so that the next event finds the last
                one that could.
        """
        base, state = self._base(session), session.state
        mark, now = state.kept.get(_MARK), self._now()
        renewed = _time_of(mark) + _RENEWED < now
        changed = set(state.changed)
        state.changed.difference_update(changed)
        try:
            texts = self._texts(base, state, set(state.changes) if renewed else changed)
            kept = state.kept
            written = {
                number: text for number, text in texts.items() if renewed or version_of(text) != kept.get(number)
            }
            if renewed or not str(mark).startswith(self._process):
                written[_MARK] = f"{self._process} {math.floor(now)}"
            versions = self._store.save(base, written)
        except BaseException:
            state.changed |= changed
            raise
        kept.update(versions)

    # Ending

    def delete_blocks(self, session: LiveSession, but: Collection[int]) -> None:
        """The page shows its blocks as declared, apart from `but`."""
        self._store.delete(self._base(session), [number for number in self.changeable if number not in but])

    def end(self, session: LiveSession, wanted: Iterable[State], forced: bool) -> list[tuple[State, Any]]:
        """Delete everything; the values of `wanted` that functions have set.

        Nothing is deleted when another process has used the session last, unless `forced`.
        """
        base, store = self._base(session), self._store
        mark = store.load(base, [_MARK], {}).get(_MARK)
        if not forced and mark is not None and not mark.text.startswith(self._process):
            return []
        if not store.begin_ending(base, _ENDING):
            return []
        entries = self._set_values(base, wanted)
        store.delete(base, [_MARK, render_entries.NUMBER, *self.states, *self.changeable])
        store.done_ending(base)
        return [(state, value) for state, _, value in entries]

    def expire(self, session: LiveSession, state: State) -> list[Any]:
        """Delete a value whose time is over: a list with it, or an empty one when it was set again or is gone."""
        base, store = self._base(session), self._store
        key, found = f"{base}.{state._id}", self._set_values(base, [state])
        if any(since + state.time_to_live > self._now() + _JITTER for _, since, _ in found):
            return []
        if session.has_state:
            _forget(session.state, state._id)
        if not found or not store.begin_ending(key, _ENDING):
            return []
        store.delete(base, [state._id])
        store.done_ending(key)
        return [value for _, _, value in found]

    # One entry

    def _take(self, state: SessionState, number: int, key: str, entry: Entry | None) -> None:
        block, opened = self.states.get(number), _opened(entry, key)
        if block is None:
            state.take_changes(number, opened[1] if opened is not None else None)
            _note(state, number, entry)
        elif opened is None or (opened[0] is not None and opened[0] + block.time_to_live < self._now()):
            _forget(state, number)
        else:
            since, state.values[number] = opened
            _note(state, number, entry)
            if since is not None:
                state.assigned[number] = time.monotonic() - (self._now() - since)

    def _set_values(self, base: str, states: Iterable[State]) -> list[tuple[State, float, Any]]:
        """What functions have set: the State, when it was set, the value."""
        asked = {state._id: state for state in states}
        found = self._store.load(base, list(asked), {})
        entries = [(asked[number], _opened(entry, f"{base}.{number}")) for number, entry in found.items()]
        return [(state, entry[0], entry[1]) for state, entry in entries if entry and entry[0] is not None]

    def _texts(self, base: str, state: SessionState, changed: set[int]) -> dict[int, str]:
        """The entries of all States that have a value, and of the blocks `changed`."""
        held = [block for number, block in self.states.items() if number in state.values]
        texts = {block._id: self._state_text(f"{base}.{block._id}", block, state) for block in held}
        texts |= {number: self._options_text(f"{base}.{number}", number, state) for number in changed if number < FIRST}
        return texts | self._parts_text(f"{base}.{render_entries.NUMBER}", state)

    def _parts_text(self, key: str, state: SessionState) -> dict[int, str]:
        """The entry of what gr.render has built, if it has."""
        try:
            entry = render_entries.written(state, self._now())
            return {} if entry is None else {render_entries.NUMBER: _sealed(key, None, entry)}
        except codec.Unstorable as error:
            raise UnstorableState(
                f"What gr.render has built cannot be kept in the cache {self._alias!r}: {error}. Keep plain data in "
                "the States inside it and in those that it takes."
            ) from error

    def _state_text(self, key: str, block: State, state: SessionState) -> str:
        number = block._id
        assigned = state.assigned.get(number)
        since = None if assigned is None else _tenths(self._now() - (time.monotonic() - assigned))
        for left in reversed(range(_TRIES)):
            try:
                return _sealed(key, since, state.values[number])
            except codec.Unstorable as error:
                _forget(state, number)
                raise UnstorableState(
                    f"{block.described} cannot be kept in the cache {self._alias!r}: {error}. "
                    "Keep plain data in it (numbers, text, lists, dicts, dates, arrays), or leave out "
                    "BLOCKS_STATE_CACHE, so that values stay in this process as they are."
                ) from error
            except RuntimeError:  # it grew while it was written
                if not left:
                    raise
        raise AssertionError  # the loop returns or raises

    def _options_text(self, key: str, number: int, state: SessionState) -> str:
        """The options that updates have changed; one that cannot be written stays in this process, which is told."""
        plain: dict[str, Any] = {}
        for name, value in state.changes.get(number, {}).items():
            try:
                codec.encode(value)
            except codec.Unstorable as error:
                log.warning("state.option_stays", extra={"block": number, "option": name, "error": str(error)})
            else:
                plain[name] = value
        return _sealed(key, None, plain)

    # Helpers

    def _now(self) -> float:
        return time.time() + self._ahead

    def _look(self) -> tuple[int, str, dict[int, State], frozenset[int]]:
        version = self._blocks.version
        if self._page[0] == version:
            return self._page
        blocks, outputs = {**self._blocks.blocks}, set()
        for each in self._blocks.dependencies.values():
            blocks |= {block._id: block for block in (*each.inputs, *each.outputs)}
            outputs |= {block._id for block in each.outputs}
        states = {number: block for number, block in blocks.items() if isinstance(block, State)}
        kinds = sorted((number, block.get_block_name()) for number, block in blocks.items())
        digest = hashlib.sha256(repr(kinds).encode()).hexdigest()[:16]
        self._page = (version, digest, states, frozenset(outputs - states.keys()))
        return self._page

    def _base(self, session: LiveSession) -> str:
        """What the keys of a session begin with. A changed page starts afresh, as its numbers mean something else."""
        return self._base_of(session.hash, session.identity_key)

    def _base_of(self, hash: str, identity_key: str | None) -> str:
        whose = json.dumps([self.owner, self._look()[1], hash, identity_key])
        return f"blocks.state.{hashlib.sha256(whose.encode()).hexdigest()}"


def _note(state: SessionState, number: int, entry: Entry | None) -> None:
    if entry is None:
        state.kept.pop(number, None)
    else:
        state.kept[number] = entry.version


def _forget(state: SessionState, number: int) -> None:
    for values in (state.values, state.assigned, state.kept):
        values.pop(number, None)


def _tenths(seconds: float) -> float:
    """Rounded down, so that the two clocks' jitter does not make every text a new one."""
    return math.floor(seconds * 10) / 10


def _time_of(mark: str | None) -> float:
    _, _, seconds = str(mark).partition(" ")
    return float(seconds) if seconds.isdigit() else 0.0


def _sealed(key: str, since: float | None, value: Any) -> str:
    return signing.Signer(salt=key).sign(f"{json.dumps(since)} {codec.encode(value)}")


def _opened(entry: Entry | None, key: str) -> tuple[float | None, Any] | None:
    """When it was set, and the value; None when there is none, or when it is not ours."""
    if entry is None:
        return None
    try:
        since, _, written = signing.Signer(salt=key).unsign(entry.text).partition(" ")
    except signing.BadSignature:
        log.warning("state.not_ours", extra={"cache_key": key})
        return None
    return json.loads(since), codec.decode(written)
