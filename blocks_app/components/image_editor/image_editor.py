"""ImageEditor: a picture that visitors draw on, in layers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar, Literal, Unpack

from blocks_app.components.button import Button
from blocks_app.components.framed import FramedComponent
from blocks_app.components.image_editor import pictures
from blocks_app.components.image_editor.tools import Brush, Eraser, LayerOptions, plain
from blocks_app.components.takes_pictures import DropHintOptions
from blocks_app.components.validation import refusal, shown
from blocks_app.components.webcam import CameraOptions, TakesFromCamera
from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data
from blocks_app.listeners.events import Events
from blocks_app.media import image as codec
from blocks_app.media import pixels
from blocks_app.options import FieldOptions
from blocks_app.tree.iterables import is_text

Source = Literal["upload", "webcam", "clipboard"]
Transform = Literal["crop", "resize"]
_SOURCES: tuple[Source, ...] = ("upload", "webcam", "clipboard")
_TRANSFORMS: tuple[Transform, ...] = ("crop", "resize")
_MODES = (None, "1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "F")
_TYPES = ("numpy", "pil", "filepath")
#: Pixels that a browser's canvas may have along a side, and those that a page still has room for.
_LONGEST, _LARGEST = 16_384, 50_000_000

_FILE_OR_NONE = {"anyOf": [{"$ref": "#/$defs/FileData"}, {"type": "null"}], "default": None}
#: JSON schema of the value on the wire, with the titles and order that Gradio's clients compare.
EDITOR_SCHEMA: dict[str, Any] = {
    "$defs": {"FileData": file_data.FILE_SCHEMA},
    "properties": {
        "background": _FILE_OR_NONE,
        "layers": {"default": [], "items": {"$ref": "#/$defs/FileData"}, "title": "Layers", "type": "array"},
        "composite": _FILE_OR_NONE,
        "id": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None, "title": "Id"},
    },
    "title": "EditorData",
    "type": "object",
}


class ImageEditorOptions(FieldOptions, CameraOptions, DropHintOptions, total=False):
    """What an ImageEditor takes besides."""


class ImageEditor(TakesFromCamera, FramedComponent):
    """A picture to draw on: with brush, eraser and layers, cropped and resized; or shows one.

    A function gets `{"background": …, "layers": […], "composite": …}`, each picture as `type` says; the composite is
    what one sees, the shown layers over the background. Nothing drawn yet is None, [] and None. It returns such a dict,
    or one picture, which becomes the background. A drawing stays in the visitor's browser until a function asks for it,
    also when the connection is lost or the page is loaded anew.
    """

    clear = Events.clear
    change = Events.change
    input = Events.input
    select = Events.select
    upload = Events.upload
    apply = Events.apply
    heavy = True
    corner_names = ("download", "share", "fullscreen")
    #: The brush unless `brush` says otherwise.
    own_brush: ClassVar[Brush] = Brush()

    def __init__(
        self,
        value: Any = None,
        *,
        height: int | str | None = None,
        width: int | str | None = None,
        image_mode: codec.Mode | None = "RGBA",
        sources: Iterable[Source] | Source | None = _SOURCES,
        type: Literal["numpy", "pil", "filepath"] = "numpy",
        show_download_button: bool = True,
        show_share_button: bool | None = None,
        _selectable: bool = False,
        crop_size: tuple[float, float] | str | None = None,
        transforms: Iterable[Transform] | None = ("crop",),
        eraser: Eraser | Literal[False] | None = None,
        brush: Brush | Literal[False] | None = None,
        format: str = "webp",
        layers: bool | LayerOptions = True,
        canvas_size: tuple[int, int] | None = None,
        fixed_canvas: bool = False,
        buttons: Sequence[Literal["download", "share", "fullscreen"] | Button] | None = None,
        **options: Unpack[ImageEditorOptions],
    ) -> None:
        """Declare a picture to draw on.

        Args:
            value: what it starts with: a picture (array, PIL image, path), a dict of pictures as a function gets it, or
                a function that makes either.
            height: of the frame, in pixels or as css writes it.
            width: of the frame, in pixels or as css writes it.
            image_mode: mode of PIL in which the function gets each picture; without transparency, what is transparent
                in background and composite becomes white.
            sources: where the visitor may take a background from: "upload", "webcam", "clipboard"; () or None for none.
            type: what the function gets of each picture: "numpy", "pil", or "filepath" (a path).
            show_download_button: whether the picture can be downloaded.
            show_share_button: whether a button shares it. The same as "share" among `buttons`.
            _selectable: whether a click on the picture is told; a listener for `select` sees to it.
            crop_size: shape of what is cut out, as "16:9"; or the width and height to which every picture is cut.
            transforms: what may be done with the whole picture: "crop", "resize".
            eraser: how the eraser is set up; False hides it.
            brush: how the brush is set up; False hides it, and the eraser with it.
            format: kind of file that arrays and PIL images become: webp, png, jpeg, gif, bmp, tiff or avif.
            layers: whether there may be several layers; a LayerOptions names those that are there at first.
            canvas_size: width and height of an empty sheet, in pixels; 800 x 600 unless given.
            fixed_canvas: True fits every background into `canvas_size`; else the sheet gets its size.
            buttons: what stands in the corner: "download", "share", "fullscreen", and gr.Buttons; the first and the
                third by default.
        """
        if format.lower() not in codec.FORMATS:
            raise self._wrong("format", format, codec.FORMATS)
        self.format = format.lower()
        self.height = height
        self.width = width
        self.image_mode = self._one_of("image_mode", image_mode, _MODES)
        self.type = self._one_of("type", type, _TYPES)
        self.sources = self._some_of("sources", sources, _SOURCES)
        self.transforms = self._some_of("transforms", transforms, _TRANSFORMS)
        self._selectable = _selectable
        self.crop_size = self._shape(crop_size)
        self.brush = self._tool("brush", brush, Brush, self.own_brush)
        self.eraser = self._tool("eraser", eraser, Eraser, Eraser())
        self.layers = layers if isinstance(layers, LayerOptions) else LayerOptions(disabled=not layers)
        self.canvas_size = None if canvas_size is None else self._pair("canvas_size", canvas_size)
        self.fixed_canvas = fixed_canvas
        rest: dict[str, Any] = dict(options)
        self._take_camera(rest)
        flags = {"download": show_download_button, "share": show_share_button, "fullscreen": True}
        chosen = [name for name, on in flags.items() if on] if buttons is None else buttons
        super().__init__(value, buttons=chosen, **rest)
        self.show_download_button = "download" in self.buttons
        self.show_share_button = "share" in self.buttons

    def preprocess(self, payload: Any) -> dict[str, Any] | None:
        """The pictures as the function gets them.

        Raises:
            Error: what was sent is no such value, names a file that was not uploaded here or that is no picture, or
                the pictures have too many pixels.
        """
        if payload is None:
            return None
        if not isinstance(payload, Mapping):
            raise refusal(self, f"an object with background, layers and composite is needed, not {shown(payload)}.")
        layers = payload.get("layers") or []
        if not isinstance(layers, list) or len(layers) > pictures.MOST_LAYERS:
            raise refusal(self, f"layers is a list of at most {pictures.MOST_LAYERS} pictures.")
        size = None if self.crop_size is None or isinstance(self.crop_size, str) else self.crop_size
        wanted = pictures.Wanted(self.type, self.image_mode, self.format, size)
        named = [payload.get("background"), payload.get("composite"), *layers]
        with pictures.opened(named, self) as found:
            background, composite, *above = (
                None if each is None else pictures.converted(each, wanted, self, on_white=at < 2)
                for at, each in enumerate(found)
            )
        return {
            "background": background,
            "layers": [each for each in above if each is not None],
            "composite": composite,
        }

    def postprocess(self, value: Any) -> dict[str, Any] | None:
        """The pictures as files.

        Raises:
            Error: the value is neither a picture nor a dict of pictures.
            InvalidPathError: a path may not be handed out.
        """
        if value is None:
            return None
        if not isinstance(value, Mapping) or ("path" in value and "background" not in value):
            if isinstance(value, list | tuple | bytes | int | float):
                raise refusal(
                    self, 'a picture is needed, or a dict {"background": …, "layers": […], "composite": …}; '
                    f"not {shown(value)}.",
                )  # fmt: skip
            only = self._published(value)
            return {"background": only, "layers": [], "composite": only, "id": None}
        layers = value.get("layers")
        layers = [] if layers is None else layers
        if is_text(layers) or not isinstance(layers, Iterable):
            raise refusal(self, f"layers is a list of pictures, not {shown(layers)}.")
        return {
            "background": self._published(value.get("background")),
            "layers": [each for layer in layers if (each := self._published(layer)) is not None],
            "composite": self._published(value.get("composite")),
            "id": None,
        }

    def initial_value(self) -> Any:
        """As `postprocess(self.value)`, stored once for all pages."""
        return file_data.initial(self, super().initial_value)

    def api_info(self) -> dict[str, Any]:
        """JSON schema of a background, layers and what they make together."""
        return EDITOR_SCHEMA

    def example_payload(self) -> Any:
        """A picture that comes with the package, nothing drawn on it."""
        return {"background": file_data.sample("image.png"), "layers": [], "composite": None}

    def example_value(self) -> Any:
        """Path of a picture that comes with the package."""
        return {"background": str(file_data.SAMPLES / "image.png"), "layers": [], "composite": None}

    def props(self) -> dict[str, Any]:
        """The options of its tools as plain data."""
        tools = {"brush": plain(self.brush), "eraser": plain(self.eraser), "layers": plain(self.layers)}
        return {**super().props(), **tools, "webcam_options": asdict(self.webcam_options)}

    def _published(self, picture: Any) -> file_data.FileData | None:
        if picture is None:
            return None
        if isinstance(picture, str | os.PathLike | Mapping):
            return file_data.publish(picture, size=False)
        made = codec.to_picture(picture, file_data.name_of(self))
        with pixels.held(pixels.of(made), while_working=True):
            content, suffix = codec.encode(made, self.format)
        return file_data.publish(content, f"image.{suffix}", size=False)

    # -- what may be declared -----------------------------------------------------------------------------------------

    def _wrong(self, option: str, value: Any, allowed: Iterable[Any]) -> DeclarationError:
        known = ", ".join(map(repr, allowed))
        return DeclarationError(f"{type(self).__name__}: {option}={value!r} is unknown. Use one of {known}.")

    def _one_of(self, option: str, value: Any, allowed: tuple[Any, ...]) -> Any:
        if value not in allowed:
            raise self._wrong(option, value, allowed)
        return value

    def _some_of(self, option: str, given: Any, allowed: tuple[str, ...]) -> list[Any]:
        chosen = [given] if isinstance(given, str) else list(given or ())
        return [self._one_of(option, each, allowed) for each in chosen]

    def _tool(self, option: str, given: Any, kind: type[Eraser], own: Eraser) -> Any:
        if given is None or given is True:
            return own
        if given is not False and not isinstance(given, kind):
            raise DeclarationError(
                f"{type(self).__name__}: {option} is a gr.{kind.__name__}, or False for none; not {given!r}."
            )
        return given

    def _shape(self, given: Any) -> tuple[int, int] | str | None:
        """A ratio as a text, or a size in pixels."""
        if not isinstance(given, str):
            return None if given is None else self._pair("crop_size", given)
        try:
            width, height = (float(part) for part in given.split(":"))
        except ValueError:
            width = height = 0
        if not (0 < width < float("inf") and 0 < height < float("inf")):
            raise DeclarationError(
                f'{type(self).__name__}: crop_size is a ratio such as "16:9", or (width, height); not {given!r}.'
            )
        return given

    def _pair(self, option: str, given: Any) -> tuple[int, int]:
        try:
            width, height = (int(each) for each in given)
        except (TypeError, ValueError, OverflowError):
            width = height = 0
        if is_text(given) or min(width, height) < 1 or max(width, height) > _LONGEST or width * height > _LARGEST:
            raise DeclarationError(
                f"{type(self).__name__}: {option} is (width, height) in pixels, each from 1 to {_LONGEST:,}, "
                f"{_LARGEST:,} at most in all; not {shown(given)}."
            )
        return width, height
