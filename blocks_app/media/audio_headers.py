"""What a file of sound says of itself in its first bytes: what it is, and how long. Nothing is decoded.

The names of containers are ffmpeg's, as in `ffmpeg.py`.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


class Damaged(Exception):
    """It is sound of a known kind, and does not hold what it says."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a file before it is decoded; None for what only a decoder tells."""

    container: str
    rate: int | None = None
    channels: int | None = None
    #: Samples of each channel.
    frames: int | None = None
    #: Of a WAV that numpy reads: "u8", "i16", "i24", "i32", "f32" or "f64"; and where its samples begin.
    coding: str = ""
    start: int = 0

    @property
    def seconds(self) -> float | None:
        """How long it is."""
        return self.frames / self.rate if self.frames is not None and self.rate else None

    @property
    def plays(self) -> bool:
        """Whether today's browsers play it, so far as the header tells."""
        if self.container == "wav":  # what numpy reads but for the widest, and telephones' codings, which have a length
            return self.coding != "f64" and self.frames is not None
        return self.container not in ("aiff", "asf")


def read(path: Path) -> Header | None:
    """The header of a file; None when it is no sound that is known here.

    Raises:
        Damaged: it cannot be played.
    """
    with path.open("rb") as file:
        return read_from(file, path.stat().st_size)


def read_from(file: BinaryIO, size: int) -> Header | None:
    """The same of an open file of so many bytes."""
    head = file.read(16).ljust(16, b"\0")
    file.seek(0)
    try:
        for looks_so, reader in _KINDS:
            if looks_so(head):
                return reader(file, size)
        start = _after_id3(file)
        return _flac(file, size) if _starts(file, start, b"fLaC") else _mpeg(file, size, start)
    except (struct.error, IndexError, OverflowError):
        raise Damaged from None


def _starts(file: BinaryIO, place: int, text: bytes) -> bool:
    file.seek(place)
    return file.read(len(text)) == text


# -- WAV ---------------------------------------------------------------------------------------------------------------

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_CODINGS = {(_PCM, 8): "u8", (_PCM, 16): "i16", (_PCM, 24): "i24", (_PCM, 32): "i32", (_FLOAT, 32): "f32",
            (_FLOAT, 64): "f64"}  # fmt: skip
#: Lengths that stand for one that was not known when the file was begun.
_UNKNOWN = (0, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FFFF000, 0xFFFFF000)
_MOST_CHUNKS = 1000


def _wav(file: BinaryIO, size: int) -> Header:
    form = b""
    file.seek(12)
    for _ in range(_MOST_CHUNKS):
        name, length = struct.unpack("<4sI", file.read(8))
        if name == b"fmt ":
            form = file.read(min(length, 40))
            file.seek(length - len(form) + length % 2, 1)
        elif name == b"data":
            return _of_wav(form, length, file.tell(), size)
        else:
            file.seek(length + length % 2, 1)
    raise Damaged


def _of_wav(form: bytes, length: int, start: int, size: int) -> Header:
    kind, channels, rate, _, block, bits = struct.unpack("<HHIIHH", form[:16])
    if kind == _EXTENSIBLE and len(form) >= 26:
        kind = struct.unpack("<H", form[24:26])[0]
    rest = size - start
    if length in _UNKNOWN:
        length = rest
    if not rate or not channels or not block or length > rest:
        raise Damaged
    coding = _CODINGS.get((kind, bits), "")
    if coding and block != channels * bits // 8:
        raise Damaged
    frames = length // block if coding or kind in (6, 7) else None
    return Header("wav", rate, channels, frames, coding, start)


# -- MP3, and the plain stream of AAC ---------------------------------------------------------------------------------

