"""Values as cells of a CSV file: texts as they are, anything else as JSON, files copied beside the table.

A cell that a spreadsheet would take for a formula gets an apostrophe. What differs between Gradio 4 and 6 is one flag,
`modern`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from blocks_app.files.copies import Copies, is_file, with_files
from blocks_app.files.paths import LONGEST_NAME
from blocks_app.tree.component import Component
from blocks_app.tree.flagged import as_text, plain

__all__ = [
    "Copies", "as_text", "cell", "folder_name", "harmless", "is_file", "is_update", "own_flag", "paths_alone", "plain",
    "row", "with_files",
]  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\t", "\n", "\r")
_HIDDEN = tuple(f",{sign}" for sign in _FORMULA[:-1])
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f`$!{}]')
_LONE = re.compile("[\ud800-\udfff]")


def harmless(value: Any, modern: bool = False) -> str:
    """A cell that no spreadsheet takes for a formula, in characters that a file can have."""
    text = _LONE.sub("\N{REPLACEMENT CHARACTER}", value if isinstance(value, str) else as_text(value))
    if modern and text.startswith(("{", "[")):
        parsed = _parsed(text)
        if parsed is not None:
            return json.dumps(parsed)
    return f"'{text}" if text.startswith(_FORMULA) or any(each in text for each in _HIDDEN) else text


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


def cell(component: Any, value: Any, folder: Path, copies: Copies) -> str:
    """A component's value as text, its files copied. A component that has a `flag` of its own decides itself."""
    own = own_flag(component)
    if own is not None:
        return str(own(value, folder))
    try:
        return as_text(with_files(value, copies.into(folder, component)))
    except RecursionError:
        return as_text(plain(value))


def own_flag(component: Any) -> Callable[..., Any] | None:
    """What a component does itself with a value that is flagged; None where its class has nothing of its own."""
    own = getattr(component, "flag", None)
    return own if callable(own) and getattr(type(component), "flag", None) is not Component.flag else None


def row(values: Iterable[Any], modern: bool = False) -> list[str]:
    """Harmless cells."""
    return [harmless(value, modern) for value in values]
