"""How methods of Daphne and Twisted are replaced in this process."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any


def replace(kind: Any, **methods: Callable[..., Any]) -> None:
    """Give a class these methods in place of its own; each keeps the original as `__wrapped__`, for who looks later."""
    for name, method in methods.items():
        update_wrapper(method, getattr(kind, name))
        setattr(kind, name, method)
