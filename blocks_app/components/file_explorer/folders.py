"""The files below one folder that an explorer shows.

What a client sends is compared with the names that the system gives, level by level. It never becomes a path itself:
`..`, slashes, drives and streams are the names of nothing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from blocks_app import conf
from blocks_app.components.file_explorer.globs import matches

#: Levels below the root that are shown; deeper ones are taken for a circle.
DEEPEST = 100


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """A file or a folder that is shown."""

    name: str
    path: str
    is_folder: bool
    #: Whether it may be chosen. A folder is also shown for what may be in it.
    valid: bool


@dataclass(frozen=True)
class Folders:
    """What is shown below `root`: what `glob` means, without what `ignored` means, and the folders on the way."""

    root: str
    glob: str
    ignored: str | None
    #: The site's settings and databases, which are never shown.
    _private: set[Path] = field(default_factory=lambda: conf.private_files())
    _read: dict[tuple[str, ...], dict[str, FolderEntry]] = field(default_factory=dict)

    def entries(self, parts: Sequence[str]) -> dict[str, FolderEntry]:
        """What is in a folder, by name, folders first.

        Raises:
            LookupError: this folder is not shown.
        """
        where = tuple(parts)
        if where not in self._read:
            if where and not self.entry(where).is_folder:
                raise LookupError
            self._read[where] = self._scan(where, self.entry(where).path if where else self.root)
        return self._read[where]

    def entry(self, parts: Sequence[str]) -> FolderEntry:
        """The file or folder with these names from the root on. Raises LookupError if it is not shown."""
        if not 0 < len(parts) <= DEEPEST:
            raise LookupError
        return self.entries(parts[:-1])[parts[-1]]

    def _scan(self, where: tuple[str, ...], folder: str) -> dict[str, FolderEntry]:
        try:
            with os.scandir(folder) as found:
                shown = [entry for each in found if (entry := self._entry(where, each)) is not None]
        except OSError:  # gone meanwhile, or closed to this process: as good as empty
            return {}
        shown.sort(key=lambda entry: (not entry.is_folder, entry.name.casefold(), entry.name))
        return {entry.name: entry for entry in shown}

    def _entry(self, where: tuple[str, ...], found: os.DirEntry[str]) -> FolderEntry | None:
        parts = (*where, found.name)
        if self.ignored is not None and matches(self.ignored, parts):
            return None
        if not _is_text(found.name) or not self._stays_inside(found):
            return None
        is_folder, valid = found.is_dir(), matches(self.glob, parts)
        if not valid and (not is_folder or _hidden(found.name, self.glob)):
            return None
        return FolderEntry(found.name, found.path, is_folder, valid)

    def _stays_inside(self, found: os.DirEntry[str]) -> bool:
        """Whether it lies below the root, wherever links lead, and is none of the site's own files."""
        if not found.is_symlink():  # the folder that it is in was looked at before
            return found.is_dir() or (found.is_file() and not self._is_private(found.path))
        real = Path(os.path.realpath(found.path))
        if not real.is_relative_to(os.path.realpath(self.root)):
            return False
        if real.is_dir():  # a link to a folder above it would be a circle
            return not Path(os.path.realpath(Path(found.path).parent)).is_relative_to(real)
        return real.is_file() and real not in self._private

    def _is_private(self, path: str) -> bool:
        name = Path(path).name
        return any(name == each.name for each in self._private) and Path(os.path.realpath(path)) in self._private


def _is_text(name: str) -> bool:
    """Whether the name can be sent: the system also has names that are no text."""
    try:
        name.encode()
    except UnicodeError:
        return False
    return True


def _hidden(name: str, pattern: str) -> bool:
    """Whether a folder is hidden, and the pattern does not ask for hidden ones."""
    return name.startswith(".") and not any(each.startswith(".") and each != "." for each in pattern.split("/"))
