"""Small whole files of each kind that is read, and what damage, cutting and lies make of them. No file is kept."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import PIL.Image

from blocks_app.files.file_data import SAMPLES
from blocks_app.media import ffmpeg

FILMS = Path(__file__).parents[1] / "blocks_app" / "films"
PICTURES = ("png", "jpeg", "gif", "webp", "bmp", "tiff", "ico", "avif")
SOUNDS = ("wav", "mp3", "ogg", "flac", "m4a")
VIDEOS = ("mp4", "webm")
MODELS = ("glb", "gltf", "obj", "stl", "ply", "splat")


def picture(kind: str, width: int = 64, height: int = 48, frames: int = 1, **how: object) -> bytes:
    """Some colours as a file; of several frames each is the other way round."""
    made = io.BytesIO()
    across, down = np.meshgrid(np.arange(width), np.arange(height))
    colours = np.dstack([across * 3 % 256, down * 5 % 256, (across + down) % 256]).astype(np.uint8)
    first, *others = (PIL.Image.fromarray(colours[:: -1 if at % 2 else 1]) for at in range(frames))
    more = {"save_all": True, "append_images": others} if others else {}
    first.save(made, kind, **more, **how)
    return made.getvalue()


def sound(kind: str) -> bytes:
    """The tone that comes with the package."""
    tone = SAMPLES / "tone.wav"
    if kind == "wav":
        return tone.read_bytes()
    options = {"mp3": "mp3", "ogg": "ogg", "flac": "flac", "m4a": "ipod"}
    # a file that has to be gone back in cannot be written to a pipe
    flags = ["-movflags", "frag_keyframe+empty_moov"] if kind == "m4a" else []
    return ffmpeg.run(
        ["-ac", "1", "-strict", "-2", *flags, "-f", options[kind], "pipe:1"], source=tone, container="wav", block="Tone"
    )


def model(kind: str) -> bytes:
    """A triangle, or points."""
    corners = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)]
    if kind in ("glb", "gltf"):
        return next(iter([*(SAMPLES / "models3d").glob(f"*.{kind}")])).read_bytes()
    if kind == "obj":
        return b"".join(b"v %g %g %g\n" % corner for corner in corners) + b"f 1 2 3\n"
    if kind == "stl":
        flat = [number for corner in ((0.0, 0.0, 1.0), *corners) for number in corner]
        return bytes(80) + struct.pack("<I", 1) + struct.pack("<12fH", *flat, 0)
    if kind == "ply":
        head = b"ply\nformat binary_little_endian 1.0\nelement vertex 3\nproperty float x\nproperty float y\n"
        return head + b"property float z\nend_header\n" + b"".join(struct.pack("<3f", *corner) for corner in corners)
    return b"".join(struct.pack("<6f8B", *corner, 1, 1, 1, *[255] * 8) for corner in corners)


@cache
def whole(kind: str) -> bytes:
    """A file of this kind that can be read."""
    if kind in PICTURES:
        return picture(kind)
    if kind in SOUNDS:
        return sound(kind)
    if kind in VIDEOS:
        return (SAMPLES / "video.mp4" if kind == "mp4" else FILMS / "film.webm").read_bytes()
    if kind == "svg":
        return b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    return model(kind)


def spoiled(kind: str) -> Iterator[tuple[str, bytes]]:
    """What accidents and pranks make of it."""
    content = whole(kind)
    size = len(content)
    yield "empty", b""
    yield "one byte", content[:1]
    for part in (12, size // 2, size - 1):
        yield f"cut after {part} of {size}", content[:part]
    for at in (20, size // 2):
        yield f"wrong from {at} on", content[:at] + b"\xff" * 16 + content[at + 16 :]
        yield f"nothing from {at} on", content[:at] + bytes(size - at)
    yield "half and rubbish", content[: size // 2] + bytes(range(256)) * 8
    yield "another kind", whole("wav" if kind in PICTURES else "png")
    yield "a page", b"<!doctype html><script>alert(1)</script>"
    yield "an archive", b"PK\x03\x04" + bytes(300)


# -- small files that say they are large -------------------------------------------------------------------------------


def chunk(kind: bytes, data: bytes) -> bytes:
    """One of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes, data: bytes = b"", depth: int = 8, color: int = 0) -> bytes:
    """A grey one with these chunks before its pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))
    return b"".join((b"\x89PNG\r\n\x1a\n", head, *more, chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND", b"")))


def wav(channels: int = 1, rate: int = 8000, block: int | None = None, bits: int = 16, length: int = 400) -> bytes:
    """One whose header says this, with 400 bytes of sound."""
    block = channels * bits // 8 % 65536 if block is None else block
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * block % 2**32, block, bits)
    return (
        b"RIFF"
        + struct.pack("<I", 436)
        + b"WAVEfmt \x10\0\0\0"
        + form
        + b"data"
        + struct.pack("<I", length)
        + bytes(400)
    )


def gif(frames: int) -> bytes:
    """One with many frames."""
    first = picture("gif", 8, 8)
    start = first.index(b",")
    return first[:start] + first[start:-1] * frames + b";"
