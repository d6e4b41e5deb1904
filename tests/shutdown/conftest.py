"""A database that is ready, once for all."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.house.sources import ROOT

from .servers import PYTHON


@pytest.fixture(scope="package")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database, to be copied."""
    place = tmp_path_factory.mktemp("database") / "db.sqlite3"
    settings = {"DJANGO_SETTINGS_MODULE": "project.settings", "DJANGO_SQLITE": str(place)}
    command = [PYTHON, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, check=True, capture_output=True)
    return place
