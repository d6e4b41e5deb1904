"""Audio: sound that a visitor gives or records, or that a function makes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, Unpack

from blocks_app.components.audio.pieces import MPEG, Pieces
from blocks_app.components.audio.waveform_options import WaveformOptions, waveform_options
from blocks_app.components.button import Button
from blocks_app.components.framed import FramedComponent
from blocks_app.diagnostics.mistakes import warn
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files import file_data
from blocks_app.i18n import gettext
from blocks_app.listeners.events import Events
from blocks_app.media import audio as codec
from blocks_app.media import decoding, subtitles
from blocks_app.options import FieldOptions

Source = Literal["upload", "microphone"]
_SOURCES = ("upload", "microphone")
_TYPES = ("numpy", "filepath")


class Audio(FramedComponent):
    """Plays a sound; when interactive, takes one from a file or the microphone.

    A function gets it as `type` says: (samples a second, int16 array with one column for each channel when there are
    several), or a path. It returns such a pair, also with floats from -1 to 1, the path of a file, its content as
    bytes, or an address; what browsers do not play, such as AIFF or WMA, is converted where ffmpeg is installed. With
    `streaming=True` it may yield them: they are pieces of one sound, heard while it comes.
    """

    stream = Events.stream
    change = Events.change
    clear = Events.clear
    play = Events.play
    pause = Events.pause
    stop = Events.stop
    start_recording = Events.start_recording
    pause_recording = Events.pause_recording
    stop_recording = Events.stop_recording
    upload = Events.upload
    input = Events.input
    heavy = True
    corner_names = ("download", "share")
    page_options = frozenset({"playback_position"})

    def __init__(
        self,
        value: str | Path | tuple[int, Any] | Callable[..., Any] | None = None,
        *,
        sources: Sequence[Source] | Source | None = None,
        type: Literal["numpy", "filepath"] = "numpy",
        streaming: bool = False,
        format: str | None = "wav",
        autoplay: bool = False,
        show_download_button: bool | None = None,
        show_share_button: bool | None = None,
        editable: bool = True,
        min_length: float | None = None,
        max_length: float | None = None,
        waveform_options: WaveformOptions | Mapping[str, Any] | None = None,
        buttons: Sequence[Literal["download", "share"] | Button] | None = None,
        loop: bool = False,
        recording: bool = False,
        subtitles: subtitles.Subtitles | None = None,
        playback_position: float = 0,
        **options: Unpack[FieldOptions],
    ) -> None:
        """Declare a sound.

        Args:
            value: sound to start with (path, address, pair of rate and array), or a function that makes it.
            sources: where the visitor may take it from: "upload", "microphone"; both by default.
            type: what the function gets: "numpy" or "filepath".
            streaming: whether the microphone sends pieces while it records (for `.stream`), and whether what a
                generator yields are pieces of one sound.
            format: kind of file that a path leads to and that arrays become: wav, mp3, flac, ogg or m4a; None keeps the
                sent file and writes arrays as wav. Others than wav need ffmpeg.
            autoplay: whether it is played as soon as it is there, where the browser allows.
            show_download_button: whether it can be downloaded where it is shown; it can unless this is False.
            show_share_button: whether a button shares it; the same as "share" among `buttons`.
            editable: whether the visitor may trim it.
            min_length: seconds that it has to have at least.
            max_length: seconds that it may have; a recording ends by itself then.
            waveform_options: how it is drawn.
            buttons: what stands in its corner: "download", "share", and gr.Buttons; the first by default.
            loop: whether it begins again at its end.
            recording: whether the microphone records as soon as the page shows it.
            subtitles: what is shown while it is played: a file (srt, vtt, json), or a list of
                `{"text": "Hello", "timestamp": [0, 2.5]}`, in seconds.
            playback_position: second at which it starts. A function whose parameter is annotated `gr.Audio` gets the
                component instead of its value alone, and reads here where it is played: `sound.playback_position`.
        """
        self.type = _one_of("type", type, _TYPES)
        self.sources = _sources(sources, streaming)
        self.streaming = streaming
        self.format = _one_of("format", format.lower() if format else None, (*codec.FORMATS, None))
        self.autoplay = autoplay
        self.editable = editable
        self.min_length = _seconds("min_length", min_length)
        self.max_length = _seconds("max_length", max_length)
        self.waveform_options = _waveform(waveform_options)
        self.loop = loop
        self.recording = recording
        self.subtitles = _subtitles(subtitles)
        self.playback_position = _seconds("playback_position", playback_position)
        flags = {"download": show_download_button is not False, "share": show_share_button}
        shown = [name for name, on in flags.items() if on]
        super().__init__(value, buttons=shown if buttons is None else buttons, **options)
        self.show_download_button = "download" in self.buttons if show_download_button is not None else None
        self.show_share_button = "share" in self.buttons

    def preprocess(self, payload: Any) -> Any:
        """The sent file as `type` says; None when there is none. Raises Error for what is no sound, or too long."""
        if payload is None:
            return None
        file, block = file_data.receive(payload, self), file_data.name_of(self)
        found = codec.look(file.path, block)
        if self.min_length is not None or self.max_length is not None:
            self._check_length(codec.seconds_of(file.path, found, block), block)
        stem = Path(file.name).stem
        if self.type == "numpy":
            return codec.decode(file.path, found, lambda: file_data.scratch(f"{stem}.wav"), block)
        if self.format is None or (
            found.container == codec.CONTAINERS[self.format] and file.path.suffix.lower() == f".{self.format}"
        ):
            return str(file.path)
        return str(codec.convert(file.path, found, file_data.scratch(f"{stem}.{self.format}"), block))

    def postprocess(self, value: Any) -> file_data.FileData | None:
        """The wire value of a sound. Raises InvalidPathError for a path that may not be handed out."""
        if value is None:
            return None
        block = file_data.name_of(self)
        if isinstance(value, str | os.PathLike | Mapping):
            return self._published(value, block)
        if isinstance(value, bytes | bytearray):
            return file_data.publish(bytes(value), f"audio{codec.suffix_of(bytes(value))}", size=False)
        rate, samples = codec.pair(value, block)
        with decoding.held(samples.nbytes * 2, while_working=True):
            return self._encoded(codec.wav(rate, codec.to_samples(samples, block)), block)

    def _published(self, value: str | os.PathLike[str] | Mapping[str, Any], block: str) -> file_data.FileData:
        """A file or an address; a new file where browsers do not play that of a function."""
        wire = file_data.publish(value, size=False)
        if isinstance(value, Mapping) or file_data.is_web_address(wire["path"]):
            return wire
        made = codec.for_browsers(Path(value), file_data.scratch, block)
        if made is None:
            return wire
        kind = made.suffix[1:].upper()
        warn(f"{block}: browsers do not play this sound. It becomes {kind} for them.")
        return file_data.publish(made, size=False)

    @property
    def joins_pieces(self) -> bool:
        """Whether what a generator yields are pieces of one sound."""
        return self.streaming

    def piece(self, value: Any, before: list[Pieces]) -> dict[str, Any] | None:
        """The wire value of what has come so far. Raises Error for what does not go on with it."""
        if not before:
            before.append(Pieces(file_data.name_of(self)))
        if value is not None:
            before[0].add(value)
        return before[0].so_far()

    def whole(self, before: list[Pieces]) -> file_data.FileData | None:
        """All pieces as one file, which can be played from anywhere."""
        made = before[0].joined()
        if made is not None and before[0].kind != MPEG and self.format not in (None, "wav"):
            block, target = file_data.name_of(self), made.with_suffix(f".{self.format}")
            made = codec.convert(made, codec.look(made, block), target, block)
        return file_data.publish(made, size=False) if made is not None else None

    def initial_value(self) -> Any:
        """As `postprocess(self.value)`, stored once for all pages."""
        return file_data.initial(self, super().initial_value)

    def api_info(self) -> dict[str, Any]:
        """JSON schema of a file."""
        return file_data.FILE_SCHEMA

    def example_payload(self) -> Any:
        """A sound that comes with the package."""
        return file_data.sample("tone.wav")

    def example_value(self) -> Any:
        """Path of a sound that comes with the package."""
        return str(file_data.SAMPLES / "tone.wav")

    def props(self) -> dict[str, Any]:
        """How it is drawn as plain data."""
        return {**super().props(), "waveform_options": asdict(self.waveform_options)}

    def check_streamable(self) -> None:
        """Raise DeclarationError unless the microphone is a source, as streaming needs."""
        _sources(self.sources, streaming=True)

    def _check_length(self, seconds: float, block: str) -> None:
        if self.min_length is not None and seconds < self.min_length:
            raise Error(
                gettext("%(block)s: the sound is too short: it needs at least %(min_length)s seconds.")
                % {"block": block, "min_length": format(self.min_length, "g")}
            )
        if self.max_length is not None and seconds > self.max_length:
            raise Error(
                gettext("%(block)s: the sound is too long: it may have at most %(max_length)s seconds.")
                % {"block": block, "max_length": format(self.max_length, "g")}
            )

    def _encoded(self, content: bytes, block: str) -> file_data.FileData:
        """A file of the kind that `format` says, of the content of a WAV."""
        if self.format in (None, "wav"):
            return file_data.publish(content, "audio.wav", size=False)
        place = file_data.scratch("audio.wav")
        place.write_bytes(content)
        made = codec.convert(place, codec.look(place, block), place.with_suffix(f".{self.format}"), block)
        return file_data.publish(made, size=False)


class Microphone(Audio):
    """An Audio that is recorded."""

    is_template = True
    defaults = {"sources": ["microphone"]}


Mic = Microphone


def _sources(given: Sequence[Source] | Source | None, streaming: bool) -> list[Source]:
    if given is None:
        return ["microphone"] if streaming else ["upload", "microphone"]
    chosen: list[Source] = [given] if isinstance(given, str) else list(given)
    for source in chosen:
        _one_of("sources", source, _SOURCES)
    if streaming and "microphone" not in chosen:
        raise DeclarationError(f"Audio: streaming=True needs the microphone among its sources, not only {chosen}.")
    return chosen


def _waveform(given: WaveformOptions | Mapping[str, Any] | None) -> WaveformOptions:
    return waveform_options(given)


def _subtitles(given: subtitles.Subtitles | None) -> str | None:
    """The text of a WebVTT file."""
    try:
        return subtitles.to_vtt(given) if given is not None else None
    except (ValueError, OSError) as error:
        raise DeclarationError(f"Audio: {error}.") from None


def _seconds(option: str, given: Any) -> Any:
    if given is not None and (isinstance(given, bool) or not isinstance(given, int | float) or not given >= 0):
        raise DeclarationError(f"Audio: {option} is a number of seconds, not {given!r}.")
    return given


def _one_of(option: str, value: Any, allowed: tuple[Any, ...]) -> Any:
    if value not in allowed:
        known = ", ".join(repr(item) for item in allowed)
        raise DeclarationError(f"Audio: {option}={value!r} is unknown. Use one of {known}.")
    return value
