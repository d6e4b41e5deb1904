"""The header of MP4 and QuickTime files: boxes in boxes, each with its size and four letters. See ISO/IEC 14496-12."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from blocks_app.media.film import Damaged, Film

#: Boxes that may begin a file; `wide`, `free` and `skip` come from cameras and editors.
FIRST = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"styp", b"moof", b"sidx", b"pnot"})
#: Bytes of an index that are read at most; that of a film of ten hours has some megabytes.
_LONGEST_INDEX = 64 * 1024 * 1024
#: The same of one fragment, of which there are many.
_LONGEST_FRAGMENT = 4 * 1024 * 1024
#: Boxes of one level that are looked at.
_MOST = 200_000
_VIDEO = {
    b"avc1": "h264", b"avc3": "h264", b"hvc1": "hevc", b"hev1": "hevc", b"vp08": "vp8", b"vp09": "vp9",
    b"av01": "av1", b"mp4v": "mpeg4", b"jpeg": "mjpeg", b"mjpa": "mjpeg", b"s263": "h263", b"apcn": "prores",
    b"apch": "prores", b"apcs": "prores", b"apco": "prores", b"ap4h": "prores",
}  # fmt: skip
_AUDIO = {b"mp4a": "aac", b".mp3": "mp3", b"Opus": "opus", b"fLaC": "flac", b"ac-3": "ac3", b"ec-3": "eac3",
          b"alac": "alac", b"sowt": "pcm", b"twos": "pcm", b"lpcm": "pcm", b"samr": "amr"}  # fmt: skip
#: Profiles of H.264 with 10 bits, or with colours for each pixel: no browser plays them.
_RARE_PROFILES = frozenset({110, 122, 244, 44, 118, 128})


@dataclass(frozen=True, slots=True)
class Box:
    """Where a box's content lies."""

    kind: bytes
    start: int
    end: int


@dataclass(slots=True)
class Track:
    """What is known of one track."""

    number: int = 0
    handler: bytes = b""
    timescale: int = 0
    duration: int = 0
    entry: bytes = b""
    description: bytes = b""
    size: tuple[int, int] = (0, 0)
    default: int = 0  # a sample's ticks, for fragments that do not tell
    end: int = 0  # ticks at which its last fragment ends


@dataclass(slots=True)
class Index:
    """What `moov` and the fragments say."""

    tracks: list[Track] = field(default_factory=list)
    timescale: int = 0
    duration: int = 0
    brand: bytes = b""
    fragments: int = 0


def read(file: BinaryIO, size: int) -> Film:
    """See `video.header`."""
    index = index_of(file, size)
    video = next((track for track in index.tracks if track.handler == b"vide"), None)
    audio = next((track for track in index.tracks if track.handler == b"soun"), None)
    width, height = video.size if video is not None else (0, 0)
    return Film(
        "mov" if index.brand == b"qt  " else "mp4",
        _seconds(index),
        width or None,
        height or None,
        None if video is None else _VIDEO.get(video.entry, video.entry.decode("latin-1").strip()),
        None if audio is None else _sound_of(audio),
        video is None or _is_usual(video),
    )


