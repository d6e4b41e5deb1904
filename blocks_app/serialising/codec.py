"""Values as text and back: JSON with a tag for what JSON has no word for. Reading it runs no code.

Understood are None, bool, int, float, str, bytes, list, tuple, dict with any such keys, set, frozenset, complex, date,
time, datetime, timedelta, Decimal, UUID, paths, arrays of numbers (numpy), pictures (Pillow) and tables (pandas).
Anything else is refused: a pickle would take everything, and whoever can write to the cache could then run code here.
"""

from __future__ import annotations

import base64
import datetime
import decimal
import io
import json
import math
import sys
import uuid
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from blocks_app.exceptions import BlocksError, CallError
from blocks_app.running import encoding
from blocks_app.serialising import objects

_TAG = "!"
_PLAIN = (type(None), bool, int)
_LONG = 100_000  # characters that are read piece by piece

_as_text: dict[type, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    bytes: ("bytes", lambda value: base64.b64encode(value).decode(), base64.b64decode),
    complex: ("complex", lambda value: [value.real, value.imag], lambda pair: complex(*pair)),
    datetime.date: ("date", datetime.date.isoformat, datetime.date.fromisoformat),
    datetime.time: ("time", datetime.time.isoformat, datetime.time.fromisoformat),
    datetime.datetime: ("datetime", datetime.datetime.isoformat, datetime.datetime.fromisoformat),
    datetime.timedelta: (
        "timedelta",
        lambda value: [value.days, value.seconds, value.microseconds],
        lambda parts: datetime.timedelta(*parts),
    ),
    decimal.Decimal: ("decimal", str, decimal.Decimal),
    uuid.UUID: ("uuid", str, uuid.UUID),
}
_readers = {tag: read for tag, _, read in _as_text.values()}


class Unstorable(BlocksError):
    """A value cannot be kept in the cache."""


def encode(value: Any) -> str:
    """The value as text.

    Raises:
        Unstorable: it, or something in it, is of a kind that cannot be written; the text says where.
    """
    try:
        written = _written(value, "value")
        if not encoding.is_light(written):  # piece by piece, so that it holds nobody
            return encoding.encode(written).decode()
        return json.dumps(written, separators=(",", ":"), ensure_ascii=False)
    except RecursionError:
        raise Unstorable("it is nested too deeply, or contains itself") from None
    except CallError as error:
        raise Unstorable(str(error)) from None


def decode(text: str) -> Any:
    """The value that `encode` has written."""
    return _read(json.loads(text) if len(text) < _LONG else encoding.decode(text.encode()))


def _written(value: Any, where: str) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is str:
        return value if _is_whole(value) else {_TAG: "text", "v": _halves(value)}
    if kind is float:
        return value if math.isfinite(value) else {_TAG: "float", "v": repr(value)}
    if kind is list:
        return [_written(item, f"{where}[{index}]") for index, item in enumerate(value)]
    if kind is dict:
        return _written_dict(value, where)
    if kind in (tuple, set, frozenset):
        return {_TAG: kind.__name__, "v": [_written(item, f"{where}[…]") for item in value]}
    if kind in _as_text:
        tag, write, _ = _as_text[kind]
        return {_TAG: tag, "v": write(value)}
    if isinstance(value, PurePath):
        return {_TAG: "path", "v": str(value)}
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)) and not value.dtype.hasobject:
        return {_TAG: "numpy", "v": _array(numpy, value)}
    found = objects.parts_of(value)
    if found is not None and found[1] is not None:
        return {_TAG: found[0], "v": _written(found[1], where)}
    raise Unstorable(f"{where} is of type {kind.__module__}.{kind.__qualname__}")


def _written_dict(value: dict[Any, Any], where: str) -> Any:
    if all(type(key) is str and _is_whole(key) for key in value) and _TAG not in value:
        return {key: _written(item, f"{where}[{key!r}]") for key, item in value.items()}
    pairs = [[_written(key, f"{where} key"), _written(item, f"{where}[{key!r}]")] for key, item in value.items()]
    return {_TAG: "dict", "v": pairs}


def _is_whole(text: str) -> bool:
    """Whether a text has no half of a character in it, which no cache takes."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _halves(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-le", "surrogatepass")).decode()


def _array(numpy: Any, value: Any) -> str:
    out = io.BytesIO()
    numpy.save(out, value, allow_pickle=False)
    return base64.b64encode(out.getvalue()).decode()


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return [_read(item) for item in value]
    if not isinstance(value, dict):
        return value
    tag = value.get(_TAG)
    if tag is None:
        return {key: _read(item) for key, item in value.items()}
    return _read_tagged(tag, value["v"])


def _read_tagged(tag: str, given: Any) -> Any:
    if tag in _readers:
        return _readers[tag](given)
    if tag == "float":
        return float(given)
    if tag == "text":
        return base64.b64decode(given).decode("utf-16-le", "surrogatepass")
    if tag == "path":
        from pathlib import Path

        return Path(given)
    if tag == "numpy":
        import numpy  # heavy; only when a value needs it

        array = numpy.load(io.BytesIO(base64.b64decode(given)), allow_pickle=False)
        return array if array.ndim else array[()]
    if tag in (objects.PICTURE, objects.TABLE, objects.SERIES):
        return objects.made_of(tag, _read(given))
    items = [_read(item) for item in given]
    if tag == "dict":
        return dict(items)
    return {"tuple": tuple, "set": set, "frozenset": frozenset}[tag](items)
