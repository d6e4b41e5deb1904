"""Files of film that Video writes: with ffmpeg, copying what need not be coded anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from blocks_app.exceptions import Error
from blocks_app.files import file_data
from blocks_app.i18n import gettext
from blocks_app.media import ffmpeg, image
from blocks_app.media.video import Film

#: What may be written, by the name of a suffix.
FORMATS = ("mp4", "webm", "mov", "mkv", "avi", "ogg", "ogv", "m4v", "flv", "mpg", "mpeg", "wmv", "ts", "3gp")
#: Pixels between a watermark and the edges.
_MARGIN = 5
#: Codecs that a container takes as they are, and how others are coded for it.
_MP4 = (frozenset({"h264", "av1"}), ("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"),
        frozenset({"aac", "mp3"}), ("-c:a", "aac"))  # fmt: skip
_WEBM = (frozenset({"vp8", "vp9", "av1"}), ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M"),
         frozenset({"opus", "vorbis"}), ("-c:a", "libopus"))  # fmt: skip
_CODERS = {"mp4": _MP4, "m4v": _MP4, "mov": _MP4, "mkv": _MP4, "webm": _WEBM}
#: Coders of pictures that want even numbers of pixels.
_EVEN = "scale=trunc(iw/2)*2:trunc(ih/2)*2"
_PLACES = {
    "top-left": f"{_MARGIN}:{_MARGIN}",
    "top-right": f"W-w-{_MARGIN}:{_MARGIN}",
    "bottom-left": f"{_MARGIN}:H-h-{_MARGIN}",
    "bottom-right": f"W-w-{_MARGIN}:H-h-{_MARGIN}",
}


def write(
    source: Path,
    film: Film,
    target: Path,
    block: str,
    *,
    silent: bool = False,
    cut: tuple[float, float] | None = None,
    mark: tuple[Path, str | tuple[int, int]] | None = None,
) -> None:
    """Make a file of the kind that `target` names.

    Args:
        source: the film.
        film: its header.
        target: a path in a new folder.
        block: how messages name the component.
        silent: whether its sound is left out.
        cut: the seconds from and until which it is wanted.
        mark: a picture that is laid over it, and its place.

    Raises:
        Error: see `ffmpeg.convert`.
    """
    copied, coded, sounds, sounded = _CODERS.get(target.suffix.lower()[1:], (frozenset(), (), frozenset(), ()))
    drawn = cut is not None or mark is not None
    keeps = film.video in copied and film.usual and not drawn
    options: list[str] = []
    if mark is not None:
        over, place = mark
        at = _PLACES[place] if isinstance(place, str) else f"{place[0]}:{place[1]}"
        options += ["-i", f"file:{over.absolute()}", "-filter_complex", f"[0:v][1:v]overlay={at},{_EVEN}"]
    elif coded and not keeps:
        options += ["-vf", _EVEN]
    options += ["-c:v", "copy"] if keeps else [*coded]
    if silent:
        options += ["-an"]
    elif film.audio in sounds and not drawn:
        options += ["-c:a", "copy"]
    else:
        options += [*sounded]
    if target.suffix.lower() in (".mp4", ".m4v", ".mov"):
        options += ["-movflags", "+faststart"]
    before = [] if cut is None else ["-ss", f"{cut[0]:.3f}", "-to", f"{cut[1]:.3f}"]
    ffmpeg.convert(source, film.container, target, options, block, before=before)


def silence(source: Path, film: Film, target: Path, block: str) -> None:
    """The film without its sound, its pictures as they are."""
    ffmpeg.convert(source, film.container, target, ["-c:v", "copy", "-an"], block)


def picture_file(given: Any, block: str) -> Path:
    """A watermark as a file: that of a path, or a new one of a PIL image or an array."""
    if isinstance(given, str | Path):
        return Path(given)
    content, _ = image.encode(image.to_mode(image.to_picture(given, block), "RGBA"), "png")
    place = file_data.scratch("watermark.png")
    place.write_bytes(content)
    return place


def cut_of(given: Any, film: Film, block: str) -> tuple[float, float] | None:
    """The seconds between which the visitor wants the film; None for all of it.

    Raises:
        Error: they are no part of it.
    """
    if given is None:
        return None
    pair = given if isinstance(given, Sequence) and not isinstance(given, str) and len(given) == 2 else (None, None)
    start, end = (each if isinstance(each, int | float) and not isinstance(each, bool) else -1.0 for each in pair)
    if not 0 <= start < end < float("inf"):
        raise Error(
            gettext("%(block)s: what is cut out begins and ends at seconds of the video, such as [1.5, 4].")
            % {"block": block}
        )
    if film.seconds is not None:
        end = min(end, film.seconds)
        if start >= end:
            raise Error(
                gettext("%(block)s: the video is over before the part that is cut out begins.") % {"block": block}
            )
        if start == 0 and end == film.seconds:
            return None
    return float(start), float(end)
