"""Arguments that can be gone through only once, or that change behind our back: read once, and kept as lists.

A page is declared once and its blocks are made again for each session that changes one, so what was given is looked at
many times.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, MappingView
from typing import Any


def read_once(value: Any) -> Any:
    """A list in the place of a zip, a map, a generator or the keys of a dict; anything else as it is."""
    if isinstance(value, MappingView):
        return list(value)  # type: ignore[call-overload]
    if isinstance(value, Iterator) and not isinstance(value, io.IOBase) and not hasattr(value, "read"):
        return list(value)
    return value


def several(value: Any, one: type | tuple[type, ...] = ()) -> list[Any]:
    """What was given as one or as several: None is none, an object of the class `one` or a text is one."""
    if value is None:
        return []
    if isinstance(value, (str, bytes, Mapping)) or (one and isinstance(value, one)) or not isinstance(value, Iterable):
        return [value]
    return list(value)


def listed(value: Any) -> Any:
    """A property for the browser: JSON has lists alone, so sets, ranges and arrays are lists there."""
    if isinstance(value, (set, frozenset, range)):
        return list(value)
    if not isinstance(value, (str, bytes, Mapping, list, tuple)) and isinstance(value, Collection):
        return elements(value)
    return value


def elements(values: Any) -> list[Any]:
    """The items of any collection; those of an array as plain Python values."""
    made = values.tolist() if callable(getattr(values, "tolist", None)) else values
    return list(made) if isinstance(made, Iterable) else [made]
