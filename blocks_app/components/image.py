"""Image: a picture that a visitor gives, or that a function makes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Unpack

from blocks_app.components.button import Button
from blocks_app.components.framed import FramedComponent
from blocks_app.components.takes_pictures import (
    DropHintOptions,
    PictureOptions,
    PictureType,
    Source,
    TakesPictures,
    sources_of,
)
from blocks_app.components.webcam import CameraOptions, TakesFromCamera, WebcamOptions
from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data, inline
from blocks_app.listeners.events import Events
from blocks_app.media import image as codec
from blocks_app.media import pixels
from blocks_app.options import FieldOptions
from blocks_app.tree.component import Component

__all__ = ["Image", "WatermarkOptions", "WebcamOptions"]


@dataclass(frozen=True)
class WatermarkOptions:
    """A picture laid over every picture that is shown.

    Attributes:
        watermark: path, PIL image or array; None for none.
        position: a corner, or (x, y) in pixels from the left and top.
    """

    watermark: Any = None
    position: tuple[int, int] | codec.Corner = "bottom-right"


class ImageOptions(FieldOptions, PictureOptions, CameraOptions, DropHintOptions, total=False):
    """What an Image takes besides."""


class Image(TakesPictures, TakesFromCamera, FramedComponent):
    """Shows a picture; when interactive, takes one from a file, the camera or the clipboard.

    A function gets it as `type` says (an SVG always as a path) and returns an array (height x width x channels, uint8
    or floats 0..1), a PIL image, the path of a file, or an address.
    """

    clear = Events.clear
    change = Events.change
    stream = Events.stream
    select = Events.select
    upload = Events.upload
    input = Events.input
    corner_names = ("download", "share", "fullscreen")
    private_options = Component.private_options | {"watermark"}

    def __init__(
        self,
        value: Any = None,
        *,
        image_mode: codec.Mode | None = "RGB",
        sources: Sequence[Source] | Source | None = None,
        type: PictureType = "numpy",
        show_download_button: bool = True,
        streaming: bool = False,
        show_share_button: bool | None = None,
        buttons: Sequence[Literal["download", "share", "fullscreen"] | Button] | None = None,
        watermark: WatermarkOptions | Any = None,
        alt_text: str | None = None,
        **options: Unpack[ImageOptions],
    ) -> None:
        """Declare a picture.

        Args:
            value: picture to start with (array, PIL image, path, address), or a function that makes it.
            image_mode: mode of PIL in which the function gets it; None keeps the file's.
            sources: where the visitor may take it from: "upload", "webcam", "clipboard"; all by default.
            type: what the function gets: "numpy", "pil", or "filepath" (a path).
            show_download_button: whether it can be downloaded where it is shown.
            streaming: whether the camera sends pictures all the time (for `.stream`); needs sources=["webcam"].
            show_share_button: whether a button shares it: with the device's own dialog where there is one, else its
                address is copied. The same as "share" among `buttons`.
            buttons: what stands in the corner of a picture: "download", "share", "fullscreen", and gr.Buttons; the
                first and the third by default.
            watermark: a picture laid over each picture that is shown; a WatermarkOptions names its place.
            alt_text: description for those who do not see it.
        """
        rest = self._take_in_frame(image_mode, type, options)
        self.sources = _sources(sources, streaming)
        self.streaming = streaming
        flags = {"download": show_download_button, "share": show_share_button, "fullscreen": True}
        self._take_camera(rest)
        self.watermark = watermark if isinstance(watermark, WatermarkOptions) else WatermarkOptions(watermark)
        self.alt_text = alt_text
        shown = [name for name, on in flags.items() if on] if buttons is None else buttons
        super().__init__(value, buttons=shown, **rest)
        self.show_download_button = "download" in self.buttons
        self.show_share_button = "share" in self.buttons

    def preprocess(self, payload: Any) -> Any:
        """The sent file as `type` says; None when there is none. Raises Error for what is no picture."""
        if payload is None:
            return None
        if not inline.is_inline(payload):
            return self._decoded(file_data.receive(payload, self))
        with inline.received(payload, self, lasts=self.type == "filepath") as file:
            return self._decoded(file)

    def postprocess(self, value: Any) -> file_data.FileData | None:
        """The wire value of a picture. Raises InvalidPathError for a path that may not be handed out."""
        return None if value is None else self._shown(value)

    def api_info(self) -> dict[str, Any]:
        """JSON schema of a file."""
        return file_data.FILE_SCHEMA

    def example_payload(self) -> Any:
        """A picture that comes with the package."""
        return file_data.sample("image.png")

    def example_value(self) -> Any:
        """Path of a picture that comes with the package."""
        return str(file_data.SAMPLES / "image.png")

    def props(self) -> dict[str, Any]:
        """The camera's options as plain data; the watermark stays here. What streams has the camera alone."""
        shown = {**super().props(), "webcam_options": asdict(self.webcam_options)}
        return {**shown, "sources": ["webcam"]} if shown["streaming"] else shown

    def check_streamable(self) -> None:
        """Raise DeclarationError for sources besides the camera, where somebody listens to its stream."""
        if self._given.get("sources") is not None:
            _sources(self.sources, streaming=True)

    def _shown(self, value: Any) -> file_data.FileData:
        """As for every picture; a file is only read where a watermark must be laid over it."""
        wire = super()._shown(value)
        in_a_file = isinstance(value, str | os.PathLike | Mapping)
        if not in_a_file or self.watermark.watermark is None or file_data.is_web_address(wire["path"]):
            return wire
        file, block = file_data.receive(wire, self), file_data.name_of(self)
        opened = codec.load(file.path, block)
        with pixels.held(pixels.to_decode(opened), while_working=True):
            return self._encoded(codec.decode(opened, None, block, counts=False), Path(file.name).stem)

    def _encoded(self, picture: Any, stem: str) -> file_data.FileData:
        mark = self.watermark
        if mark.watermark is not None:
            picture = codec.stamp(picture, mark.watermark, mark.position, file_data.name_of(self))
        return super()._encoded(picture, stem)


def _sources(given: Sequence[Source] | Source | None, streaming: bool) -> list[Source]:
    chosen = sources_of("Image", given, ("webcam",) if streaming else ("upload", "webcam", "clipboard"))
    if streaming and chosen != ["webcam"]:
        raise DeclarationError(
            f"Image: streaming=True takes its pictures from the camera: sources=['webcam'], not {chosen}."
        )
    return chosen
