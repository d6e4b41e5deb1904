"""How many pixels the decoder of an AVIF takes: those of its frames, whatever its header says of the picture.

A header may say 64 x 64 where the frame has 16,384 x 16,384, which is decoded, and a gigabyte, before anybody notices.
See ISO/IEC 14496-12 for boxes, and the specification of AV1 for what is in them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_MOST_BOXES = 1000
_MOST_PARTS = 1000
#: Of a file with more parts, which no picture has.
_TOO_MANY = 1 << 62
#: Bytes of an index that are read, and of one sequence header.
_LONGEST_INDEX = 1 << 20
_LONGEST_HEADER = 64
_SEQUENCE = 1


def most_pixels(path: Path) -> int:
    """Of the largest frame that any part of the file announces; 0 where none is found."""
    found = 0
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            for number, (place, length) in enumerate(_parts(file, size)):
                if number == _MOST_PARTS:
                    return _TOO_MANY
                found = max([found, *_frames(file, place, min(place + length if length else size, size))])
    except (struct.error, IndexError, ValueError, OverflowError, OSError):
        pass  # its decoder will tell
    return found


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, begin and end of each of the boxes there."""
    for _ in range(_MOST_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        length, kind = struct.unpack(">I4s", file.read(8))
        content = start + 8
        if length == 1:
            length, content = struct.unpack(">Q", file.read(8))[0], start + 16
        stop = end if length == 0 else min(start + length, end)
        if stop < content:
            return
        yield kind, content, stop
        start = stop


def _parts(file: BinaryIO, size: int) -> Iterator[tuple[int, int]]:
    """Where the items and the samples of the file may lie: those of its index, and all of its data."""
    for kind, start, end in list(_boxes(file, 0, size)):
        if kind == b"mdat":
            yield start, end - start
        elif kind == b"meta":
            inside = {name: (begin, stop) for name, begin, stop in _boxes(file, start + 4, end)}
            if b"iloc" in inside:
                begin, stop = inside[b"iloc"]
                file.seek(begin)
                index = _Reader(file.read(min(stop - begin, _LONGEST_INDEX)))
                yield from _items(index, inside.get(b"idat", (0, 0))[0])


class _Reader:
    """Numbers one behind the other."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._place = 0

    def number(self, width: int) -> int:
        """The next one, of so many bytes."""
        part = self._content[self._place : self._place + width]
        if len(part) < width:
            raise ValueError("it ends too early")
        self._place += width
        return int.from_bytes(part, "big")


def _items(index: _Reader, inside: int) -> Iterator[tuple[int, int]]:
    version = index.number(4) >> 24
    sizes = index.number(2)
    offset, length, base, extra = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    for _ in range(min(index.number(wide), _MOST_PARTS)):
        index.number(wide)
        method = index.number(2) & 15 if version else 0
        index.number(2)
        first = index.number(base) + (inside if method == 1 else 0)
        for _ in range(min(index.number(2), _MOST_PARTS)):
            if version and extra:
                index.number(extra)
            yield first + index.number(offset), index.number(length)


def _frames(file: BinaryIO, place: int, end: int) -> Iterator[int]:
    """Pixels that each sequence header there announces."""
    for _ in range(_MOST_PARTS):
        file.seek(place)
        head = file.read(_LONGEST_HEADER)
        if place >= end or not head or head[0] & 0x80 or not head[0] & 2:
            return
        at = 2 if head[0] & 4 else 1
        length = shift = 0
        while True:
            length |= (head[at] & 0x7F) << shift
            at, shift, more = at + 1, shift + 7, head[at] & 0x80
            if not more or shift > 56:
                break
        if head[0] >> 3 & 15 == _SEQUENCE:
            yield _announced(_Bits(head[at:]))
        place += at + length


class _Bits:
    """The bits of some bytes, from the first one on."""

    def __init__(self, content: bytes) -> None:
        self._value = int.from_bytes(content, "big")
        self._left = 8 * len(content)

    def take(self, count: int) -> int:
        """The next ones as a number."""
        if count > self._left:
            raise ValueError("it ends too early")
        self._left -= count
        return self._value >> self._left & (1 << count) - 1


def _announced(bits: _Bits) -> int:
    bits.take(4)  # its profile, and whether it is a single picture
    if bits.take(1):  # a short header
        bits.take(5)
    else:
        _skip_timing(bits)
    across, down = bits.take(4) + 1, bits.take(4) + 1
    return (bits.take(across) + 1) * (bits.take(down) + 1)


def _skip_timing(bits: _Bits) -> None:
    delays = models = 0
    if bits.take(1):
        bits.take(64)
        if bits.take(1):
            zeros = next((count for count in range(32) if bits.take(1)), 32)
            bits.take(zeros)
        models = bits.take(1)
        if models:
            delays = bits.take(5) + 1
            bits.take(42)
    shown = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:
            bits.take(1)
        if models and bits.take(1):
            bits.take(2 * delays + 1)
        if shown and bits.take(1):
            bits.take(4)
