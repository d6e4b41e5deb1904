"""A film that comes in pieces: files that a generator yields are shown one after the other, and are one in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from blocks_app.exceptions import Error
from blocks_app.files import file_data
from blocks_app.media import ffmpeg
from blocks_app.media.video import Film


@dataclass(frozen=True, slots=True)
class Piece:
    """One of them: what the page gets, where it lies, and its header."""

    data: file_data.FileData
    path: Path
    film: Film


def so_far(pieces: Sequence[Piece], still: bool = True) -> dict[str, object]:
    """The wire value: the first piece, with all of them; `still` says whether more may come."""
    first = pieces[0].data
    return {"video": {**first, "is_stream": still, "pieces": [each.data for each in pieces]}, "subtitles": None}


def joined(pieces: Sequence[Piece], block: str) -> Path | None:
    """All of them in one new file; None where they cannot be one without being coded anew, or there is no ffmpeg."""
    kinds = {(each.path.suffix.lower(), each.film.container, each.film.video, each.film.audio) for each in pieces}
    sizes = {(each.film.width, each.film.height) for each in pieces}
    if len(kinds) > 1 or len(sizes) > 1 or ffmpeg.find() is None:
        return None
    target = file_data.scratch(f"video-stream{pieces[0].path.suffix.lower()}")
    table = file_data.scratch("pieces.txt")
    names = (str(each.path.absolute()).replace("'", r"'\''") for each in pieces)
    table.write_text("".join(f"file 'file:{name}'\n" for name in names), encoding="utf-8")
    try:
        ffmpeg.convert(table, "pieces", target, ["-c", "copy"], block, before=["-safe", "0"])
    except Error:
        return None
    finally:
        table.unlink(missing_ok=True)
    return target
