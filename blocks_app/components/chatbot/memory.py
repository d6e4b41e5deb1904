"""What a Chatbot keeps from one yield to the next: a message that is what it was is not made and written again.

Functions add to the list that they have yielded, and to the dicts in it, so a message is compared with a copy of what
it was. Messages with files or components are made anew each time, as what they name may have changed.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, repeat
from typing import Any

from blocks_app.components.chatbot.messages import ChatMessage, Message
from blocks_app.jsonable import Piece, Pieces
from blocks_app.tree import context
from blocks_app.tree.component import Component

_SCALARS = frozenset((str, int, float, bool, type(None)))
_DEEPEST = 5  # of lists and dicts in a message that is only text


class Converted:
    """A message or pair, and what it is on the wire."""

    __slots__ = ("copy", "kinds", "piece")

    def __init__(self, item: Any, made: list[Any], keep: bool) -> None:
        """Remember it; with `keep` also what it was, so that it can be recognised."""
        self.piece = Piece(made)
        self.copy: Any = None
        self.kinds: Any = None
        if not keep:
            return
        plain = _plain_words(item)
        if plain is not None:  # as most are
            self.copy = plain
        elif all(map(_is_text, made)):
            given = _given(item)
            try:
                self.copy, self.kinds = _copied(given), _kinds(given)
            except _NotPlain:
                self.copy = None

    def is_same(self, item: Any) -> bool:
        """Whether the item is what it was. What equals nothing, or cannot be compared, is not."""
        copy = self.copy
        if copy is None:
            return False
        if self.kinds is None:
            return bool(_plain_words(item) == copy)
        given = item if type(item) is type(copy) else _given(item)
        try:
            if given != copy or type(given) is not type(copy):
                return False
            return bool(_kinds(given) == self.kinds)
        except Exception:
            return False


def convert_all(owner: Component, items: list[Any], convert: Callable[[Any], list[Any]]) -> list[Any]:
    """All items on the wire: those that are what they were in this call's value before are taken from there."""
    memory = context.memory.get()
    if memory is None or context.in_event.get():
        return [made for item in items for made in convert(item)]
    before: list[Converted] | None = memory.get(owner)
    keep = before is not None
    entries = [
        old if old is not None and old.is_same(item) else Converted(item, convert(item), keep)
        for item, old in zip(items, chain(before or (), repeat(None)))
    ]
    memory[owner] = entries
    return Pieces([each.piece for each in entries])


def _plain_words(item: Any) -> tuple[str, str] | None:
    """Who speaks and what, of a dict that says no more; None for anything else."""
    if type(item) is dict and len(item) == 2:
        role, content = item.get("role"), item.get("content")
        if type(role) is str and type(content) is str:
            return role, content
    return None


class _NotPlain(Exception):
    """Not made of what JSON has alone."""


def _given(item: Any) -> Any:
    return vars(item) if type(item) in (ChatMessage, Message) else item


def _is_text(made: Any) -> bool:
    """Whether nothing but text is said on the wire."""
    if type(made) is dict:
        return all(part["type"] == "text" for part in made["content"])
    return all(side is None or type(side) is str for side in made)


def _kinds(given: Any) -> Any:
    """The types of what was said, as what is equal may be of another: 1 and True, a text and an array with it."""
    if type(given) is not dict:
        return [type(side) for side in given]
    content = given["content"]
    kind = type(content)
    if not (given.get("metadata") or given.get("options")):
        if kind is str and type(given["role"]) is str:
            return str
        if kind is list and len(content) == 1 and type(content[0]) is dict:
            return type(content[0]["text"]), type(given["role"])
    return _all_kinds(given)


def _all_kinds(value: Any) -> Any:
    if type(value) is dict:
        return [(name, _all_kinds(item)) for name, item in value.items()]
    return [_all_kinds(item) for item in value] if type(value) in (list, tuple) else type(value)


def _copied(value: Any, depth: int = 0) -> Any:
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind is dict and depth < _DEEPEST:
        return {_copied(key, _DEEPEST): _copied(item, depth + 1) for key, item in value.items()}
    if kind in (list, tuple) and depth < _DEEPEST:
        return kind([_copied(item, depth + 1) for item in value])
    raise _NotPlain