_BITRATES = {
    (3, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
#: Bytes in which the first frame has to begin.
_LEAD = 65536


def _after_id3(file: BinaryIO) -> int:
    """Where the sound begins, behind the tags that may stand before it."""
    place = 0
    for _ in range(8):
        file.seek(place)
        head = file.read(10)
        if len(head) < 10 or not head.startswith(b"ID3"):
            break
        place += 10 + sum((byte & 0x7F) << (7 * (3 - i)) for i, byte in enumerate(head[6:10]))
    return place


@dataclass(frozen=True, slots=True)
class _Frame:
    """One frame of MPEG audio: bytes, samples, rate, channels, and where the table of a variable rate would stand."""

    size: int
    samples: int
    rate: int
    channels: int
    bits_per_second: int
    table: int


def _frame(head: bytes) -> _Frame | None:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    quality, rate_index, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 4 or rate_index == 3 or quality in (0, 15):
        return None
    rate = _RATES[version][rate_index]
    speed = _BITRATES[3 if version == 3 else 2, layer][quality - 1] * 1000
    samples = 384 if layer == 1 else 1152 if layer == 2 or version == 3 else 576
    size = (12 * speed // rate + padding) * 4 if layer == 1 else samples // 8 * speed // rate + padding
    mono = head[3] >> 6 == 3
    table = 4 + ((17 if mono else 32) if version == 3 else (9 if mono else 17))
    return _Frame(size, samples, rate, 1 if mono else 2, speed, table)


def bare_mpeg(content: bytes) -> bytes:
    """An MP3 without what would be heard as a gap within a longer one: tags, and the frame that tells its length."""
    start = _after_id3(io.BytesIO(content))
    frame = _frame(content[start : start + 4])
    if frame is not None and content[start + frame.table : start + frame.table + 4] in (b"Xing", b"Info"):
        start += frame.size
    return content[start:]


def _mpeg(file: BinaryIO, size: int, start: int) -> Header | None:
    """An MP3, or AAC as it is broadcast: two frames, one behind the other."""
    file.seek(start)
    lead = file.read(_LEAD)
    for at in range(len(lead) - 4):
        if lead[at] != 0xFF:
            continue
        if (at == 0 or start) and (adts := _adts(lead, at)) is not None:
            return adts
        frame = _frame(lead[at : at + 4])
        if frame is None:
            continue
        after = at + frame.size
        if _frame(lead[after : after + 4]) is not None or start + after >= size - 128:
            return _of_mpeg(frame, lead[at : at + 200], size - start - at)
        if start == 0 and at > 4096:  # a chance likeness in something else
            return None
    return None


def _of_mpeg(frame: _Frame, first: bytes, size: int) -> Header:
    table = first[frame.table : frame.table + 16]
    frames: int | None = None
    if table[:4] in (b"Xing", b"Info") and table[7] & 1:
        frames = struct.unpack(">I", table[8:12])[0]
        if table[7] & 2 and struct.unpack(">I", table[12:16])[0] > size + 4096:
            raise Damaged
    elif first[36:40] == b"VBRI":
        frames = struct.unpack(">I", first[50:54])[0]
    if size < frame.size:
        raise Damaged
    samples = frames * frame.samples if frames is not None else size * 8 * frame.rate // frame.bits_per_second
    return Header("mp3", frame.rate, frame.channels, samples)


def _adts(lead: bytes, at: int) -> Header | None:
    def length(place: int) -> int:
        head = lead[place : place + 7]
        if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 >= len(_AAC_RATES):
            return 0
        return (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5

    if length(at) < 7 or not length(at + length(at)):
        return None
    rate = _AAC_RATES[lead[at + 2] >> 2 & 15]
    return Header("aac", rate, ((lead[at + 2] & 1) << 2 | lead[at + 3] >> 6) or None)


# -- the others --------------------------------------------------------------------------------------------------------


def _flac(file: BinaryIO, size: int) -> Header:
    block = file.read(4)[:1]
    about = file.read(34)
    if block[0] & 0x7F or len(about) < 34:
        raise Damaged
    packed = int.from_bytes(about[10:18], "big")
    rate, channels, frames = packed >> 44, (packed >> 41 & 7) + 1, packed & (1 << 36) - 1
    if not rate or size < 60:
        raise Damaged
    return Header("flac", rate, channels, frames or None)


def _whole_flac(file: BinaryIO, size: int) -> Header:
    file.seek(4)
    return _flac(file, size)


def _ogg(file: BinaryIO, size: int) -> Header | None:
    page = file.read(512)
    body = page[27 + page[26] :]
    if body.startswith(b"\x01vorbis"):
        channels, rate = struct.unpack("<BI", body[11:16])
        clock = rate
    elif body.startswith(b"OpusHead"):
        channels, rate, clock = body[9], 48000, 48000
    elif body.startswith(b"\x7fFLAC"):
        packed = int.from_bytes(body[27:35], "big")
        rate = clock = packed >> 44
        channels = (packed >> 41 & 7) + 1
    elif body.startswith(b"Speex   "):
        rate = clock = struct.unpack("<I", body[36:40])[0]
        channels = struct.unpack("<I", body[48:52])[0]
    else:
        return None  # a film, or what nobody knows
    file.seek(max(0, size - _LEAD))
    end = file.read()
    last = end.rfind(b"OggS")
    if not rate or not channels or last < 0 or len(end) < last + 14:
        raise Damaged
    ticks = struct.unpack("<q", end[last + 6 : last + 14])[0]
    return Header("ogg", rate, channels, max(0, ticks) * rate // clock)


def _aiff(file: BinaryIO, size: int) -> Header:
    place = 12
    for _ in range(_MOST_CHUNKS):
        file.seek(place)
        name, length = struct.unpack(">4sI", file.read(8))
        if name == b"COMM":
            channels, frames, _, power, fraction = struct.unpack(">hIhHQ", file.read(18))
            shift = 63 - ((power & 0x7FFF) - 16383)
            rate = fraction >> shift if 0 <= shift < 64 else 0
            if not rate or channels < 1:
                raise Damaged
            return Header("aiff", rate, channels, frames)
        place += 8 + length + length % 2
    raise Damaged


def _mp4(file: BinaryIO, size: int) -> Header:
    """The length that its film header tells, in milliseconds; what sounds in it a decoder tells."""
    inside = _box(file, 0, size, b"moov")
    film = inside and _box(file, *inside, b"mvhd")
    if not inside or not film:
        raise Damaged
    file.seek(film[0])
    about = file.read(32)
    scale, length = struct.unpack(">IQ", about[20:32]) if about[0] == 1 else struct.unpack(">II", about[12:20])
    return Header("mp4", None, None, None) if not scale or not length else Header("mp4", scale, None, length)


def _box(file: BinaryIO, start: int, end: int, wanted: bytes) -> tuple[int, int] | None:
    """Where the content of a box lies between two places."""
    for _ in range(_MOST_CHUNKS):
        file.seek(start)
        head = file.read(16)
        if len(head) < 8 or start >= end:
            return None
        length, name = struct.unpack(">I4s", head[:8])
        lead = 8
        if length == 1:
            length, lead = struct.unpack(">Q", head[8:16])[0], 16
        length = length or end - start
        if name == wanted:
            return start + lead, min(start + length, end)
        if length < lead:
            return None
        start += length
    return None


def _named(container: str) -> Callable[[BinaryIO, int], Header | None]:
    return lambda file, size: Header(container)


_Reader = Callable[[BinaryIO, int], Header | None]
_KINDS: tuple[tuple[Callable[[bytes], bool], _Reader], ...] = (
    (lambda head: head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE", _wav),
    (lambda head: head.startswith(b"fLaC"), _whole_flac),
    (lambda head: head.startswith(b"OggS"), _ogg),
    (lambda head: head.startswith(b"FORM") and head[8:12] in (b"AIFF", b"AIFC"), _aiff),
    (lambda head: head[4:8] == b"ftyp", _mp4),
    (lambda head: head.startswith(b"\x1a\x45\xdf\xa3"), _named("webm")),
    (lambda head: head.startswith(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"), _named("asf")),
)
