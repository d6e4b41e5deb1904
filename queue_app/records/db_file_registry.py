"""The register of visitors' files in the site's database: what `blocks_app.files.file_registry` asks, answered by rows.

Rows are the truth for all processes and machines. A process remembers for a moment what it has read, because a file
that is shown is asked for many times; what was deleted meanwhile has no bytes any more and is not found either way.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from cachetools import TTLCache
from django.db import InterfaceError, OperationalError
from django.db.models import F

from blocks_app.connections import released
from blocks_app.files import file_registry
from blocks_app.files.file_registry import QuotaExceeded, Register, owner_text, quota_of
from blocks_app.files.file_registry import RegisteredFile as Record
from blocks_app.threads.pool import Pool
from queue_app import conf
from queue_app.databases import connection_of, moment, rows, transacted
from queue_app.ids import text
from queue_app.log_sentences import logger
from queue_app.records.file_models import NAME, FileAccount, StoredFile

log = logger("queue_app.file_rows")
T = TypeVar("T")

REMEMBERED = 10_000  # files of which a process knows the rows
FRESH = 30.0  # seconds for which it believes them
BATCH = 500  # rows of one answer
UNMIGRATED = 60.0  # seconds until a database without the table is looked at again

_orm_threads = Pool(2, "blocks-files")


def blocking(work: Callable[[], T]) -> T:
    """Use the ORM and give the connection back; in another thread when this one runs a loop, as Django demands."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return released(work)
    return _orm_threads.submit(work).result()


def _write(work: Callable[[], None]) -> None:
    blocking(lambda: transacted(StoredFile, work))


def _has_table() -> bool:
    return StoredFile._meta.db_table in connection_of(StoredFile).introspection.table_names()


class DatabaseRegister:
    """A Register. `place` names the storage, or the machine and its folder."""

    def __init__(self, place: str) -> None:
        self.place = text(place, 255)
        self._ready = False
        self._look_again = 0.0
        self._cache: TTLCache[str, Record] = TTLCache(REMEMBERED, FRESH)
        self._lock = threading.Lock()

    def is_ready(self) -> bool:
        """Whether the database has the table: a new site may not be migrated yet.

        Raises what the database raises: while it is away nobody knows whose a file is, nor how much there is.
        """
        if not self._ready and time.monotonic() >= self._look_again:
            try:
                self._ready = blocking(_has_table)
                problem = "Run `manage.py migrate`"
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # also what forbids a test to use the database
                problem = f"{type(error).__name__}: {error}"
            if not self._ready:
                self._look_again = time.monotonic() + UNMIGRATED
                log.warning("files.no_table", extra={"hint": f"{problem}; until then files have notes."})
        return self._ready

    def reserve(self, record: Record) -> None:
        """Insert the row, and put its size on the account while that has room."""
        quota = quota_of(record)

        def work() -> None:
            if record.payer:
                _spend(record, record.size, quota)
            rows(StoredFile).create(**_columns(record), place=self.place)

        _write(work)

    def confirm(self, record: Record, reserved: Record) -> None:
        """Correct what the storage has changed."""
        quota, more = quota_of(record), record.size - reserved.size

        def work() -> None:
            if more and record.payer:
                _spend(record, more, quota)
            rows(StoredFile).filter(file_id=record.id).update(size=record.size, name=record.name)

        if record != reserved:
            _write(work)
        self._remember(record)

    def get(self, file_id: str) -> Record | None:
        """What is known about a file; from memory when that is fresh."""
        with self._lock:
            known = self._cache.get(file_id)
        if known is not None:
            return known
        row = blocking(lambda: rows(StoredFile).filter(file_id=file_id).first())
        if row is None:
            self._forget(file_id)
            return None
        record = record_of(row)
        self._remember(record)
        return record

    def remove(self, file_id: str) -> None:
        """Delete the row, and take it off its account, whoever does it first."""
        self._forget(file_id)

        def work() -> None:
            found = rows(StoredFile).filter(file_id=file_id)
            # Looked up within, as a reader beside many writers may never get its turn.
            known = found.values_list("payer", "size").first()
            if known is not None and found.delete()[0] and known[0]:
                rows(FileAccount).filter(payer=known[0]).update(used=F("used") - known[1])

        _write(work)

    def claim(self, record: Record, session: str) -> None:
        """Write down the first session that used an upload."""
        session = text(session, NAME)

        def work() -> None:
            rows(StoredFile).filter(file_id=record.id, session="").update(session=session)

        _write(work)
        self._remember(replace(record, session=session))

    def used_by(self, payer: str) -> int:
        """Bytes of everything on one account."""
        account = rows(FileAccount).filter(payer=payer)
        used = blocking(lambda: account.values_list("used", flat=True).first())
        return used or 0

    def expired(self, now: float) -> list[str]:
        """The first files whose time is over."""
        found = rows(StoredFile).filter(expires__lte=moment(now), place=self.place).order_by("expires")
        return blocking(lambda: list(found.values_list("file_id", flat=True)[:BATCH]))

    def known(self, ids: list[str]) -> set[str]:
        """Those of the ids that have rows."""
        found = rows(StoredFile).filter(file_id__in=ids).values_list("file_id", flat=True)
        return blocking(lambda: set(found))

    def older(self, than: float, after: str = "") -> list[Record]:
        """The next rows of this place, by id."""
        found = rows(StoredFile).filter(file_id__gt=after, place=self.place, created__lt=moment(than))
        return blocking(lambda: [record_of(row) for row in found.order_by("file_id")[:BATCH]])

    def _remember(self, record: Record) -> None:
        with self._lock:
            self._cache[record.id] = record

    def _forget(self, file_id: str) -> None:
        with self._lock:
            self._cache.pop(file_id, None)


