"""ImageSlider: two pictures, one over the other, and a slider that uncovers the one below."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Unpack

from blocks_app.components.button import Button
from blocks_app.components.corner import Height, checked_height
from blocks_app.components.framed import FramedComponent
from blocks_app.components.takes_pictures import PictureOptions, PictureType, TakesPictures
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data
from blocks_app.listeners.events import Events
from blocks_app.media import image as codec
from blocks_app.options import FieldOptions


class ImageSliderOptions(FieldOptions, PictureOptions, total=False):
    """What an ImageSlider takes besides."""


class ImageSlider(TakesPictures, FramedComponent):
    """Compares two pictures, such as before and after; when interactive, takes both from files.

    A function gets a pair of pictures as `type` says, None for one that is missing. It returns a pair of what Image
    takes: arrays, PIL images, paths or addresses; an array of two pictures is such a pair.
    """

    clear = Events.clear
    change = Events.change
    stream = Events.stream
    select = Events.select
    upload = Events.upload
    input = Events.input
    corner_names = ("download", "fullscreen")
    corner_default = ("download", "fullscreen")

    def __init__(
        self,
        value: Any = None,
        *,
        image_mode: codec.Mode | None = "RGB",
        type: PictureType = "numpy",
        buttons: Sequence[Literal["download", "fullscreen"] | Button] | None = None,
        slider_position: float = 50,
        max_height: Height = 500,
        **options: Unpack[ImageSliderOptions],
    ) -> None:
        """Declare a comparison.

        Args:
            value: two pictures to start with, or a function that makes them.
            image_mode: mode of PIL in which the function gets them; None keeps the file's.
            type: what the function gets: "numpy", "pil", or "filepath" (a path).
            buttons: what stands in the corner: "download" (of the second picture), "fullscreen", and gr.Buttons; the
                first two unless given.
            slider_position: where the slider starts: percent of the width, from the left.
            max_height: height that the pictures have at most, in pixels or as a CSS length.
        """
        rest = self._take_in_frame(image_mode, type, options)
        self.slider_position = _percent(slider_position)
        super().__init__(value, buttons=buttons, **rest)
        self.max_height = checked_height("ImageSlider", "max_height", max_height)

    def preprocess(self, payload: Any) -> tuple[Any, Any] | None:
        """Both pictures as `type` says. Raises Error for what is no pair of pictures."""
        if payload is None:
            return None
        if not isinstance(payload, list) or len(payload) != 2:
            raise refusal(self, f"a list of two pictures is needed, not {shown(payload)}.")
        first, second = (None if each is None else self._decoded(file_data.receive(each, self)) for each in payload)
        return first, second

    def postprocess(self, value: Any) -> list[file_data.FileData | None] | None:
        """The wire value of a pair; of one picture alone, that one twice.

        Raises:
            Error: the value is no pair.
            InvalidPathError: a path may not be handed out.
        """
        if value is None:
            return None
        return [None if each is None else self._shown(each) for each in self._pair(value)]

    def api_info(self) -> dict[str, Any]:
        return SLIDER_SCHEMA

    def example_payload(self) -> Any:
        """A picture that comes with the package, twice."""
        return [file_data.sample("image.png"), file_data.sample("image.png")]

    def example_value(self) -> Any:
        """Path of a picture that comes with the package, twice."""
        return str(file_data.SAMPLES / "image.png"), str(file_data.SAMPLES / "image.png")

    def _pair(self, value: Any) -> tuple[Any, Any]:
        """What stands on the left and on the right. A missing second one is empty, to be uploaded."""
        if isinstance(value, str | os.PathLike | Mapping) or _is_picture(value):
            return value, value
        try:
            pair = list(value)
        except TypeError:
            pair = []
        if len(pair) not in (1, 2):
            raise refusal(self, f"two pictures are needed, not {shown(value)}.")
        return pair[0], pair[1] if len(pair) == 2 else None


def _is_picture(value: Any) -> bool:
    """Whether it is a PIL image, or an array of one picture rather than of two."""
    shape = getattr(value, "shape", None)
    if shape is None:
        return hasattr(value, "getpixel")
    return len(shape) == 2 or (len(shape) == 3 and shape[2] in (1, 3, 4))


def _percent(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 100:
        raise DeclarationError(f"ImageSlider: slider_position is a number from 0 to 100, not {given!r}.")
    return given


_ONE = {"anyOf": [{"$ref": "#/$defs/FileData"}, {"type": "null"}]}
#: JSON schema of the pair on the wire.
SLIDER_SCHEMA: dict[str, Any] = {
    "$defs": {"FileData": file_data.FILE_SCHEMA},
    "anyOf": [{"maxItems": 2, "minItems": 2, "prefixItems": [_ONE, _ONE], "type": "array"}, {"type": "null"}],
    "title": "SliderData",
}
