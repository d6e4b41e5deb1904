"""The header of WebM and Matroska files: elements in elements, each with a number and a size. See RFC 9559."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import BinaryIO

from blocks_app.media.film import Damaged, Film, exactly

_EBML, _DOCTYPE, _SEGMENT = 0x1A45DFA3, 0x4282, 0x18538067
_INFO, _SCALE, _DURATION = 0x1549A966, 0x2AD7B1, 0x4489
_TRACKS, _TRACK, _KIND, _CODEC, _VIDEO = 0x1654AE6B, 0xAE, 0x83, 0x86, 0xE0
_WIDTH, _HEIGHT, _FRAME = 0xB0, 0xBA, 0x23E383
_CLUSTER, _TIME, _BLOCK, _GROUP, _INNER = 0x1F43B675, 0xE7, 0xA3, 0xA0, 0xA1
_TOP = frozenset({_CLUSTER, 0x1C53BB6B, 0x1254C367, 0x114D9B74, 0x1941A469, 0x1043A770, _INFO, _TRACKS, 0xEC})
#: Those whose content is looked at.
_OPEN = frozenset({_SEGMENT, _INFO, _TRACKS, _TRACK, _VIDEO, _CLUSTER, _GROUP})
#: Elements that are looked at; a recording of two hours has fewer.
_MOST = 1_000_000
_LONGEST = 4096  # bytes of a name or number
_CODECS = {"V_VP8": "vp8", "V_VP9": "vp9", "V_AV1": "av1", "V_MPEG4/ISO/AVC": "h264", "V_MPEGH/ISO/HEVC": "hevc",
           "V_THEORA": "theora", "A_OPUS": "opus", "A_VORBIS": "vorbis", "A_AAC": "aac", "A_FLAC": "flac",
           "A_MPEG/L3": "mp3", "A_AC3": "ac3", "A_PCM/INT/LIT": "pcm"}  # fmt: skip


@dataclass(slots=True)
class Header:
    """What has been read so far."""

    doctype: str = ""
    scale: int = 1_000_000  # nanoseconds of a tick
    duration: float = 0.0
    #: Of each track its kind (1 for pictures, 2 for sound) and codec.
    kinds: list[list[int]] = field(default_factory=list)
    codecs: list[str] = field(default_factory=list)
    width: int = 0
    height: int = 0
    frame: int = 0
    cluster: int = 0
    last: int = 0
    seen: int = 0


def read(file: BinaryIO, size: int) -> Film:
    """See `video.header`. A recording that does not say how long it is, as browsers make them, is gone through."""
    header = Header()
    file.seek(0)
    _read(file, 0, size, size, header)
    if not header.kinds:
        raise Damaged("its list of tracks is missing")
    video = _codec(header, 1)
    return Film(
        header.doctype if header.doctype in ("webm", "matroska") else "matroska",
        _seconds(header),
        header.width or None,
        header.height or None,
        video,
        _codec(header, 2),
    )


def _codec(header: Header, kind: int) -> str | None:
    for kinds, name in zip(header.kinds, header.codecs):
        if kinds == [kind]:
            known = next((short for long, short in _CODECS.items() if name.startswith(long)), None)
            return known or name.lower().removeprefix("v_").removeprefix("a_") or "unknown"
    return None


def _seconds(header: Header) -> float | None:
    if header.duration:
        return header.duration * header.scale / 1e9
    return (header.last * header.scale + header.frame) / 1e9 or None


def _read(file: BinaryIO, at: int, end: int, size: int, header: Header, inside: int = 0) -> int:
    """Go through the elements from `at` on; gives where they end."""
    while at < end:
        file.seek(at)
        number, width = _number(file, keep=True)
        length, more = _number(file)
        content = at + width + more
        unknown = length == (1 << (7 * more)) - 1
        header.seen += 1
        if header.seen > _MOST:
            raise Damaged("it has too many parts")
        if inside == _CLUSTER and number in _TOP:
            return at  # a cluster that did not say how long it is ends where the next part begins
        if unknown and number not in (_SEGMENT, _CLUSTER):
            raise Damaged("its parts make no sense")
        stop = end if unknown else content + length
        if stop > size or (inside and stop > end):
            raise Damaged("it ends too early" if stop > size else "its parts make no sense")
        if number == _CLUSTER and header.duration:
            return end  # all that is wanted stands before the pictures
        if number in _OPEN:
            if number == _TRACK:
                header.kinds.append([])
                header.codecs.append("")
            at = _read(file, content, stop, size, header, number)
            if not unknown:
                at = stop
            continue
        _take(file, number, content, length, header)
        at = stop
    return at


def _take(file: BinaryIO, number: int, content: int, length: int, header: Header) -> None:
    if number == _EBML:
        file.seek(content)
        head = exactly(file, min(length, _LONGEST))
        header.doctype = "webm" if b"webm" in head else "matroska" if b"matroska" in head else ""
    elif number in (_BLOCK, _INNER):
        file.seek(content)
        _number(file)
        header.last = max(header.last, header.cluster + struct.unpack(">h", exactly(file, 2))[0])
    elif number in _VALUES:
        if length > _LONGEST:
            raise Damaged("its parts make no sense")
        file.seek(content)
        _keep(number, exactly(file, length), header)


_VALUES = frozenset({_SCALE, _DURATION, _KIND, _CODEC, _WIDTH, _HEIGHT, _FRAME, _TIME})


def _keep(number: int, data: bytes, header: Header) -> None:
    whole = int.from_bytes(data, "big") if len(data) <= 8 else 0
    if number == _SCALE:
        header.scale = whole or header.scale
    elif number == _DURATION and len(data) in (4, 8):
        header.duration = struct.unpack(">f" if len(data) == 4 else ">d", data)[0]
        if not 0 <= header.duration < 1e15:  # also what is no number
            raise Damaged("its length makes no sense")
    elif number == _TIME:
        header.cluster = whole
    elif number == _KIND and header.kinds:
        header.kinds[-1] = [whole]
    elif number == _CODEC and header.codecs:
        header.codecs[-1] = data.rstrip(b"\0").decode("ascii", "replace")
    elif number == _FRAME:
        header.frame = header.frame or whole
    elif number == _WIDTH:
        header.width = max(header.width, whole)
    elif number == _HEIGHT:
        header.height = max(header.height, whole)


def _number(file: BinaryIO, keep: bool = False) -> tuple[int, int]:
    """A number whose first bits say how many bytes it has, and that count; `keep` leaves those bits in it."""
    first = exactly(file, 1)[0]
    width = 9 - first.bit_length()
    if width > 8:
        raise Damaged("its parts make no sense")
    value = first if keep else first & ((1 << (8 - width)) - 1)
    return int.from_bytes(bytes([value]) + exactly(file, width - 1), "big"), width
