"""Who knows which files there are: the register of a store.

Two things can be one. `Notes`, here, writes a small JSON file beside each stored file: it needs only the storage,
and so serves a script without a database. Where a site has a database, another app offers itself by `register_factory`,
and then rows are the truth about visitors' files. What belongs to a page (initial values, examples) always has a note.

Everything here blocks: it belongs into threads, never on a server's loop.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypedDict

import orjson

from blocks_app.exceptions import Error
from blocks_app.files.paths import is_file_id
from blocks_app.i18n import gettext

if TYPE_CHECKING:
    from django.core.files.storage import Storage

NOTE = ".about.json"
LONGEST = 200  # characters of an owner that every register can keep


def owner_text(key: str) -> str:
    """An identity key as every register can keep it.

    One that is too long, or has what the texts of databases cannot have, is not cut or repaired: two people could
    become the same.
    """
    if len(key) <= LONGEST and "\0" not in key and (key.isascii() or key.encode("utf-8", "ignore").decode() == key):
        return key
    return f"sha256:{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"


class Whose(TypedDict, total=False):
    """Whose a file is, and how long it lasts: see the fields of StoredFile."""

    owner: str
    payer: str
    session: str
    mount: str
    made: bool
    expires: float | None


@dataclass(frozen=True, slots=True)
class RegisteredFile:
    """What is known about a stored file; times in epoch seconds.

    Attributes:
        id: 128 random bits as text; the file's folder.
        name: its harmless name, `orig_name` the visitor's.
        size: bytes.
        mime: content type, by the name.
        created: when it was stored.
        owner: identity key of the only person who may read it; "" for whoever knows the id.
        keep: True for what belongs to a page.
        payer: on whose account its bytes go, see `usage`; "" for nobody's.
        session: the session that made it or first used it, "" while there is none.
        mount: the app's key.
        made: True for what a function returned, False for an upload.
        expires: from when on it may be deleted; None for never.
    """

    id: str
    name: str
    orig_name: str
    size: int
    mime: str
    owner: str = ""
    created: float = 0.0
    keep: bool = False
    payer: str = ""
    session: str = ""
    mount: str = ""
    made: bool = False
    expires: float | None = None

    @property
    def path(self) -> str:
        """How the file is named on the wire."""
        return f"{self.id}/{self.name}"

    @property
    def key(self) -> str:
        """How the storage names it."""
        return f"{self.id}/{self.name}"


class QuotaExceeded(Error):
    """A visitor's files would take more than they may."""

    def __init__(self, quota: int, used: int, name: str, size: int) -> None:
        """`name` has `size` bytes and does not fit beside the `used` ones."""
        super().__init__(
            gettext(
                "Your files may take %(quota)s bytes; %(used)s are used, and %(name)r has %(size)s. "
                "It was not stored. Ask for older files to be deleted."
            )
            % {"quota": quota, "used": used, "name": name, "size": size}
        )


class Register(Protocol):
    """What a store asks about its files."""

    def is_ready(self) -> bool:
        """Whether it can be used; the store takes notes meanwhile."""
        ...

    def reserve(self, record: RegisteredFile) -> None:
        """A file is about to be stored. Raises QuotaExceeded, also when several come at the same moment."""
        ...

    def confirm(self, record: RegisteredFile, reserved: RegisteredFile) -> None:
        """It is stored, under this name and with this size. Raises QuotaExceeded if that is more than was reserved."""
        ...

    def get(self, file_id: str) -> RegisteredFile | None:
        """What is known about a file."""
        ...

    def remove(self, file_id: str) -> None:
        """Forget a file, and take it off its account. Does nothing if there is none."""
        ...

    def claim(self, record: RegisteredFile, session: str) -> None:
        """A session uses an upload that no session has used before."""
        ...

    def used_by(self, payer: str) -> int:
        """Bytes of everything on one account."""
        ...

    def expired(self, now: float) -> list[str]:
        """Ids of some files whose time is over; none when there are no more."""
        ...

    def known(self, ids: list[str]) -> set[str]:
        """Those of the ids that it has."""
        ...

    def older(self, than: float, after: str = "") -> list[RegisteredFile]:
        """Some files of this place stored before a time, by id, beginning after one; none when there are no more."""
        ...


#: Gives the register for the storage of this alias and local folder, or None: set by the app that has a database.
register_factory: Callable[[str | None, Path], Register | None] | None = None


def quota_of(record: RegisteredFile) -> int | None:
    """Most bytes of all files on this one's account; None without a limit, or without an account."""
    if not record.payer:
        return None
    from blocks_app import conf  # Django's settings: whoever pays came through a site

    return conf.upload_quota()


class Notes:
    """A register of notes beside the files. Its quota is that of one process."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self._paid: dict[str, tuple[str, int]] = {}
        self._coming: dict[str, tuple[str, int]] = {}
        self._lock = threading.Lock()

    def is_ready(self) -> bool:
        """See Register."""
        return True

    def reserve(self, record: RegisteredFile) -> None:
        """See Register."""
        quota = quota_of(record)
        if quota is None:
            return
        with self._lock:
            coming = sum(size for who, size in self._coming.values() if who == record.payer)
            used = self._used_by(record.payer) + coming
            if used + record.size > quota:
                raise QuotaExceeded(quota, used, record.orig_name, record.size)
            self._coming[record.id] = record.payer, record.size

    def confirm(self, record: RegisteredFile, reserved: RegisteredFile) -> None:
        """Write the note."""
        from django.core.files.base import ContentFile  # Django only when a file is really stored

        if record.size > reserved.size:
            self.remove(record.id)
            self.reserve(record)
        self.storage.save(f"{record.id}/{NOTE}", ContentFile(orjson.dumps(asdict(record))))
        with self._lock:
            self._coming.pop(record.id, None)

    def get(self, file_id: str) -> RegisteredFile | None:
        """See Register."""
        try:
            with self.storage.open(f"{file_id}/{NOTE}") as note:
                return RegisteredFile(**orjson.loads(note.read()))
        except (OSError, ValueError, TypeError):
            return None

    def remove(self, file_id: str) -> None:
        """The note goes with the file's folder."""
        with self._lock:
            self._coming.pop(file_id, None)

    def claim(self, record: RegisteredFile, session: str) -> None:
        """Notes are never changed."""

    def used_by(self, payer: str) -> int:
        """See Register. Notes never change, so each is read once per process."""
        with self._lock:
            return self._used_by(payer)

    def expired(self, now: float) -> list[str]:
        """None: the cleaner of the process remembers what it has to delete."""
        return []

    def known(self, ids: Iterable[str]) -> set[str]:
        """See Register."""
        return {file_id for file_id in ids if self.get(file_id) is not None}

    def older(self, than: float, after: str = "") -> list[RegisteredFile]:
        """None: a note cannot be there without its file."""
        return []

    def ids(self) -> list[str]:
        """The ids of everything in the storage."""
        try:
            return [name for name in self.storage.listdir("")[0] if is_file_id(name)]
        except FileNotFoundError:  # nothing was ever stored
            return []

    def _used_by(self, payer: str) -> int:
        there = set(self.ids())
        paid = {file_id: known for file_id, known in self._paid.items() if file_id in there}
        for file_id in there - paid.keys():
            record = self.get(file_id)
            if record is not None:  # else its upload is still under way
                paid[file_id] = record.payer, record.size
        self._paid = paid
        return sum(size for who, size in paid.values() if who == payer)
