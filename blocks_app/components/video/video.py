"""Video: a film that a visitor gives or records, or that a function makes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar, Literal, Unpack

from blocks_app.components.button import Button
from blocks_app.components.framed import FramedComponent
from blocks_app.components.image import WatermarkOptions
from blocks_app.components.takes_pictures import FrameSizeOptions
from blocks_app.components.validation import refusal
from blocks_app.components.video import formats, pieces
from blocks_app.components.video.options import VIDEO_SCHEMA, Source, checked_sources, checked_subtitles
from blocks_app.components.webcam import CameraOptions, TakesFromCamera
from blocks_app.diagnostics.mistakes import warn
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files import file_data
from blocks_app.i18n import gettext
from blocks_app.listeners.events import Events
from blocks_app.media import ffmpeg
from blocks_app.media import subtitles as captions
from blocks_app.media import video as codec
from blocks_app.options import FieldOptions
from blocks_app.tree.component import Component


class VideoOptions(FieldOptions, FrameSizeOptions, CameraOptions, total=False):
    """What a Video takes besides."""


class Video(TakesFromCamera, FramedComponent):
    """Shows a film; when interactive, takes one from a file or the camera.

    A function gets the path of the film and returns a path or an address, or a pair: the film and the path of its
    subtitles. What browsers cannot play is converted to MP4 where ffmpeg is installed.
    """

    change = Events.change
    clear = Events.clear
    start_recording = Events.start_recording
    stop_recording = Events.stop_recording
    stop = Events.stop
    play = Events.play
    pause = Events.pause
    end = Events.end
    upload = Events.upload
    input = Events.input
    heavy = True
    corner_names = ("download", "share")
    corner_default = ("download",)
    page_options = frozenset({"playback_position"})
    private_options: ClassVar[frozenset[str]] = Component.private_options | {"watermark"}

    def __init__(
        self,
        value: Any = None,
        *,
        format: str | None = None,
        sources: Sequence[Source] | Source | None = None,
        include_audio: bool | None = None,
        autoplay: bool = False,
        show_share_button: bool | None = None,
        show_download_button: bool | None = None,
        min_length: float | None = None,
        max_length: float | None = None,
        buttons: Sequence[Literal["download", "share"] | Button] | None = None,
        loop: bool = False,
        streaming: bool = False,
        watermark: WatermarkOptions | Any = None,
        subtitles: captions.Subtitles | None = None,
        playback_position: float = 0,
        **options: Unpack[VideoOptions],
    ) -> None:
        """Declare a film.

        Args:
            value: film to start with (path, address, or a pair of the film and its subtitles), or a function that
                makes it.
            format: kind of file, such as "mp4" or "webm", that films become both ways; None keeps what they are.
            sources: where the visitor may take it from: "upload", "webcam"; both by default.
            include_audio: whether sound is recorded, and kept; None records and keeps it unless the camera is the only
                source.
            autoplay: whether it plays by itself when a function has made it; browsers do so without its sound, or after
                the visitor has done something in the page.
            show_share_button: as "share" among `buttons`.
            show_download_button: whether it can be downloaded; None where the visitor cannot change it.
            min_length: seconds that a film must have; others are refused.
            max_length: seconds that a film may have; others are refused.
            buttons: what stands in the corner: "download", "share", and gr.Buttons.
            loop: whether it begins again when it ends.
            streaming: whether the films that a generator yields are pieces of one, seen while it comes.
            watermark: a picture laid over each film that is shown; a WatermarkOptions names its place. Needs ffmpeg.
            subtitles: path of an .srt, .vtt or .json file, or a list of `{"text": "Hello", "timestamp": [0, 2.5]}`.
            playback_position: seconds from which on it is played. A function whose parameter is annotated `gr.Video`
                gets the component instead of its value alone, and reads here where it is: `film.playback_position`.
        """
        if format is not None and format.lower().lstrip(".") not in formats.FORMATS:
            raise DeclarationError(
                f"Video: format={format!r} cannot be written. Use one of {', '.join(formats.FORMATS)}."
            )
        self.format = None if format is None else format.lower().lstrip(".")
        self.sources = checked_sources(sources)
        rest: dict[str, Any] = dict(options)
        self.height = rest.pop("height", None)
        self.width = rest.pop("width", None)
        self._take_camera(rest)
        self.include_audio = "upload" in self.sources if include_audio is None else include_audio
        self.autoplay = autoplay
        self.min_length = min_length
        self.max_length = max_length
        self.loop = loop
        self.streaming = streaming
        self.watermark = watermark if isinstance(watermark, WatermarkOptions) else WatermarkOptions(watermark)
        self.subtitles = checked_subtitles(subtitles)
        self.playback_position = playback_position
        flags = {"download": show_download_button is not False, "share": bool(show_share_button)}
        shown = [name for name, on in flags.items() if on] if buttons is None else buttons
        super().__init__(value, buttons=shown, **rest)
        self.show_download_button = show_download_button
        self.show_share_button = "share" in self.buttons

    def preprocess(self, payload: Any) -> str | None:
        """The path of the sent film, of which the header was read: cut, silent and of the kind that is wanted.

        Raises:
            Error: it is no film, damaged, too long or short, or would have to be converted and cannot.
        """
        if isinstance(payload, Mapping) and "video" in payload:
            sent, trim = payload["video"], payload.get("trim")
        else:
            sent, trim = payload, None
        if sent is None:
            return None
        file, block = file_data.receive(sent, self), file_data.name_of(self)
        film = codec.read(file.path, block)
        cut = formats.cut_of(trim, film, block)
        self._check_length(film.seconds if cut is None else cut[1] - cut[0], block)
        suffix = file.path.suffix.lower()
        wanted = suffix if self.format is None else f".{self.format}"
        silent = not self.include_audio and film.audio is not None
        if wanted == suffix and cut is None and not silent:
            return str(file.path)
        self._check_ffmpeg(block, wanted != suffix, cut is not None)
        target = file_data.scratch(f"{Path(file.name).stem}{wanted}")
        if silent and wanted == suffix and cut is None:
            formats.silence(file.path, film, target, block)
        else:
            formats.write(file.path, film, target, block, silent=silent, cut=cut)
        return str(target)

    def _check_length(self, seconds: float | None, block: str) -> None:
        if self.min_length is None and self.max_length is None:
            return
        if seconds is None:
            raise Error(
                gettext("%(block)s: how long this video is cannot be told. Send MP4 or WebM.") % {"block": block}
            )
        if self.min_length is not None and seconds < self.min_length:
            raise Error(
                gettext("%(block)s: the video is too short, it must be at least %(min_length)s seconds long.")
                % {"block": block, "min_length": format(self.min_length, "g")}
            )
        if self.max_length is not None and seconds > self.max_length:
            raise Error(
                gettext("%(block)s: the video is too long, it may be at most %(max_length)s seconds long.")
                % {"block": block, "max_length": format(self.max_length, "g")}
            )

    def _check_ffmpeg(self, block: str, another: bool, cut: bool) -> None:
        if ffmpeg.find() is None:
            why = f"making a .{self.format} of it" if another else "cutting it" if cut else "taking its sound out"
            raise ffmpeg.missing(block, why)

    def postprocess(self, value: Any) -> dict[str, Any] | None:
        """The wire value of a film and of its subtitles.

        Raises:
            InvalidPathError: a path may not be handed out.
            Error: it is no film, or would have to be converted and cannot.
        """
        film, text = self._film_and_subtitles(value)
        if film is None:
            return None
        return {"video": self._published(film), "subtitles": text}

    @property
    def joins_pieces(self) -> bool:
        """With `streaming`."""
        return self.streaming

    def piece(self, value: Any, before: list[pieces.Piece]) -> dict[str, Any] | None:
        """The wire value of what has come so far: each yielded film is one more piece. Raises as `postprocess`."""
        film, _ = self._film_and_subtitles(value)
        if film is not None:
            data = self._published(film)
            if file_data.is_web_address(data["path"]):
                raise refusal(self, "the pieces of a film are files, not addresses.")
            path = file_data.receive(data, self).path
            before.append(pieces.Piece(data, path, codec.read(path, file_data.name_of(self))))
        return pieces.so_far(before) if before else None

    def whole(self, before: list[pieces.Piece]) -> dict[str, Any]:
        """One film of all pieces; the pieces, where they cannot be one."""
        together = pieces.joined(before, file_data.name_of(self)) if len(before) > 1 else None
        if together is not None:
            return {"video": file_data.publish(together, together.name, size=False), "subtitles": None}
        if len(before) == 1:
            return {"video": before[0].data, "subtitles": None}
        return pieces.so_far(before, still=False)

    def _film_and_subtitles(self, value: Any) -> tuple[Any, file_data.FileData | None]:
        if isinstance(value, Mapping) and "video" in value:
            value = value["video"], value.get("subtitles")
        elif not isinstance(value, list | tuple):
            value = value, None
        if len(value) != 2:
            raise refusal(self, f"a film, or a pair of a film and its subtitles is needed, not {len(value)} things.")
        film, text = value
        if film is None or film == "":
            return None, None
        if not isinstance(film, str | os.PathLike | Mapping):
            raise refusal(self, f"the path of a film is needed, not a {type(film).__name__}.")
        return film, self._published_subtitles(text)

    def _published_subtitles(self, given: Any) -> file_data.FileData | None:
        if given is None or (isinstance(given, Mapping) and "path" in given):
            return None if given is None else file_data.publish(given, size=False)
        if isinstance(given, str | os.PathLike) and file_data.is_web_address(os.fspath(given)):
            return file_data.publish(given, size=False)
        found = given if isinstance(given, list | tuple) else self._allowed(given)
        try:
            text = captions.to_vtt(found)
        except (ValueError, TypeError) as error:
            raise refusal(self, f"{error}.") from None
        return file_data.publish(text.encode(), "subtitles.vtt", size=False)

    def _allowed(self, given: Any) -> Path:
        """The path of a file that may be handed out. Raises InvalidPathError for another."""
        return file_data.receive(file_data.publish(given, size=False), self).path

    def _published(self, value: Any) -> file_data.FileData:
        wire = file_data.publish(value, size=False)
        if file_data.is_web_address(wire["path"]) or (isinstance(value, Mapping) and self._is_as_wanted(wire)):
            return wire
        file, block = file_data.receive(wire, self), file_data.name_of(self)
        try:
            film = codec.header(file.path)
        except codec.Damaged:
            return wire  # the page tells that it cannot be played
        suffix, mark = file.path.suffix.lower(), self.watermark.watermark
        wanted = suffix if self.format is None else f".{self.format}"
        if not film.plays and self.format is None and ffmpeg.find() is not None:
            warn(f"{block}: browsers do not play this film. It becomes an MP4 for them.")
            wanted = ".mp4"
        if wanted == suffix and mark is None:
            return wire
        return self._converted(file, film, wanted, block)

    def _is_as_wanted(self, wire: file_data.FileData) -> bool:
        """Whether what was shown before need not be looked at again."""
        known = Path(wire["path"]).suffix.lower()
        return self.watermark.watermark is None and self.format in (None, known[1:])

    def _converted(self, file: file_data.LocalFile, film: codec.Film, suffix: str, block: str) -> file_data.FileData:
        mark = self.watermark.watermark
        if ffmpeg.find() is None:
            raise ffmpeg.missing(block, f"making a {suffix} of it" if mark is None else "a watermark")
        over = None if mark is None else (formats.picture_file(mark, block), self.watermark.position)
        target = file_data.scratch(f"{Path(file.name).stem}{suffix}")
        formats.write(file.path, film, target, block, mark=over)
        return file_data.publish(target, target.name, size=False)

    def initial_value(self) -> Any:
        """As `postprocess(self.value)`, stored once for all pages."""
        return file_data.initial(self, super().initial_value)

    def as_example(self, value: Any) -> Any:
        """The film alone, of which samples show the name."""
        shown = self.postprocess(value)
        return None if shown is None else shown["video"]

    def api_info(self) -> dict[str, Any]:
        """JSON schema of a film and its subtitles."""
        return VIDEO_SCHEMA

    def example_payload(self) -> Any:
        """A film that comes with the package."""
        return {"video": file_data.sample("video.mp4")}

    def example_value(self) -> Any:
        """Path of a film that comes with the package."""
        return str(file_data.SAMPLES / "video.mp4")

    def props(self) -> dict[str, Any]:
        """The camera's options as plain data, the subtitles as a file, and whether this server can cut films."""
        props = {**super().props(), "webcam_options": asdict(self.webcam_options)}
        if self.subtitles is not None:
            text = self.subtitles
            holder = self.__dict__.setdefault("_subtitles_file", SimpleNamespace(value=text))
            props["subtitles"] = file_data.initial(holder, lambda: self._published_subtitles(text))
        if ffmpeg.find() is not None:
            props["_cuts"] = True
        return props


class PlayableVideo(Video):
    """A Video whose films are MP4."""

    is_template = True
    defaults = {"format": "mp4"}
