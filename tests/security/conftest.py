"""Every test here stores its files in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from blocks_app import files
from tests.security.site import Site


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> files.FileStore:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "store"))
    return files.default_store()


@pytest.fixture
def make_site(monkeypatch: pytest.MonkeyPatch, store: files.FileStore) -> Callable[..., Site]:
    return lambda **options: Site(monkeypatch, **options)


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    return make_site()
