"""What the page sent, as the argument of a function."""

from __future__ import annotations

import importlib.util
from typing import Any

from blocks_app.components.validation import refusal, shown
from blocks_app.tree.component import Component

Sent = tuple[list[Any] | None, list[list[Any]]]


def sent(component: Component, payload: Any) -> Sent:
    """Headers and rows of a wire value.

    Raises:
        Error: it is none.
    """
    if not isinstance(payload, dict):
        raise refusal(component, f'a table is a record with "headers" and "data", not {shown(payload)}.')
    headers, rows = payload.get("headers"), payload.get("data")
    if headers is not None and not (isinstance(headers, list) and all(map(_is_header, headers))):
        raise refusal(component, f'"headers" is a list of texts, not {shown(headers)}.')
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise refusal(component, f'"data" is a list of rows, each a list of cells, not {shown(rows)}.')
    return headers, rows


def _is_header(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float))


def made(component: Component, kind: str, headers: list[Any] | None, rows: list[list[Any]]) -> Any:
    """The argument of a function that wants `kind`.

    Raises:
        Error: the rows do not fit their headers, or each other.
    """
    if kind == "array":
        return rows
    if importlib.util.find_spec(kind) is None:
        raise refusal(component, f'type="{kind}" needs {kind}, which is not installed here: pip install {kind}.')
    if kind == "numpy":
        return _numpy(component, rows)
    rows = [] if rows == [[]] else rows
    if headers is not None:
        _check_width(component, headers, rows)
    return _pandas(headers, rows) if kind == "pandas" else _polars(component, headers, rows)


def _check_width(component: Component, headers: list[Any], rows: list[list[Any]]) -> None:
    width = max(map(len, rows), default=0)
    if width > len(headers):
        raise refusal(component, f"a row has {width} cells, but there are {len(headers)} headers.")


def _pandas(headers: list[Any] | None, rows: list[list[Any]]) -> Any:
    import pandas

    if headers is None:
        return pandas.DataFrame(rows)
    width = max(map(len, rows), default=0)
    if 0 < width < len(headers):
        rows = [[*rows[0], *[None] * (len(headers) - len(rows[0]))], *rows[1:]]
    return pandas.DataFrame(rows, columns=headers)


def _polars(component: Component, headers: list[Any] | None, rows: list[list[Any]]) -> Any:
    import polars

    width = max([len(headers or ()), *map(len, rows)], default=0)
    names = [str(name) for name in headers] if headers is not None else [f"column_{i}" for i in range(width)]
    if len(set(names)) < len(names):
        raise refusal(component, "two columns have the same name, which polars does not take.")
    whole = [[*row, *[None] * (width - len(row))] for row in rows]
    try:
        return polars.DataFrame(whole, schema=names, orient="row", infer_schema_length=None)
    except (TypeError, ValueError, OverflowError, polars.exceptions.PolarsError) as error:
        raise refusal(component, f"polars cannot make a column of these values: {error}") from error


def _numpy(component: Component, rows: list[list[Any]]) -> Any:
    import numpy

    try:
        return numpy.array(rows)
    except ValueError as error:
        raise refusal(component, "an array needs rows of the same length, and these are not.") from error
