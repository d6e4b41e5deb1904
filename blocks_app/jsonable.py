"""Any Python value as JSON, and JSON as Python values: the one place that decides how.

Whole numbers keep every digit, however many. Numbers and arrays of numpy become numbers and lists whatever their byte
order and layout, as do dates, UUIDs and enums what JSON has for them; NaN, NaT and infinities become null; what is
unknown becomes its `str()`. The fast encoder refuses some of these (more than 64 bits, halves of characters, keys that
are no text), and may be wrong about a NaT; then the value is gone through here, slowly.
"""

from __future__ import annotations

import dataclasses
import math
import sys
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import chain
from typing import Any

import msgspec
import orjson

from blocks_app.exceptions import CallError

#: Levels of lists in lists that any reader takes.
DEEPEST = 250

_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
_SAME = frozenset((int, bool, type(None)))
_ARRAYS = "biufM"  # kinds of numpy that the encoder knows, in the machine's own byte order
_TIMES = "mM"
_NOT_TIMES = (b"1970-01-01T00:00:00", b"1677-09-21T00:12:43")  # what the encoder may write for a NaT
_decoder = msgspec.json.Decoder()


class Rows(list[Any]):
    """Rows of a table whose cells are plain already: lists of numbers, texts, truth values and None.

    Nothing has to be looked for in them, so that they are written as fast as the encoder can, many rows at a time.
    """

    __slots__ = ()


class Piece:
    """Items that stand together in `Pieces`, and their JSON without brackets, once it has been written."""

    __slots__ = ("items", "text")

    def __init__(self, items: list[Any]) -> None:
        self.items = items
        self.text: bytes | None = None


class Pieces(list[Any]):
    """A list of plain data that nobody changes, made of pieces; those of the list before are written once for both."""

    __slots__ = ("pieces",)

    def __init__(self, pieces: list[Piece]) -> None:
        super().__init__(chain.from_iterable([piece.items for piece in pieces]))
        self.pieces = pieces


class WrittenList(list[Any]):
    """A large list that a component has just made of plain data, with its JSON until that is taken."""

    __slots__ = ("text",)
    text: bytes | None


class WrittenDict(dict[str, Any]):
    """The same of a dict."""

    __slots__ = ("text",)
    text: bytes | None


def written(value: Any, text: bytes) -> Any:
    """Plain data with its JSON, so that it need not be written again."""
    made: Any = WrittenList(value) if type(value) is list else WrittenDict(value)
    made.text = text
    return made


def taken(value: Any) -> bytes | None:
    """The JSON that such a value brings, once; None for any other. For who knows that nobody has changed it since."""
    if type(value) not in (WrittenList, WrittenDict):
        return None
    text: bytes | None = value.text
    value.text = None  # it is not kept as long as the value
    return text


def rows(value: list[Any]) -> bytes:
    """A part of `Rows` as JSON."""
    try:
        return orjson.dumps(value)
    except (TypeError, UnicodeError):  # long numbers, halves of characters
        return dumps(value)


def dumps(value: Any) -> bytes:
    """The value as JSON. May call `str()` of the user's objects.

    Raises:
        CallError: it is nested too deeply, contains itself, or has a number of thousands of digits.
        Exception: whatever a `__str__` raises.
    """
    try:
        text = orjson.dumps(value, default=_default, option=_OPTIONS)
    except (TypeError, UnicodeError):
        return _exactly(value)
    if "numpy" in sys.modules and any(time in text for time in _NOT_TIMES):
        return _exactly(value)
    return text


def text(value: str) -> bytes:
    """A text as JSON, of which it is known that every encoder takes it: see `clean`."""
    return orjson.dumps(value)


def _exactly(value: Any) -> bytes:
    """The value as JSON where the fast encoder has refused it, or may have been wrong about it."""
    with explained_long_numbers():
        return msgspec.json.encode(plain(value))


