"""A database in a file for tests of files, as threads and processes need: SQLite's in memory is for one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from blocks_app.files import file_data
from blocks_app.files.filestore import FileStore
from queue_app.records import db_file_registry
from queue_app.records.db_file_registry import DatabaseRegister
from queue_app.records.file_models import FileAccount, StoredFile

MODELS = (StoredFile, FileAccount)


@pytest.fixture
def database(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    """An empty database; every connection, of whatever thread, goes to it."""
    place, settings, before = tmp_path / "db.sqlite3", connections["default"].settings_dict, connections["default"]
    kept = {name: settings[name] for name in ("NAME", "OPTIONS")}
    settings["NAME"], settings["OPTIONS"] = place, {"transaction_mode": "IMMEDIATE", "timeout": 60}
    connections["default"] = connections.create_connection("default")
    try:
        with django_db_blocker.unblock():
            yield place
            connections["default"].close()
    finally:
        settings.update(kept)
        connections["default"] = before


@pytest.fixture
def tables(database: Path) -> None:
    """The tables of files in it."""
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)


@pytest.fixture
def rows(tables: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[DatabaseRegister]:
    """Visitors' files are rows, and lie in a folder of the test's own."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "files"))
    settings.BLOCKS_FILE_ROWS = True
    db_file_registry.connect()
    register = file_data.default_store().register
    assert isinstance(register, DatabaseRegister)
    yield register
    db_file_registry.disconnect()


@pytest.fixture
def store(db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileStore]:
    """The store of files whose rows are in the database of the test itself."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    settings.BLOCKS_FILE_ROWS = True
    db_file_registry.connect()
    yield file_data.default_store()
    db_file_registry.disconnect()
