"""The gallery finds every demo, and each demo says what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from project import gallery
from project.secret import secret_key


def test_every_file_is_a_demo_with_a_title_and_a_sentence() -> None:
    files = {path.stem for path in gallery.DEMOS.glob("*.py") if not path.stem.startswith("_")}
    assert {demo.name for demo in gallery.all_demos()} == files and len(files) >= 15
    for demo in gallery.all_demos():
        assert demo.title and demo.text and "import blocks_app as gr" in demo.source


def test_the_page_links_them_all() -> None:
    page = Client().get("/").content.decode()
    for demo in gallery.all_demos():
        assert f'href="{demo.name}/"' in page


def test_a_file_without_an_app_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.import_module", lambda name: pytest)
    with pytest.raises(AttributeError, match="no Blocks named `demo`"):
        gallery.load("hello")


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "key"
    first = secret_key(path)
    assert len(first) >= 50 and secret_key(path) == first
    assert path.stat().st_mode & 0o077 == 0 and [each.name for each in path.parent.iterdir()] == ["key"]
