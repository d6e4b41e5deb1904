"""Downloads on their way to disk."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import pytest

from blocks_client._core.arrival import _WAITING, LARGE, Arrival
from blocks_client._core.files import Folder
from blocks_client._exceptions import DownloadError

PIECE = 64 * 1024


def pieces(size: int) -> list[bytes]:
    content = os.urandom(size)
    return [content[start : start + PIECE] for start in range(0, size, PIECE)]


@pytest.mark.parametrize("size", [0, 1, LARGE, LARGE + 1, 9 * LARGE + 7])
def test_every_byte_is_written_and_hashed(tmp_path: Path, size: int) -> None:
    arrival = Folder(tmp_path, keep=True).open("a.bin", size)
    content = pieces(size)
    for piece in content:
        arrival.write(piece)
    assert arrival.is_large == (size > LARGE)
    path = Path(arrival.done())
    assert path.read_bytes() == b"".join(content)
    assert path.parent.name == hashlib.sha256(b"".join(content)).hexdigest()
    assert [each.name for each in tmp_path.iterdir()] == [path.parent.name]
    assert not [each for each in threading.enumerate() if each.name == "blocks-client-writer"]


def test_a_file_that_is_too_short_is_no_file(tmp_path: Path) -> None:
    arrival = Folder(tmp_path, keep=True).open("a.bin", 3 * LARGE)
    for piece in pieces(2 * LARGE):
        arrival.write(piece)
    with pytest.raises(DownloadError, match=f"{3 * LARGE} bytes on the server, but {2 * LARGE} arrived"):
        arrival.done()
    assert not list(tmp_path.iterdir())


def test_a_disk_that_is_full_is_told_and_nobody_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrival = Folder(tmp_path, keep=True).open("a.bin", None)
    keep = Arrival._keep

    def full(self: Arrival, piece: bytes) -> None:
        if threading.current_thread().name == "blocks-client-writer":
            raise OSError(28, "No space left on device")
        keep(self, piece)

    monkeypatch.setattr(Arrival, "_keep", full)
    with pytest.raises(OSError, match="No space left"):
        for piece in pieces(9 * LARGE):
            arrival.write(piece)
        arrival.settle()
    arrival.failed()
    assert not list(tmp_path.iterdir())


def test_memory_is_bounded_when_the_disk_is_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrival = Folder(tmp_path, keep=True).open("a.bin", None)
    began, go = threading.Event(), threading.Event()
    keep = Arrival._keep

    def slow(self: Arrival, piece: bytes) -> None:
        if threading.current_thread().name == "blocks-client-writer":
            began.set()
            assert go.wait(60)
        keep(self, piece)

    monkeypatch.setattr(Arrival, "_keep", slow)
    content = pieces(LARGE + (_WAITING + 1) * PIECE)
    for piece in content[: LARGE // PIECE + 1]:
        arrival.write(piece)
    assert began.wait(60) and not arrival.would_block
    for piece in content[LARGE // PIECE + 1 :]:
        arrival.write(piece)
    assert arrival.would_block
    go.set()
    assert Path(arrival.done()).read_bytes() == b"".join(content)
