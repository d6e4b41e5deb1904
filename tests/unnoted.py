"""Fixtures of folders whose tests share nothing that is remembered: imported by name into their conftest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from auth_app.visitors import known
from blocks_app import i18n
from queue_app.records import event_log


@pytest.fixture(autouse=True)
def no_event_log() -> Iterator[None]:
    """Nothing writes to the database behind a test: SQLite's in memory lets one thread write at a time."""
    kept = event_log.current()
    event_log.uninstall()
    yield
    if kept is not None:
        event_log.install()


@pytest.fixture(autouse=True)
def nobody_yet(settings: Any) -> None:
    """Sessions in the cache, as in a launched app, and nothing remembered; who needs users asks for a database."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    known.forget_all()
    cache.clear()


@pytest.fixture(autouse=True)
def no_texts_of_apps(monkeypatch: pytest.MonkeyPatch) -> None:
    """No app of another test has texts of its own, whose languages would be offered to visitors."""
    monkeypatch.setattr(i18n, "known", set())
