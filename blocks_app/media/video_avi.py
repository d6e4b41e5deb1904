"""The header of AVI files: chunks of RIFF, whose first list says how many frames there are and how large they are."""

from __future__ import annotations

import struct
from typing import BinaryIO

from blocks_app.media.film import Damaged, Film, exactly

_MOST = 1_000


def read(file: BinaryIO, size: int) -> Film:
    """See `video.header`."""
    file.seek(0)
    _, length = struct.unpack("<4sI", exactly(file, 8))
    if length and 8 + length > size + 1:
        raise Damaged("it ends too early")
    file.seek(12)
    kind, length, form = struct.unpack("<4sI4s", exactly(file, 12))
    if kind != b"LIST" or form != b"hdrl":
        raise Damaged("its header is missing")
    pace = frames = width = height = 0
    codecs: dict[bytes, str] = {}
    at, end = 24, min(20 + length, size)
    for _ in range(_MOST):
        if at + 8 > end:
            break
        file.seek(at)
        kind, length = struct.unpack("<4sI", exactly(file, 8))
        if kind == b"LIST":
            at += 12  # its chunks follow one another in it
            continue
        if kind == b"avih":
            pace, _, _, _, frames, _, _, _, width, height = struct.unpack("<10I", exactly(file, 40))
        elif kind == b"strh":
            stream, handler = struct.unpack("<4s4s", exactly(file, 8))
            codecs.setdefault(stream, handler.decode("latin-1").strip("\0 ").lower())
        at += 8 + length + length % 2
    if not pace and not width:
        raise Damaged("its header is missing")
    video = codecs.get(b"vids")
    return Film("avi", pace * frames / 1e6 or None, width, height, video or None, _sound(codecs))


def _sound(codecs: dict[bytes, str]) -> str | None:
    name = codecs.get(b"auds")
    return name if name is None or name.isalnum() else "unknown"
