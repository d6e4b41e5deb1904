"""What `manage.py check --deploy` says about settings that let visitors do too much."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.checks import run_checks

from queue_app import deploy_checks

ROOT = Path(__file__).parents[2]


def told(*, deploy: bool = True) -> set[str | None]:
    return {message.id for message in run_checks(tags=["blocks"], include_deployment_checks=deploy)}


@pytest.fixture(autouse=True)
def good(settings: Any) -> None:
    """A site with nothing to complain of."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
    settings.ALLOWED_HOSTS = ["example.org"]
    settings.SESSION_COOKIE_SAMESITE = "Lax"


def test_a_good_site() -> None:
    assert told() == set()


def test_the_command_knows_these_checks() -> None:
    command = [sys.executable, "manage.py", "check", "--list-tags", "--deploy"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "blocks" in ran.stdout.split()


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("BLOCKS_RATE_LIMIT", "many", {"blocks.E020"}),
        ("BLOCKS_CSP", "", {"blocks.W023"}),
        ("BLOCKS_CSP", "default-src 'self'; script-src 'self' 'unsafe-inline'", {"blocks.W023"}),
        ("BLOCKS_CSP", "default-src 'self' 'unsafe-eval'", {"blocks.W023"}),
        ("BLOCKS_CSP", "default-src 'self'; style-src 'unsafe-inline'", set()),
        ("BLOCKS_DISK_RESERVE", 0, {"blocks.W024"}),
        ("ALLOWED_HOSTS", ["*"], {"blocks.W027"}),
    ],
)
def test_a_setting_that_lets_too_much(settings: Any, name: str, value: Any, wanted: set[str]) -> None:
    setattr(settings, name, value)
    assert told() == wanted


def test_a_quota_is_enough_against_a_full_disk(settings: Any) -> None:
    settings.BLOCKS_DISK_RESERVE, settings.BLOCKS_UPLOAD_QUOTA = 0, 10**9
    assert told() == set()


def test_what_processes_must_share(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.BLOCKS_RATE_LIMIT, settings.BLOCKS_STATE_CACHE = "60/m", "default"
    assert {"blocks.W021", "blocks.W022"} <= told()


@pytest.mark.parametrize("root", ["MEDIA_ROOT", "STATIC_ROOT"])
def test_files_that_a_web_server_hands_out(settings: Any, tmp_path: Path, monkeypatch: Any, root: str) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "files"))
    setattr(settings, root, str(tmp_path))
    assert told() == {"blocks.W025"}


def test_a_storage_whose_addresses_are_public(monkeypatch: Any) -> None:
    monkeypatch.setattr(deploy_checks, "_storage", lambda: SimpleNamespace(querystring_auth=False))
    assert told() == {"blocks.W026"}


def test_a_front_end_that_was_not_built(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr("blocks_app.served.BUNDLES", tmp_path)
    assert told() == {"blocks.E028"}
