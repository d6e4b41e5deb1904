"""JSON from visitors: bounded in depth and in values, and read in pieces where reading takes long.

A parser holds the interpreter's lock until it has read the whole text. A text of a million lists takes it long enough
for everybody to notice, so such a text is cut between its items, wherever they stand, and read run by run; in between
the rest of the process goes on. A text that is few but long values is read at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from blocks_app import conf

T = TypeVar("T")

#: What a parser needs for one of each, in nanoseconds, and what one call of it may take.
_COST = {b"[": 250, b"{": 250, b'"': 60, b",": 10}
_AT_ONCE = 20_000_000
#: Items that are read in one call, and bytes after which it is called all the same.
_RUN = 5_000
_WINDOW = 1_000_000
#: Bytes whose values are counted in one call.
_COUNTED = 256 * 1024

#: Short strings as a whole, and whatever gives a text its structure.
_TOKEN = re.compile(rb'"[^"\\]{0,200}+"|["\[\]{},]')
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_STRINGS_WHOLE = re.compile(rb'(?:[^"]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_WITHIN = re.compile(rb'(?:[^"\\]{1,10000}+|\\.){0,1000}+', re.DOTALL)
_OBJECT, _LIST = ord("{"), ord("[")
_END = {_OBJECT: ord("}"), _LIST: ord("]")}
_COMMA, _QUOTE = ord(","), ord('"')


@dataclass(frozen=True)
class Limits:
    """What a text may hold: levels of lists and objects within each other, and values in all."""

    depth: int = 200
    values: int = 1_000_000


def limits() -> Limits:
    """Those of the site; see conf."""
    return Limits(conf.max_json_depth(), conf.max_json_values())


class TooDeep(ValueError):
    """It is nested deeper than the limits allow."""

    def __init__(self, most: int) -> None:
        super().__init__(f"it is nested too deeply: {most} levels are allowed")


class TooManyValues(ValueError):
    """It holds more values than the limits allow."""

    def __init__(self, most: int) -> None:
        super().__init__(f"it holds too many values: {most} are allowed")


def load(raw: bytes | str, decoder: msgspec.json.Decoder[T], limits: Limits) -> T:
    """The value of a JSON text, as the type of the decoder.

    Raises:
        TooDeep, TooManyValues: it is beyond the limits.
        msgspec.MsgspecError: it is no JSON, or does not fit the type.
    """
    text = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass")
    counts = {mark: text.count(mark) for mark in _COST}
    opening = counts[b"["] + counts[b"{"]
    costs = sum(counts[mark] * cost for mark, cost in _COST.items())
    if opening + counts[b","] > limits.values and not counts[b'"']:
        raise TooManyValues(limits.values)
    if opening + counts[b","] > limits.values:
        _refuse_many(text, limits)
    if opening + counts[b","] > limits.values or costs > _AT_ONCE:
        made: T = msgspec.convert(_Pieces(text, limits).load(), decoder.type)
        return made
    check(text, limits)
    return decoder.decode(text)


def _refuse_many(text: bytes, limits: Limits) -> None:
    """Raise TooManyValues when there are too many brackets and commas outside of strings.

    Counts a part of the text after the other, without looking at each: nobody waits for what is refused anyway.
    """
    values, place, size = 1, 0, len(text)
    while place < size:
        end = min(place + _COUNTED, size)
        found = _STRINGS_WHOLE.match(text, place, end)
        assert found is not None
        outside = _STRING.sub(b"", text[place : found.end()])
        values += sum(map(outside.count, (b"[", b"{", b",")))
        if values > limits.values:
            raise TooManyValues(limits.values)
        place = found.end() if found.end() == end else _behind(text, found.end() + 1)


def check(text: bytes, limits: Limits) -> None:
    """Raise TooDeep or TooManyValues for a text that is beyond the limits, whether or not it is JSON."""
    opening = text.count(b"[") + text.count(b"{")
    if opening <= limits.depth and opening + text.count(b",") <= limits.values:
        return
    depth, values = 0, 1
    for at in _marks(text):
        mark = text[at]
        if mark in _END:
            depth += 1
            values += 1
            if depth > limits.depth:
                raise TooDeep(limits.depth)
        elif mark == _COMMA:
            values += 1
        else:
            depth -= 1
        if values > limits.values:
            raise TooManyValues(limits.values)


def _marks(text: bytes) -> Iterator[int]:
    """The places of brackets and commas outside of strings; a bounded part of the text is looked at in one call."""
    place, size = 0, len(text)
    while place < size:
        end = min(place + _WINDOW, size)
        for token in _TOKEN.finditer(text, place, end):
            at = token.start()
            if text[at] != _QUOTE:
                yield at
            elif token.end() == at + 1:  # a long string, or one with escapes
                place = _behind(text, at + 1)
                break
        else:
            place = end


def _behind(text: bytes, place: int) -> int:
    """The place behind the string whose inside begins here."""
    while True:
        found = _WITHIN.match(text, place)
        end = found.end() if found is not None else place
        if end == place or end >= len(text):
            return end + 1
        place = end


class _Level:
    """A list or an object that is open at the place of the reader.

    Attributes:
        mark: the bracket that has opened it.
        opened: the place of that bracket.
        item: where its current item begins.
        begin: where what was not read of it begins; None after an item that was read by itself.
        made: its items that have been read; None while it is read as a part of what is around it.
        bare: whether no comma came yet.
    """

    __slots__ = ("bare", "begin", "item", "made", "mark", "opened")

    def __init__(self, mark: int, opened: int) -> None:
        self.mark, self.opened = mark, opened
        self.item = opened + 1
        self.begin: int | None = opened + 1
        self.made: Any = None
        self.bare = True


class _Pieces:
    """Reads one text in runs of items."""

    def __init__(self, text: bytes, limits: Limits) -> None:
        self.text = text
        self.limits = limits
        self.levels: list[_Level] = []
        self.root: Any = None
        self.closed = 0  # the place behind the last item that was read by itself
        self.pending = 0  # items since something was read
        self.read = 0  # the place up to which something was read
        self.decoder = msgspec.json.Decoder()

    def load(self) -> Any:
        """The value."""
        text, levels, values, limits = self.text, self.levels, 1, self.limits
        ended = False
        for at in _marks(text):
            mark = text[at]
            if ended:
                raise _unexpected(at)
            if mark == _COMMA:
                values += 1
                self._comma(at)
            elif mark in _END:
                values += 1
                if len(levels) >= limits.depth:
                    raise TooDeep(limits.depth)
                levels.append(_Level(mark, at))
                self.pending += 1
            else:
                ended = self._close(mark, at)
            if values > limits.values:
                raise TooManyValues(limits.values)
        if not ended:
            return self.decoder.decode(text)  # a single text, or what is no JSON
        self._blank(self.closed, len(text))
        return self.root

    def _comma(self, at: int) -> None:
        if not self.levels:
            raise _unexpected(at)
        level = self.levels[-1]
        level.bare = False
        if level.begin is None:
            self._blank(self.closed, at)
            level.begin = at + 1
        level.item = at + 1
        self.pending += 1
        if self.pending >= _RUN or at - self.read > _WINDOW:
            self._open_all()
            self._read(level, at)
            level.begin = at + 1

    def _close(self, mark: int, at: int) -> bool:
        """A bracket closes; True when it is the last."""
        if not self.levels:
            raise _unexpected(at)
        if len(self.levels) == 1:
            self._open_all()
        level = self.levels.pop()
        if _END[level.mark] != mark:
            raise _unexpected(at)
        if level.made is None:
            return False
        if level.begin is None:
            self._blank(self.closed, at)
        elif not (level.bare and not self.text[level.begin : at].strip()):
            self._read(level, at)
        self.closed = at + 1
        if self.levels:
            self.levels[-1].begin = None
        return not self.levels

    def _open_all(self) -> None:
        """Every open list or object is read by itself from here on."""
        around: _Level | None = None
        for level in self.levels:
            if level.made is None:
                level.made = {} if level.mark == _OBJECT else []
                if around is None:
                    self._blank(0, level.opened)
                    self.root = level.made
                else:
                    self._put(around, level)
            around = level

    def _put(self, around: _Level, level: _Level) -> None:
        """What was not read of `around` before this level, and then the level as its item."""
        begin = around.begin if around.begin is not None else around.item
        if around.item > begin:
            self._read(around, around.item - 1)
        if around.mark == _OBJECT:
            name = self.decoder.decode(b"{" + self.text[around.item : level.opened] + b"null}")
            if len(name) != 1:
                raise _unexpected(level.opened)
            around.made[next(iter(name))] = level.made
        else:
            self._blank(around.item, level.opened)
            around.made.append(level.made)
        around.begin = None

    def _read(self, level: _Level, end: int) -> None:
        """The items of a level up to a comma or its end."""
        assert level.begin is not None
        run = self.text[level.begin : end]
        if not run.strip():
            raise _unexpected(end)
        if level.mark == _OBJECT:
            level.made.update(self.decoder.decode(b"{" + run + b"}"))
        else:
            level.made.extend(self.decoder.decode(b"[" + run + b"]"))
        self.pending, self.read = 0, end

    def _blank(self, begin: int, end: int) -> None:
        """Nothing stands between two places."""
        if end > begin and self.text[begin:end].strip(b" \t\r\n"):
            raise _unexpected(begin)


def _unexpected(at: int) -> msgspec.DecodeError:
    return msgspec.DecodeError(f"JSON is malformed: invalid character (byte {at})")
