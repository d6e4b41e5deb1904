"""WaveformOptions: how the drawing of a sound looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from blocks_app.exceptions import DeclarationError


@dataclass(frozen=True)
class WaveformOptions:
    """How the drawing of a sound looks, and what its buttons do.

    Attributes:
        waveform_color: css colour of the sound; grey unless given.
        waveform_progress_color: css colour of what was played; that of accents unless given.
        trim_region_color: css colour of what is kept when it is trimmed; that of accents unless given.
        show_recording_waveform: whether it is drawn, while it is recorded and after; else the browser's own player is.
        show_controls: whether the browser's own player is shown below the drawing.
        skip_length: how far the buttons skip, in hundredths of the sound.
        sample_rate: samples a second of what a visitor has trimmed.
    """

    waveform_color: str | None = None
    waveform_progress_color: str | None = None
    trim_region_color: str | None = None
    show_recording_waveform: bool = True
    show_controls: bool = False
    skip_length: int | float = 5
    sample_rate: int = 44100


def waveform_options(given: WaveformOptions | Mapping[str, Any] | None) -> WaveformOptions:
    """The options as an app gave them. Raises DeclarationError for a name or a number that means nothing."""
    if given is None:
        return WaveformOptions()
    if not isinstance(given, WaveformOptions):
        known = {field.name for field in fields(WaveformOptions)}
        unknown = sorted(set(given) - known)
        if unknown:
            raise DeclarationError(f"Audio: waveform_options has {unknown[0]!r}; it takes {', '.join(sorted(known))}.")
        given = WaveformOptions(**given)
    if not 0 < given.skip_length <= 100 or not 3000 <= given.sample_rate <= 384_000:
        raise DeclarationError(
            "Audio: waveform_options has skip_length from 0 to 100 and sample_rate from 3000 to 384000, not "
            f"{given.skip_length} and {given.sample_rate}."
        )
    return given
