"""Arguments that can be gone through only once, or that change behind our back: read once, and kept as lists.

A page is declared once and its blocks are made again for each session that changes one, so what was given is looked at
many times.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, MappingView
from typing import Any

from django.utils.functional import Promise

_PLAIN = frozenset((str, int, float, bool, list, tuple, dict, type(None)))


def read_once(value: Any) -> Any:
    """A list in the place of a zip, a map, a generator or the keys of a dict; anything else as it is."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, MappingView):
        return list(value)  # type: ignore[call-overload] # each kind there is can be gone through
    if isinstance(value, Iterator) and not isinstance(value, io.IOBase) and not hasattr(value, "read"):
        return list(value)
    return value


def is_text(value: Any) -> bool:
    """Whether a value is one text, though it can be gone through: also one that is translated when it is shown."""
    return isinstance(value, (str, bytes, Promise))


def is_translated(value: Any) -> bool:
    """Whether a value is, or holds, a text that is another one in each language (`gettext_lazy`)."""
    if isinstance(value, Promise):
        return True
    if isinstance(value, Mapping):
        return any(is_translated(each) for pair in value.items() for each in pair)
    return isinstance(value, (list, tuple, set, frozenset)) and any(map(is_translated, value))


def several(value: Any, one: type | tuple[type, ...] = ()) -> list[Any]:
    """What was given as one or as several: None is none, an object of the class `one` or a text is one."""
    if value is None:
        return []
    if (one and isinstance(value, one)) or is_text(value) or isinstance(value, Mapping) or not has_items(value):
        return [value]
    return list(value)


def has_items(value: Any) -> bool:
    """Whether a value can be gone through; an array without dimensions (`np.array(3)`) looks so, and cannot."""
    return isinstance(value, Iterable) and getattr(value, "ndim", None) != 0


def listed(value: Any) -> Any:
    """A property for the browser: JSON has lists alone, so sets, ranges and arrays are lists there."""
    if isinstance(value, (set, frozenset, range)):
        return list(value)
    if isinstance(value, Collection) and not isinstance(value, (Mapping, list, tuple)) and not is_text(value):
        return elements(value)
    return value


def elements(values: Any) -> list[Any]:
    """The items of any collection; those of an array as plain Python values."""
    made = values.tolist() if callable(getattr(values, "tolist", None)) else values
    return list(made) if isinstance(made, Iterable) else [made]
