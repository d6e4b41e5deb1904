"""A column as plain values, made in one go for its kind: what numpy and pandas know is theirs to convert, not a loop's.

Times are written as their `str()`, as Gradio does; what is missing (None, NaN, NaT, NA) becomes None, which is null on
the wire.
"""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import Any

from blocks_app import jsonable
from blocks_app.components.dataframe import times

#: Kinds that JSON has, but for floats, some of which it has not.
PLAIN = frozenset((str, int, bool, type(None)))
_TIMES = (datetime.date, datetime.time, datetime.timedelta)


def cells(values: list[Any]) -> list[Any]:
    """The cells of a list, itself if nothing is to be changed."""
    kinds = set(map(type, values))
    if kinds <= PLAIN:
        return values
    if kinds <= PLAIN | {float}:
        if kinds == {float} and math.isfinite(sum(values)):
            return values
        return [None if value != value or value in _INFINITE else value for value in values]
    if kinds <= _EXACT_TIMES:
        return [None if value is None else str(value) for value in values]
    return [cell(value) for value in values]


_EXACT_TIMES = frozenset((datetime.date, datetime.datetime, datetime.time, datetime.timedelta, type(None)))
_INFINITE = (math.inf, -math.inf)


def cell(value: Any) -> Any:
    """One value of any kind as JSON knows it."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is float:
        return value if value - value == 0 else None
    if isinstance(value, (*_TIMES, Decimal)):
        return None if _is_missing(value) else str(value)
    if kind.__name__ in ("NAType", "NaTType"):
        return None
    return jsonable.plain(value)


def _is_missing(value: Any) -> bool:
    """NaT is a datetime, and the only one that is not itself."""
    try:
        return bool(value != value)
    except ArithmeticError:  # a signaling NaN
        return True


def of_array(array: Any) -> list[Any]:
    """A column of numpy."""
    import numpy

    kind = array.dtype.kind
    if kind in "bui":
        return list(array.tolist())
    if kind == "f":
        usable = numpy.isfinite(array)
        if usable.all():
            return list(array.tolist())
        kept = array.astype(object)
        kept[~usable] = None
        return list(kept.tolist())
    if kind in "mM":
        return _times(numpy, array)
    return cells(array.tolist())


def _times(numpy: Any, array: Any) -> list[Any]:
    """Moments without a zone, and durations."""
    if array.dtype.kind == "M" and numpy.datetime_data(array.dtype)[0] in ("Y", "M", "W", "D"):
        return [None if none else str(day) for none, day in zip(numpy.isnat(array).tolist(), array)]
    written = (times.moments if array.dtype.kind == "M" else times.durations)(numpy, array)
    if written is not None:
        return written
    import pandas

    return cells(list(pandas.Series(array).astype(object)))


def of_series(series: Any) -> list[Any]:
    """A column of pandas, whatever its dtype."""
    import numpy
    import pandas

    dtype = series.dtype
    kind = getattr(dtype, "kind", "O")
    if isinstance(dtype, pandas.CategoricalDtype):
        names = [*cells(dtype.categories.tolist()), None]  # a missing one has the code -1
        return [names[code] for code in series.cat.codes.tolist()]
    if isinstance(dtype, pandas.DatetimeTZDtype):
        written = times.zoned(numpy, series)
        return cells(series.astype(object).tolist()) if written is None else written
    if not pandas.api.types.is_extension_array_dtype(dtype):
        return of_array(series.to_numpy()) if kind in "biufmM" else cells(series.tolist())
    if kind in "biuf" or isinstance(dtype, pandas.StringDtype):
        values = series.to_numpy(dtype=object, na_value=None).tolist()
        return values if kind in "biu" else cells(values)
    return cells(series.astype(object).tolist())
