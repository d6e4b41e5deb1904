"""About how many bytes a value takes, so that what is kept has an end."""

from __future__ import annotations

import sys
from typing import Any

_DEEPEST = 50


def size_of(value: Any, depth: int = 0) -> int:
    """Bytes of a value with what is in it; of an object that nobody knows, of itself alone."""
    kind = type(value)
    if kind is str or kind is bytes:
        return len(value)
    if depth < _DEEPEST and kind in (list, tuple, set, frozenset):
        return 8 * len(value) + sum(size_of(each, depth + 1) for each in value)
    if depth < _DEEPEST and kind is dict:
        return sum(size_of(name, depth + 1) + size_of(each, depth + 1) for name, each in value.items())
    package = kind.__module__.partition(".")[0]
    if package in ("numpy", "torch") and isinstance(size := getattr(value, "nbytes", None), int):
        return size
    if package == "PIL" and hasattr(value, "size"):
        return int(value.size[0] * value.size[1] * 4)
    if package == "pandas" and hasattr(value, "memory_usage"):
        used = value.memory_usage()
        return int(used if isinstance(used, int) else used.sum())
    return sys.getsizeof(value, 64)
