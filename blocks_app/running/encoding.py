"""Values of results as JSON, made where user code may run: in pieces, so that no single call holds everybody for long.

The libraries that write and read JSON hold the interpreter's lock for a whole call: a hundred megabytes in one call
are half a second in which nothing else of the process moves. A value of some thousand items is written at once, a
larger one piece by piece, and between two pieces the server's loop has its turn.
"""

from __future__ import annotations

from typing import Any

import msgspec

from blocks_app import jsonable
from blocks_app.exceptions import CallError
from blocks_app.jsonable import DEEPEST, clean
from blocks_app.running.failures import failure_of

PIECE = 5_000  # items, or characters by the 128, that are written in one call
_CHARACTERS = 7  # the power of two of characters that weigh as much as an item
_SHORT = 1 << _CHARACTERS  # characters from which on a text weighs more than an item
_TEXT = 1_000_000  # characters of a text that are written in one call
_BYTES = 256 * 1024  # of JSON that are read in one call
_LEVELS = 20  # of lists in lists whose pieces are read one by one
_SCALARS = frozenset((int, float, bool, type(None)))
_DICTS: frozenset[type] = frozenset((dict, jsonable.WrittenDict))
_HOLDERS = frozenset((dict, list, tuple, jsonable.WrittenDict, jsonable.WrittenList))
_lists = msgspec.json.Decoder(list[msgspec.Raw])
_dicts = msgspec.json.Decoder(dict[str, msgspec.Raw])

#: Kinds of text that are no code of the user's: looking at them is safe and quick.
texts: set[type[str]] = {str}


class Encoded:
    """The values of one step, complete: each as JSON, or as a short text that is written only when it is needed."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[bytes | str]) -> None:
        self.parts = parts

    def raw(self) -> msgspec.Raw:
        """The list of them as JSON. Runs nothing of the user's."""
        written = jsonable.text
        parts = [part if isinstance(part, bytes) else written(part) for part in self.parts]
        return msgspec.Raw(b"[" + (parts[0] if len(parts) == 1 else b",".join(parts)) + b"]")


def encode(value: Any) -> bytes:
    """A value as JSON. To be called where user code may run: `str()` of unknown objects is asked.

    Raises:
        CallError: it cannot be written.
    """
    return _encoded(value, None)


def encode_and_copy(value: Any) -> tuple[bytes, Any]:
    """The same, and the value as a reader of the JSON has it, which shares nothing with the value itself."""
    copies: list[Any] = []
    text = _encoded(value, copies)
    return text, copies[0]


def decode(text: bytes, depth: int = 0) -> Any:
    """The value of a JSON text, its whole numbers exact; a long text piece by piece.

    Raises:
        ValueError: it is no JSON; the text says where.
    """
    if len(text) <= _BYTES or depth > _LEVELS:
        return jsonable.loads(text)
    try:
        start = text[:100].lstrip()[:1]
        if start == b"[":
            return _joined(_lists.decode(text), depth)
        if start == b"{":
            parts = _dicts.decode(text)
            return dict(zip(parts, _joined(list(parts.values()), depth)))
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return jsonable.loads(text)


def _joined(parts: list[msgspec.Raw], depth: int) -> list[Any]:
    """The values of the parts: short ones many at a time, long ones each in pieces of its own."""
    made: list[Any] = []
    run: list[bytes] = []
    size = 0
    for part in parts:
        piece = bytes(part)
        if run and size + len(piece) > _BYTES:
            made += jsonable.loads(b"[" + b",".join(run) + b"]")
            run, size = [], 0
        if len(piece) > _BYTES:
            made.append(decode(piece, depth + 1))
        else:
            run.append(piece)
            size += len(piece) + 1
    return made + (jsonable.loads(b"[" + b",".join(run) + b"]") if run else [])


def is_light(value: Any) -> bool:
    """Whether a value is small and of built-in kinds only, so that working on it is quick and runs no user code."""
    return weight(value, PIECE) < PIECE


def weight(value: Any, most: int, depth: int = 0) -> int:
    """How many items a value has in it, counted up to `most`; what is not of a built-in kind counts as `most`."""
    kind = type(value)
    if kind in texts:
        return 1 + (len(value) >> _CHARACTERS)
    if kind in _SCALARS:
        return 1
    if depth > DEEPEST or kind not in _HOLDERS:
        return most
    total = 1 + len(value)
    if kind in _DICTS:
        total += len(value)
    if total >= most:
        return most
    for item in value.values() if kind in _DICTS else value:
        kind_of_item = type(item)
        if kind_of_item is str:
            if len(item) >= _SHORT:
                total += len(item) >> _CHARACTERS
        elif kind_of_item in _SCALARS:
            continue
        elif kind_of_item in texts:
            total += len(item) >> _CHARACTERS
        else:
            total += weight(item, most - total + 1, depth + 1) - 1
        if total >= most:
            return most
    if kind in _DICTS:
        for key in value:
            if type(key) is not str or len(key) >= _SHORT:
                total += _key_weight(key) - 1
    return total if total < most else most


def _key_weight(key: Any) -> int:
    return 1 + (len(key) >> _CHARACTERS) if type(key) is str else 1 if type(key) in _SCALARS else PIECE