def _spend(record: Record, size: int, quota: int | None) -> None:
    """Add to an account in one statement, so that two at once cannot both have the last of it."""
    account = rows(FileAccount).filter(payer=record.payer)
    room = account if quota is None or size < 0 else account.filter(used__lte=quota - size)
    if room.update(used=F("used") + size):
        return
    if not account.exists():  # MySQL would lock the row for reading, crosswise with others
        rows(FileAccount).bulk_create([FileAccount(payer=record.payer)], ignore_conflicts=True)
    if not room.update(used=F("used") + size):
        used = account.values_list("used", flat=True).first() or 0
        raise QuotaExceeded(quota or 0, used, record.orig_name, size)


def _columns(record: Record) -> dict[str, object]:
    return {
        "file_id": record.id,
        "name": record.name,
        "orig_name": text(record.orig_name, 255),
        "size": record.size,
        "mime": text(record.mime, NAME),
        "owner": owner_text(record.owner),
        "session": text(record.session, NAME),
        "mount": text(record.mount, NAME),
        "made": record.made,
        "payer": record.payer,
        "created": moment(record.created),
        "expires": None if record.expires is None else moment(record.expires),
    }


def record_of(row: StoredFile) -> Record:
    """A row as the store knows it."""
    return Record(
        id=row.file_id,
        name=row.name,
        orig_name=row.orig_name,
        size=row.size,
        mime=row.mime,
        owner=row.owner,
        created=row.created.timestamp(),
        payer=row.payer,
        session=row.session,
        mount=row.mount,
        made=row.made,
        expires=None if row.expires is None else row.expires.timestamp(),
    )


@lru_cache(8)
def _rows(alias: str | None, root: Path) -> DatabaseRegister:
    return DatabaseRegister(alias or f"{socket.gethostname()[:80]}:{root}")


def register_for(alias: str | None, root: Path) -> Register | None:
    """The register for a storage; None where the site has no database, or wants none for files."""
    return _rows(alias, root) if conf.file_rows() else None


def connect() -> None:
    """Keep visitors' files in rows from now on."""
    file_registry.register_factory = register_for


def disconnect() -> None:
    """Keep notes beside the files again."""
    file_registry.register_factory = None
