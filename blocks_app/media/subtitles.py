"""Subtitles for sound and film: SubRip files, JSON and lists become WebVTT, the only form that browsers show."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

#: Kinds of files that are read.
SUFFIXES = (".srt", ".vtt", ".json")
#: Bytes of a file that are read at most; that of a long film has a hundred thousand.
LARGEST = 5_000_000

_TIMES = re.compile(
    r"^\s*(?:(\d+):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?\s*-->\s*(?:(\d+):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
)
#: Marks that WebVTT knows not: font, and the places of SubStation Alpha.
_MARKS = re.compile(r"</?font[^>]*>|\{\\[^}]*\}", re.IGNORECASE)

#: What may be given: a path, or texts with the seconds at which they begin and end.
Subtitles = str | os.PathLike[str] | Sequence[Mapping[str, Any]]


def to_vtt(given: Subtitles) -> str:
    """The subtitles as the text of a WebVTT file.

    Args:
        given: path of a file with one of SUFFIXES, or a list of `{"text": …, "timestamp": [start, end]}`, in seconds.

    Raises:
        ValueError: it is none of these; the text says what is wrong.
        OSError: the file cannot be read.
    """
    if not isinstance(given, str | os.PathLike):
        return from_list(given)
    path = Path(given)
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise ValueError(f"subtitles are files such as {', '.join(SUFFIXES)}, not {path.name!r}")
    if path.stat().st_size > LARGEST:
        raise ValueError(f"the subtitles in {path.name!r} are too long: {LARGEST:,} bytes are allowed")
    text = _text(path.read_bytes())
    if kind == ".json":
        try:
            return from_list(json.loads(text))
        except json.JSONDecodeError as error:
            raise ValueError(f"the subtitles in {path.name!r} are no JSON: {error}") from None
    if kind == ".vtt":
        if not text.startswith("WEBVTT"):
            raise ValueError(f"the subtitles in {path.name!r} do not begin with WEBVTT")
        return text
    return _from_srt(text, path.name)


def from_list(given: Any) -> str:
    """Texts with the seconds at which they begin and end, as WebVTT. Raises ValueError for anything else."""
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Sequence):
        raise ValueError('subtitles are a file, or a list of {"text": "Hello", "timestamp": [0, 2.5]}')
    return _written([_cue(each, number) for number, each in enumerate(given)])


def _cue(each: Any, number: int) -> tuple[float, float, str]:
    if not isinstance(each, Mapping) or "text" not in each or "timestamp" not in each:
        raise ValueError(f"subtitle {number} has no text, or no timestamp")
    times = each["timestamp"]
    if not isinstance(times, Sequence) or isinstance(times, str) or len(times) != 2:
        raise ValueError(f"subtitle {number}: the timestamp is a pair of seconds, [start, end]")
    try:
        start, end = (float(each) for each in times)
    except (TypeError, ValueError):
        raise ValueError(f"subtitle {number}: the timestamp is a pair of seconds, [start, end]") from None
    if not (0 <= start <= end < math.inf):
        raise ValueError(f"subtitle {number} ends before it starts")
    return start, end, str(each["text"])


def _from_srt(text: str, name: str) -> str:
    """Blocks of a number, a line of times and lines of text; what stands before a line of times is left out."""
    cues: list[tuple[float, float, str]] = []
    lines: list[str] | None = None
    for line in [*text.splitlines(), ""]:
        times = _TIMES.match(line)
        if times:
            lines = []
            cues.append((_seconds(times.groups()[:4]), _seconds(times.groups()[4:]), ""))
        elif line.strip() and lines is not None:
            lines.append(line)
            cues[-1] = (*cues[-1][:2], "\n".join(lines))
        elif lines:
            lines = None
    if not cues and text.strip():
        raise ValueError(f"there are no subtitles in {name!r}: a line such as 00:00:01,000 --> 00:00:03,500 is missing")
    return _written(cues)


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, rest = parts
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + int((rest or "0").ljust(3, "0")) / 1000


def _written(cues: Sequence[tuple[float, float, str]]) -> str:
    blocks = [f"{_clock(start)} --> {_clock(end)}\n{_cue_text(text)}\n" for start, end, text in cues]
    return "\n".join(["WEBVTT\n", *blocks])


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    return (
        f"{thousandths // 3_600_000:02d}:{thousandths // 60_000 % 60:02d}:{thousandths // 1000 % 60:02d}"
        f".{thousandths % 1000:03d}"
    )


def _cue_text(text: str) -> str:
    """What is said, without empty lines, which would end it, and arrows, which would begin another."""
    lines = [line for line in _MARKS.sub("", text).splitlines() if line.strip()]
    return "\n".join(lines).replace("-->", "→")


def _text(content: bytes) -> str:
    """Subtitles come in all encodings; those of Windows are told by their first bytes, or by being no UTF-8."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
