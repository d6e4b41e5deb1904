"""What tells one argument of a function from another: its content, the same in every process."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import hashlib
import pickle
import uuid
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from blocks_app.caching.function_digest import FunctionDigest
from blocks_app.functions.kinds import is_function

_WRITTEN = (str, int, float, complex, bool, type(None), PurePath, decimal.Decimal, uuid.UUID, datetime.timezone)
_TIMES = (datetime.datetime, datetime.date, datetime.time, datetime.timedelta)


def content_key(value: Any) -> str:
    """A text that is equal for equal content: plain values and what is made of them, arrays, tables, pictures.

    Raises:
        TypeError: it cannot be told.
    """
    digest = hashlib.sha256()
    _feed(digest.update, value, 0)
    return digest.hexdigest()


def _feed(say: Callable[[bytes], Any], value: Any, depth: int) -> None:
    kind = type(value)
    if depth > 200:
        raise TypeError("gr.cache: an argument is nested too deeply, or contains itself. Say what counts with key=….")
    say(f"{kind.__module__}.{kind.__qualname__}(".encode())
    if isinstance(value, enum.Enum):
        say(value.name.encode())
    elif isinstance(value, _WRITTEN + _TIMES):
        say(repr(value).encode("utf-8", "surrogatepass"))
    elif isinstance(value, bytes | bytearray | memoryview):
        say(hashlib.sha256(value).digest())
    elif isinstance(value, list | tuple):
        for each in value:
            _feed(say, each, depth + 1)
    elif isinstance(value, dict):
        for key, each in value.items():
            _feed(say, key, depth + 1)
            _feed(say, each, depth + 1)
    elif isinstance(value, set | frozenset):
        for each in sorted(map(content_key, value)):
            say(each.encode())
    else:
        _feed_object(say, value, depth)
    say(b")")


def _feed_object(say: Callable[[bytes], Any], value: Any, depth: int) -> None:
    package = type(value).__module__.partition(".")[0]
    if package == "numpy" and hasattr(value, "dtype"):
        say(f"{value.dtype.str}{value.shape}".encode())
        if value.dtype.hasobject:
            _feed(say, value.tolist(), depth + 1)
        else:
            say(hashlib.sha256(value.tobytes()).digest())
    elif package == "PIL" and hasattr(value, "tobytes"):
        say(f"{value.mode}{value.size}".encode())
        say(hashlib.sha256(value.tobytes()).digest())
        _feed(say, value.getpalette() if value.mode == "P" else None, depth + 1)
    elif package == "pandas" and hasattr(value, "to_numpy"):
        _feed_table(say, value, depth)
    elif is_function(value):
        say(FunctionDigest(value).hexdigest().encode())
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        _feed(say, {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}, depth + 1)
    elif hasattr(type(value), "model_dump"):
        _feed(say, value.model_dump(), depth + 1)
    else:
        _feed_pickled(say, value)


def _feed_table(say: Callable[[bytes], Any], value: Any, depth: int) -> None:
    columns = value.columns.tolist() if hasattr(value, "columns") else [getattr(value, "name", None)]
    _feed(say, columns, depth + 1)
    _feed(say, [str(each) for each in getattr(value, "dtypes", ())] if hasattr(value, "columns") else "", depth + 1)
    _feed(say, value.index.tolist() if hasattr(value, "index") else None, depth + 1)
    _feed(say, value.to_numpy(), depth + 1)


def _feed_pickled(say: Callable[[bytes], Any], value: Any) -> None:
    try:
        say(hashlib.sha256(pickle.dumps(value, protocol=4)).digest())
    except Exception as error:  # whatever the object's own way to be pickled raises
        raise TypeError(
            f"gr.cache: nobody can tell whether one {type(value).__name__} is another. Give the function plain values, "
            "or say with key=… what counts."
        ) from error
