"""An answer as it is kept: every value that was shown, as what changed from one to the next; and the way back.

A value is kept as browsers get it. An update of an output is kept as such, so what it changes besides is changed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from blocks_app.running.encoding import decode, encode
from blocks_app.running.updates import apply_edits, changes_of, diff, update

#: A generator that yields more, or more bytes, is kept by its last value alone.
MOST_STEPS = 10_000
MOST_BYTES = 16 * 1024 * 1024
_MOST_EDITS = 2_000
_VALUE, _UPDATE = "value", "update"
FILE_MARK = {"_type": "gradio.FileData"}


class Recording:
    """Takes the values of one run, as they come."""

    def __init__(self) -> None:
        self.steps: list[bytes] = []
        self.is_whole = True
        self._last: Any = None
        self._size = 0

    def add(self, wire: list[Any]) -> None:
        """Wire values of all outputs. Raises CallError for one that cannot be written as JSON."""
        entries = decode(encode([_entry(each) for each in wire]))
        last, self._last = self._last, entries
        if not self.is_whole:
            return
        edits = diff(last, entries, _MOST_EDITS) if last is not None else None
        step = encode([["replace", [], entries]] if edits is None else edits)
        self.steps.append(step)
        self._size += len(step)
        if len(self.steps) > MOST_STEPS or self._size > MOST_BYTES:
            self.is_whole, self.steps = False, []

    def content(self) -> bytes:
        """All of it; empty when there was no value."""
        if not self.is_whole:
            return b"[" + encode([["replace", [], self._last]]) + b"]"
        return b"[" + b",".join(self.steps) + b"]" if self.steps else b""

    def files(self) -> Iterator[str]:
        """The files that the last value names."""
        return _files(self._last)


Locate = Callable[[str], dict[str, Any]]


def last_values(content: bytes, locate: Locate) -> tuple[list[Any], bool]:
    """What outputs get in the end, and whether there was more on the way.

    Args:
        content: what was kept.
        locate: the wire value of a file for whoever reads now. Raises LookupError when it has gone.
    """
    steps = decode(content)
    entries: Any = None
    for edits in steps:
        entries = apply_edits(entries, edits)
    return [_value(each, locate) for each in entries], len(steps) > 1


def replay(content: bytes, locate: Locate) -> Iterator[list[Any]]:
    """What outputs get, step after step; a value on the way whose file has gone is left out."""
    entries: Any = None
    for edits in decode(content):
        entries = apply_edits(entries, edits)
        try:
            values = [_value(each, locate) for each in entries]
        except LookupError:
            continue
        yield values


def _entry(wire: Any) -> dict[str, Any]:
    changes = changes_of(wire)
    return {_VALUE: wire} if changes is None else {_UPDATE: changes}


def _value(entry: dict[str, Any], locate: Locate) -> Any:
    if _VALUE in entry:
        return _located(entry[_VALUE], locate)
    return update(**_located(entry[_UPDATE], locate))


def _located(value: Any, locate: Locate) -> Any:
    if isinstance(value, list):
        return [_located(each, locate) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("meta") == FILE_MARK and isinstance(value.get("path"), str):
        return {**value, **locate(value["path"])}
    return {name: _located(each, locate) for name, each in value.items()}


def _files(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _files(each)
    elif isinstance(value, dict):
        if value.get("meta") == FILE_MARK and isinstance(value.get("path"), str):
            yield value["path"]
        else:
            for each in value.values():
                yield from _files(each)
