"""`gr.validators`: what validators often ask, for use inside them.

def not_too_long(sound):
    return gr.validators.is_audio_correct_length(sound, 1, 60)
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from blocks_app.listeners.validation import validate
from blocks_app.media import video as films

__all__ = ["is_audio_correct_length", "is_video_correct_length"]


def is_audio_correct_length(
    audio: tuple[int, Any] | None, min_length: float | None, max_length: float | None
) -> dict[str, Any]:
    """Whether a sound is neither shorter nor longer than it may be, as `gr.validate` says it.

    Args:
        audio: what `gr.Audio(type="numpy")` gives: the rate and the samples. None is a sound without any.
        min_length: seconds that it needs; None for any.
        max_length: seconds that it may have; None for any.
    """
    rate, samples = audio if audio is not None else (1, ())
    return _judged("recording", len(samples) / rate if rate else 0.0, min_length, max_length)


def is_video_correct_length(
    video: str | os.PathLike[str] | None, min_length: float | None, max_length: float | None
) -> dict[str, Any]:
    """Whether a film is neither shorter nor longer than it may be, as `gr.validate` says it.

    Args:
        video: what `gr.Video` gives: its path. None is a film without any pictures.
        min_length: seconds that it needs; None for any.
        max_length: seconds that it may have; None for any.

    Raises Error for a file that is no film.
    """
    if min_length is None and max_length is None:
        return validate(True, "")
    seconds = films.read(Path(video), "Video").seconds if video is not None else 0.0
    if seconds is None:
        return validate(False, "Nothing in this video tells how long it is.")
    return _judged("video", seconds, min_length, max_length)


def _judged(what: str, seconds: float, least: float | None, most: float | None) -> dict[str, Any]:
    if least is not None and seconds < least:
        return validate(False, f"This {what} is too short: at least {least:g} seconds are needed.")
    if most is not None and seconds > most:
        return validate(False, f"This {what} is too long: at most {most:g} seconds are allowed.")
    return validate(True, "")
