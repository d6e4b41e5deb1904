"""`check --deploy` compares clocks with the database's."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from queue_app.operations import outage_checks
from tests.databases.conftest import Site


def test_a_clock_that_differs_from_the_database_s_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found() == []
    monkeypatch.setattr(outage_checks, "time", SimpleNamespace(time=lambda: time.time() - 10))
    text = "blocks.W067 The clock of this machine is -10.0 s away from the database's"
    assert [each[: len(text)] for each in found()] == ([] if connection.vendor == "sqlite" else [text])


def found() -> list[Any]:
    return [f"{each.id} {each.msg}" for each in outage_checks.check_database_clock()]
