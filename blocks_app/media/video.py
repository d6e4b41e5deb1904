"""What a file of moving pictures says of itself: container, seconds, frame size, codecs. Nothing is decoded for it.

Headers are read with small readers of our own, since most servers have no ffprobe, and since a file that is none of
these must never reach a program that would guess what it is.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from blocks_app import conf
from blocks_app.exceptions import Error
from blocks_app.i18n import gettext
from blocks_app.media import ffmpeg, video_avi, video_mp4, video_ogg, video_webm
from blocks_app.media.film import Damaged, Film

__all__ = ["Damaged", "Film", "header", "read"]

#: First bytes that tell a container; what is read of each stands in a module of its own.
_HEAD = 1024


def header(path: Path) -> Film:
    """What the file says of itself.

    Raises:
        Damaged: it is no film, or its header cannot be true.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            return _reader_of(file.read(_HEAD))(file, size)
    except (OSError, ValueError, OverflowError, IndexError, RecursionError, struct.error) as error:
        raise Damaged("it cannot be read") from error


def read(path: Path, block: str) -> Film:
    """The same for a visitor's file, within the limits of `BLOCKS_MAX_VIDEO_SECONDS` and `BLOCKS_MAX_VIDEO_PIXELS`.

    Raises:
        Error: it is no film, is damaged, or is larger than the limits; the sentence begins with `block`.
    """
    film = _film(path, block)
    if film.container in _UNREAD:
        film = Film(film.container, *_reported(path, film.container))
    elif film.video is None:
        raise Error(
            gettext("%(block)s: there are no pictures in this file. Send a video such as MP4 or WebM.")
            % {"block": block}
        )
    most = conf.max_video_pixels()
    if film.width is not None and film.height is not None and film.width * film.height > most:
        raise Error(
            gettext(
                "%(block)s: frames of %(width)s x %(height)s pixels are too large: %(most)s pixels are allowed. "
                "Make the video smaller."
            )
            % {"block": block, "width": film.width, "height": film.height, "most": format(most, ",")}
        )
    longest = conf.max_video_seconds()
    if film.seconds is not None and film.seconds > longest:
        raise Error(
            gettext("%(block)s: the video is %(seconds)s long: %(longest)s are allowed. Make it shorter.")
            % {"block": block, "seconds": _duration(film.seconds), "longest": _duration(longest)}
        )
    return film


def check(path: Path, block: str) -> None:
    """Look at a film that nobody decodes, whatever is in it. Raises Error for what is none, or is damaged."""
    _film(path, block)


def _film(path: Path, block: str) -> Film:
    try:
        return header(path)
    except Damaged as error:
        raise Error(
            gettext("%(block)s: this file is no video that can be read: %(error)s. Send MP4 or WebM.")
            % {"block": block, "error": error}
        ) from None


def _reported(path: Path, container: str) -> tuple[float | None, int | None, int | None, str | None]:
    seconds, codec, width, height = ffmpeg.facts(path, container)
    return seconds, width, height, codec


def _duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"


Reader = Callable[[BinaryIO, int], Film]
#: Containers of which only the name is known here; ffmpeg reads them where it is installed.
_UNREAD = frozenset({"mpegts", "flv", "asf", "mpeg"})
#: What may open a file in a browser's or a reader's stead: no film, whatever its name says.
_OTHERS = {b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"PK\3\4": "an archive",
           b"%PDF": "a document", b"\x7fELF": "a program", b"ID3": "a sound", b"fLaC": "a sound",
           b"#EXTM3U": "a list of other files"}  # fmt: skip


def _reader_of(head: bytes) -> Reader:
    if not head:
        raise Damaged("it is empty")
    if head[4:8] in video_mp4.FIRST:
        return video_mp4.read
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return video_webm.read
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return video_avi.read
    if head.startswith(b"OggS"):
        return video_ogg.read
    if head[:1] == head[188:189] == head[376:377] == b"\x47":
        return _named("mpegts")
    for start, container in ((b"FLV\1", "flv"), (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"), (b"\0\0\1\xba", "mpeg")):
        if head.startswith(start):
            return _named(container)
    known = next((what for start, what in _OTHERS.items() if head.startswith(start)), None)
    raise Damaged(f"it is {known}" if known else "it begins like none")


def _named(container: str) -> Reader:
    return lambda file, size: Film(container)
