"""T2: names that mean something on Windows mean nothing here: refused by how they are written, without a disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocks_app.files import paths, static_paths

NAMES = [
    "\\\\host\\share\\x", "//host/share/x", "C:\\windows\\win.ini", "C:/windows/win.ini", "c:win.ini", "..\\..\\x",
    "/windows\\win.ini", "\\\\?\\C:\\x", "\\\\.\\pipe\\x", "AAAAAAAAAAAAAAAAAAAAAA/..\\x", "AAAAAAAAAAAAAAAAAAAAAA/a/b",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_disk_is_asked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object, **__: object) -> None:
        raise AssertionError("a disk was asked")

    monkeypatch.setattr(Path, "stat", asked)
    monkeypatch.setattr(Path, "resolve", asked)
    assert paths.split_file_path(name) is None
    with pytest.raises((static_paths.NotServed, AssertionError)) as refused:
        static_paths.opened(name, (), ())
    assert refused.type is static_paths.NotServed


@pytest.mark.parametrize("name", ["con", "NUL", "aux.txt", "COM1", "lpt9.tar.gz", "CONIN$", "x.", "x ", "x:ads", "..."])
def test_stored_names_are_no_devices(name: str) -> None:
    safe = paths.safe_name(name)
    assert safe.lower().partition(".")[0] not in {"con", "nul", "aux", "com1", "lpt9", "conin$"}
    assert not safe.endswith((".", " ")) and ":" not in safe and safe
