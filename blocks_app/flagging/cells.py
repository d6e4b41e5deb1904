"""Values as cells of a CSV file: texts as they are, anything else as JSON, files copied beside the table.

A cell that a spreadsheet would take for a formula gets an apostrophe. What differs between Gradio 4 and 6 is one flag,
`modern`.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from blocks_app import jsonable
from blocks_app.files.file_data import file_data, receive
from blocks_app.files.paths import LONGEST_NAME, is_web_address, safe_name
from blocks_app.tree.component import Component

_FORMULA = ("=", "+", "-", "@", "\t", "\n", "\r")
_HIDDEN = tuple(f",{sign}" for sign in _FORMULA[:-1])
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f`$!{}]')
_LONE = re.compile("[\ud800-\udfff]")

Copy = Callable[[Mapping[str, Any]], dict[str, Any]]


def harmless(value: Any, modern: bool = False) -> str:
    """A cell that no spreadsheet takes for a formula, in characters that a file can have."""
    text = _LONE.sub("\N{REPLACEMENT CHARACTER}", value if isinstance(value, str) else as_text(value))
    if modern and text.startswith(("{", "[")):
        parsed = _parsed(text)
        if parsed is not None:
            return json.dumps(parsed)
    return f"'{text}" if text.startswith(_FORMULA) or any(each in text for each in _HIDDEN) else text


def as_text(value: Any) -> str:
    """A text as it is, anything else as JSON."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        known = plain(value)
        return known if isinstance(known, str) else json.dumps(known)


def plain(value: Any) -> Any:
    """A value as JSON has it, whatever it is: arrays become lists, what nobody knows its `str()` or its type's name."""
    try:
        return json.loads(jsonable.dumps(value))
    except Exception:  # a __str__ that fails, thousands of digits, a list that contains itself
        return f"<{type(value).__name__}>"


def paths_alone(text: str) -> str:
    """JSON in which each file is its path alone; any other text as it is."""
    parsed = _parsed(text)
    if parsed is None:
        return text
    found = with_files(parsed, lambda file: file["path"])
    return found if isinstance(found, str) else json.dumps(found)


def _parsed(text: str) -> Any:
    """What a text is as JSON; None for any other text, and for null."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def is_file(value: Any) -> bool:
    """Whether a value is a file as it travels."""
    if not isinstance(value, Mapping) or not isinstance(value.get("path"), str):
        return False
    meta = value.get("meta")
    return isinstance(meta, Mapping) and meta.get("_type") == "gradio.FileData"


def with_files(value: Any, change: Callable[[Any], Any]) -> Any:
    """The same value, each file in it changed."""
    if is_file(value):
        return change(value)
    if isinstance(value, Mapping):
        return {key: with_files(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [with_files(item, change) for item in value]
    return value


def is_update(value: Any) -> bool:
    """Whether a value is a change of a component instead."""
    return isinstance(value, dict) and "update" in str(value.get("__type__", ""))


def folder_name(label: str, number: int, modern: bool = False) -> str:
    """The folder for a component's files: its label, so far as that can name one within another folder."""
    if modern:
        kept = _FORBIDDEN.sub("", label).rstrip(" .")
    else:
        kept = "".join(char for char in label if char.isalnum() or char in "._- ")
    kept = _LONE.sub("", kept).encode()[:LONGEST_NAME].decode(errors="ignore")
    return kept if not label or kept.strip(" .") else f"component {number}"


class Copies:
    """Copies of the files of one flag. They go again when the flag cannot be kept."""

    def __init__(self) -> None:
        self._made: list[Path] = []

    def into(self, folder: Path, component: Component | None) -> Copy:
        """What copies a file of a component into a folder of its own there."""

        def copy(file: Mapping[str, Any]) -> dict[str, Any]:
            data: dict[str, Any] = {**file_data("", None), **file}
            if not is_web_address(file["path"]):
                data["path"] = str(self._copied(receive(file, component).path, folder))
            return data

        return copy

    def _copied(self, source: Path, folder: Path) -> Path:
        place = folder / secrets.token_hex(10)
        place.mkdir(parents=True)
        self._made.append(place)
        return Path(shutil.copyfile(source, place / (source.name or safe_name(""))))

    def undo(self) -> None:
        """The flag could not be kept."""
        for place in self._made:
            shutil.rmtree(place, ignore_errors=True)


def cell(component: Any, value: Any, folder: Path, copies: Copies) -> str:
    """A component's value as text, its files copied. A component that has a `flag` of its own decides itself."""
    own = getattr(component, "flag", None)
    if callable(own):
        return str(own(value, folder))
    try:
        return as_text(with_files(value, copies.into(folder, component)))
    except RecursionError:
        return as_text(plain(value))


def row(values: Iterable[Any], modern: bool = False) -> list[str]:
    """Harmless cells."""
    return [harmless(value, modern) for value in values]
