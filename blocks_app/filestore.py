"""Where uploaded and produced files lie: through Django's storage API, under ids that nobody can guess.

A file has a folder of its own, named by its id: the file under its safe name, and a small JSON note about it (its NOTE)
so that every process can read it. Ids are 128 random bits; the path on the wire is `<id>/<name>`.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import mimetypes
import os
import re
import secrets
import shutil
import stat
import tempfile
import time
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import orjson

from blocks_app.paths import InvalidPathError, base_name, open_plain, safe_name, split_file_path

if TYPE_CHECKING:
    from django.core.files.storage import Storage

NOTE = ".about.json"
_ID = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known about a stored file. `owner` is "" for whoever knows the id; `created` is in epoch seconds.

    `payer` tells on whose account an upload goes, see `usage`; "" for what functions made.
    """

    id: str
    name: str
    orig_name: str
    size: int
    mime: str
    owner: str
    created: float
    keep: bool = False
    payer: str = ""

    @property
    def path(self) -> str:
        """How the file is named on the wire."""
        return f"{self.id}/{self.name}"

    @property
    def key(self) -> str:
        """How the storage names it."""
        return f"{self.id}/{self.name}"


class FileStore:
    """Keeps files in a Django storage; `local` is a folder for what must be a path on this machine."""

    def __init__(self, storage: Storage, local: Path) -> None:
        self.storage = storage
        self.local = local
        self._paid: dict[str, tuple[str, int]] = {}

    def save(
        self,
        source: bytes | Path | BinaryIO | Any,
        name: str,
        *,
        owner: str = "",
        mime: str | None = None,
        keep: bool = False,
        payer: str = "",
    ) -> StoredFile:
        """Store a file in flat memory and answer what is known about it.

        Args:
            source: the bytes, a local file's path, or an open binary file (Django's uploaded files are moved).
            name: its name as the visitor knows it; stored under a harmless form of it.
            owner: identity key of the only person who may read it; "" for everybody who knows the id.
            mime: content type; guessed from the name when None. Never taken from a client.
            keep: True for initial values and examples, which `sweep` leaves; the same content is stored once.
            payer: on whose account it goes, see `usage`.
        """
        stored_name = safe_name(name)
        file_id = _lasting_id(source, stored_name) if keep else secrets.token_urlsafe(16)
        known = self.get(file_id) if keep else None
        if known is not None:
            return known
        try:
            with contextlib.ExitStack() as stack:
                key = self.storage.save(f"{file_id}/{stored_name}", _as_django_file(source, stack))
            record = StoredFile(
                id=file_id,
                name=key.replace("\\", "/").rsplit("/", 1)[-1],
                orig_name=base_name(name) or stored_name,
                size=self.storage.size(key),
                mime=mime or guess_type(stored_name),
                owner=owner,
                created=time.time(),
                keep=keep,
                payer=payer,
            )
            self._write_note(record)
        except BaseException:
            self._remove_folder(file_id)
            raise
        return record

    def get(self, file_id: str) -> StoredFile | None:
        """What is known about a file; None if there is none of this id."""
        if not _ID.fullmatch(file_id):
            return None
        try:
            with self.storage.open(f"{file_id}/{NOTE}") as note:
                return StoredFile(**orjson.loads(note.read()))
        except (OSError, ValueError, TypeError):
            return None

    def find(self, path: object, owner: str = "") -> StoredFile | None:
        """The file that a client names by `<id>/<name>`, if it exists and is this person's; else None."""
        parts = split_file_path(path)
        record = self.get(parts[0]) if parts else None
        if record is None or parts is None or parts[1] != record.name or record.owner not in ("", owner):
            return None
        return record

    def find_local(self, real: Path) -> StoredFile | None:
        """The stored file that lies at a local path; None if the path is elsewhere."""
        root = self._place("")
        if root is None or not real.is_relative_to(root.resolve()):
            return None
        parts = real.relative_to(root.resolve()).parts
        record = self.get(parts[0]) if len(parts) == 2 else None
        return record if record is not None and record.name == parts[1] else None

    def open(self, record: StoredFile) -> BinaryIO:
        """The content. Raises FileNotFoundError if it is gone, or is not the plain file that was stored."""
        place = self._place(record.key)
        if place is None:
            return self.storage.open(record.key, "rb")  # type: ignore[return-value]
        _refuse_links(place)
        return open_plain(place)

    def local_path(self, record: StoredFile) -> Path:
        """A path on this machine with the content, in a folder of its own; fetched once from a remote storage."""
        place = self._place(record.key)
        if place is None:
            return self._fetch(record)
        _refuse_links(place)
        return place

    def scratch(self, name: str) -> Path:
        """A path for a new file of this name in a new folder; removed by `sweep`."""
        folder = self.local / "scratch" / secrets.token_urlsafe(16)
        folder.mkdir(mode=0o700, parents=True)
        return folder / safe_name(name)

    def delete(self, file_id: str) -> None:
        """Forget a file. Does nothing if there is none."""
        if _ID.fullmatch(file_id):
            self._remove_folder(file_id)

    def newest(self) -> list[str]:
        """The ids of all files, the newest first where they lie in a local folder; else in the storage's order."""
        root = self._place("")
        if root is None:
            return self._ids()
        found = []
        with contextlib.suppress(OSError), os.scandir(root) as entries:
            for entry in entries:
                if _ID.fullmatch(entry.name):
                    with contextlib.suppress(OSError):
                        found.append((entry.stat(follow_symlinks=False).st_mtime, entry.name))
        return [name for _, name in sorted(found, reverse=True)]

    def used_by(self, payer: str) -> int:
        """Bytes of everything on one account. Notes never change, so each is read once per process."""
        there = set(self._ids())
        paid = {file_id: known for file_id, known in self._paid.items() if file_id in there}
        for file_id in there - paid.keys():
            record = self.get(file_id)
            if record is not None:  # else its upload is still under way
                paid[file_id] = record.payer, record.size
        self._paid = paid
        return sum(size for who, size in paid.values() if who == payer)

    def sweep(self, older_than: float) -> int:
        """Delete every file older than so many seconds, but those to keep. Returns how many were deleted."""
        limit, removed = time.time() - older_than, 0
        for file_id in self._ids():
            record = self.get(file_id)
            if record is not None and (record.keep or record.created > limit):
                continue
            if record is None and self._age_of(file_id) < max(older_than, 3600):
                continue  # its upload may still be under way
            self._remove_folder(file_id)
            removed += 1
        for folder in (self.local / "scratch").glob("*"):
            with contextlib.suppress(OSError):
                if folder.stat().st_mtime < limit:
                    shutil.rmtree(folder, ignore_errors=True)
        return removed

    # -- inside -------------------------------------------------------------------------------------------------------

    def _place(self, key: str) -> Path | None:
        """Where the storage keeps something on this machine; None for a storage elsewhere."""
        from django.core.files.storage import FileSystemStorage  # Django only when a file is really stored

        return Path(self.storage.path(key)) if isinstance(self.storage, FileSystemStorage) else None

    def _write_note(self, record: StoredFile) -> None:
        from django.core.files.base import ContentFile  # Django only when a file is really stored

        self.storage.save(f"{record.id}/{NOTE}", ContentFile(orjson.dumps(asdict(record))))

    def _ids(self) -> list[str]:
        try:
            return [name for name in self.storage.listdir("")[0] if _ID.fullmatch(name)]
        except OSError:
            return []

    def _age_of(self, file_id: str) -> float:
        """Seconds since a folder without a note was last touched; endless where the storage cannot tell."""
        place = self._place(file_id)
        try:
            return time.time() - place.stat().st_mtime if place is not None else float("inf")
        except OSError:
            return float("inf")

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

    def _fetch(self, record: StoredFile) -> Path:
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
    return _store(_storage_alias(), temp_root())


def _storage_alias() -> str | None:
    """The alias that the site chose; a plain script, which calls its functions without a site, has no settings."""
    from django.conf import ENVIRONMENT_VARIABLE, settings  # settings are read when a file is needed, never at import

    if not settings.configured and not os.environ.get(ENVIRONMENT_VARIABLE):
        return None
    return getattr(settings, "BLOCKS_FILE_STORAGE", None)


@lru_cache(maxsize=8)
def _store(alias: str | None, root: Path) -> FileStore:
    from django.core.files.storage import FileSystemStorage, storages  # see default_store

    if alias:
        return FileStore(storages[alias], root)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    if hasattr(os, "getuid") and root.stat().st_uid != os.getuid() and "GRADIO_TEMP_DIR" not in os.environ:
        raise InvalidPathError(f"The folder {root} belongs to another user. Set GRADIO_TEMP_DIR to one of yours.")
    storage = FileSystemStorage(location=root, file_permissions_mode=0o600, directory_permissions_mode=0o700)
    return FileStore(storage, root)


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
    ".md": "text/markdown",
}
