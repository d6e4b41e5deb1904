"""JSON from visitors, read as the type that is expected; what cannot be read is refused in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import msgspec

from queue_app.exceptions import Unreadable

T = TypeVar("T")

#: Lists and objects within each other. Deeper values would be too much for whoever walks through them later.
DEEPEST = 200

#: Takes every byte once: an open string goes to the end.
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+\\?(?:"|\Z)', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
#: Half of a pair that stands for one character.
_HALVES = r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
_LONE, _LONE_BYTES = re.compile(_HALVES + "|[\ud800-\udfff]"), re.compile(_HALVES.encode())
_OPENING = frozenset(b"[{")


def decoded(decoder: msgspec.json.Decoder[T], raw: bytes | str, what: str) -> T:
    """The value of a `what` ("request", "message"). Raises Unreadable, whose text says what is wrong with it."""
    if is_deep(raw):
        raise Unreadable(f"The {what} is nested too deeply: {DEEPEST} levels are allowed.")
    with unreadable(what, raw):
        return decoder.decode(raw)


@contextmanager
def unreadable(what: str, raw: bytes | str) -> Iterator[None]:
    """Turns whatever is raised while a `what` is read from `raw` into Unreadable."""
    try:
        yield
    except msgspec.ValidationError as error:
        raise Unreadable(f"The {what} does not fit: {error}.") from error
    except RecursionError as error:
        raise Unreadable(f"The {what} is nested too deeply: {DEEPEST} levels are allowed.") from error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Unreadable(f"The {what} is not JSON: {str(error).rstrip('.')}.{_half(raw)}") from error


def _half(raw: bytes | str) -> str:
    """What is most likely wrong where a text has been cut."""
    found = _LONE.search(raw) if isinstance(raw, str) else _LONE_BYTES.search(raw)
    return " A text in it has half of a character, such as an emoji that was cut in two." if found else ""


def is_deep(raw: bytes | str) -> bool:
    """Whether lists and objects are nested deeper than DEEPEST; usually told by how few there are."""
    few = raw.count("[") + raw.count("{") if isinstance(raw, str) else raw.count(b"[") + raw.count(b"{")
    if few <= DEEPEST:
        return False
    text = raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw
    depth = 0
    for bracket in _STRING.sub(b"", text).translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in _OPENING else -1
        if depth > DEEPEST:
            return True
    return False
