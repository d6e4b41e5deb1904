"""From a function's result to a step that can be sent: wire values, their JSON, and what changed since the last ones.

All of it grows with the values and may run the user's code (`postprocess`, `__eq__`, `__str__`), so it is done where
that may run, and never on the server's loop.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from blocks_app import conf, jsonable
from blocks_app.exceptions import CallError
from blocks_app.logs import logger, quietly
from blocks_app.running.arguments import Given, arguments, wire_values
from blocks_app.running.call import Call, Step, outside_function
from blocks_app.running.encoding import Encoded, encode, encode_and_copy, is_light, texts
from blocks_app.running.failures import failure_of
from blocks_app.running.state import fingerprint
from blocks_app.running.updates import MARK, UpdateMark, as_data, diff
from blocks_app.tree.component import Component

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.tree.block import Block

log = logger("blocks_app.streaming")

texts.add(UpdateMark)

#: Edits of one value beyond which it is sent whole instead.
MOST_EDITS = 2_000
_SHORT = 10_000  # characters of a text that is written only when it is needed
_LONG = 1_000_000  # the same of a text on the way, most of which are never needed whole
_CONSTANT = frozenset((int, float, bool, type(None)))


def last_step(call: Call, result: Any, started: float) -> Step:
    """The one step of a function that returns."""
    data = wire_values(call, result)
    step = Step(data, duration=time.perf_counter() - started, encoded=encoded(call, data))
    step.changed_state_ids = changed(call)
    return step


def step_between(call: Call, result: Any, started: float) -> Step:
    """A step on the way: a copy, as a generator that goes on filling what it yielded must not change it."""
    with outside_function():
        parts: list[bytes | str] = []
        data: list[Any] = []
        edits: list[Any] = []
        last, short = call.last if call.differs else None, True
        for index, value in enumerate(wire_values(call, result)):
            old = last[index] if last is not None else None
            more = _more_of_text(value, old)
            if more is not None:  # by far the most frequent
                part, copy = value, value
            else:
                part, copy = _written(call, index, value, copied=True)
            parts.append(part)
            data.append(copy)
            if last is not None:
                edits.append(_edits(old, copy, more))
                short = short and len(part if more is None else more) < _SHORT
        step = Step(data, True, False, duration=time.perf_counter() - started, encoded=Encoded(parts))
        if last is not None:
            step.edits = (jsonable.dumps if short else encode)(edits)
        if call.differs:
            call.last = data
        return step


def _more_of_text(value: Any, old: Any) -> str | None:
    """What a text has more than the one before, all of it when that is no beginning of it.

    None for what is no text of plain characters, or so long that it is written piece by piece. What others write
    letter by letter is not gone through anew for each letter: what stood there before was looked at then.
    """
    if type(value) is not str or len(value) > _LONG:
        return None
    more = value[len(old) :] if type(old) is str and value.startswith(old) else value
    if more.isascii():
        return more
    try:
        more.encode()
    except UnicodeError:
        return None
    return more


def joined(call: Call, last: Step | None) -> Step | None:
    """The last step of a generator, with what the pieces of its outputs are together; None when none gave pieces."""
    if last is None or not call.pieces or not call.dependency.postprocess:
        return None
    data = list(last.data)
    with outside_function(), call.piecing:
        for index, block in enumerate(call.dependency.outputs):
            pieces = call.pieces.get(block._id)
            if pieces:
                seen: Any = call.session.block(block)
                data[index] = as_data(seen.whole(pieces))
        return Step(data, duration=last.duration, encoded=encoded(call, data))


def joined_early(call: Call, last: Step | None) -> Step | None:
    """The same for a generator that did not come to its end, as one more step on the way.

    None where nothing came in pieces, or what came cannot be made one: the visitor keeps the pieces.
    """
    try:
        step = joined(call, last)
    except Exception as error:
        quietly(log.warning, "pieces.not_joined", extra={"error": failure_of(error).line})
        return None
    if step is not None:
        step.is_generating, step.final = True, False
    return step


def encoded(call: Call, data: list[Any]) -> Encoded:
    """Wire values as JSON.

    Raises:
        CallError: one cannot be written; the text names its component.
    """
    return Encoded([_written(call, index, value)[0] for index, value in enumerate(data)])


def note(call: Call, step: Step) -> Step:
    """A step goes to the page: remember what its outputs show from now on, and what its inputs had.

    For pages that have a button which makes links to them as they are: a link opens with what functions have answered,
    and only the server knows that they have. What is larger than a link may be is not kept.
    """
    largest, kept = conf.deep_link_size(), call.session.shown
    for taken, given in zip(call.dependency.inputs, call.data):
        if _is_shown(call, taken):
            kept[taken._id] = encode(given) if is_light(given) else None
    parts = step.encoded.parts if step.encoded is not None else []
    for block, part, value in zip(call.dependency.outputs, parts, step.data):
        if not _is_shown(call, block) or (isinstance(value, Mapping) and MARK in value and "value" not in value):
            continue
        kept[block._id] = part if len(part) <= largest else None
    return step


def _is_shown(call: Call, block: Block) -> bool:
    seen = call.session.block(block)
    return isinstance(seen, Component) and not seen.stateful and getattr(seen, "type", None) != "password"


def is_quick(values: Sequence[Any]) -> bool:
    """Whether values are so small and plain that working on them needs no thread of its own."""
    for value in values:  # noqa: SIM110 - asked twice for each async function, where a generator costs as much again
        if type(value) not in _CONSTANT and not is_light(value):
            return False
    return True


def begin(blocks: DeclaredPage, call: Call) -> Given:
    """What the function is called with. Before that, the States that somebody listens to are looked at."""
    call.before = {block._id: fingerprint(call.session.get(block)) for block in listened(blocks, call)}
    return arguments(blocks, call)


def changed(call: Call) -> list[int]:
    """Which of the States that somebody listens to have changed since the call began."""
    before = call.before or {}
    return [number for number, print_ in before.items() if fingerprint(call.session.values.get(number)) != print_]


def listened(blocks: DeclaredPage, call: Call) -> list[Any]:
    """The States of a call to whose change somebody listens."""
    if call.dependency.every is not None:
        return []
    numbers = blocks.listened_states
    if call.session.renders is not None:
        numbers = numbers.union(call.session.renders.listened)
    if not numbers:
        return []
    touched = {block._id: block for block in (*call.dependency.inputs, *call.dependency.outputs)}
    return [block for number, block in touched.items() if number in numbers]


def _written(call: Call, index: int, value: Any, copied: bool = False) -> tuple[bytes | str, Any]:
    if type(value) is str and len(value) <= _SHORT and value.isascii():
        return value, value
    try:
        own = _is_copy(call, index, value)
        if not copied or type(value) in _CONSTANT or own:
            return (jsonable.taken(value) if own else None) or encode(value), value
        return encode_and_copy(value)
    except CallError as error:
        block = call.dependency.outputs[index]
        raise CallError(
            f"What the function {call.dependency.name} gave for {block.described} cannot be sent as JSON: {error}"
        ) from error.__cause__


def _is_copy(call: Call, index: int, value: Any) -> bool:
    """Whether a wire value was made by its component just now, of plain data."""
    block: Any = call.dependency.outputs[index]
    makes = call.dependency.postprocess and getattr(getattr(block, "postprocess", None), "gives_copies", False)
    return makes and not (type(value) is dict and MARK in value)


def _edits(old: Any, new: Any, more: str | None) -> list[Any]:
    """What has changed; `more` is what a text has more than `old`, or all of it."""
    if type(old) is type(new) is str:
        if old == new:
            return []
        if more is None:
            more = new[len(old) :] if new.startswith(old) else new
        return [["append", [], more]] if len(old) + len(more) == len(new) else [["replace", [], new]]
    edits = diff(old, new, MOST_EDITS)
    return [["replace", [], new]] if edits is None else edits
