"""Sound between files and numpy: WAV is read and written here, other kinds go through ffmpeg where it is installed."""

from __future__ import annotations

import io
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blocks_app import conf
from blocks_app.exceptions import Error
from blocks_app.i18n import gettext
from blocks_app.media import audio_headers, decoding, ffmpeg
from blocks_app.media.audio_headers import Header

if TYPE_CHECKING:
    import numpy as np

#: What may be written, by the name of a suffix, and how ffmpeg is told.
FORMATS: dict[str, list[str]] = {
    "wav": ["-c:a", "pcm_s16le", "-f", "wav"],
    "mp3": ["-c:a", "libmp3lame", "-q:a", "2", "-f", "mp3"],
    "flac": ["-c:a", "flac", "-f", "flac"],
    "ogg": ["-c:a", "libvorbis", "-q:a", "5", "-f", "ogg"],
    "m4a": ["-c:a", "aac", "-b:a", "192k", "-f", "ipod"],
}
#: The container that a file of each of these suffixes has.
CONTAINERS = {"wav": "wav", "mp3": "mp3", "flac": "flac", "ogg": "ogg", "m4a": "mp4"}
_LARGEST = 32767
#: Samples that are converted at once.
_STRIP = 4_000_000
_BYTES = {"u8": 1, "i16": 2, "i24": 3, "i32": 4, "f32": 4, "f64": 8}


def look(path: Path, block: str) -> Header:
    """The header of a file.

    Raises:
        Error: it is no sound that can be read, is damaged, or is more than one value may be.
    """
    try:
        found = audio_headers.read(path)
    except audio_headers.Damaged:
        raise damaged(block) from None
    if found is None:
        raise Error(
            gettext("%(block)s: this file is no sound that can be read. Send WAV, MP3, FLAC, Ogg or M4A.")
            % {"block": block}
        )
    _check(found, block)
    return found


def suffix_of(content: bytes) -> str:
    """The suffix that a sound's own bytes ask for, with its point; "" for what is none."""
    try:
        found = audio_headers.read_from(io.BytesIO(content), len(content))
    except audio_headers.Damaged:
        return ""
    return next((f".{suffix}" for suffix, kind in CONTAINERS.items() if found and kind == found.container), "")


def damaged(block: str) -> Error:
    """What is said of a file that does not hold what its header tells."""
    return Error(
        gettext("%(block)s: the sound is damaged, or a part of it is missing, and cannot be read.") % {"block": block}
    )


def _check(found: Header, block: str) -> None:
    seconds, channels = found.seconds, found.channels or 1
    if seconds is not None and seconds > conf.max_audio_seconds():
        raise Error(
            gettext("%(block)s: the sound is too long: %(max_audio_seconds)s seconds are allowed.")
            % {"block": block, "max_audio_seconds": format(conf.max_audio_seconds(), ",")}
        )
    if channels > conf.max_audio_channels():
        raise Error(
            gettext("%(block)s: the sound has %(channels)s channels; %(max_audio_channels)s are allowed.")
            % {"block": block, "channels": channels, "max_audio_channels": conf.max_audio_channels()}
        )
    if found.channels is not None and found.rate is not None and found.rate > conf.max_audio_rate():
        raise Error(
            gettext("%(block)s: the sound has %(rate)s samples a second; %(max_audio_rate)s are allowed.")
            % {"block": block, "rate": format(found.rate, ","), "max_audio_rate": format(conf.max_audio_rate(), ",")}
        )


def _check_size(found: Header, block: str) -> int:
    """How many samples it has in all, where its header tells; Error when that is more than is decoded at once."""
    samples = (found.frames or 0) * (found.channels or 1)
    if samples > conf.max_audio_samples():
        most = conf.max_audio_samples()
        raise Error(
            gettext("%(block)s: the sound has too many samples: %(most)s are allowed. Send a shorter one.")
            % {"block": block, "most": format(most, ",")}
        )
    return samples


def seconds_of(path: Path, found: Header, block: str) -> float:
    """How long a sound is; what its header does not tell ffmpeg measures.

    Raises:
        Error: nobody can tell, since the file is damaged or ffmpeg is missing.
    """
    if found.seconds is not None:
        return found.seconds
    if ffmpeg.find() is None:
        raise ffmpeg.missing(block, "measuring the length of this file")
    measured = ffmpeg.facts(path, found.container)[0]
    if measured is None:  # what was written while it was recorded need not tell
        measured = ffmpeg.played(path, found.container, conf.max_audio_seconds() + 1, block)
    return measured


