"""What gr.render has built for a session, as an entry of the store: the records, by which any process builds it again.

With them go the values and changed options of the blocks inside, which no page declares.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from blocks_app.rendering.render_record import FIRST, Record
from blocks_app.rendering.render_runs import renders_of
from blocks_app.serialising import codec

if TYPE_CHECKING:
    from blocks_app.running.state import SessionState

#: Stands for this entry among the numbers of blocks.
NUMBER = -2


def written(state: SessionState, now: float) -> dict[str, Any] | None:
    """The entry as plain data; None when nothing was built. `now` is the time of the entries' clock.

    Raises:
        Unstorable: an input of a function, or a State inside, has a value that cannot be written.
    """
    if state.renders is None:
        return None
    renders = renders_of(state)
    inner = {number: value for number, value in state.values.items() if number >= FIRST}
    return {
        "counters": renders.counters,
        "records": [_record(record) for record in renders.records.values()],
        "values": {number: (_since(state, number, now), value) for number, value in inner.items()},
        "changes": {number: _plain(changes) for number, changes in state.changes.items() if number >= FIRST},
    }


def take(state: SessionState, entry: dict[str, Any] | None, now: float) -> None:
    """Another process has built something: take its records; what is built here and differs is put away."""
    for number in [number for number in state.values if number >= FIRST]:
        state.values.pop(number)
        state.assigned.pop(number, None)
    for number in [number for number in state.changes if number >= FIRST]:
        state.take_changes(number, None)
    if entry is None:
        state.renders = None
        return
    renders = renders_of(state)
    with renders.lock:
        before, renders.records = renders.records, {}
        renders.counters.update(entry["counters"])
        for text in entry["records"]:
            fields = codec.decode(text)
            record = Record.of(**fields, sealed=text)
            old = before.get(record.at.number)
            renders.records[record.at.number] = old if old is not None and old.sealed == text else record
        for number in [each for each, tree in renders.trees.items() if renders.records.get(each) is not tree.record]:
            del renders.trees[number]
    for number, (since, value) in entry["values"].items():
        state.values[number] = value
        if since is not None:
            state.assigned[number] = time.monotonic() - (now - since)
    for number, changes in entry["changes"].items():
        state.take_changes(number, changes)
    _join(state)


def _record(record: Record) -> str:
    """A record as text, once: what it names may change later, but it tells how things were."""
    if record.sealed is None:
        fields = {name: getattr(record, name) for name in Record.__slots__ if name not in ("at", "sealed")}
        record.sealed = codec.encode({"at": list(record.at), **fields})
    return str(record.sealed)


def _join(state: SessionState) -> None:
    """A State that still has the value of then is the same object, so that a function that changes it in place does."""
    for record in renders_of(state).records.values():
        for number, value in record.states.items():
            if number in state.values and codec.encode(state.values[number]) == codec.encode(value):
                record.states[number] = state.values[number]


def _since(state: SessionState, number: int, now: float) -> float | None:
    assigned = state.assigned.get(number)
    return None if assigned is None else round(now - (time.monotonic() - assigned))


def _plain(changes: dict[str, Any]) -> dict[str, Any]:
    """The options that can be written; others stay in this process."""
    plain = {}
    for name, value in changes.items():
        try:
            codec.encode(value)
        except codec.Unstorable:
            continue
        plain[name] = value
    return plain
