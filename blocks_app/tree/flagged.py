"""Values as cells of a table of flags, and back.

The tree knows no files: the package that has them says what copies those of a value into a folder.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from blocks_app import jsonable


def _as_it_is(component: Any, value: Any, folder: Path) -> Any:
    return value


#: Gives the value of a component with its files copied into a folder.
copied: Callable[[Any, Any, Path], Any] = _as_it_is


def as_text(value: Any) -> str:
    """A text as it is, anything else as JSON."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        known = plain(value)
        return known if isinstance(known, str) else json.dumps(known)


def plain(value: Any) -> Any:
    """A value as JSON has it, whatever it is: arrays become lists, what nobody knows its `str()` or its type's name."""
    try:
        return json.loads(jsonable.dumps(value))
    except Exception:  # a __str__ that fails, thousands of digits, a list that contains itself
        return f"<{type(value).__name__}>"


def from_text(text: str, schema: dict[str, Any]) -> Any:
    """What a text of a table means where values have this schema; None for a cell without one, unless it is a text."""
    kind = schema.get("type")
    if kind == "string":
        return text
    if text.strip() in ("", "null"):
        return None
    if kind == "boolean":
        return text.strip().lower() in ("true", "1", "yes")
    if kind in ("number", "integer"):
        return _number(text)
    return _read(text)


def _number(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text  # its component says what is wrong with it


def _read(text: str) -> Any:
    """A value written as JSON or as Python writes it; a text that is neither is itself."""
    for read in (json.loads, ast.literal_eval):
        try:
            return read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    return text
