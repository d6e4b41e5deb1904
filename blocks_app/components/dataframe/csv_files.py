"""Files that a table is made of, or shows: csv files, and pictures in its cells. None is fetched from an address."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from blocks_app.components.dataframe import tables
from blocks_app.files import file_data, paths


def is_path(value: Any) -> bool:
    """Whether a value is a path, or a text that should be one."""
    return isinstance(value, (str, os.PathLike))


def read(value: str | os.PathLike[str]) -> tables.Table:
    """The table in a csv file that may be handed out.

    Raises:
        NotATable: it is an address, or no csv.
        InvalidPathError: it may not be handed out.
    """
    if file_data.is_web_address(value):
        raise tables.NotATable("this server does not fetch tables from other addresses. Give the path of a csv file.")
    import pandas

    place = _checked(value)
    try:
        return tables.table_of(pandas.read_csv(place))
    except pandas.errors.EmptyDataError:
        return tables.Table(None, [])
    except (pandas.errors.ParserError, UnicodeError) as error:
        raise tables.NotATable(f"the file {place.name!r} is no csv: {error}") from error


def _checked(value: str | os.PathLike[str]) -> Path:
    context = file_data.current.get()
    if context is not None:
        allowed: list[str | Path] = [*context.allowed_paths, context.store.local, file_data.SAMPLES]
        return paths.check_path(value, allowed, context.blocked_paths)
    place = Path(value)
    if not place.is_file():
        raise file_data.InvalidPathError(f"There is no file {str(place)!r}. Give the path of a csv file that exists.")
    return place


def publish_pictures(rows: list[Any], datatype: str | list[str]) -> None:
    """Replace paths in columns of pictures by addresses from which the page may load them."""
    for row in rows:
        for index, cell in enumerate(row):
            kind = datatype if isinstance(datatype, str) else datatype[index] if index < len(datatype) else "str"
            if kind == "image" and isinstance(cell, str) and _is_local(cell):
                made = file_data.publish(cell)
                row[index] = made.get("url") or made["path"]


def _is_local(cell: str) -> bool:
    """Whether a text names a file here, rather than an address."""
    if cell.startswith("/"):
        return Path(cell).is_file()
    return bool(cell) and not cell.startswith(("data:", "blob:")) and not file_data.is_web_address(cell)
