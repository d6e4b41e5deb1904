"""The header of Ogg files: pages, of which the first of each stream says what it is and the last when it ends."""

from __future__ import annotations

import struct
from typing import BinaryIO

from blocks_app.media.film import Damaged, Film, exactly

_MOST = 16  # streams
_TAIL = 128 * 1024


def read(file: BinaryIO, size: int) -> Film:
    """See `video.header`."""
    file.seek(0)
    found: dict[str, tuple[int, bytes]] = {}
    for _ in range(_MOST):
        head = exactly(file, 27)
        if head[:4] != b"OggS":
            raise Damaged("its pages make no sense")
        if not head[5] & 2:
            break  # the streams have been told
        data = exactly(file, sum(exactly(file, head[26])))
        number = struct.unpack_from("<I", head, 14)[0]
        for start, name in ((b"\x80theora", "theora"), (b"\x01vorbis", "vorbis"), (b"OpusHead", "opus")):
            if data.startswith(start):
                found[name] = number, data
    if not found:
        raise Damaged("nothing is known in it")
    film = found.get("theora")
    width, height = (int.from_bytes(film[1][at : at + 3], "big") for at in (14, 17)) if film else (0, 0)
    audio = next((name for name in ("vorbis", "opus") if name in found), None)
    seconds = max((_end(file, size, name, *each) for name, each in found.items()), default=0.0)
    return Film("ogg", seconds or None, width or None, height or None, "theora" if film else None, audio)


def _end(file: BinaryIO, size: int, name: str, number: int, head: bytes) -> float:
    """When a stream ends, by its last page."""
    file.seek(max(size - _TAIL, 0))
    tail = file.read(_TAIL)
    at, place = tail.rfind(b"OggS"), 0
    while at >= 0:
        place, stream = struct.unpack_from("<qxxxxxxxx", tail.ljust(at + 64, b"\0"), at + 6)[0], tail[at + 14 : at + 18]
        if struct.pack("<I", number) == stream and place > 0:
            break
        at, place = tail.rfind(b"OggS", 0, at), 0
    if name == "opus":
        return place / 48_000
    if name == "vorbis":
        return place / (struct.unpack_from("<I", head, 12)[0] or 1)
    shift = (int.from_bytes(head[40:42], "big") >> 5) & 31
    above, below = struct.unpack_from(">II", head, 22)
    frames = (place >> shift) + (place & ((1 << shift) - 1))
    return frames * below / above if above else 0.0
