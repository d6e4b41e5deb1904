"""What is known of a film, and what its readers have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

#: What browsers of today play: containers, and the codecs of pictures and of sound in each.
_PLAYED: dict[str, tuple[frozenset[str | None], frozenset[str | None]]] = {
    "mp4": (frozenset({"h264", "vp9", "av1"}), frozenset({None, "aac", "mp3", "opus", "flac"})),
    "webm": (frozenset({"vp8", "vp9", "av1"}), frozenset({None, "vorbis", "opus"})),
}


class Damaged(Exception):
    """A file that begins like a film and is none; the text says what is wrong with it, for the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Film:
    """What the header says.

    Attributes:
        container: "mp4", "mov", "webm", "matroska", "ogg", "avi", "mpegts", "flv" or "asf".
        seconds: how long it is; None where the header does not tell.
        width: of a frame, in pixels; None where the header does not tell.
        height: the same.
        video: codec of its pictures by a short name such as "h264"; None for a file without pictures.
        audio: codec of its sound; None for a silent one.
        usual: False for a codec's rare form, such as 10 bits a colour, which browsers do not play.
    """

    container: str
    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    video: str | None = None
    audio: str | None = None
    usual: bool = True

    @property
    def plays(self) -> bool:
        """Whether today's browsers play it."""
        video, audio = _PLAYED.get(self.container, (frozenset(), frozenset()))
        return self.usual and self.video in video and self.audio in audio


def exactly(file: BinaryIO, count: int) -> bytes:
    """The next bytes. Raises Damaged where the file ends before."""
    data = file.read(count)
    if len(data) < count:
        raise Damaged("it ends too early")
    return data
