"""`manage.py blocks_sweep` and files: expired ones, rows without bytes, bytes without rows."""

from __future__ import annotations

import io
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.management import call_command

from blocks_app.files import file_data
from blocks_app.files.filestore import FileStore
from queue_app.management.commands import blocks_sweep
from queue_app.records import file_cleanup
from queue_app.records.db_file_registry import DatabaseRegister
from queue_app.records.file_models import StoredFile

OLD = time.time() - 2 * 86_400
STRANGE = "A" * 22


@pytest.fixture
def store(rows: DatabaseRegister) -> Iterator[FileStore]:
    yield file_data.default_store()


def age(record: file_data.RegisteredFile) -> None:
    """As if it had been stored two days ago."""
    from queue_app.databases import moment

    StoredFile.objects.filter(file_id=record.id).update(created=moment(OLD))


def test_rows_without_bytes_go_when_they_are_old(store: FileStore) -> None:
    lost, whole, young = (store.save(b"x", f"{number}.txt", payer="ann") for number in range(3))
    age(lost), age(whole)
    for record in (lost, young):
        shutil.rmtree(store.local / record.id)
    swept = file_cleanup.sweep(store)
    assert (swept.lost, swept.orphans) == (1, 0)
    assert set(StoredFile.objects.values_list("file_id", flat=True)) == {whole.id, young.id}
    assert store.used_by("ann") == 2


def test_bytes_without_rows_go_when_they_are_old(store: FileStore) -> None:
    kept = store.save(b"page", "page.txt", keep=True)
    for name in (STRANGE, "B" * 22):
        (store.local / name).mkdir()
        (store.local / name / "x.txt").write_text("x")
    for name in (STRANGE, kept.id):
        os.utime(store.local / name, (OLD, OLD))
    assert file_cleanup.sweep(store).orphans == 1
    assert sorted(store.ids()) == sorted(["B" * 22, kept.id])


def test_the_same_in_another_storage(rows: DatabaseRegister, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = InMemoryStorage()
    store = FileStore(storage, tmp_path / "local", rows)
    lost, whole = store.save(b"1", "1.txt"), store.save(b"2", "2.txt")
    age(lost), age(whole)
    storage.delete(lost.key), storage.delete(lost.id)
    storage.save(f"{STRANGE}/x.txt", ContentFile(b"x"))
    assert file_cleanup.sweep(store).orphans == 0
    swept = file_cleanup.sweep(store, older_than=-1)
    assert (swept.orphans, sorted(store.ids())) == (1, [whole.id])
    assert list(StoredFile.objects.values_list("file_id", flat=True)) == [whole.id]


def test_files_from_before_the_rows_get_theirs(store: FileStore) -> None:
    note = FileStore(store.storage, store.local).save(b"x", "x.txt", owner="user:1", payer="ann")
    os.utime(store.local / note.id, (OLD, OLD))
    assert file_cleanup.sweep(store).adopted == 1
    assert file_cleanup.sweep(store).adopted == 0
    assert (store.used_by("ann"), StoredFile.objects.get().owner) == (1, "user:1")


def test_rows_of_another_machine_are_left_to_it(store: FileStore) -> None:
    elsewhere = FileStore(store.storage, store.local, DatabaseRegister("another machine")).save(b"x", "x.txt")
    age(elsewhere)
    shutil.rmtree(store.local / elsewhere.id)
    assert file_cleanup.sweep(store).lost == 0


def test_a_storage_that_cannot_be_listed_loses_nothing(rows: DatabaseRegister, tmp_path: Path) -> None:
    class Away(InMemoryStorage):
        def listdir(self, path: str) -> Any:
            raise ConnectionError("away")

    store = FileStore(Away(), tmp_path, rows)
    age(store.save(b"x", "x.txt"))
    with pytest.raises(ConnectionError):
        file_cleanup.sweep(store)
    assert StoredFile.objects.count() == 1


def test_scratch_that_nobody_took_goes(store: FileStore) -> None:
    place = store.scratch("x.png").parent
    os.utime(place, (OLD, OLD))
    fresh = store.scratch("y.png").parent
    assert file_cleanup.sweep(store).scratch == 1
    assert (place.exists(), fresh.exists()) == (False, True)


def test_the_command_tells_what_it_did(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save(b"x", "x.txt", expires=1.0)
    monkeypatch.setattr(blocks_sweep, "SWEPT", ())
    out = io.StringIO()
    call_command("blocks_sweep", stdout=out)
    assert "Deleted 1 expired files, 0 rows without bytes, 0 files without rows" in out.getvalue()
    assert (store.ids(), StoredFile.objects.count()) == ([], 0)
