"""Where uploaded and produced files lie: through Django's storage API, under ids that nobody can guess.

A file has a folder of its own, named by its id: 128 random bits; the path on the wire is `<id>/<name>`. What is known
about it is in a register, see `fileregister`.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import mimetypes
import os
import secrets
import shutil
import stat
import tempfile
import time
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, Unpack, cast

from blocks_app.files import file_registry
from blocks_app.files.file_registry import Notes, Register, RegisteredFile, Whose, owner_text
from blocks_app.files.paths import InvalidPathError, base_name, is_file_id, open_plain, safe_name, split_file_path

if TYPE_CHECKING:
    from django.core.files.storage import Storage

__all__ = ["FileStore", "RegisteredFile", "default_store", "guess_type", "temp_root"]


#: Files of pages that are remembered.
PAGES = 10_000


class FileStore:
    """Keeps files in a Django storage; `local` is a folder for what must be a path on this machine."""

    def __init__(self, storage: Storage, local: Path, register: Register | None = None) -> None:
        """`register` knows visitors' files as soon as it is ready; until then, and without one, notes do."""
        self.storage = storage
        self.local = local
        self.notes = Notes(storage)
        self._external = register
        self._pages: dict[str, RegisteredFile] = {}  # what belongs to pages, of which there is little

    @property
    def register(self) -> Register:
        """Who knows visitors' files. Blocks."""
        return self._external if self._external is not None and self._external.is_ready() else self.notes

    def save(
        self,
        source: bytes | Path | BinaryIO | Any,
        name: str,
        *,
        mime: str | None = None,
        keep: bool = False,
        **whose: Unpack[Whose],
    ) -> RegisteredFile:
        """Store a file in flat memory and answer what is known about it.

        Args:
            source: the bytes, a local file's path, or an open binary file (Django's uploaded files are moved).
            name: its name as the visitor knows it; stored under a harmless form of it.
            mime: content type; guessed from the name when None. Never taken from a client.
            keep: True for initial values and examples, which nobody deletes; the same content is stored once.
            whose: `owner`, `payer` and more, see StoredFile.

        Raises:
            QuotaExceeded: the payer's files would take too much.
        """
        stored_name = safe_name(name)
        file_id = _lasting_id(source, stored_name) if keep else secrets.token_urlsafe(16)
        known = self.notes.get(file_id) if keep else None
        if known is not None:
            return known
        with contextlib.ExitStack() as stack:
            content = _as_django_file(source, stack)
            record = RegisteredFile(
                id=file_id,
                name=stored_name,
                orig_name=base_name(name) or stored_name,
                size=_size_of(content),
                mime=mime or guess_type(stored_name),
                created=time.time(),
                keep=keep,
                **whose,
            )
            return self._write(record, content)

    def _write(self, record: RegisteredFile, content: Any) -> RegisteredFile:
        register = self.notes if record.keep else self.register
        register.reserve(record)
        try:
            key = self.storage.save(record.key, content)
            name = key.replace("\\", "/").rsplit("/", 1)[-1]
            stored = replace(record, name=name, size=self.storage.size(key))
            register.confirm(stored, record)
        except BaseException:
            self._remove_folder(record.id)
            with contextlib.suppress(Exception):  # what is away now, as its database, is swept later
                register.remove(record.id)
            raise
        return stored

    def get(self, file_id: str) -> RegisteredFile | None:
        """What is known about a file; None if there is none of this id."""
        if not is_file_id(file_id):
            return None
        if (page := self._pages.get(file_id)) is not None:
            return page
        register = self.register
        if register is not self.notes and (row := register.get(file_id)) is not None:
            return row
        note = self.notes.get(file_id)
        if note is not None and note.keep and len(self._pages) < PAGES:
            self._pages[file_id] = note  # notes never change, and without its bytes it is not found anyway
        return note

    def kept(self, path: object) -> RegisteredFile | None:
        """The file of a page that is named by `<id>/<name>`. Reads the storage alone, so a page needs no database."""
        parts = split_file_path(path)
        record = self.notes.get(parts[0]) if parts else None
        return record if record is not None and record.keep and record.path == path else None

    def find(self, path: object, owner: str = "") -> RegisteredFile | None:
        """The file that a client names by `<id>/<name>`, if it exists and is this person's; else None."""
        parts = split_file_path(path)
        record = self.get(parts[0]) if parts else None
        if (
            record is None
            or parts is None
            or parts[1] != record.name
            or record.owner not in ("", owner, owner_text(owner))
        ):
            return None
        return record

    def find_local(self, real: Path) -> RegisteredFile | None:
        """The stored file that lies at a local path; None if the path is elsewhere."""
        root = self._place("")
        if root is None or not real.is_relative_to(root.resolve()):
            return None
        parts = real.relative_to(root.resolve()).parts
        record = self.get(parts[0]) if len(parts) == 2 else None
        return record if record is not None and record.name == parts[1] else None

    def open(self, record: RegisteredFile) -> BinaryIO:
        """The content. Raises FileNotFoundError if it is gone, or is not the plain file that was stored."""
        place = self._place(record.key)
        if place is None:
            return self.storage.open(record.key, "rb")  # type: ignore[return-value] # Django's File has what is read of one
        _refuse_links(place)
        return open_plain(place)

    def local_path(self, record: RegisteredFile) -> Path:
        """A path on this machine with the content, in a folder of its own; fetched once from a remote storage."""
        place = self._place(record.key)
        if place is None:
            return self._fetch(record)
        _refuse_links(place)
        return place

    def scratch(self, name: str) -> Path:
        """A path for a new file of this name in a new folder; removed by `sweep_local`."""
        folder = self.local / "scratch" / secrets.token_urlsafe(16)
        folder.mkdir(mode=0o700, parents=True)
        return folder / safe_name(name)

    def claim(self, record: RegisteredFile, session: str) -> None:
        """A session uses this file: if nobody did before, it is that session's from now on."""
        if session and not record.session and not record.keep:
            self.register.claim(record, session)

    def delete(self, file_id: str) -> None:
        """Forget a file. Does nothing if there is none."""
        if is_file_id(file_id):
            self._pages.pop(file_id, None)
            self._remove_folder(file_id)
            self.register.remove(file_id)

    def expire(self) -> int:
        """Delete what is past its time, whoever stored it; how many files that were."""
        register, removed = self.register, 0
        while old := register.expired(time.time()):
            for file_id in old:
                self._remove_folder(file_id)
                register.remove(file_id)
            removed += len(old)
        return removed

    def used_by(self, payer: str) -> int:
        """Bytes of everything on one account."""
        return self.register.used_by(payer)

    def ids(self) -> list[str]:
        """The ids of everything in the storage, known or not."""
        return self.notes.ids()

    def has(self, record: RegisteredFile) -> bool:
        """Whether the bytes are there, as far as it can be told for nothing: elsewhere only a listing tells."""
        place = self._place(record.key)
        return place is None or place.is_file()

    def age_of(self, file_id: str) -> float:
        """Seconds since a file's folder was last written to; 0 where the storage cannot tell."""
        place = self._place(file_id)
        try:
            if place is not None:
                return time.time() - place.stat().st_mtime
            names = self.storage.listdir(file_id)[1]
            return min(time.time() - self.storage.get_modified_time(f"{file_id}/{name}").timestamp() for name in names)
        except (OSError, NotImplementedError, ValueError):
            return 0.0

    def sweep_local(self, older_than: float) -> int:
        """Delete scratch files, and copies of what a remote storage has, older than so many seconds; how many."""
        limit, removed = time.time() - older_than, 0
        for folder in (*(self.local / "scratch").glob("*"), *(self.local / "fetched").glob("*")):
            with contextlib.suppress(OSError):
                if folder.stat().st_mtime < limit:
                    shutil.rmtree(folder, ignore_errors=True)
                    removed += 1
        return removed

    # -- inside -------------------------------------------------------------------------------------------------------

    def _place(self, key: str) -> Path | None:
        """Where the storage keeps something on this machine; None for a storage elsewhere."""
        from django.core.files.storage import FileSystemStorage  # Django only when a file is really stored

        return Path(self.storage.path(key)) if isinstance(self.storage, FileSystemStorage) else None

    def _remove_folder(self, file_id: str) -> None:
        place = self._place(file_id)
        if place is not None:
            shutil.rmtree(place, ignore_errors=True)
            return
        with contextlib.suppress(OSError):
            for name in self.storage.listdir(file_id)[1]:
                self.storage.delete(f"{file_id}/{name}")
            self.storage.delete(file_id)  # storages with real folders keep empty ones otherwise
        shutil.rmtree(self.local / "fetched" / file_id, ignore_errors=True)

    def _fetch(self, record: RegisteredFile) -> Path:
        place = self.local / "fetched" / record.id / record.name
        if not place.exists():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = place.with_name(f".{secrets.token_hex(8)}.part")
            with self.storage.open(record.key, "rb") as source, part.open("xb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            part.replace(place)
        return place


def guess_type(name: str) -> str:
    """Content type by a file's name; packed files are just bytes."""
    known = _MORE_TYPES.get(PurePosixPath(name).suffix.lower())
    kind, packed = mimetypes.guess_type(name)
    return known or (None if packed else kind) or "application/octet-stream"


def temp_root() -> Path:
    """The folder of all stored files: `GRADIO_TEMP_DIR`, else one of this user's own in the temporary folder."""
    given = os.environ.get("GRADIO_TEMP_DIR")
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(given) if given else Path(tempfile.gettempdir()) / f"blocks-files-{user}"


def default_store() -> FileStore:
    """The store of this process: the storage named by the setting BLOCKS_FILE_STORAGE, else a local folder."""
    alias, root = _storage_alias(), temp_root()
    factory = file_registry.register_factory
    make = _store if _prepared(alias, root) else _store.__wrapped__
    return make(alias, root, factory(alias, root) if factory is not None else None)  # type: ignore[arg-type] # a cached function is unbound for mypy


def _storage_alias() -> str | None:
    """The alias that the site chose; a plain script, which calls its functions without a site, has no settings."""
    from django.conf import ENVIRONMENT_VARIABLE, settings  # settings are read when a file is needed, never at import

    if not settings.configured and not os.environ.get(ENVIRONMENT_VARIABLE):
        return None
    return getattr(settings, "BLOCKS_FILE_STORAGE", None)


def _prepared(alias: str | None, root: Path) -> bool:
    """Whether the folder of the files is there; on a full disk, or one that can only be read, it cannot be made.

    Then the store is asked for anew each time: what needs no files goes on, and storing one tells why it fails.
    """
    try:
        if not alias:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return root.is_dir()
    return True


@lru_cache(maxsize=8)
def _store(alias: str | None, root: Path, register: Register | None) -> FileStore:
    from django.core.files.storage import FileSystemStorage, storages  # see default_store

    if alias:
        return FileStore(storages[alias], root, register)
    if (
        root.exists()
        and hasattr(os, "getuid")
        and root.stat().st_uid != os.getuid()
        and "GRADIO_TEMP_DIR" not in os.environ
    ):
        raise InvalidPathError(f"The folder {root} belongs to another user. Set GRADIO_TEMP_DIR to one of yours.")
    storage = FileSystemStorage(location=root, file_permissions_mode=0o600, directory_permissions_mode=0o700)
    return FileStore(storage, root, register)


def _lasting_id(source: Any, name: str) -> str:
    """The id of what every process of the site shows: as hard to guess as a random one, but always the same."""
    from django.utils.crypto import salted_hmac  # see default_store

    if isinstance(source, Path):
        with open_plain(source) as content:
            digest = hashlib.file_digest(cast("io.BufferedReader", content), "sha256").digest()
    else:
        digest = hashlib.sha256(source).digest()
    made = salted_hmac("blocks_app.filestore", digest + name.encode(), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made[:16]).decode().rstrip("=")


def _as_django_file(source: Any, stack: contextlib.ExitStack) -> Any:
    from django.core.files.base import ContentFile, File  # see default_store

    if isinstance(source, bytes | bytearray | memoryview):
        return ContentFile(bytes(source))
    if isinstance(source, Path):
        return File(stack.enter_context(open_plain(source)))
    return source if isinstance(source, File) else File(source)


def _size_of(content: Any) -> int:
    """Bytes of a file that is about to be stored; 0 for a stream that cannot tell."""
    try:
        return int(content.size)
    except (AttributeError, TypeError):
        return 0


def _refuse_links(place: Path) -> None:
    """Only a plain file with one name is what was stored: links would lead to other files (T3)."""
    found = place.lstat()
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        raise FileNotFoundError(str(place))


_MORE_TYPES = {
    ".webp": "image/webp",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mkv": "video/x-matroska",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".m4v": "video/mp4",
    ".ogv": "video/ogg",
    ".vtt": "text/vtt",
    ".md": "text/markdown",
}
