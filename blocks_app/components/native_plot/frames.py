"""Tables as the page draws them: columns, rows, and of which kind each column is."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import orjson

Datatype = Literal["quantitative", "nominal", "temporal"]


def table(value: Any) -> dict[str, Any] | None:
    """Columns, rows and kinds of a table; None for what is none.

    Args:
        value: a DataFrame of pandas or polars, a dict of columns, or a list of dicts, one for each row.
    """
    if isinstance(value, Mapping):
        return _wire(value) or _from_columns(value)
    if isinstance(value, (list, tuple)):
        return _from_rows(value) if all(isinstance(row, Mapping) for row in value) else None
    if hasattr(value, "collect_schema"):  # polars, also one that is not read yet
        value = value.collect() if hasattr(value, "collect") else value
        return _made({str(name): value[name].to_list() for name in value.columns})
    if hasattr(value, "to_json") and hasattr(value, "dtypes") and hasattr(value, "columns"):
        return _from_pandas(value)
    return None


def _wire(value: Mapping[Any, Any]) -> dict[str, Any] | None:
    """What a function got and gives back as it is."""
    columns, data, kinds = value.get("columns"), value.get("data"), value.get("datatypes")
    if not (isinstance(columns, list) and isinstance(data, list) and isinstance(kinds, Mapping)):
        return None
    rows = all(isinstance(row, list) and len(row) == len(columns) for row in data)
    known = set(kinds.values()) <= {"quantitative", "nominal", "temporal"} and set(kinds) == set(columns)
    return {"columns": columns, "data": data, "datatypes": dict(kinds)} if rows and known else None


def _from_pandas(frame: Any) -> dict[str, Any]:
    import pandas as pd  # heavy, and there: the value is one of its own

    kinds: dict[str, Datatype] = {}
    plain: dict[str, Any] = {}
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        if pd.api.types.is_timedelta64_dtype(column.dtype):
            column = column.dt.total_seconds()
        elif isinstance(column.dtype, pd.PeriodDtype):
            column = column.dt.to_timestamp()
        kinds.setdefault(str(name), _kind_of(column, pd))
        if kinds[str(name)] == "temporal":
            column = _milliseconds(column, pd)
        plain.setdefault(str(name), column)
    shown = pd.DataFrame(plain)
    split = orjson.loads(shown.to_json(orient="split", index=False, default_handler=str))
    return {"columns": list(kinds), "data": split["data"], "datatypes": kinds}


def _milliseconds(column: Any, pd: Any) -> Any:
    """Times since 1970, as the page counts them; those without a zone are meant as they are written."""
    times = pd.to_datetime(column, utc=True).dt.tz_localize(None)
    return times.astype("datetime64[ms]").astype("int64").astype("Int64").mask(times.isna().to_numpy())


def _kind_of(column: Any, pd: Any) -> Datatype:
    types = pd.api.types
    if types.is_datetime64_any_dtype(column.dtype):
        return "temporal"
    if types.is_numeric_dtype(column.dtype):
        return "quantitative"
    if column.dtype == object:
        return _kind([each for each in column.head(1000).tolist() if not _nothing(each)])
    return "nominal"


def _from_columns(value: Mapping[Any, Any]) -> dict[str, Any] | None:
    columns = {str(name): _listed(column) for name, column in value.items()}
    if any(column is None for column in columns.values()):
        return None
    lengths = {len(column) for column in columns.values() if column is not None}
    if len(lengths) > 1:
        return None
    return _made({name: column or [] for name, column in columns.items()})


def _listed(column: Any) -> list[Any] | None:
    if hasattr(column, "tolist"):
        column = column.tolist()
    return list(column) if isinstance(column, Sequence) and not isinstance(column, (str, bytes)) else None


def _from_rows(rows: Sequence[Mapping[Any, Any]], names: list[str] | None = None) -> dict[str, Any]:
    found = names or list(dict.fromkeys(str(name) for row in rows for name in row))
    texts = [{str(name): each for name, each in row.items()} for row in rows]
    return _made({name: [row.get(name) for row in texts] for name in found})


def _made(columns: dict[str, list[Any]]) -> dict[str, Any]:
    kinds = {name: _kind([each for each in column if not _nothing(each)]) for name, column in columns.items()}
    cells = [[_cell(each) for each in column] for column in columns.values()]
    return {"columns": list(columns), "data": [list(row) for row in zip(*cells, strict=True)], "datatypes": kinds}


def _kind(values: list[Any]) -> Datatype:
    plain = [each.item() if hasattr(each, "item") and getattr(each, "ndim", None) == 0 else each for each in values]
    if plain and all(isinstance(each, datetime.date) for each in plain):
        return "temporal"
    if plain and all(isinstance(each, (int, float, datetime.timedelta)) or _is_number(each) for each in plain):
        return "quantitative"
    return "nominal"


def _is_number(value: Any) -> bool:
    return type(value).__name__ in ("Decimal", "Fraction") and hasattr(value, "__float__")


def _nothing(value: Any) -> bool:
    return value is None or value != value


def _cell(value: Any) -> Any:
    """A value as JSON has it: times as milliseconds, as the page counts them."""
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, datetime.datetime):
        return round(value.replace(tzinfo=value.tzinfo or datetime.UTC).timestamp() * 1000) if value == value else None
    if isinstance(value, datetime.date):
        midnight = datetime.datetime(value.year, value.month, value.day, tzinfo=datetime.UTC)
        return round(midnight.timestamp() * 1000)
    if isinstance(value, datetime.timedelta):
        return value.total_seconds() if value == value else None
    if isinstance(value, float) or _is_number(value):
        number = float(value)
        return number if math.isfinite(number) else None
    return str(value)
