"""What `manage.py check` says about a site."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.asgi import get_asgi_application
from django.core.checks import run_checks

from queue_app import checks

unwrapped = get_asgi_application()


@pytest.fixture(autouse=True)
def shared_cache(settings: Any) -> None:
    """As a site of several processes has it; what one without it is told is tested elsewhere."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}


def warned(*, deploy: bool = False) -> set[str | None]:
    return {message.id for message in run_checks(tags=["blocks"], include_deployment_checks=deploy)}


def test_our_own_site_lacks_nothing() -> None:
    assert warned(deploy=True) == set()


def test_a_site_without_asgi_is_told(settings: Any) -> None:
    settings.ASGI_APPLICATION = None
    assert warned() == {"blocks.W002"}


def test_an_application_without_the_wrapper_is_told(settings: Any) -> None:
    settings.ASGI_APPLICATION = f"{__name__}.unwrapped"
    assert warned(deploy=True) == {"blocks.E003"}


def test_a_state_cache_must_be_declared(settings: Any) -> None:
    settings.BLOCKS_STATE_CACHE = "nowhere"
    assert warned() == {"blocks.E020"}


@pytest.mark.parametrize(("mode", "expected"), [(None, {"blocks.W040"}), ("IMMEDIATE", set())])
def test_sqlite_that_writes_ahead_needs_immediate_transactions(
    monkeypatch: pytest.MonkeyPatch, mode: str | None, expected: set[str]
) -> None:
    options = {"init_command": "PRAGMA journal_mode=WAL;", "transaction_mode": mode}
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": "db", "OPTIONS": options}
    monkeypatch.setattr(checks, "settings", SimpleNamespace(DATABASES={"default": database}))
    assert {message.id for message in checks.check_sqlite()} == expected


@pytest.mark.parametrize(("found", "expected"), [("4.2.1", {"blocks.E001"}), ("4.2.2", set()), ("5.0b1", set())])
def test_old_servers_are_refused(monkeypatch: pytest.MonkeyPatch, found: str, expected: set[str]) -> None:
    monkeypatch.setattr(checks, "version_of", lambda package: found if package == "daphne" else None)
    assert warned() == expected


@pytest.mark.parametrize(("given", "wrong"), [({"gpu": "blocks-gpu"}, 0), (None, 0), (["gpu"], 1), ({"gpu": None}, 1)])
def test_which_events_go_to_which_workers_is_a_dict_of_names(settings: Any, given: Any, wrong: int) -> None:
    settings.BLOCKS_WORKER_QUEUES = given
    assert [each.id for each in checks.check_worker_queues()] == ["blocks.E047"] * wrong
