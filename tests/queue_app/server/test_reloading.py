"""The reloader: what was saved after the start counts as changed, whenever it is first looked at."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.utils import autoreload

from queue_app.server.autoreload import Reloader


def looks(reloader: Reloader, file: Path) -> list[float]:
    """The file's time in two looks, one after the other."""
    return [time for _ in range(2) for path, time in reloader.snapshot_files() if path == file.resolve()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "app.py"
    path.write_text("demo = 1")
    return path


def watching(file: Path) -> Reloader:
    return Reloader(str(file))


def test_a_file_saved_before_the_start_is_unchanged(file: Path) -> None:
    os.utime(file, (time.time() - 5,) * 2)
    first, second = looks(watching(file), file)
    assert first == second


def test_a_file_saved_between_the_start_and_the_first_look_has_changed(file: Path) -> None:
    reloader = watching(file)
    os.utime(file, (reloader.started + 0.001,) * 2)
    while time.time() < reloader.started + 0.002:
        pass
    first, second = looks(reloader, file)
    assert first < second


def test_a_file_from_the_future_is_unchanged(file: Path) -> None:
    os.utime(file, (time.time() + 3600,) * 2)
    first, second = looks(watching(file), file)
    assert first == second


def test_a_module_that_vanishes_while_all_are_listed_is_no_reason_to_end(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = autoreload.iter_all_python_module_files
    attempts = iter([KeyError("gone"), FileNotFoundError("gone"), RuntimeError("changed size")])

    def listed() -> frozenset[Path]:
        for error in attempts:
            raise error
        return listing()

    monkeypatch.setattr(autoreload, "iter_all_python_module_files", listed)
    reloader = watching(file)
    assert [list(reloader.snapshot_files()) for _ in range(3)] == [[], [], []]
    first, second = looks(reloader, file)
    assert first == second
