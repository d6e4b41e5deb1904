"""Whatever a function returns for a table, as headers and rows."""

from __future__ import annotations

import gc
import importlib.util
import sys
from dataclasses import dataclass
from itertools import chain
from typing import Any

from blocks_app import jsonable
from blocks_app.components.dataframe import columns
from blocks_app.jsonable import Rows

_MANY = 10_000  # rows from which on it matters


@dataclass
class Table:
    """Headers, rows, and what a Styler says besides. No `headers` means that the value has none."""

    headers: list[Any] | None
    rows: list[Any]
    metadata: dict[str, Any] | None = None


class NotATable(Exception):
    """The value is no table; the text is the rest of a sentence."""


def table_of(value: Any) -> Table:
    """A value as a table.

    Raises:
        NotATable: it is none.
    """
    if isinstance(value, dict):
        return _of_dict(value)
    if isinstance(value, (list, tuple)):
        return Table(None, _rows(list(value)))
    for module, known in (("numpy", _of_numpy), ("pandas", _of_pandas), ("polars", _of_polars)):
        if module in sys.modules and (found := known(sys.modules[module], value)) is not None:
            return found
    raise NotATable(
        "a table is a DataFrame or Styler of pandas, an array of numpy, a DataFrame of polars, a list of rows, a dict "
        f'with "headers" and "data", or the path of a csv file; not {type(value).__name__}.'
    )


def from_columns(made: list[list[Any]]) -> Rows:
    """Rows of columns. The collector of cycles would look at each of a hundred thousand lists several times."""
    watched = gc.isenabled() and bool(made) and len(made[0]) > _MANY
    if watched:
        gc.disable()
    try:
        return Rows(map(list, zip(*made)))
    finally:
        if watched:
            gc.enable()


def has_polars() -> bool:
    """Whether polars is installed."""
    return importlib.util.find_spec("polars") is not None


def _of_dict(value: dict[Any, Any]) -> Table:
    if not value:
        return Table(None, [])
    if "data" not in value and "headers" not in value:
        return _of_named_columns(value)
    data = value.get("data") if value.get("data") is not None else []
    inner = table_of(data) if not isinstance(data, dict) else Table(None, [])
    headers = value.get("headers")
    if isinstance(headers, str) or not (headers is None or hasattr(headers, "__iter__")):
        raise NotATable(f'"headers" is a list of names, not {type(headers).__name__}.')
    metadata = jsonable.plain(value.get("metadata"))
    if metadata is not None and not isinstance(metadata, dict):
        raise NotATable(f'"metadata" is a dict with "display_value" and "styling", not {type(metadata).__name__}.')
    return Table(None if headers is None else [header(name) for name in headers], inner.rows, metadata)


def _of_named_columns(value: dict[Any, Any]) -> Table:
    """A dict of columns, as DataFrames are made of."""
    made = [list(each) if hasattr(each, "__iter__") and not isinstance(each, str) else None for each in value.values()]
    if None in made:
        raise NotATable('a dict has "headers" and "data", or a list of values for each column.')
    known = [columns.cells(each) for each in made if each is not None]
    longest = max(map(len, known), default=0)
    return Table(list(value), from_columns([each + [None] * (longest - len(each)) for each in known]))


def _rows(value: list[Any]) -> list[Any]:
    """Lists are rows; other values are rows of one cell."""
    if not value:
        return []
    rows = [list(row) if isinstance(row, (list, tuple)) or _is_line(row) else [row] for row in value]
    if set(map(type, chain.from_iterable(rows))) <= columns.PLAIN:
        return Rows(rows)
    if len(set(map(len, rows))) == 1 and rows[0]:
        return from_columns([columns.cells(list(column)) for column in zip(*rows)])
    return Rows(columns.cells(row) for row in rows)


def _is_line(row: Any) -> bool:
    return getattr(row, "ndim", None) == 1 and hasattr(row, "tolist")


def _of_numpy(numpy: Any, value: Any) -> Table | None:
    if not isinstance(value, numpy.ndarray):
        return None
    if value.ndim == 0:
        raise NotATable("an array needs one or two dimensions; this one has none.")
    if value.size == 0:
        return Table(None, [])
    if value.ndim == 1:
        value = value.reshape(-1, 1)
    if value.ndim > 2:
        return Table(None, _rows(value.tolist()))
    if value.dtype.kind in "bui":
        return Table(None, Rows(value.tolist()))
    return Table(None, from_columns([columns.of_array(value[:, index]) for index in range(value.shape[1])]))


def _of_pandas(pandas: Any, value: Any) -> Table | None:
    if isinstance(value, pandas.Series):
        value = value.to_frame()
    if isinstance(value, pandas.DataFrame):
        made = [columns.of_series(value.iloc[:, index]) for index in range(value.shape[1])]
        return Table([header(each) for each in value.columns], from_columns(made))
    if type(value).__name__ == "Styler" and "pandas.io.formats.style" in sys.modules:
        from blocks_app.components.dataframe import styler

        return styler.table_of(value)
    return None


def _of_polars(polars: Any, value: Any) -> Table | None:
    if isinstance(value, polars.LazyFrame):
        value = value.collect()
    if isinstance(value, polars.Series):
        value = value.to_frame()
    if not isinstance(value, polars.DataFrame):
        return None
    return Table(list(value.columns), from_columns([_of_polars_column(polars, each) for each in value.get_columns()]))


def _of_polars_column(polars: Any, column: Any) -> list[Any]:
    if column.dtype == polars.Datetime and column.dtype.time_zone is None:
        return columns.of_array(column.to_numpy())
    return columns.cells(column.to_list())


def header(name: Any) -> Any:
    """The name of a column as JSON knows it: texts and numbers stay, those of several levels are joined."""
    if isinstance(name, tuple):
        return " / ".join(str(part) for part in name if part not in ("", None))
    plain = columns.cell(name)
    if plain is None:
        return ""
    return plain if isinstance(plain, (str, int, float)) and not isinstance(plain, bool) else str(plain)