class explained_long_numbers:
    """Say in words what Python does not do with whole numbers of thousands of digits."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, where: object) -> None:
        if type(error) is ValueError and "set_int_max_str_digits" in str(error):
            raise CallError(
                f"A whole number has more than {sys.get_int_max_str_digits():,} digits, which is too many to write "
                "them. Give it as a text, or as a float."
            ) from error


def loads(text: str | bytes) -> Any:
    """The value of a JSON text, its whole numbers exact.

    Raises:
        ValueError: it is no JSON; the text says where.
    """
    try:
        return _decoder.decode(text)
    except msgspec.MsgspecError as error:
        raise ValueError(unread(error)) from error
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def unread(error: msgspec.MsgspecError) -> str:
    """Why a text could not be read."""
    digits = f"a whole number has more than {sys.get_int_max_str_digits():,} digits"
    return str(error).replace("Integer value out of range", digits)


def plain(value: Any) -> Any:
    """The value as `loads(dumps(value))` would give it: numbers, text, truth values, None, lists, and dicts of them."""
    return _plain(value, 0)


def key(value: Any) -> str:
    """What a key of a dict is called in JSON."""
    return _key(value, 0)


def number(value: Any) -> Any:
    """A number of any library as the int or float that it stands for; anything else unchanged."""
    if type(value) in (int, float, bool, str):
        return value
    if isinstance(value, Decimal):
        if value.is_nan():  # a signaling one has no float
            return math.nan
        return int(value) if value.is_finite() and value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, Fraction):
        return float(value)
    shape = getattr(value, "ndim", None)
    if shape == 0 and hasattr(value, "item"):
        return plain(value)
    return value


def clean(text: str) -> str:
    """A text that every encoder takes: halves of characters are joined, or replaced where the other is missing."""
    text = str.__str__(text)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _plain(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind in _SAME:
        return value
    if kind is str:
        return clean(value)
    if kind is float:
        return value if value - value == 0 else None  # neither NaN nor infinite
    if depth > DEEPEST:
        raise CallError(f"A value is nested more than {DEEPEST} levels deep, or contains itself.")
    if isinstance(value, Enum):
        return _plain(value.value, depth + 1)
    if isinstance(value, dict):
        return {_key(key, depth): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int):
        return int(value)
    return _unusual(value, depth)


def _unusual(value: Any, depth: int) -> Any:
    """What the fast encoder knows, it writes; the rest is replaced by something plainer."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [each.name for each in dataclasses.fields(value) if not each.name.startswith("_")]
        return {name: _plain(getattr(value, name), depth + 1) for name in fields if hasattr(value, name)}
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)) and value.dtype.kind in _TIMES:
        value = _without_nat(numpy, value)
        if value is None or isinstance(value, list):
            return _plain(value, depth)
    try:
        return orjson.loads(orjson.dumps(value, option=_OPTIONS))
    except (TypeError, UnicodeError):
        return _plain(_default(value), depth + 1)


def _key(key: Any, depth: int) -> str:
    if isinstance(key, str) and not isinstance(key, Enum):
        return clean(key)
    plain_key = _plain(key, depth + 1) if not isinstance(key, tuple) else str(key)
    if isinstance(plain_key, str):
        return plain_key
    if isinstance(plain_key, (list, dict)):
        return clean(str(key))
    return orjson.dumps(plain_key).decode() if not _is_long(plain_key) else str(plain_key)


def _is_long(value: Any) -> bool:
    return isinstance(value, int) and value.bit_length() > 63


def _default(value: Any) -> Any:
    """Something plainer for what the encoder does not know."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float):
        return float(value)
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)):
        return _of_numpy(numpy, value)
    if hasattr(type(value), "model_dump"):  # of pydantic
        return value.model_dump(mode="json")
    return clean(str(value))


def _of_numpy(numpy: Any, value: Any) -> Any:
    dtype = value.dtype
    if dtype.kind in _TIMES:
        value = _without_nat(numpy, value)
        if value is None or isinstance(value, list):
            return value
    if value.ndim == 0:
        if isinstance(value, numpy.ndarray):
            return value[()]
        return float(value) if dtype.kind == "f" else clean(str(value))
    if type(value) is numpy.ndarray and dtype.kind in _ARRAYS and dtype.itemsize <= 8:
        usable = numpy.ascontiguousarray(value, dtype.newbyteorder("="))
        if dtype.kind != "M" and (usable is not value or usable.dtype is not dtype):
            return usable
    return value.tolist()


def _without_nat(numpy: Any, value: Any) -> Any:
    """Times with None for each NaT: a list where one is among them, None for a single one, else the value itself."""
    absent = numpy.isnat(value)
    if not absent.any():
        return value
    if value.ndim == 0:
        return None
    times = numpy.empty(value.size, object)
    times[:] = [None if none else time for none, time in zip(absent.ravel(), value.ravel())]
    return times.reshape(value.shape).tolist()
