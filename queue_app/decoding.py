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
_OPENING = frozenset(b"[{")


def decoded(decoder: msgspec.json.Decoder[T], raw: bytes | str, what: str) -> T:
    """The value of a `what` ("request", "message"). Raises Unreadable, whose text says what is wrong with it."""
    if is_deep(raw):
        raise Unreadable(f"The {what} is nested too deeply: {DEEPEST} levels are allowed.")
    with unreadable(what):
        return decoder.decode(raw)


@contextmanager
def unreadable(what: str) -> Iterator[None]:
    """Turns whatever is raised while a `what` is read into Unreadable."""
    try:
        yield
    except msgspec.ValidationError as error:
        raise Unreadable(f"The {what} does not fit: {error}.") from error
    except RecursionError as error:
        raise Unreadable(f"The {what} is nested too deeply: {DEEPEST} levels are allowed.") from error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Unreadable(f"The {what} is not JSON: {error}.{_half(error)}") from error


def _half(error: Exception) -> str:
    """What is most likely wrong where a text has been cut."""
    if "surrogate" not in str(error) and "hex escape" not in str(error):
        return ""
    return " A text in it has half of a character, such as an emoji that was cut in two."


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
