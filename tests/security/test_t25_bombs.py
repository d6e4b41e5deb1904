"""T25, T26: pictures have a cap on pixels; only known formats are read and written."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

import blocks_app as gr
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files import file_data


def png(width: int, height: int) -> bytes:
    """A picture that says it is large; small as a file."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore")  # as outside of tests, where Pillow only warns below twice its limit
@pytest.mark.parametrize("side", [10_000, 40_000])
@pytest.mark.parametrize("kind", ["numpy", "pil", "filepath"])
def test_a_picture_with_too_many_pixels_is_refused_undecoded(store: file_data.FileStore, side: int, kind: str) -> None:
    path = store.save(png(side, side), "bomb.png").path
    with file_data.use(file_data.FileContext()), pytest.raises(Error, match="too many pixels"):
        gr.Image(type=kind).preprocess({"path": path})  # type: ignore[arg-type]


def test_formats_whose_decoder_starts_a_program_are_not_read(store: file_data.FileStore) -> None:
    path = store.save(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "x.eps").path
    with file_data.use(file_data.FileContext()), pytest.raises(Error, match="no picture"):
        gr.Image().preprocess({"path": path})


@pytest.mark.parametrize("format", ["exe", "html", "../x", "eps", "pdf", ""])
def test_only_known_formats_are_written(format: str) -> None:
    with pytest.raises(DeclarationError, match="cannot be written"):
        gr.Image(format=format)


def test_a_new_file_never_overwrites_another(store: file_data.FileStore) -> None:
    first, second = store.save(b"1", "same.txt"), store.save(b"2", "same.txt")
    assert store.local_path(first).read_bytes() == b"1"
    assert store.local_path(second).read_bytes() == b"2"
    assert oct(store.local_path(first).stat().st_mode)[-3:] == "600"
    assert Path(store.scratch("x.png")).parent != Path(store.scratch("x.png")).parent
