"""What takes pictures has in common: as what a function gets them, and as what files it shows them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal, TypedDict

from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data
from blocks_app.media import image as codec
from blocks_app.media import pixels
from blocks_app.tree.component import Component

PictureType = Literal["numpy", "pil", "filepath"]
Source = Literal["upload", "webcam", "clipboard"]
SOURCES = ("upload", "webcam", "clipboard")
_MODES = (None, "1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "F")
_TYPES = ("numpy", "pil", "filepath")


class FormatOptions(TypedDict, total=False):
    """A component that shows pictures which functions make."""

    format: str
    """Kind of file that arrays and PIL images become: webp (unless given), png, jpeg, gif, bmp, tiff or avif."""


class FrameHeightOptions(TypedDict, total=False):
    """A component that shows something in a frame."""

    height: int | str | None
    """Of the frame, in pixels or as a CSS length."""


class FrameSizeOptions(FrameHeightOptions, total=False):
    """A component that shows a picture or a film in a frame."""

    width: int | str | None
    """Of the frame, in pixels or as a CSS length."""


class DropHintOptions(TypedDict, total=False):
    """A component into which pictures are dropped."""

    placeholder: str | None
    """Text where a picture may be dropped; its first line is shown larger."""


class PictureOptions(FormatOptions, FrameSizeOptions, total=False):
    """A component that shows pictures in a frame."""


class TakesPictures(Component):
    """A component whose value is one picture or several, which a visitor gives or a function makes."""

    heavy: ClassVar[bool] = True

    format: str
    image_mode: codec.Mode | None
    type: PictureType

    def _take(self, image_mode: codec.Mode | None, type: PictureType, options: Any) -> dict[str, Any]:
        """Keep how pictures are given and shown; gives the other options.

        Raises:
            DeclarationError: words that mean nothing.
        """
        owner, rest = self.__class__.__name__, dict(options)
        format = rest.pop("format", "webp")
        if not isinstance(format, str) or format.lower() not in codec.FORMATS:
            known = ", ".join(codec.FORMATS)
            raise DeclarationError(f"{owner}: format={format!r} cannot be written. Use one of {known}.")
        self.format = format.lower()
        self.image_mode = one_of(owner, "image_mode", image_mode, _MODES)
        self.type = one_of(owner, "type", type, _TYPES)
        return rest

    def _take_in_frame(self, image_mode: codec.Mode | None, type: PictureType, options: Any) -> dict[str, Any]:
        """As `_take`, and the size of the frame."""
        rest = self._take(image_mode, type, options)
        self.height = rest.pop("height", None)
        self.width = rest.pop("width", None)
        return rest

    def initial_value(self) -> Any:
        """As `postprocess(self.value)`, stored once for all pages."""
        return file_data.initial(self, super().initial_value)

    def _decoded(self, file: file_data.LocalFile, *, counts: bool = True) -> Any:
        """The sent file as `type` says, an SVG always as a path.

        Args:
            file: what was sent.
            counts: whether its pixels count for the running call; False where the caller holds them.

        Raises:
            Error: it is no picture.
        """
        block = file_data.name_of(self)
        if file.path.suffix.lower() == ".svg":
            codec.check(file.path, block)
            return str(file.path)
        opened = codec.load(file.path, block)
        if self.type == "filepath":
            with opened:
                if codec.is_upright_in(opened, self.image_mode):
                    return str(file.path)
                with pixels.held(pixels.to_decode(opened), while_working=True):
                    return str(self._converted(codec.decode(opened, self.image_mode, block, counts=False), file))
        to_type = codec.decode if self.type == "pil" else codec.decode_array
        return to_type(opened, self.image_mode or codec.colors(opened), block, counts=counts)

    def _converted(self, picture: Any, file: file_data.LocalFile) -> Path:
        """A new file with the picture, of the sent file's name and kind where that kind can be written."""
        suffix = file.path.suffix.lower().removeprefix(".")
        content, suffix = codec.encode(picture, suffix if suffix in codec.FORMATS else self.format)
        place = file_data.scratch(f"{Path(file.name).stem}.{suffix}")
        place.write_bytes(content)
        return place

    def _shown(self, value: Any) -> file_data.FileData:
        """A picture that a function made, as a file; a path or an address stays what it is.

        Raises:
            ValueError: it is no picture.
            InvalidPathError: the path may not be handed out.
        """
        if isinstance(value, str | os.PathLike | Mapping):
            return file_data.publish(value, size=False)
        picture = codec.to_picture(value, file_data.name_of(self))
        with pixels.held(pixels.of(picture), while_working=True):
            return self._encoded(picture, "image")

    def _encoded(self, picture: Any, stem: str) -> file_data.FileData:
        content, suffix = codec.encode(picture, self.format)
        return file_data.publish(content, f"{stem}.{suffix}", size=False)


def sources_of(owner: str, given: Any, default: tuple[Source, ...]) -> list[Source]:
    """Where pictures come from. Raises DeclarationError for a source that nobody knows."""
    if given is None:
        return list(default)
    chosen = [given] if isinstance(given, str) else list(given)
    return [one_of(owner, "sources", source, SOURCES) for source in chosen]


def one_of(owner: str, option: str, value: Any, allowed: tuple[Any, ...]) -> Any:
    """`value` if it is allowed. Raises DeclarationError."""
    if not isinstance(value, str | None) or value not in allowed:
        known = ", ".join(repr(item) for item in allowed)
        raise DeclarationError(f"{owner}: {option}={value!r} is unknown. Use one of {known}.")
    return value
