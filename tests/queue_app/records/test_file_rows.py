"""Visitors' files as rows: whose they are, what they take, and how long they last."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, InMemoryStorage

import blocks_app as gr
from auth_app.identity import ANONYMOUS, Identity
from blocks_app.files import file_data, file_retention
from blocks_app.files.file_registry import QuotaExceeded, owner_text
from blocks_app.files.file_retention import Cleaner
from blocks_app.files.filestore import FileStore
from queue_app.records.db_file_registry import DatabaseRegister
from queue_app.records.file_models import FileAccount, StoredFile
from queue_app.testing import PageUser
from tests.security.site import Site

ANN, BOB = Identity("user:1", "ann"), Identity("user:2", "bob")


@pytest.fixture
def store(rows: DatabaseRegister) -> FileStore:
    return file_data.default_store()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, store: FileStore) -> Iterator[Callable[..., Site]]:
    made: list[Site] = []

    def make(**options: Any) -> Site:
        made.append(Site(monkeypatch, **options))
        return made[-1]

    yield make
    for each in made:
        file_retention.stop(each.demo.mount)


def row_of(path: str) -> StoredFile:
    return StoredFile.objects.get(file_id=path.split("/")[0])


async def test_an_upload_is_a_row_of_its_user(site: Callable[..., Site]) -> None:
    visit = site()
    visit.who = ANN
    path = await visit.stored("a b.txt", b"hello")
    row = await asyncio.to_thread(row_of, path)
    assert (row.owner, row.orig_name, row.size, row.made) == ("user:1", "a b.txt", 5, False)
    assert (row.mount, row.mime, row.expires) == (visit.demo.mount.key, "text/plain", None)
    assert not list(Path(file_data.default_store().local, row.file_id).glob(".about*"))
    assert (await visit.get(path)).body == b"hello"
    for other in (BOB, ANONYMOUS):
        visit.who = other
        assert (await visit.get(path)).status_code == 404


def test_what_a_function_returns_is_a_row_of_its_session(store: FileStore) -> None:
    with gr.Blocks() as demo:
        given, made = gr.File(), gr.File()
        gr.Button("go").click(lambda path: path, given, made)
        button = gr.Button("make")
        button.click(lambda: _made(store, b"made"), None, made)
    upload = store.save(b"mine", "mine.txt", payer="p")
    with PageUser(demo) as page:
        page.click(button)
        row = row_of(page.value(made)["path"])
        assert (row.session, row.made, row.owner) == (page.session_hash, True, "")
        page.set(given, file_data.FileContext().data(upload))
        page.fire(given, "change", None)
        page.click(next(block for block in demo.blocks.values() if getattr(block, "value", None) == "go"))
        assert row_of(upload.path).session == page.session_hash  # the first that used it
    assert row.payer and row.payer != "p"


def _made(store: FileStore, content: bytes) -> str:
    place = store.scratch("made.txt")
    place.write_bytes(content)
    return str(place)


@pytest.mark.parametrize("kind", ["rows", "notes"])
def test_two_at_once_cannot_both_have_the_last_of_a_quota(kind: str, store: FileStore, settings: Any) -> None:
    settings.BLOCKS_UPLOAD_QUOTA = 1_000
    if kind == "notes":
        store = FileStore(store.storage, store.local)
    together = threading.Barrier(6)

    def upload(number: int) -> int:
        together.wait(60)
        try:
            return store.save(b"x" * 600, f"{number}.bin", payer="ann").size
        except QuotaExceeded:
            return 0

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(upload, range(6))) == [0, 0, 0, 0, 0, 600]
    assert (store.used_by("ann"), len(store.ids())) == (600, 1)
    assert store.save(b"x" * 600, "bobs.bin", payer="bob")
    store.delete(store.ids()[0] if store.get(store.ids()[0]).payer == "ann" else store.ids()[1])
    assert store.save(b"x" * 1_000, "again.bin", payer="ann")


async def test_an_upload_over_the_quota_leaves_nothing(site: Callable[..., Site], settings: Any) -> None:
    settings.BLOCKS_UPLOAD_QUOTA = 1_000
    visit, store = site(), file_data.default_store()
    refused = await visit.upload("x.bin", b"x" * 1_001)
    assert (refused.status_code, "1000 bytes" in refused.json()["detail"]) == (413, True)
    assert (store.ids(), await asyncio.to_thread(StoredFile.objects.count)) == ([], 0)


def test_results_count_and_the_page_is_told_in_words(store: FileStore, settings: Any) -> None:
    settings.BLOCKS_UPLOAD_QUOTA = 1_000
    with gr.Blocks() as demo:
        made, button = gr.File(), gr.Button()
        button.click(lambda: _made(store, b"x" * 600), None, made)
    with PageUser(demo, show_error=False) as page:
        page.click(button)
        page.click(button)
        assert page.errors == [
            "Your files may take 1000 bytes; 600 are used, and 'made.txt' has 600. It was not stored. "
            "Ask for older files to be deleted."
        ]
    assert StoredFile.objects.count() == 1


class FailingStorage(InMemoryStorage):
    """Takes some bytes of a file and then fails, as when a connection breaks."""

    def _save(self, name: str, content: Any) -> str:
        raise ConnectionResetError("gone")


def test_a_storage_that_fails_leaves_no_row(rows: DatabaseRegister, tmp_path: Path) -> None:
    broken = FileStore(FailingStorage(), tmp_path, rows)
    with pytest.raises(ConnectionResetError):
        broken.save(b"x" * 10, "x.bin", payer="ann")
    assert (StoredFile.objects.count(), broken.used_by("ann")) == (0, 0)


def test_a_stream_of_unknown_length_is_counted_when_it_is_stored(store: FileStore, settings: Any) -> None:
    settings.BLOCKS_UPLOAD_QUOTA = 1_000

    class Stream:
        name = "stream"

        def __init__(self) -> None:
            self.pieces = [b"x" * 600, b"x" * 600]

        def read(self, _size: int = -1) -> bytes:
            return self.pieces.pop() if self.pieces else b""

    with pytest.raises(QuotaExceeded):
        store.save(Stream(), "x.bin", payer="ann")
    assert (StoredFile.objects.count(), store.used_by("ann"), store.ids()) == (0, 0, [])


def test_delete_cache_removes_rows_and_bytes_also_of_a_process_that_is_gone(store: FileStore) -> None:
    left = store.save(b"left", "left.txt", payer="ann", expires=1.0)
    lasting = store.save(b"lasting", "lasting.txt", payer="ann")
    cleaner = Cleaner(3600, age=0)
    with file_data.use(file_data.FileContext(cleaner=cleaner)):
        mine = file_data.publish(b"mine", "mine.txt")
    assert row_of(mine["path"]).expires is not None
    cleaner._look()
    cleaner.close()
    assert list(StoredFile.objects.values_list("file_id", flat=True)) == [lasting.id] == store.ids()
    assert (store.get(left.id), store.used_by("ann")) == (None, len(b"lasting"))


def test_what_one_process_stores_and_deletes_the_others_see(store: FileStore, rows: DatabaseRegister) -> None:
    other = FileStore(store.storage, store.local, DatabaseRegister(rows.place))
    record = store.save(b"shared", "x.txt", owner="user:1", payer="ann")
    assert other.find(record.path, "user:1").key == record.key
    assert other.find(record.path, "user:2") is None
    other.delete(record.id)
    with pytest.raises(FileNotFoundError):  # remembered for a moment, but there are no bytes
        store.open(store.find(record.path, "user:1"))
    rows._cache.clear()
    assert store.find(record.path, "user:1") is None
    store.delete(record.id)
    assert store.used_by("ann") == 0


def test_a_known_file_is_served_without_the_database(store: FileStore, django_db_blocker: Any) -> None:
    record = store.save(b"x", "x.txt")
    with django_db_blocker.block():
        assert store.find(record.path) == record


async def test_a_loop_may_ask_too(store: FileStore, rows: DatabaseRegister) -> None:
    """Django lets nobody use the ORM beside a running loop; an async function may return a file all the same."""
    record = store.save(b"x", "x.txt")
    rows._cache.clear()
    assert store.find(record.path).key == record.key


def test_pages_need_no_rows(store: FileStore, django_db_blocker: Any, tmp_path: Path) -> None:
    (tmp_path / "start.txt").write_text("x")
    with gr.Blocks() as demo:
        gr.File(str(tmp_path / "start.txt"))
    with django_db_blocker.block():
        shown = demo.get_config_file()["components"][0]["props"]["value"]
        assert store.kept(shown["path"]) is not None
    file_id = shown["path"].split("/")[0]
    assert store.get(file_id).keep
    with django_db_blocker.block():  # nor to be served again and again
        assert store.get(file_id).keep
    assert StoredFile.objects.count() == 0


def test_before_the_site_is_migrated_files_have_notes(
    database: Path, tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileStore(FileSystemStorage(location=tmp_path / "files"), tmp_path, DatabaseRegister("here"))
    record = store.save(b"x", "x.txt", owner="user:1")
    assert store.find(record.path, "user:1") == record
    assert "files.no_table" in [each.action for each in caplog.records]
    assert (tmp_path / "files" / record.id / ".about.json").exists()


def test_a_test_that_may_use_no_database_has_notes(tmp_path: Path, django_db_blocker: Any) -> None:
    store = FileStore(FileSystemStorage(location=tmp_path), tmp_path, DatabaseRegister("here"))
    with django_db_blocker.block():
        assert store.find(store.save(b"x", "x.txt").path) is not None


async def test_files_of_another_storage(
    site: Callable[..., Site], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One whose files have no paths on this machine, as on S3."""
    settings.STORAGES = {**settings.STORAGES, "far": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    settings.BLOCKS_FILE_STORAGE = "far"
    visit = site()
    path = await visit.stored("film.mp4", b"0123456789")
    part = await visit.get(path, range="bytes=2-4")
    assert (part.status_code, part.body, part["Content-Type"]) == (206, b"234", "video/mp4")
    row = await asyncio.to_thread(row_of, path)
    assert row.place == "far"
    store = file_data.default_store()
    local = await asyncio.to_thread(store.local_path, await asyncio.to_thread(store.find, path))
    assert local.read_bytes() == b"0123456789"
    await asyncio.to_thread(store.delete, row.file_id)
    assert not local.exists() and (await visit.get(path)).status_code == 404


def test_a_site_may_do_without_rows(rows: DatabaseRegister, settings: Any) -> None:
    settings.BLOCKS_FILE_ROWS = False
    record = file_data.default_store().save(b"x", "x.txt")
    assert file_data.default_store().find(record.path) == record
    assert StoredFile.objects.count() == 0


def test_long_names_of_owners_stay_different() -> None:
    assert owner_text("a" * 300) != owner_text("a" * 299 + "b")
    assert owner_text("user:1") == "user:1"


def test_an_account_is_exact_after_many_hands(store: FileStore) -> None:
    records = [store.save(b"x" * 10, f"{number}.txt", payer="ann") for number in range(20)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(store.delete, [record.id for record in records[:10] for _ in range(3)]))
    assert FileAccount.objects.get(payer="ann").used == store.used_by("ann") == 100
