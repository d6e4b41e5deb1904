"""FileExplorer: a folder of the server to choose from."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, Unpack

from blocks_app.components.corner import Height, checked_height
from blocks_app.components.file_explorer.folders import FolderEntry, Folders
from blocks_app.components.file_explorer.listing import FolderListing, ls
from blocks_app.components.framed import CornerOptions, FramedComponent, HeightOptions
from blocks_app.components.html_server import listen_for
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.files.paths import InvalidPathError
from blocks_app.i18n import gettext
from blocks_app.listeners.events import Events
from blocks_app.options import FieldOptions
from blocks_app.tree import context
from blocks_app.tree.block import Block
from blocks_app.tree.iterables import has_items

#: Files that may be chosen at a time.
MOST = 10_000


class FileExplorerOptions(FieldOptions, CornerOptions, HeightOptions, total=False):
    """What a FileExplorer takes besides."""


class FileExplorer(FramedComponent):
    """Shows a folder of the server, level by level, for choosing files in it.

    A function gets the absolute path of what is chosen, or a list of them; it returns paths in that folder. Whoever
    may use the app sees the names of all files that `glob` means and `ignore_glob` does not, and nothing outside.
    """

    change = Events.change
    input = Events.input
    select = Events.select
    heavy = True
    defaults = {"max_height": 500}
    private_options: ClassVar[frozenset[str]] = FramedComponent.private_options | {
        "root_dir",
        "root",
        "ignore_glob",
        "glob",
    }

    def __init__(
        self,
        glob: str = "**/*",
        *,
        value: str | Sequence[str] | Callable[..., Any] | None = None,
        file_count: Literal["single", "multiple"] = "multiple",
        root_dir: str | Path = ".",
        ignore_glob: str | None = None,
        height: Height = None,
        root: str | Path | None = None,
        **options: Unpack[FileExplorerOptions],
    ) -> None:
        """Declare a folder to choose from.

        Args:
            glob: what is shown, as Python's glob writes it: "**/*" is everything, "*.png" is found in every folder.
                What begins with a dot is only shown by a pattern that says so.
            value: path or paths that are chosen at first, or a function that makes them.
            file_count: "single" gives the function one path, "multiple" a list.
            root_dir: the folder. It is never left: a link that leads out of it is not shown.
            ignore_glob: what of that is not shown; a folder with everything in it.
            height: its height, in pixels or as css writes it; longer lists scroll.
            root: the older name of `root_dir`.
            options: see FileExplorerOptions.
        """
        if file_count not in ("single", "multiple"):
            raise DeclarationError(f"FileExplorer: file_count={file_count!r} is unknown. Use 'single' or 'multiple'.")
        for name, pattern in (("glob", glob), ("ignore_glob", ignore_glob or "*")):
            if not isinstance(pattern, str) or not pattern.strip("/"):
                raise DeclarationError(f"FileExplorer: {name} is a pattern such as '**/*.txt', not {pattern!r}.")
        self.glob, self.ignore_glob = glob, ignore_glob
        self.file_count = file_count
        self.root = root
        self.root_dir = os.path.normpath(Path(root_dir if root is None else root).absolute())
        self.height = checked_height("FileExplorer", "height", height)
        self._listing: FolderListing | None = None
        super().__init__(value, **options)

    def preprocess(self, payload: Any) -> list[str] | str | None:
        """The chosen paths. Raises Error for anything that the explorer does not show."""
        if payload is None:
            return None
        if not isinstance(payload, list) or len(payload) > MOST:
            raise refusal(self, f"a list of at most {MOST} files is needed, not {shown(payload)}.")
        folders = self.folders
        paths = [self._chosen(folders, each) for each in payload]
        if self.file_count == "multiple":
            return paths
        if len(paths) > 1:
            raise refusal(self, gettext("one file can be chosen, not %(paths)s.") % {"paths": len(paths)})
        return paths[0] if paths else None

    def postprocess(self, value: Any) -> list[list[str]] | None:
        """The names on the way to each path. Raises InvalidPathError for one outside of the folder."""
        if value is None:
            return None
        if isinstance(value, str | os.PathLike):
            value = [value] if os.fspath(value) else []
        elif not has_items(value):
            value = [value]  # which tells what is no path
        return [self._parts(each) for each in value]

    def api_info(self) -> dict[str, Any]:
        return {"items": {"items": {"type": "string"}, "type": "array"}, "title": "FileExplorerData", "type": "array"}

    def example_payload(self) -> Any:
        """The first file that is shown, if there is one."""
        first = next((each.name for each in self._first_entries() if each.valid), None)
        return [] if first is None else [[first]]

    def example_value(self) -> Any:
        """The same by its path."""
        chosen = self.preprocess(self.example_payload())
        return chosen if self.file_count == "multiple" or chosen else []

    def props(self) -> dict[str, Any]:
        """The options, the number of the listener that lists folders, and a mark that changes with what it lists."""
        props = super().props()
        about = "\0".join((self.root_dir, self.glob, self.ignore_glob or ""))
        props["_listed"] = hashlib.sha256(about.encode(errors="replace")).hexdigest()[:12]
        if self._listing is not None:
            props["_server"] = self._listing.numbers()
        return props

    def copy_with(self, changes: dict[str, Any]) -> Block:
        """As for any block; the copy is listed by the same listener."""
        copied: Any = super().copy_with({**changes, "root": None} if "root_dir" in changes else changes)
        copied._listing = self._listing
        return copied  # type: ignore[no-any-return]

    def render(self) -> Block:
        """Place it here, with the listener that lists its folders. Returns the component."""
        placed = super().render()
        if context.root.get() is not None and self._listing is None:
            self._listing = FolderListing(self)
            listen_for(self._listing, ls)
        return placed

    @property
    def folders(self) -> Folders:
        """What it shows now."""
        return Folders(self.root_dir, self.glob, self.ignore_glob)

    def _first_entries(self) -> list[FolderEntry]:
        return list(self.folders.entries(()).values())

    def _chosen(self, folders: Folders, names: Any) -> str:
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            raise refusal(self, f"each file is a list of names, not {shown(names)}.")
        try:
            entry = folders.entry(names)
        except LookupError:
            raise refusal(
                self, gettext("%(join)s is not among the files shown here.") % {"join": shown("/".join(names))}
            ) from None
        if not entry.valid:
            raise refusal(self, gettext("%(join)s cannot be chosen here.") % {"join": shown("/".join(names))})
        return entry.path

    def _parts(self, path: Any) -> list[str]:
        if not isinstance(path, str | os.PathLike):
            raise TypeError(f"{self.described}: a file is given by its path, not by {type(path).__name__}.")
        inside = os.path.relpath(Path(self.root_dir) / path, self.root_dir)
        parts = list(Path(inside).parts)
        if not parts or parts[0] == ".." or "\0" in inside:
            raise InvalidPathError(f"{self.described}: {os.fspath(path)!r} is not in the folder that it shows.")
        return parts
