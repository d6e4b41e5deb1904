"""Pictures and tables as plain data and back, when their library is there; everything about them is a number or a text.

A child of their classes is something of its own and is refused, and so are columns of kinds that pandas alone knows.
"""

from __future__ import annotations

import base64
import sys
import zlib
from typing import Any

PICTURE, TABLE, SERIES = "picture", "table", "series"
#: Kinds of numpy's numbers and times, whose columns are arrays.
_NUMBERS = frozenset("biufcMm")
_TEXTS = frozenset(("str", "string"))


def parts_of(value: Any) -> tuple[str, Any] | None:
    """What a picture or a table is, and its parts; None for anything else."""
    pillow = sys.modules.get("PIL.Image")
    if pillow is not None and isinstance(value, pillow.Image):
        return PICTURE, _picture(value) if type(value).__module__.startswith("PIL.") else None
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return None
    if type(value) is pandas.DataFrame:
        return TABLE, _table(pandas, value)
    if type(value) is pandas.Series:
        return SERIES, _series(pandas, value)
    return None


def made_of(tag: str, parts: Any) -> Any:
    """The picture or table that has these parts."""
    if tag == PICTURE:
        return _painted(parts)
    import pandas  # heavy; only when a value needs it

    index = _as_index(pandas, parts["index"])
    if tag == SERIES:
        made = pandas.Series(_as_column(pandas, parts["values"]), index=index, name=parts["name"])
    else:
        columns = dict(enumerate(_as_column(pandas, each) for each in parts["values"]))
        made = pandas.DataFrame(columns, index=index)
        made.columns = _as_index(pandas, parts["columns"])
    made.attrs.update(parts["attrs"])
    return made


def _picture(value: Any) -> dict[str, Any]:
    value.load()
    packed = base64.b64encode(zlib.compress(value.tobytes(), 1)).decode()
    palette = value.palette
    colours = None if palette is None else [palette.mode, palette.tobytes()]
    noted = {name: each for name, each in value.info.items() if type(each) in (str, int, float, bytes, bool, tuple)}
    return {"mode": value.mode, "size": list(value.size), "pixels": packed, "palette": colours, "info": noted}


def _painted(parts: Any) -> Any:
    from PIL import Image  # only when a value needs it

    pixels = zlib.decompress(base64.b64decode(parts["pixels"]))
    made = Image.frombytes(parts["mode"], tuple(parts["size"]), pixels)
    if parts["palette"] is not None:
        made.putpalette(parts["palette"][1], parts["palette"][0])
    made.info.update(parts["info"])
    return made


def _table(pandas: Any, value: Any) -> dict[str, Any] | None:
    columns = [_column(value.iloc[:, number]) for number in range(value.shape[1])]
    index, names = _index(pandas, value.index), _index(pandas, value.columns)
    if index is None or names is None or None in columns:
        return None
    return {"columns": names, "index": index, "values": columns, "attrs": value.attrs}


def _series(pandas: Any, value: Any) -> dict[str, Any] | None:
    column, index = _column(value), _index(pandas, value.index)
    if column is None or index is None:
        return None
    return {"name": value.name, "index": index, "values": column, "attrs": value.attrs}


def _index(pandas: Any, value: Any) -> list[Any] | None:
    if type(value) is pandas.RangeIndex:
        return ["range", [value.start, value.stop, value.step], value.name]
    column = _column(value) if type(value) is pandas.Index else None
    return None if column is None else ["index", column, value.name]


def _column(value: Any) -> list[Any] | None:
    """The kind of a column, or of what names rows and columns, and its values."""
    dtype = value.dtype
    if getattr(dtype, "kind", "") in _NUMBERS and type(dtype).__module__.startswith("numpy"):
        return ["", value.to_numpy()]
    if str(dtype) in _TEXTS:
        return [str(dtype), [each if isinstance(each, str) else None for each in value]]
    return ["object", value.tolist()] if dtype.kind == "O" and type(dtype).__module__.startswith("numpy") else None


def _as_column(pandas: Any, parts: Any) -> Any:
    kind, values = parts
    return values if not kind else pandas.Series(values, dtype=kind).array


def _as_index(pandas: Any, parts: Any) -> Any:
    kind, values, name = parts
    if kind == "range":
        return pandas.RangeIndex(*values, name=name)
    return pandas.Index(_as_column(pandas, values), name=name, dtype=values[0] or None)
