"""What the cells of a column are."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any, Literal, get_args

from blocks_app.exceptions import DeclarationError

EachDatatype = Literal["str", "number", "bool", "date", "markdown", "html", "image"]
Datatype = Literal["str", "number", "bool", "date", "markdown", "html", "image", "auto"]

_EMPTY: dict[str, Any] = {"number": 0, "bool": False, "date": "01/01/1970"}
_KINDS = {"b": "bool", "i": "number", "u": "number", "f": "number", "M": "date", "m": "date"}
_NAMES = (
    ("bool", "bool"), ("int", "number"), ("uint", "number"), ("float", "number"), ("date", "date"),
    ("timestamp", "date"), ("timedelta", "date"), ("duration", "date"),
)  # fmt: skip
_MISSING = frozenset(("NoneType", "NaTType", "NAType"))


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
    if hasattr(value, "dtypes") and hasattr(value, "columns"):
        return _of_frame(value)
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        if value.ndim != 2:
            return None
        kind = _KINDS.get(value.dtype.kind)
        return [kind] * value.shape[1] if kind else [_of_values(column) for column in value.T.tolist()]
    if isinstance(value, dict):
        if "data" in value or "headers" in value:
            return _found(value.get("data"))
        return [_of_values(column) for column in value.values()] if all(map(_is_column, value.values())) else None
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (list, tuple)):
        rows = [row for row in value if isinstance(row, (list, tuple))]
        return [_of_values(column) for column in zip_longest(*rows)] if value[0] else None
    return None


def _is_column(values: Any) -> bool:
    return hasattr(values, "__iter__") and not isinstance(values, str)


def _of_frame(frame: Any) -> list[str]:
    """Those of a frame of pandas or polars."""
    found = []
    for index, dtype in enumerate(frame.dtypes):
        if getattr(dtype, "kind", None) == "O" and hasattr(frame, "iloc") and not hasattr(dtype, "categories"):
            found.append(_of_values(frame.iloc[:, index].tolist()))
        else:
            found.append(_of_dtype(dtype))
    return found


def _of_dtype(dtype: Any) -> str:
    kind = getattr(dtype, "kind", None)
    return _KINDS.get(kind, "str") if isinstance(kind, str) else _of_name(str(dtype))


def _of_values(values: Iterable[Any]) -> str:
    """What all values are that are not missing: a column of several kinds is one of texts."""
    values = list(values)
    kinds = _kinds(values)
    if len(kinds) > 1:
        kinds = _kinds([value for value in values if not (isinstance(value, float) and value != value)])
    return kinds.pop() if len(kinds) == 1 else "str"


def _kinds(values: list[Any]) -> set[str]:
    names = {kind.__name__ for kind in set(map(type, values))}
    return {_of_name(name) for name in names - _MISSING}


def _of_name(name: str) -> str:
    return next((shown for start, shown in _NAMES if name.lower().startswith(start)), "str")
