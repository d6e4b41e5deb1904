"""Examples as they are given: rows, values for one input, or a folder with files and a log.csv."""

from __future__ import annotations

import ast
import csv
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from blocks_app.exceptions import DeclarationError
from blocks_app.tree.component import Component

LOG_FILE = "log.csv"


def read_rows(examples: Any, inputs: Sequence[Component]) -> list[list[Any]]:
    """The rows, each with at most as many values as there are inputs, or more, which nobody needs.

    Raises:
        DeclarationError: it is nothing of the kind.
        FileNotFoundError: there is no such folder, or no log.csv in it where one is needed.
    """
    if isinstance(examples, str | os.PathLike):
        return _of_folder(Path(examples), inputs)
    if not isinstance(examples, Iterable) or isinstance(examples, dict | bytes):
        raise DeclarationError(
            f"Examples: examples is a list of rows, a list of values where there is one input, or the path of a "
            f"folder; not {type(examples).__name__}."
        )
    given = list(examples)
    if not given or isinstance(given[0], list):
        rows = given
    elif len(inputs) == 1:
        return [[each] for each in given]
    else:
        rows = given
    wrong = next((each for each in rows if not isinstance(each, list | tuple)), None)
    if wrong is not None:
        raise DeclarationError(
            f"Examples: with {len(inputs)} inputs each example is a list of their values; {_short(wrong)} is none."
        )
    return [list(row) for row in rows]


def columns_with_values(rows: list[list[Any]], inputs: int) -> list[bool]:
    """For each input, whether any row has a value for it."""
    return [any(index < len(row) and row[index] is not None for row in rows) for index in range(inputs)]


def _of_folder(folder: Path, inputs: Sequence[Component]) -> list[list[Any]]:
    if not folder.is_dir():
        raise FileNotFoundError(f"Could not find examples directory: {folder}")
    if (folder / LOG_FILE).is_file():
        with (folder / LOG_FILE).open(newline="", encoding="utf-8-sig") as log:
            rows = list(csv.reader(log))[1:]
        return [[_cell(folder, each, cell) for each, cell in zip(inputs, row)] for row in rows if row]
    if len(inputs) != 1:
        raise FileNotFoundError(f"Could not find log file (required for multiple inputs): {LOG_FILE}")
    names = sorted(each.name for each in folder.iterdir() if each.is_file() and not each.name.startswith("."))
    return [[_cell(folder, inputs[0], name)] for name in names]


def _cell(folder: Path, component: Component, text: str) -> Any:
    """What a text of a table means to a component: a file beside it, a number, a list, or itself."""
    try:
        schema = component.api_info()
    except NotImplementedError:
        schema = {}
    kind = schema.get("type")
    if kind == "string":
        return text
    if not text.strip():
        return None
    if kind == "boolean":
        return text.strip().lower() in ("true", "1", "yes")
    if kind in ("number", "integer"):
        return _number(text)
    if "FileData" in str(schema) and (folder / text).is_file():
        return str(folder / text)
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


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
