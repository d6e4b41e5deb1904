"""Files that stand in values, and copies of them beside a table of flags, which outlives what they are copies of."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from blocks_app.files.file_data import file_data, receive
from blocks_app.files.paths import is_web_address, safe_name
from blocks_app.tree import flagged
from blocks_app.tree.component import Component

Copy = Callable[[Mapping[str, Any]], dict[str, Any]]


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


def _copied(component: Any, value: Any, folder: Path) -> Any:
    copies = Copies()
    try:
        return with_files(value, copies.into(folder, component))
    except BaseException:
        copies.undo()
        raise


def install() -> None:
    """Let `Component.flag` copy files; the tree, which has it, knows none."""
    flagged.copied = _copied
