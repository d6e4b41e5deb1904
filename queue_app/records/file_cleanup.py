"""What `blocks_sweep` does about files: past their time, rows without bytes, bytes without rows, scratch.

A row is written before its bytes, so a young pair that is incomplete may be an upload under way: only what is older
than a day is swept. Rows of other machines' folders are left to those machines.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from blocks_app.files.file_registry import QuotaExceeded, Register
from blocks_app.files.filestore import FileStore, RegisteredFile

DAY = 86_400.0
BATCH = 500


@dataclass
class Swept:
    """How many: files past their time, rows that had no bytes, folders that nobody knew, files that got their rows,
    scratch folders."""

    expired: int = 0
    lost: int = 0
    orphans: int = 0
    adopted: int = 0
    scratch: int = 0

    def __str__(self) -> str:
        summary = (
            f"{self.expired:,} expired files, {self.lost:,} rows without bytes, {self.orphans:,} files without rows, "
            f"{self.scratch:,} scratch folders"
        )
        return f"{summary}. {self.adopted:,} files got their rows" if self.adopted else summary


def sweep(store: FileStore, older_than: float = DAY) -> Swept:
    """Tidy a store up. Raises what the storage raises when it cannot be listed: then nothing counts as lost."""
    there, found = store.ids(), Swept()
    found.expired = store.expire()
    _sweep_rows(store, set(there), older_than, found)
    _sweep_folders(store, there, older_than, found)
    found.scratch = store.sweep_local(older_than)
    return found


def _sweep_rows(store: FileStore, there: set[str], older_than: float, found: Swept) -> None:
    for record in _older(store.register, time.time() - older_than):
        if record.id not in there or not store.has(record):
            store.delete(record.id)
            found.lost += 1


def _sweep_folders(store: FileStore, there: list[str], older_than: float, found: Swept) -> None:
    register = store.register
    for start in range(0, len(there), BATCH):
        ids = there[start : start + BATCH]
        for file_id in sorted(set(ids) - register.known(ids)):
            note = store.notes.get(file_id)
            if note is not None:
                found.adopted += _adopt(register, note)
            elif store.age_of(file_id) > older_than:
                store.delete(file_id)
                found.orphans += 1


def _adopt(register: Register, note: RegisteredFile) -> bool:
    """Give a file of a visitor, stored before there were rows, its row. What belongs to a page has none."""
    if note.keep:
        return False
    try:
        register.reserve(note)
    except QuotaExceeded:
        return False
    return True


def _older(register: Register, than: float) -> Iterator[RegisteredFile]:
    after = ""
    while batch := register.older(than, after):
        yield from batch
        after = batch[-1].id
