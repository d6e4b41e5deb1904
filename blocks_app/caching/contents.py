"""What tells one argument of a function from another: its content, the same in every process."""

from __future__ import annotations

import copyreg
import dataclasses
import datetime
import decimal
import enum
import hashlib
import uuid
from collections.abc import Callable, Iterable
from operator import itemgetter
from pathlib import PurePath
from typing import Any

from blocks_app.caching.function_digest import FunctionDigest
from blocks_app.functions.kinds import is_function

_WRITTEN = (str, int, float, complex, bool, type(None), PurePath, decimal.Decimal, uuid.UUID, datetime.timezone)
_TIMES = (datetime.datetime, datetime.date, datetime.time, datetime.timedelta)
_DEEPEST = 200


def content_key(value: Any) -> str:
    """A text that is equal for equal content: plain values and what is made of them, arrays, tables, pictures, objects.

    Raises:
        TypeError: it cannot be told.
    """
    digest = hashlib.sha256()
    try:
        _Feeding(digest.update).feed(value, 0)
    except RecursionError:
        raise _too_deep() from None
    return digest.hexdigest()


def _too_deep() -> TypeError:
    return TypeError("gr.cache: an argument is nested too deeply, or contains itself. Say what counts with key=….")


class _Feeding:
    """One walk over a value, which says what it finds."""

    def __init__(self, say: Callable[[bytes], Any]) -> None:
        self._say = say
        #: Objects that were taken apart, by their place, and when: what leads back to one says so.
        self._objects: dict[int, tuple[int, Any]] = {}

    def feed(self, value: Any, depth: int) -> None:
        """Say the content of a value."""
        say, kind = self._say, type(value)
        if depth > _DEEPEST:
            raise _too_deep()
        say(f"{kind.__module__}.{kind.__qualname__}(".encode())
        if isinstance(value, enum.Enum):
            say(value.name.encode())
        elif isinstance(value, _WRITTEN + _TIMES):
            say(repr(value).encode("utf-8", "surrogatepass"))
        elif isinstance(value, bytes | bytearray | memoryview):
            say(hashlib.sha256(value).digest())
        elif isinstance(value, list | tuple):
            for each in value:
                self.feed(each, depth + 1)
        elif isinstance(value, dict):
            for key, each in _in_order(value):
                self.feed(key, depth + 1)
                self.feed(each, depth + 1)
        elif isinstance(value, set | frozenset):
            for each in sorted(map(content_key, value)):
                say(each.encode())
        elif isinstance(value, type):
            say(f"{value.__module__}.{value.__qualname__}".encode())
        else:
            self._object(value, depth)
        say(b")")

    def _object(self, value: Any, depth: int) -> None:
        say, package = self._say, type(value).__module__.partition(".")[0]
        if package == "numpy" and hasattr(value, "dtype"):
            say(f"{value.dtype.str}{value.shape}".encode())
            if value.dtype.hasobject:
                self.feed(value.tolist(), depth + 1)
            else:
                say(hashlib.sha256(value.tobytes()).digest())
        elif package == "PIL" and hasattr(value, "tobytes"):
            say(f"{value.mode}{value.size}".encode())
            say(hashlib.sha256(value.tobytes()).digest())
            self.feed(value.getpalette() if value.mode == "P" else None, depth + 1)
        elif package == "pandas" and hasattr(value, "to_numpy"):
            self._table(value, depth)
        elif is_function(value):
            say(FunctionDigest(value).hexdigest().encode())
        elif dataclasses.is_dataclass(value):
            self.feed({each.name: getattr(value, each.name) for each in dataclasses.fields(value)}, depth + 1)
        elif hasattr(type(value), "model_dump"):
            self.feed(value.model_dump(), depth + 1)
        else:
            self._parts(value, depth)

    def _table(self, value: Any, depth: int) -> None:
        columns = value.columns.tolist() if hasattr(value, "columns") else [getattr(value, "name", None)]
        self.feed(columns, depth + 1)
        self.feed([str(each) for each in getattr(value, "dtypes", ())] if hasattr(value, "columns") else "", depth + 1)
        self.feed(value.index.tolist() if hasattr(value, "index") else None, depth + 1)
        self.feed(value.to_numpy(), depth + 1)

    def _parts(self, value: Any, depth: int) -> None:
        """An object by what a copy of it would be made of; nothing is made, and nothing is called by its name."""
        known = self._objects.get(id(value))
        if known is not None:
            self._say(f"again {known[0]}".encode())
            return
        self._objects[id(value)] = len(self._objects), value
        parts = _reduced(value)
        if isinstance(parts, str):
            self._say(f"{getattr(value, '__module__', '')}.{parts}".encode())
            return
        maker, arguments, state, items, pairs = (*parts, None, None, None)[:5]
        for each in (maker, arguments, state, list(items or ()), list(pairs or ())):
            self.feed(each, depth + 1)


def _in_order(value: dict[Any, Any]) -> Iterable[tuple[Any, Any]]:
    """Its items; those of a plain dict in an order of ours, as two that differ in theirs are equal."""
    if type(value) is not dict:
        return value.items()
    if all(type(key) is str for key in value):
        return sorted(value.items(), key=itemgetter(0))
    return sorted(value.items(), key=lambda item: content_key(item[0]))


def _reduced(value: Any) -> Any:
    """A name, or what makes the object, and of what."""
    try:
        known = copyreg.dispatch_table.get(type(value))
        return known(value) if known is not None else value.__reduce_ex__(4)
    except Exception as error:  # locks, connections, and whatever the object's own way raises
        raise TypeError(
            f"gr.cache: nobody can tell whether one {type(value).__name__} is another. Give the function plain values, "
            "or say with key=… what counts."
        ) from error
