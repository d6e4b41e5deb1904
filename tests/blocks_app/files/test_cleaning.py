"""delete_cache: an app's files go when they are old, and when it stops."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from blocks_app.files import file_data, file_retention
from blocks_app.files.file_retention import Cleaner


class Timer:
    """Stands for threading.Timer: `ring` is time passing."""

    waiting: list[Timer] = []

    def __init__(self, interval: float, call: Any) -> None:
        self.interval, self.call, self.daemon = interval, call, False

    def start(self) -> None:
        self.waiting.append(self)

    def cancel(self) -> None:
        self.waiting[:] = [each for each in self.waiting if each is not self]

    @classmethod
    def ring(cls) -> None:
        cls.waiting.pop().call()


@pytest.fixture(autouse=True)
def timer(monkeypatch: pytest.MonkeyPatch) -> type[Timer]:
    monkeypatch.setattr(threading, "Timer", Timer)
    Timer.waiting = []
    return Timer


def test_old_files_go_and_then_nothing_ticks(store: file_data.FileStore) -> None:
    with file_data.use(file_data.FileContext(cleaner=Cleaner(5, age=0))):
        made, scratch = file_data.publish(b"x", "x.txt"), file_data.scratch("y.png")
    assert [each.interval for each in Timer.waiting] == [5]
    Timer.ring()
    assert store.find(made["path"]) is None
    assert not scratch.parent.exists()
    assert Timer.waiting == []


def test_young_files_and_initial_values_stay(store: file_data.FileStore, tmp_path: Path) -> None:
    (tmp_path / "i.txt").write_text("initial")
    with file_data.use(file_data.FileContext(cleaner=Cleaner(5, age=60))):
        young = file_data.publish(b"x", "x.txt")
    with file_data.use(file_data.FileContext(cleaner=Cleaner(5, age=0), keep=True)):
        initial = file_data.publish(tmp_path / "i.txt")
    Timer.ring()
    assert store.find(young["path"]) is not None
    assert store.find(initial["path"]) is not None
    assert len(Timer.waiting) == 1


def test_an_app_that_stops_takes_its_files_along(store: file_data.FileStore) -> None:
    cleaner = Cleaner(5, age=60)
    with file_data.use(file_data.FileContext(cleaner=cleaner)):
        made = file_data.publish(b"x", "x.txt")
    cleaner.close()
    assert store.find(made["path"]) is None
    assert Timer.waiting == []


async def test_uploads_of_an_app_with_delete_cache_are_noted(make_site: Any, store: file_data.FileStore) -> None:
    site = make_site(delete_cache=(5, 0))
    path = await site.stored("x.txt", b"x")
    Timer.ring()
    assert (await site.get(path)).status_code == 404
    file_retention.stop(site.demo.mount)


async def test_without_delete_cache_nothing_ticks(make_site: Any, store: file_data.FileStore) -> None:
    await make_site().stored("x.txt", b"x")
    assert Timer.waiting == []


def test_the_same_initial_content_is_stored_once(store: file_data.FileStore) -> None:
    first, again = store.save(b"x", "x.txt", keep=True), store.save(b"x", "x.txt", keep=True)
    assert first == again
    assert store.save(b"x", "y.txt", keep=True).id != first.id