def _encoded(value: Any, copies: list[Any] | None) -> bytes:
    try:
        if is_light(value):
            return _piece(value, copies)
        out: list[bytes] = []
        _write(value, out, copies, 0)
        return b"".join(out)
    except CallError:
        raise
    except RecursionError:
        raise CallError("It is nested too deeply, or contains itself.") from None
    except BaseException as error:
        failure = failure_of(error)
        raise CallError(f"{failure.line}.") from failure.error


def _piece(value: Any, copies: list[Any] | None) -> bytes:
    """Write what is small, or cannot be divided, in one call."""
    text = jsonable.dumps(value)
    if copies is not None:
        copies.append(jsonable.loads(text))
    return text


def _write(value: Any, out: list[bytes], copies: list[Any] | None, depth: int) -> None:
    kind = type(value)
    if kind is str and len(value) > _TEXT:
        value = clean(value)
        out.append(b'"')
        out += [_piece(value[at : at + _TEXT], None)[1:-1] for at in range(0, len(value), _TEXT)]
        out.append(b'"')
        if copies is not None:
            copies.append(value)
    elif kind is jsonable.Rows:
        _write_rows(value, out, copies)
    elif kind is jsonable.Pieces:
        texts = [_text_of(piece, depth) if piece.text is None else piece.text for piece in value.pieces]
        out += (b"[", b",".join(filter(None, texts)), b"]")
        if copies is not None:
            copies.append(value)
    elif kind not in _HOLDERS or not value:
        out.append(_piece(value, copies))
    elif depth > DEEPEST:
        raise RecursionError
    elif kind in _DICTS:
        _write_dict(value, out, copies, depth)
    else:
        _write_list(value, out, copies, depth)


def _text_of(piece: jsonable.Piece, depth: int) -> bytes:
    if is_light(piece.items):  # as most are: one message of a conversation
        text = jsonable.dumps(piece.items)
    else:
        written: list[bytes] = []
        _write(piece.items, written, None, depth)
        text = b"".join(written)
    piece.text = text[1:-1]
    return piece.text


def _write_list(value: Any, out: list[bytes], copies: list[Any] | None, depth: int) -> None:
    made: list[Any] | None = None if copies is None else []
    run: list[Any] = []
    room, between = PIECE, b"["
    for item in value:
        heavy = 1 if type(item) in _SCALARS else weight(item, PIECE)
        if heavy >= room and run:
            between = _flush_list(run, out, made, between)
            room = PIECE
        if heavy >= PIECE:
            out.append(between)
            _write(item, out, made, depth + 1)
            between = b","
        else:
            run.append(item)
            room -= heavy
    if run:
        _flush_list(run, out, made, between)
    out.append(b"]")
    if copies is not None:
        copies.append(made)


def _write_rows(value: Any, out: list[bytes], copies: list[Any] | None) -> None:
    """A table: at first some rows in one call, then so many as are about a piece of text, whatever is in them."""
    most = max(1, 4 * PIECE // max(1, len(value[0]) if value else 1))
    many, start = max(1, most // 20), 0
    between = b"["
    copied: list[Any] = []
    while start < len(value):
        part = jsonable.rows(value[start : start + many])
        out += (between, memoryview(part)[1:-1])  # type: ignore[arg-type] # joined without a copy of its own
        between = b","
        start += many
        many = min(most, max(1, many * 2 * _BYTES // len(part)))
        if copies is not None:
            copied += jsonable.loads(part)
    out.append(b"]" if value else b"[]")
    if copies is not None:
        copies.append(copied)


def _flush_list(run: list[Any], out: list[bytes], made: list[Any] | None, between: bytes) -> bytes:
    copied: list[Any] | None = None if made is None else []
    out += (between, _piece(run, copied)[1:-1])
    if made is not None and copied is not None:
        made += copied[0]
    run.clear()
    return b","


def _write_dict(value: dict[Any, Any], out: list[bytes], copies: list[Any] | None, depth: int) -> None:
    made: dict[str, Any] | None = None if copies is None else {}
    run: dict[Any, Any] = {}
    room, between = PIECE, b"{"
    for key, item in list(value.items()):
        heavy = weight(item, PIECE) + _key_weight(key)
        if heavy >= room and run:
            between = _flush_dict(run, out, made, between)
            room = PIECE
        if heavy >= PIECE:
            copied: list[Any] | None = None if made is None else []
            name = _piece({key: None}, None)
            out += (between, name[1:-5])  # what comes before the null
            _write(item, out, copied, depth + 1)
            if made is not None and copied is not None:
                made[next(iter(jsonable.loads(name)))] = copied[0]
            between = b","
        else:
            run[key] = item
            room -= heavy
    if run:
        _flush_dict(run, out, made, between)
    out.append(b"}")
    if copies is not None:
        copies.append(made)


def _flush_dict(run: dict[Any, Any], out: list[bytes], made: dict[str, Any] | None, between: bytes) -> bytes:
    copied: list[Any] | None = None if made is None else []
    out += (between, _piece(run, copied)[1:-1])
    if made is not None and copied is not None:
        made |= copied[0]
    run.clear()
    return b","
