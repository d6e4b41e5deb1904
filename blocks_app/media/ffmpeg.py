"""ffmpeg, where it is installed: converts sound and film that our own readers have looked at before.

A run is one of the decoders at work, see `decoding`, and is bounded in time, in threads and in what it may open.
Where there is no ffmpeg, callers say so in a sentence, see `missing`.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from blocks_app import conf
from blocks_app.exceptions import Error
from blocks_app.i18n import gettext
from blocks_app.logs import logger
from blocks_app.media import decoding

log = logger("blocks_app.media")

#: Seconds that a conversion may take.
LONGEST = 900.0

#: How ffmpeg calls the containers: it is told what a file is, since a guess may make it follow addresses in one.
_DEMUXERS = {"mp4": "mov", "mov": "mov", "webm": "matroska", "matroska": "matroska", "ogg": "ogg", "avi": "avi",
             "mpegts": "mpegts", "flv": "flv", "asf": "asf", "mpeg": "mpeg", "wav": "wav", "mp3": "mp3", "flac": "flac",
             "aac": "aac", "aiff": "aiff", "pieces": "concat"}  # fmt: skip


def find() -> str | None:
    """The program: that of `BLOCKS_FFMPEG`, the first on the PATH, or that of the package imageio-ffmpeg."""
    chosen = conf.ffmpeg()
    if chosen:
        return shutil.which(chosen)
    return shutil.which("ffmpeg") or _packaged()


@functools.cache
def _packaged() -> str | None:
    if importlib.util.find_spec("imageio_ffmpeg") is None:
        return None
    import imageio_ffmpeg  # only where it is needed

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        return None


def missing(block: str, why: str) -> Error:
    """What a visitor is told where there is none; `why` says for what it would be needed."""
    return Error(
        gettext("%(block)s: %(why)s needs ffmpeg, which is not installed on this server.")
        % {"block": block, "why": why}
    )


def convert(
    source: Path, container: str, target: Path, options: Sequence[str], block: str, *, before: Sequence[str] = ()
) -> None:
    """Make `target` of `source`.

    Args:
        source: a file whose header was read.
        container: what it is, by the names of `film.Film`; "pieces" for a list of files that is our own.
        target: a path in a new folder; its suffix says what is made.
        options: arguments of ffmpeg for what is written.
        block: how messages name the component.
        before: arguments for what is read.

    Raises:
        Error: the file is damaged, takes too long, or others are being converted.
    """
    writing = [*options, "-threads", "2", "-map_metadata", "-1", _named(target)]
    try:
        run(writing, source=source, container=container, block=block, before=before)
        if not target.is_file() or not target.stat().st_size:
            raise _damaged(block)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def run(
    arguments: Sequence[str],
    *,
    source: Path,
    container: str,
    block: str,
    before: Sequence[str] = (),
    seconds: float = LONGEST,
) -> bytes:
    """What ffmpeg writes to its standard output when it is given a file; the other arguments as those of `convert`.

    Args:
        arguments: what stands after the file.
        seconds: after which it is ended.

    Raises:
        Error: as `convert`.
    """
    program = find()
    if program is None:
        raise missing(block, "converting this file")
    reading = ["-f", _DEMUXERS[container], "-protocol_whitelist", "file", *before, "-i", _named(source)]
    try:
        with decoding.slot():
            done = _run([program, "-nostdin", "-v", "error", "-y", "-threads", "2", *reading, *arguments], seconds)
    except subprocess.TimeoutExpired:
        raise Error(
            gettext("%(block)s: converting the file takes too long. Send a shorter one.") % {"block": block}
        ) from None
    if done.returncode:
        log.warning("ffmpeg.failed", extra={"error": done.stderr[-500:].decode("utf-8", "replace")})
        raise _damaged(block)
    return done.stdout


def _damaged(block: str) -> Error:
    return Error(
        gettext("%(block)s: the file is damaged, and could not be converted. Send another one.") % {"block": block}
    )


def report_of(path: Path, container: str) -> str:
    """What ffmpeg says of a file: its report as text; "" without ffmpeg or for what it cannot read."""
    program = find()
    if program is None:
        return ""
    arguments = ["-nostdin", "-hide_banner", "-f", _DEMUXERS[container], "-protocol_whitelist", "file"]
    with contextlib.suppress(subprocess.TimeoutExpired, Error), decoding.slot():
        return _run([program, *arguments, "-i", _named(path)], 60.0).stderr.decode("utf-8", "replace")
    return ""


def played(path: Path, container: str, longest: int, block: str) -> float:
    """Seconds of a sound that does not say how long it is, found by decoding it; no more than `longest`.

    Raises:
        Error: as `convert`.
    """
    measuring = ["-vn", "-t", str(longest), "-f", "null", "-progress", "pipe:1", "-"]
    report = run(measuring, source=path, container=container, block=block)
    return max((int(place) / 1e6 for place in re.findall(rb"out_time_us=(\d+)", report)), default=0.0)


_CLOCK = re.compile(r"Duration: (\d+):(\d\d):(\d\d\.\d+)")
_PICTURE = re.compile(r"Video: (\w+).*?, (\d+)x(\d+)")


def facts(path: Path, container: str) -> tuple[float | None, str | None, int | None, int | None]:
    """Seconds, codec, width and height of a container of which our own readers know the name alone."""
    report = report_of(path, container)
    clock, picture = _CLOCK.search(report), _PICTURE.search(report)
    seconds = int(clock[1]) * 3600 + int(clock[2]) * 60 + float(clock[3]) if clock else None
    if picture is None:
        return seconds, None, None, None
    return seconds, picture[1], int(picture[2]), int(picture[3])


def _named(path: Path) -> str:
    """A path that ffmpeg takes for nothing else, such as an option or an address."""
    return f"file:{path.absolute()}"


def _run(command: list[str], seconds: float) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, capture_output=True, timeout=seconds, check=False, stdin=subprocess.DEVNULL)
