"""What the cells of a column are."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Literal, get_args

from blocks_app.exceptions import DeclarationError

EachDatatype = Literal["str", "number", "bool", "date", "markdown", "html", "image"]
Datatype = Literal["str", "number", "bool", "date", "markdown", "html", "image", "auto"]

_EMPTY: dict[str, Any] = {"number": 0, "bool": False, "date": "01/01/1970"}
_KINDS = {"b": "bool", "i": "number", "u": "number", "f": "number", "M": "date", "m": "date"}
_NAMES = (("bool", "bool"), ("int", "number"), ("uint", "number"), ("float", "number"), ("date", "date"))


def empty_cell(kind: str) -> Any:
    """What stands in a new cell."""
    return _EMPTY.get(kind, "")


def datatypes_of(given: Any, value: Any) -> str | list[str]:
    """The datatypes as declared; "auto" is found in the value, when there is one.

    Raises:
        DeclarationError: one is unknown.
    """
    known = get_args(Datatype)
    each = [given] if isinstance(given, str) else given
    if not isinstance(each, Sequence) or not all(kind in known for kind in each):
        raise DeclarationError(f"Dataframe: datatype={given!r} is unknown. Use {', '.join(map(repr, known))}.")
    if given == "auto":
        return _found(value) or "auto"
    return given if isinstance(given, str) else list(given)


def _found(value: Any) -> list[str] | None:
    """A datatype for each column of a table; None for what is no table yet."""
    value = getattr(value, "data", value) if type(value).__name__ == "Styler" else value
    dtypes = getattr(value, "dtypes", None)
    if dtypes is not None and hasattr(value, "columns"):
        return [_of_dtype(dtype) for dtype in dtypes]
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        value = value.tolist() if value.ndim == 2 else None
    if isinstance(value, dict):
        value = value.get("data")
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (list, tuple)):
        return [_of_cell(cell) for cell in value[0]]
    return None


def _of_dtype(dtype: Any) -> str:
    kind = getattr(dtype, "kind", None)
    if isinstance(kind, str):
        return _KINDS.get(kind, "str")
    name = str(dtype).lower()
    return next((shown for start, shown in _NAMES if name.startswith(start)), "str")


def _of_cell(cell: Any) -> str:
    name = type(cell).__name__.lower()
    if name in ("timestamp", "timedelta"):
        return "date"
    return next((shown for start, shown in _NAMES if name.startswith(start)), "str")
