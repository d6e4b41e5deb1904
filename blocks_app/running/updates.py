"""Updates of a block's properties; and the edits between two yields, found here and applied by who reads them.

The page (frontend/diff.ts) and the Python client apply edits too; tests/dispatch/edits.json holds for all three.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any

from blocks_app import jsonable
from blocks_app.exceptions import BlocksError, CallError
from blocks_app.functions.kinds import dismiss, is_unfinished
from blocks_app.running.encoding import encode, is_light
from blocks_app.running.failures import unfit
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component
from blocks_app.tree.iterables import listed, read_once

if TYPE_CHECKING:
    from blocks_app.running.state import SessionState

MARK = "__type__"
_PLAIN = (str, int, float, list, tuple, dict, type(None))


class UpdateMark(str):
    """Marks a dict as an update: made by the app's code alone, so a visitor's dict with the same text is only data."""

    __slots__ = ()


_UPDATE = UpdateMark("update")
NO_CHANGE: dict[str, Any] = {MARK: _UPDATE}


def update(
    elem_id: str | None = None,
    elem_classes: list[str] | str | None = None,
    visible: bool | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """Return this from a function to change properties of an output; `value=` changes its value too.

    Args:
        elem_id: its new id in the page.
        elem_classes: its new classes.
        visible: whether it is shown.
        changes: any other argument of the output's constructor.
    """
    named = {"elem_id": elem_id, "elem_classes": elem_classes, "visible": visible}
    return {**changes, **{name: value for name, value in named.items() if value is not None}, MARK: _UPDATE}


def skip() -> dict[str, Any]:
    """Return this from a function to leave an output as it is."""
    return {MARK: _UPDATE}


def changes_of(value: Any) -> dict[str, Any] | None:
    """What an update changes; None when `value` is not an update.

    A component made by a running function is one: of the arguments that were really written.
    """
    if isinstance(value, Block):
        return {name: given for name, given in value._given.items() if name != "render"}
    if isinstance(value, dict) and isinstance(value.get(MARK), UpdateMark):
        return {name: given for name, given in value.items() if name != MARK}
    return None


def as_data(value: Any) -> Any:
    """A value on the wire that nobody takes for an update, whatever is in it.

    One that looks like an update becomes the value of an update that changes nothing else.
    """
    if not isinstance(value, _PLAIN):
        value = jsonable.plain(value) if is_dataclass(value) or hasattr(type(value), "model_dump") else value
    if isinstance(value, dict) and any(_is_mark(key) for key in value):
        return {MARK: _UPDATE, "value": value}
    return value


def _is_mark(key: Any) -> bool:
    return bool(key == MARK) if type(key) is str else jsonable.key(key) == MARK


def apply_update(
    block: Block, changes: dict[str, Any], session: SessionState, postprocess: bool = True
) -> dict[str, Any]:
    """Remember the changed block for the session; return the update for the wire.

    The value is postprocessed by the output's own class; with `postprocess` False it has that form already. Names that
    the block does not have are dropped.
    """
    has_value = "value" in changes
    value = _value(block, changes.get("value"))
    changes = {name: read_once(given) for name, given in changes.items() if name != "value"}
    known = block.known_options() - {"value", *Block.private_options}
    kept = {name: given for name, given in changes.items() if name in known}
    before, current, shown = _changed(block, kept, session) if kept else ({}, session.block(block), {})
    wire: dict[str, Any] = {MARK: _UPDATE}
    for name in kept:
        if name in shown or name not in current.private_options:
            wire[name] = shown.get(name, listed(getattr(current, name, None)))
    # what follows from them, such as the buttons from show_copy_button
    wire.update({name: given for name, given in shown.items() if _differ(before.get(name), given)})
    if has_value and isinstance(current, Component):
        with jsonable.explained_long_numbers():
            wire["value"] = current.postprocess(value) if postprocess else value
    return wire


def _changed(
    block: Block, changes: dict[str, Any], session: SessionState
) -> tuple[dict[str, Any], Block, dict[str, Any]]:
    """The properties before, the changed block, and its properties.

    Raises:
        CallError: an option is given something that it cannot be.
    """
    before, kept = session.block(block).props(), session.changes.get(block._id)
    try:
        current = session.change(block, changes)
        shown = current.props()
        for name in changes:
            if not is_light(shown.get(name)):
                encode(shown[name])  # what cannot be sent is not kept either
        return before, current, shown
    except Exception as error:
        session.take_changes(block._id, kept)
        if isinstance(error, (BlocksError, OSError)) and not isinstance(error, CallError):
            raise
        given = ", ".join(f"{name} ({type(value).__name__})" for name, value in changes.items())
        raise unfit(f"An update of {block.described} has what does not fit: {given}", error) from error


def _value(block: Block, value: Any) -> Any:
    """The value of an update; a function that makes it is asked now.

    Raises:
        CallError: the function is async or a generator.
    """
    if not callable(value) or not isinstance(block, Component) or block.keeps_values:
        return read_once(value)
    made = value()
    if is_unfinished(made):
        dismiss(made)
        raise CallError(
            f"The value of an update of {block.described} is an async function or a generator. Return what it makes."
        )
    return read_once(made)


def _differ(before: Any, now: Any) -> bool:
    """Whether an option has changed; arrays, and numbers of several libraries, do not always know."""
    try:
        return bool(before != now)
    except Exception:
        return True


Edit = list[Any]

_MISSING = object()
_SCALARS = frozenset((str, int, float, bool, type(None)))


class _TooMany(Exception):
    """More edits than are worth it."""


def diff(old: Any, new: Any, most: int | None = None) -> list[Edit] | None:
    """The edits `[op, path, value]` that turn one JSON value into another; empty when they are equal.

    Deletions of one list go from its end to its start, so that a reader can apply them as they come. None when they
    would be more than `most`.
    """
    edits: list[Edit] = []
    try:
        _compare(old, new, [], edits, most)
    except _TooMany:
        return None
    return edits


def _compare(old: Any, new: Any, path: list[str | int], edits: list[Edit], most: int | None) -> None:
    if old is new:
        return
    if most is not None and len(edits) > most:
        raise _TooMany
    if type(old) is not type(new):
        edits.append(["replace", path, new])
    elif isinstance(new, str):
        if old == new:
            return
        if new.startswith(old):
            edits.append(["append", path, new[len(old) :]])
        else:
            edits.append(["replace", path, new])
    elif isinstance(new, list):
        _compare_lists(old, new, path, edits, most)
    elif isinstance(new, dict):
        _compare_dicts(old, new, path, edits, most)
    elif old != new:
        edits.append(["replace", path, new])


def _compare_lists(old: list[Any], new: list[Any], path: list[str | int], edits: list[Edit], most: int | None) -> None:
    common = min(len(old), len(new))
    if most is not None and abs(len(old) - len(new)) > most:
        raise _TooMany
    for index in range(common):
        before, after = old[index], new[index]
        if before is after or (type(before) is type(after) in _SCALARS and before == after):
            continue  # without a path made for it
        _compare(before, after, [*path, index], edits, most)
    for index in range(len(old) - 1, common - 1, -1):
        edits.append(["delete", [*path, index], None])
    for index in range(common, len(new)):
        edits.append(["add", [*path, index], new[index]])


def _compare_dicts(
    old: dict[Any, Any], new: dict[Any, Any], path: list[str | int], edits: list[Edit], most: int | None
) -> None:
    if most is not None and abs(len(old) - len(new)) > most:
        raise _TooMany
    left = 0
    for key, before in old.items():
        after = new.get(key, _MISSING)
        if before is after or (type(before) is type(after) in _SCALARS and before == after):
            continue  # without a path made for it
        if after is _MISSING:
            edits.append(["delete", [*path, key], None])
            left += 1
        else:
            _compare(before, after, [*path, key], edits, most)
    if len(new) > len(old) - left:
        edits += [["add", [*path, key], new[key]] for key in new if key not in old]


def apply_edits(value: Any, edits: list[Edit]) -> Any:
    """The value after the edits, one after the other as they are written.

    The value is never changed: what an edit touches is copied, once for all edits.

    Raises:
        ValueError: an edit is of an unknown kind.
    """
    copies: dict[int, Any] = {}
    for operation, path, given in edits:
        value = _edited(value, operation, path, given, copies)
    return value


def _edited(value: Any, operation: str, path: list[Any], given: Any, copies: dict[int, Any]) -> Any:
    if operation not in ("replace", "append", "add", "delete"):
        raise ValueError(f"An edit of an unknown kind: {operation!r}.")
    if not path:
        return ("" if value is None else value) + given if operation == "append" else given
    root = holder = _own(value, copies)
    for key in path[:-1]:
        holder[key] = holder = _own(holder[key], copies)
    key = path[-1]
    if operation == "delete":
        del holder[key]
    elif operation == "append":
        holder[key] = ("" if holder[key] is None else holder[key]) + given
    elif operation == "add" and isinstance(holder, list):
        holder.insert(key, given)
    else:
        holder[key] = given
    return root


def _own(value: Any, copies: dict[int, Any]) -> Any:
    """A copy that may be changed; `copies` has those made so far, by their identity, and so keeps them alive."""
    if id(value) in copies:
        return value
    copy = value.copy()
    copies[id(copy)] = copy
    return copy
