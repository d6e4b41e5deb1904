"""The library's tables, in a database of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.blocks_app.forms.library import create_tables
from tests.queue_app.records.file_database import database

__all__ = ["database", "library"]


@pytest.fixture
def library(database: Path) -> None:
    create_tables()
