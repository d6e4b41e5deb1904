"""T6: only a file component makes a file of what a function returns, and only from allowed folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.files import file_data
from blocks_app.files.paths import InvalidPathError

CORPUS = ["/etc/passwd", "/proc/self/environ", "/proc/self/cmdline", "../../../../etc/passwd", "~/.bashrc", "/etc",
          "//host/share", "\\\\host\\share\\x", "file:///etc/passwd", "x\0y", "/dev/zero"]  # fmt: skip


@pytest.mark.parametrize("path", CORPUS)
def test_a_visitors_text_as_a_result_is_refused(store: file_data.FileStore, path: str) -> None:
    with file_data.use(file_data.FileContext()):
        for component in (gr.File(), gr.Image()):
            for value in (path, {"path": path}):
                with pytest.raises(InvalidPathError):
                    component.postprocess(value)
        with pytest.raises(InvalidPathError):
            gr.Files().postprocess([path])


@pytest.mark.parametrize("component", [gr.Textbox(), gr.Markdown(), gr.HTML(), gr.JSON(), gr.Label()])
def test_other_components_never_make_files(store: file_data.FileStore, component: Any, tmp_path: Path) -> None:
    made = tmp_path / "made.txt"
    made.write_text("x")
    value: Any = {"path": str(made)} if isinstance(component, gr.JSON) else str(made)
    with file_data.use(file_data.FileContext()):
        component.postprocess(value)
    assert [place for place in store.local.glob("*") if place.is_dir()] == []


def test_the_options_of_the_mount_decide(store: file_data.FileStore, tmp_path: Path) -> None:
    with file_data.use(file_data.FileContext(allowed_paths=("/etc/hostname",))):
        assert gr.File().postprocess("/etc/hostname")
    (tmp_path / "x.txt").write_text("x")
    blocked = file_data.FileContext(allowed_paths=(str(tmp_path),), blocked_paths=(str(tmp_path / "x.txt"),))
    with file_data.use(blocked), pytest.raises(InvalidPathError):
        gr.File().postprocess(tmp_path / "x.txt")


def test_hidden_files_of_the_working_folder_stay(
    store: file_data.FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    monkeypatch.chdir(tmp_path)
    with file_data.use(file_data.FileContext()), pytest.raises(InvalidPathError, match="hidden"):
        gr.File().postprocess(".git/config")


@pytest.mark.parametrize("name", ["db.sqlite3", "db.sqlite3-wal", "db.sqlite3-journal"])
def test_the_database_of_the_site_stays(
    store: file_data.FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, name: str
) -> None:
    """It usually lies in the working folder."""
    monkeypatch.chdir(tmp_path)
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "db.sqlite3"}
    monkeypatch.setitem(settings.DATABASES, "of this test", database)
    (tmp_path / name).write_text("x")
    with file_data.use(file_data.FileContext()), pytest.raises(InvalidPathError):
        gr.File().postprocess(name)
    with file_data.use(file_data.FileContext(allowed_paths=(str(tmp_path / name),))):
        assert gr.File().postprocess(name)


def test_the_settings_and_the_key_of_the_site_stay(store: file_data.FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).parents[2]
    monkeypatch.chdir(root)
    with file_data.use(file_data.FileContext()):
        for name in ("project/settings.py", "var/.secret_key"):
            with pytest.raises(InvalidPathError, match="may not be handed out"):
                gr.File().postprocess(str(root / name))
        assert gr.File().postprocess(str(root / "README.md"))
