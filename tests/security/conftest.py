"""Every test here stores its files in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.files import file_data
from tests.security.live import Live
from tests.security.site import Site
from tests.unnoted import no_event_log, nobody_yet

__all__ = ["no_event_log", "nobody_yet"]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> file_data.FileStore:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "store"))
    return file_data.default_store()


@pytest.fixture
def make_site(monkeypatch: pytest.MonkeyPatch, store: file_data.FileStore) -> Callable[..., Site]:
    return lambda **options: Site(monkeypatch, **options)


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    return make_site()


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch, store: file_data.FileStore) -> Iterator[Callable[..., Live]]:
    """Launches apps in this process: `live = serve(demo)`."""
    for name in ("GRADIO_SERVER_PORT", "GRADIO_SERVER_NAME", "GRADIO_ROOT_PATH"):
        monkeypatch.delenv(name, raising=False)
    opened = []

    def start(demo: gr.Blocks, **options: Any) -> Live:
        opened.append(demo)
        return Live(demo.launch(**{"prevent_thread_lock": True, "quiet": True, **options}).local_url)

    yield start
    for demo in opened:
        demo.close(verbose=False)
