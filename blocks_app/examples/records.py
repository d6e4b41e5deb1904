"""Where answers to examples are kept: small files in a Django storage, one for each example.

They are written as a whole or not at all, and each carries a checksum, so what two processes write at the same moment,
or one that is killed meanwhile, is never half an answer.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from blocks_app.files.filestore import FileStore, RegisteredFile, default_store
from blocks_app.files.paths import split_file_path
from blocks_app.logs import logger, quietly

if TYPE_CHECKING:
    from django.core.files.storage import Storage

log = logger("blocks_app.examples")

FOLDER = "cached_examples"
#: What a storage says of a folder that it does not have, or that it cannot list.
_NOTHING = (FileNotFoundError, NotADirectoryError, NotImplementedError)


class Records:
    """Reads and writes answers by their key, `<function>/<example>`."""

    def __init__(self, storage: Storage, prefix: str, files: FileStore | None) -> None:
        """Args:
        storage: where they are kept.
        prefix: of all names in there.
        files: the store that has the files of answers; None keeps copies of them beside the answers.
        """
        self.storage = storage
        self.prefix = prefix
        self.files = files

    def read(self, key: str) -> bytes | None:
        """What was kept under this key; None when nothing was, or what is there is damaged or cannot be read."""
        try:
            with self.storage.open(self._name(key), "rb") as file:
                checksum, _, content = bytes(file.read()).partition(b"\n")
        except FileNotFoundError:
            return None
        except OSError as error:
            quietly(log.warning, "example.unreadable", extra={"example": key, "error": str(error)})
            return None
        if hashlib.sha256(content).hexdigest().encode() == checksum:
            return content
        quietly(log.warning, "example.damaged", extra={"example": key})
        return None

    def write(self, key: str, content: bytes) -> None:
        """Keep it; whoever reads has all of it or what was there before."""
        self._put(self._name(key), hashlib.sha256(content).hexdigest().encode() + b"\n" + content)

    def keep_file(self, key: str, path: str, store: FileStore) -> None:
        """An answer names this file of a store. Where that may lose it, a copy is kept here."""
        record = store.kept(path)
        if self.files is not None or record is None or self.storage.exists(self._name(f"{key}.files/{path}")):
            return
        with store.open(record) as content:
            self._put(self._name(f"{key}.files/{path}"), content)

    def file(self, key: str, path: str, store: FileStore) -> RegisteredFile | None:
        """The file that an answer names, in the store of whoever reads it now; None when it has gone."""
        record = store.kept(path)
        if record is not None and store.has(record):
            return record
        parts = split_file_path(path)
        if self.files is not None or parts is None:
            return None
        name = self._name(f"{key}.files/{path}")
        place = self._path(name)
        try:
            if place is not None:
                return store.save(place, parts[1], keep=True)
            with self.storage.open(name, "rb") as content:
                return store.save(content.read(), parts[1], keep=True)
        except FileNotFoundError:
            return None
        except OSError as error:
            quietly(log.warning, "example.unreadable", extra={"example": key, "error": str(error)})
            return None

    def keys(self, function: str) -> Iterator[str]:
        """The keys of everything that is kept for a function."""
        with contextlib.suppress(*_NOTHING):
            for name in self.storage.listdir(self._name(function))[1]:
                yield f"{function}/{name}"

    def functions(self) -> list[str]:
        """What answers are kept for."""
        try:
            return list(self.storage.listdir(self.prefix)[0])
        except _NOTHING:
            return []

    def forget(self, function: str) -> int:
        """Delete all answers of a function; how many."""
        names = [self._name(key) for key in self.keys(function)]
        for name in names:
            self.storage.delete(name)
        for folder in self._folders(self._name(function)):
            self._empty(folder)
        with contextlib.suppress(OSError):  # another process keeps one in there again
            self.storage.delete(self._name(function))
        return len(names)

    def place(self, name: str) -> Path:
        """Where it lies on this machine; elsewhere, its name."""
        try:
            return Path(self.storage.path(self._name(name)))
        except NotImplementedError:
            return Path(self._name(name))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _name(self, key: str) -> str:
        return f"{self.prefix}/{key}" if self.prefix else key

    def _folders(self, name: str) -> list[str]:
        with contextlib.suppress(*_NOTHING):
            return [f"{name}/{each}" for each in self.storage.listdir(name)[0]]
        return []

    def _empty(self, folder: str) -> None:
        for each in self._folders(folder):
            self._empty(each)
        with contextlib.suppress(*_NOTHING):
            for name in self.storage.listdir(folder)[1]:
                self.storage.delete(f"{folder}/{name}")
        with contextlib.suppress(OSError):  # as above
            self.storage.delete(folder)

    def _put(self, name: str, content: bytes | BinaryIO) -> None:
        from django.core.files.base import ContentFile, File  # Django only when something is really kept

        file: Any = ContentFile(content) if isinstance(content, bytes) else File(content)
        spare = f"{name}.{secrets.token_hex(6)}"
        place = self._path(name)
        if place is not None:
            Path(self.storage.path(self.storage.save(spare, file))).replace(place)
            return
        if self.storage.exists(name):
            self.storage.delete(name)
        saved = self.storage.save(name, file)
        if saved.replace("\\", "/") != name:  # another process was quicker
            self.storage.delete(saved)

    def _path(self, name: str) -> Path | None:
        from django.core.files.storage import FileSystemStorage

        return Path(self.storage.path(name)) if isinstance(self.storage, FileSystemStorage) else None


def records() -> Records:
    """Those of this process: in the folder that GRADIO_EXAMPLES_CACHE names, else beside the files of visitors."""
    folder = os.environ.get("GRADIO_EXAMPLES_CACHE")
    if folder:
        from django.core.files.storage import FileSystemStorage

        return Records(FileSystemStorage(location=Path(folder).absolute()), "", None)
    store = default_store()
    return Records(store.storage, FOLDER, store)