def index_of(file: BinaryIO, size: int) -> Index:
    """All that the file says of its tracks. Raises Damaged for one without an index, or that ends too early."""
    index, found = Index(), False
    for box in boxes(file, 0, size):
        if box.kind == b"ftyp":
            file.seek(box.start)
            index.brand = file.read(4)
        elif box.kind == b"moov":
            _limit(box)
            found = True
            _read_movie(file, box, index)
        elif box.kind == b"moof" and found:
            _limit(box, _LONGEST_FRAGMENT)
            index.fragments += 1
            _read_fragment(file, box, index)
    if not found:
        raise Damaged("its index is missing, as when a recording was broken off")
    return index


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes that lie side by side there. Raises Damaged where one is larger than what it lies in."""
    at, count = start, 0
    while at + 8 <= end:
        file.seek(at)
        size, kind = struct.unpack(">I4s", file.read(8))
        content = at + 8
        if size == 1:
            size = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))[0]
            content += 8
        elif size == 0:
            size = end - at
        count += 1
        if size < content - at or at + size > end or count > _MOST:
            raise Damaged("it ends too early" if at + size > end else "its boxes make no sense")
        yield Box(kind, content, at + size)
        at += size


def _limit(box: Box, most: int = _LONGEST_INDEX) -> None:
    if box.end - box.start > most:
        raise Damaged("its index is too long")


def _content(file: BinaryIO, box: Box, most: int = 4096) -> bytes:
    file.seek(box.start)
    return file.read(min(box.end - box.start, most))


def _read_movie(file: BinaryIO, movie: Box, index: Index) -> None:
    for box in boxes(file, movie.start, movie.end):
        if box.kind == b"mvhd":
            index.timescale, index.duration = _times(_content(file, box), 12, 20)
        elif box.kind == b"trak":
            index.tracks.append(_track(file, box))
        elif box.kind == b"mvex":
            for each in boxes(file, box.start, box.end):
                if each.kind == b"trex":
                    number, _, duration = struct.unpack(">III", _content(file, each)[4:16])
                    for track in index.tracks:
                        track.default = duration if track.number == number else track.default


def _times(content: bytes, short: int, long: int) -> tuple[int, int]:
    """Timescale and duration of a header box: its version says whether they are long."""
    if content[:1] == b"\1":
        return struct.unpack_from(">IQ", content, long)
    timescale, duration = struct.unpack_from(">II", content, short)
    return timescale, 0 if duration == 0xFFFFFFFF else duration


def _track(file: BinaryIO, box: Box) -> Track:
    track = Track()
    for each in _inside(file, box, (b"mdia", b"minf", b"stbl")):
        content = _content(file, each)
        if each.kind == b"tkhd":
            track.number = struct.unpack_from(">I", content, 20 if content[:1] == b"\1" else 12)[0]
        elif each.kind == b"mdhd":
            track.timescale, track.duration = _times(content, 12, 20)
        elif each.kind == b"hdlr" and not track.handler:
            track.handler = content[8:12]
        elif each.kind == b"stsd":
            track.entry, track.description = content[12:16], content[8:]
            if track.handler == b"vide":
                track.size = struct.unpack_from(">HH", content, 8 + 32)
    return track


def _inside(file: BinaryIO, box: Box, open_: tuple[bytes, ...]) -> Iterator[Box]:
    for each in boxes(file, box.start, box.end):
        if each.kind in open_:
            yield from _inside(file, each, open_)
        else:
            yield each


def _read_fragment(file: BinaryIO, fragment: Box, index: Index) -> None:
    for box in boxes(file, fragment.start, fragment.end):
        if box.kind == b"traf":
            _read_run(file, box, index)


def _read_run(file: BinaryIO, box: Box, index: Index) -> None:
    """Until when a fragment shows its track."""
    track, default, start, ticks = Track(), 0, None, 0
    for each in boxes(file, box.start, box.end):
        content = _content(file, each, _LONGEST_FRAGMENT)
        if each.kind == b"tfhd":
            flags, number = struct.unpack_from(">II", content)
            track = next((known for known in index.tracks if known.number == number), track)
            skipped = 8 + 8 * bool(flags & 1) + 4 * bool(flags & 2)
            default = struct.unpack_from(">I", content, skipped)[0] if flags & 8 else track.default
        elif each.kind == b"tfdt":
            start = struct.unpack_from(">Q" if content[:1] == b"\1" else ">I", content, 4)[0]
        elif each.kind == b"trun":
            ticks += _ticks_of_run(content, default)
    track.end = (track.end if start is None else start) + ticks


def _ticks_of_run(content: bytes, default: int) -> int:
    flags, count = struct.unpack_from(">II", content)
    at = 8 + 4 * bool(flags & 1) + 4 * bool(flags & 4)
    if not flags & 0x100:
        return int(count * default)
    step = 4 * sum(bool(flags & bit) for bit in (0x100, 0x200, 0x400, 0x800))
    if at + count * step > len(content):
        raise Damaged("its fragments make no sense")
    return sum(struct.unpack_from(f">{count * step // 4}I", content, at)[:: step // 4])


def _seconds(index: Index) -> float | None:
    """The longest of what the film and its tracks say."""
    lengths = [index.duration / index.timescale] if index.timescale else []
    lengths += [max(track.duration, track.end) / track.timescale for track in index.tracks if track.timescale]
    return max(lengths, default=0.0) or None


def _sound_of(track: Track) -> str:
    name = _AUDIO.get(track.entry, track.entry.decode("latin-1").strip())
    # the kind of an mp4a stands in its decoder's description: 0x69 and 0x6B are MP3
    at = track.description.find(b"esds")
    kind = track.description[at : at + 40] if at >= 0 else b""
    return "mp3" if name == "aac" and (b"\x04\x11\x6b" in kind or b"\x04\x80\x80\x80\x11\x6b" in kind) else name


def _is_usual(track: Track) -> bool:
    at = track.description.find(b"avcC")
    return at < 0 or track.description[at + 5 : at + 6] == b"" or track.description[at + 5] not in _RARE_PROFILES
