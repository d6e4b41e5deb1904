"""Reading a session's stream without I/O: lines, messages, and the edits between two values."""

from __future__ import annotations

import json
from typing import Any, NamedTuple


class Item(NamedTuple):
    """One message of a stream; `number` is its `id:` line, which only our server sends."""

    number: int | None
    message: dict[str, Any]


class Lines:
    """Server-sent events from pieces of bytes, however they are cut.

    Only LF, CRLF and CR end a line; the line separators of Unicode are part of the text. Comments and fields that
    are not `data` or `id` are skipped.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []
        self._number: int | None = None

    def feed(self, chunk: bytes) -> list[Item]:
        """The messages that `chunk` completes. ValueError for data that are not a JSON object."""
        found: list[Item] = []
        lines = (self._rest + chunk).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            if line.endswith(b"\r"):
                line = line[:-1]
            if line.startswith(b"data:"):
                self._data.append(line[5:].strip())
            elif line.startswith(b"id:"):
                number = line[3:].strip()
                self._number = int(number) if number.isdigit() else None
            elif not line and self._data:
                mine = self._number
                found.append(Item(mine, self._message()))
        return found

    def _message(self) -> dict[str, Any]:
        text = b"\n".join(self._data)
        self._data, self._number = [], None
        message = json.loads(text)
        if not isinstance(message, dict):
            raise ValueError(f"A message that is no object: {text[:80]!r}")
        return message


class Differences:
    """Follows the values of one event: the first message has them whole, later ones only what has changed."""

    def __init__(self, use: bool = True) -> None:
        self._use = use
        self._last: list[Any] | None = None

    def whole(self, data: list[Any], full: bool = False) -> list[Any]:
        """The values after a message. `full` says that it has them whole."""
        if not self._use or full or self._last is None:
            self._last = data
        else:
            last = self._last + [None] * (len(data) - len(self._last))
            self._last = [apply_edits(value, edits) for value, edits in zip(last, data)]
        return list(self._last)


def apply_edits(value: Any, edits: list[Any]) -> Any:
    """`value` with `[op, path, new]` edits applied in order. The given value is not changed."""
    for op, path, new in edits:
        value = _edited(value, op, path, new) if path else _whole(value, op, new)
    return value


def _whole(value: Any, op: str, new: Any) -> Any:
    if op == "append":
        return ("" if value is None else value) + new
    return None if op == "delete" else new


def _edited(value: Any, op: str, path: list[Any], new: Any) -> Any:
    """Copies what the path passes, so that values handed out before stay as they were."""
    root = node = _copied(value)
    for key in path[:-1]:
        node[key] = _copied(node[key])
        node = node[key]
    key = path[-1]
    if op == "replace":
        node[key] = new
    elif op == "append":
        node[key] = _whole(node[key], op, new)
    elif op == "delete":
        del node[key]
    elif op == "add" and isinstance(node, list):
        node.insert(key, new)
    elif op == "add":
        node[key] = new
    else:
        raise ValueError(f"An edit of an unknown kind: {op!r}")
    return root


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, (list, dict)) else value