def decode(
    path: Path, found: Header, scratch: Callable[[], Path], block: str, *, counts: bool = True
) -> tuple[int, np.ndarray[Any, Any]]:
    """The samples of a sound: its rate, and numbers of 16 bits, one column for each channel when there are several.

    Args:
        path: the file.
        found: its header.
        scratch: gives a path with the suffix `.wav` in a new folder, for what ffmpeg makes of other kinds.
        block: how messages name the component.
        counts: whether it counts until the running call has ended; False where the caller does not keep it.

    Raises:
        Error: the file is damaged, has too many samples, or needs ffmpeg and there is none.
    """
    _check_size(found, block)
    if not found.coding:
        place = convert(path, found, scratch(), block)
        try:
            return decode(place, look(place, block), scratch, block, counts=counts)
        finally:
            place.unlink(missing_ok=True)
    assert found.rate and found.channels and found.frames is not None
    samples = found.frames * found.channels
    with decoding.held(samples * 2, while_working=not counts), decoding.slot():
        made = _samples(path, found, samples)
    return found.rate, made.reshape(-1, found.channels) if found.channels > 1 else made


def _samples(path: Path, found: Header, count: int) -> np.ndarray[Any, Any]:
    import numpy as np

    if found.coding == "i16":
        return np.fromfile(path, "<i2", count, offset=found.start).astype(np.int16, copy=False)
    made = np.empty(count, np.int16)
    width = _BYTES[found.coding]
    with path.open("rb") as file:
        file.seek(found.start)
        for at in range(0, count, _STRIP):
            part = file.read(min(_STRIP, count - at) * width)
            made[at : at + len(part) // width] = _as_16_bits(np.frombuffer(part, np.uint8), found.coding)
    return made


def _as_16_bits(raw: np.ndarray[Any, Any], coding: str) -> Any:
    import numpy as np

    if coding == "u8":
        return (raw.astype(np.int16) - 128) << 8
    if coding in ("i24", "i32"):  # the upper half
        width = _BYTES[coding]
        return np.ascontiguousarray(raw.reshape(-1, width)[:, -2:]).view("<i2")[:, 0]
    return _of_floats(raw.view("<f4" if coding == "f32" else "<f8"), 1.0)


def _of_floats(part: np.ndarray[Any, Any], peak: float) -> np.ndarray[Any, Any]:
    """Floats from -1 to 1 as 16 bits; what lies beyond is cut off, what is no number is silence."""
    import numpy as np

    scaled = np.nan_to_num(part.astype(np.float64), nan=0.0, posinf=peak, neginf=-peak) * (_LARGEST / peak)
    rounded: np.ndarray[Any, Any] = np.clip(np.trunc(scaled), -_LARGEST - 1, _LARGEST).astype(np.int16)
    return rounded


def to_samples(value: Any, block: str, *, peak: bool = True) -> np.ndarray[Any, Any]:
    """An array as 16 bits, one column for each channel.

    Whole numbers of other widths are scaled. Floats are made as loud as possible, as in Gradio, so that none is cut
    off; with `peak=False`, as for pieces of one sound, they are taken as lying between -1 and 1.

    Raises:
        ValueError: it is no sound: another shape, other values, too many channels.
    """
    import numpy as np

    array = np.asarray(value)
    most = conf.max_audio_channels()
    if array.ndim == 2 and array.shape[0] <= most < array.shape[1]:
        array = array.T  # channels first, as several libraries give it
    if array.ndim not in (1, 2) or (array.ndim == 2 and not 1 <= array.shape[1] <= most):
        raise ValueError(
            f"{block}: an array of shape {array.shape} is no sound. It has as many numbers as samples, or samples x "
            f"channels with up to {most} channels."
        )
    made = np.empty(array.shape, np.int16)
    loudest = _loudest(array) if peak and array.dtype.kind == "f" else 1.0
    rows = max(1, _STRIP // (array.shape[1] if array.ndim == 2 else 1))
    for at in range(0, len(array), rows):
        made[at : at + rows] = _scaled(array[at : at + rows], loudest, block)
    return made.reshape(len(made), -1) if made.size else made.reshape(0, 1 if array.ndim == 1 else array.shape[1])


def _loudest(array: np.ndarray[Any, Any]) -> float:
    import numpy as np

    known = array[np.isfinite(array)]
    return float(max(known.max(), -known.min())) or 1.0 if known.size else 1.0


def _scaled(part: np.ndarray[Any, Any], loudest: float, block: str) -> Any:
    import numpy as np

    kind = part.dtype
    if kind.kind == "f":
        return _of_floats(part, loudest)
    if kind == np.int16:
        return part
    if kind == np.int8:
        return part.astype(np.int16) * 256
    if kind == np.uint8:
        return (part.astype(np.int32) * 257 - 32768).astype(np.int16)
    if kind == np.uint16:
        return (part.astype(np.int32) - 32768).astype(np.int16)
    if kind == np.int32:
        return np.trunc(part / 65536).astype(np.int16)
    if kind.kind in "iu" and (not part.size or (part.min() >= -_LARGEST - 1 and part.max() <= _LARGEST)):
        return part.astype(np.int16)  # a list of Python's own numbers
    raise ValueError(f"{block}: an array of {kind} is no sound; give floats from -1 to 1, or int16.")


def rate_of(value: Any, block: str) -> int:
    """Samples a second as a function gave them. Raises ValueError for what is no such number."""
    most = conf.max_audio_rate()
    try:
        rate = int(value)
    except (TypeError, ValueError, OverflowError):
        rate = 0
    if isinstance(value, bool) or not 1 <= rate <= most:
        raise ValueError(f"{block}: the rate of a sound is its samples a second, from 1 to {most}, not {value!r}.")
    return rate


def pair(value: Any, block: str) -> tuple[int, Any]:
    """The rate and the samples of a sound as a function gave them. Raises ValueError for anything else."""
    import numpy as np

    if not isinstance(value, tuple | list) or len(value) != 2:
        raise ValueError(
            f"{block}: a sound is a pair of samples a second and an array, a path, or the content of a file, not "
            f"{type(value).__name__}."
        )
    return rate_of(value[0], block), np.asarray(value[1])


def wav_head(rate: int, channels: int, samples: int) -> bytes:
    """What stands before so many samples of 16 bits, of all channels, in a WAV."""
    about = struct.pack("<IHHIIHH", 16, 1, channels, rate, rate * channels * 2, channels * 2, 16)
    size = struct.pack("<I", samples * 2)
    return b"".join((b"RIFF", struct.pack("<I", 36 + samples * 2), b"WAVEfmt ", about, b"data", size))


def wav(rate: int, samples: np.ndarray[Any, Any]) -> bytes:
    """The file of a sound: samples of 16 bits, one column for each channel."""
    channels = samples.shape[1] if samples.ndim == 2 else 1
    return wav_head(rate, channels, samples.size) + samples.astype("<i2", copy=False).tobytes()


def raw(content: bytes, channels: int) -> np.ndarray[Any, Any]:
    """Samples of 16 bits without a head, one column for each channel."""
    import numpy as np

    return np.frombuffer(content, "<i2", len(content) // 2 // channels * channels).reshape(-1, channels)


def convert(path: Path, found: Header, target: Path, block: str) -> Path:
    """Write a sound as what the suffix of `target` says; gives `target`.

    Raises:
        Error: ffmpeg is missing, the file is damaged, or is too long.
    """
    suffix = target.suffix[1:].lower()
    if CONTAINERS[suffix] == found.container:
        shutil.copyfile(path, target)
        return target
    if ffmpeg.find() is None:
        raise ffmpeg.missing(block, f"a sound of this kind ({found.container})")
    _check_size(found, block)
    longest, most = conf.max_audio_seconds(), conf.max_audio_samples() * 2
    bounds = ["-vn", "-sn", "-dn", "-t", str(longest + 1), "-fs", str(most + 1_000_000)]
    ffmpeg.convert(path, found.container, target, [*bounds, *FORMATS[suffix]], block)
    look(target, block)
    return target


def for_browsers(path: Path, scratch: Callable[[str], Path], block: str) -> Path | None:
    """A sound that browsers do not play as one that they do: WAV where it has plain samples, else MP3.

    None where they play it, where nobody can tell, and where ffmpeg would be needed and is missing; the page tells it.
    """
    try:
        found = audio_headers.read(path)
    except audio_headers.Damaged:
        return None
    if found is None or found.plays or not (found.coding or ffmpeg.find()):
        return None
    target = scratch(f"{path.stem}.{'wav' if found.container in ('wav', 'aiff') else 'mp3'}")
    if found.coding:
        rate, samples = decode(path, found, lambda: target, block, counts=False)
        target.write_bytes(wav(rate, samples))
    elif found.container == "wav":
        _check_size(found, block)
        ffmpeg.convert(path, found.container, target, FORMATS["wav"], block)
    else:
        convert(path, found, target, block)
    return target
