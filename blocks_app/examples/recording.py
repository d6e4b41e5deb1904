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
        #: What came last.
        self.last: list[Any] = []
        #: What looks like a file in any of the values.
        self.paths: set[str] = set()
        self._steps: list[bytes] = []
        self._is_whole = True
        self._entries: Any = None
        self._size = 0

    def add(self, wire: list[Any]) -> None:
        """Wire values of all outputs. Raises CallError for one that cannot be written as JSON."""
        entries = decode(encode([_entry(each) for each in wire]))
        before, self._entries, self.last = self._entries, entries, wire
        self.paths.update(_paths(entries))
        if not self._is_whole:
            return
        edits = diff(before, entries, _MOST_EDITS) if before is not None else None
        step = encode([["replace", [], entries]] if edits is None else edits)
        self._steps.append(step)
        self._size += len(step)
        if len(self._steps) > MOST_STEPS or self._size > MOST_BYTES:
            self._is_whole, self._steps = False, []

    def content(self, files: list[str]) -> bytes:
        """All of it; empty when there was no value. `files` are those paths that do name a file."""
        if self._entries is None:
            return b""
        steps = self._steps if self._is_whole else [encode([["replace", [], self._entries]])]
        return b'{"files":' + encode(sorted(files)) + b',"steps":[' + b",".join(steps) + b"]}"


class Kept:
    """What a recording has kept, for whoever reads it now."""

    def __init__(self, content: bytes, locate: Callable[[str], dict[str, Any]]) -> None:
        """Read it.

        Args:
            content: as a recording gives it.
            locate: the path and address of a file for this reader. Raises LookupError when it has gone.

        Raises:
            LookupError: a file of the last values has gone.
            ValueError, TypeError: it was written by another release.
        """
        whole = decode(content)
        self._files = set(whole["files"])
        self._steps = whole["steps"]
        self._locate = locate
        entries: Any = None
        for edits in self._steps:
            entries = apply_edits(entries, edits)
        #: What the outputs get in the end.
        self.values = [self._value(each) for each in entries]

    @property
    def is_stream(self) -> bool:
        """Whether there was more than one step."""
        return len(self._steps) > 1

    def steps(self) -> Iterator[list[Any]]:
        """What the outputs get, step after step; a value on the way whose file has gone is left out."""
        entries: Any = None
        for edits in self._steps:
            entries = apply_edits(entries, edits)
            try:
                values = [self._value(each) for each in entries]
            except LookupError:
                continue
            yield values

    def _value(self, entry: dict[str, Any]) -> Any:
        if _VALUE in entry:
            return self._located(entry[_VALUE])
        return update(**self._located(entry[_UPDATE]))

    def _located(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._located(each) for each in value]
        if not isinstance(value, dict):
            return value
        if value.get("meta") == FILE_MARK and value.get("path") in self._files:
            return {**value, **self._locate(value["path"])}
        return {name: self._located(each) for name, each in value.items()}


def _entry(wire: Any) -> dict[str, Any]:
    changes = changes_of(wire)
    return {_VALUE: wire} if changes is None else {_UPDATE: changes}


def _paths(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _paths(each)
    elif isinstance(value, dict):
        if value.get("meta") == FILE_MARK and isinstance(value.get("path"), str):
            yield value["path"]
        else:
            for each in value.values():
                yield from _paths(each)
