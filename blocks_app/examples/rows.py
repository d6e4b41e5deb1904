"""Examples as they are given: rows, values for one input, or a folder with files and a log.csv."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from blocks_app.exceptions import DeclarationError
from blocks_app.running.failures import safe_text
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
    """What a text of a table means to a component: a file beside it, or what the component reads in it."""
    own = type(component).read_from_flag is not Component.read_from_flag
    if not own and text and _takes_files(component) and os.path.isfile(folder / text):  # noqa: PTH113 # of any length
        return str(folder / text)
    return component.read_from_flag(text)


def _takes_files(component: Component) -> bool:
    try:
        return "FileData" in str(component.api_info())
    except NotImplementedError:
        return False


def _short(value: Any) -> str:
    text = safe_text(partial(repr, value), f"a {type(value).__name__}")
    return text if len(text) <= 60 else f"{text[:57]}..."
