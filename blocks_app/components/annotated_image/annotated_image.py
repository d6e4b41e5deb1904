"""AnnotatedImage: a picture with regions drawn over it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Unpack

from blocks_app.components.button import Button
from blocks_app.components.framed import FramedComponent
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data
from blocks_app.listeners.events import Events
from blocks_app.media import image as codec
from blocks_app.media import masks, pixels
from blocks_app.options import FrameOptions
from blocks_app.tree.iterables import is_text

#: JSON schema of the value on the wire, with the titles and order that Gradio's clients compare.
ANNOTATED_IMAGE_SCHEMA: dict[str, Any] = {
    "$defs": {
        "Annotation": {
            "properties": {"image": {"$ref": "#/$defs/FileData"}, "label": {"title": "Label", "type": "string"}},
            "required": ["image", "label"],
            "title": "Annotation",
            "type": "object",
        },
        "FileData": file_data.FILE_SCHEMA,
    },
    "properties": {
        "image": {"$ref": "#/$defs/FileData"},
        "annotations": {"items": {"$ref": "#/$defs/Annotation"}, "title": "Annotations", "type": "array"},
    },
    "required": ["image", "annotations"],
    "title": "AnnotatedImageData",
    "type": "object",
}

_RED = (255, 0, 0)


class AnnotatedImage(FramedComponent):
    """A picture over which regions are drawn, each with a name; the regions of the chosen name can be brought out.

    A function returns `(picture, [(region, name), …])`: the picture as an array, PIL image or path, a region as an
    array of confidences from 0 to 1 of the picture's size, or as the corners `(x1, y1, x2, y2)` of a box. A function
    gets `(path, [(path of the region's picture, name), …])`.
    """

    change = Events.change
    select = Events.select
    heavy = True
    corner_names = ("fullscreen",)
    corner_default = ("fullscreen",)

    def __init__(
        self,
        value: tuple[Any, Sequence[tuple[Any, str]]] | Callable[..., Any] | None = None,
        *,
        format: str = "webp",
        show_legend: bool = True,
        height: int | str | None = None,
        width: int | str | None = None,
        color_map: Mapping[str, str] | None = None,
        buttons: Sequence[Literal["fullscreen"] | Button] | None = None,
        **options: Unpack[FrameOptions],
    ) -> None:
        """Declare a picture with regions.

        Args:
            value: a picture and its regions, or a function that makes both.
            format: kind of file that the picture becomes unless it is one: webp, png, jpeg, gif, bmp, tiff or avif.
            show_legend: whether the names stand below the picture, where they bring their regions out.
            height: of the picture, in pixels or as css writes it.
            width: of the component, in pixels or as css writes it.
            color_map: colour of the regions of a name, such as "#ff0000"; others differ by themselves.
            buttons: what stands in its corner: "fullscreen", which it has unless told, and gr.Buttons.
            options: see FrameOptions.
        """
        if format.lower() not in codec.FORMATS:
            known = ", ".join(codec.FORMATS)
            raise DeclarationError(f"AnnotatedImage: format={format!r} cannot be written. Use one of {known}.")
        self.format = format.lower()
        self.show_legend = show_legend
        self.height = height
        self.width = width
        self.color_map = None if color_map is None else {str(name): str(color) for name, color in color_map.items()}
        super().__init__(value, buttons=buttons, **options)

    def preprocess(self, payload: Any) -> tuple[str, list[tuple[str, str]]] | None:
        """The paths of the picture and of the pictures of its regions.

        Raises:
            Error: what was sent is none, or names a file that was not made or uploaded here.
        """
        if payload is None:
            return None
        annotations = payload.get("annotations") if isinstance(payload, dict) else None
        if not isinstance(annotations, list):
            raise refusal(self, f"an object with image and annotations is needed, not {shown(payload)}.")
        return self._picture(payload.get("image")), [self._sent(each) for each in annotations]

    def postprocess(self, value: Any) -> dict[str, Any] | None:
        """The picture and the pictures of its regions as files.

        Raises:
            Error: the value is no picture with regions.
            InvalidPathError: the picture's path may not be handed out.
        """
        if value is None:
            return None
        if isinstance(value, Mapping) and "image" in value:
            return self._handed_back(value)
        picture, regions = self._parts(value)
        wire, size = self._published(picture)
        return {"image": wire, "annotations": [self._annotation(region, name, size) for region, name in regions]}

    def initial_value(self) -> Any:
        """As `postprocess(self.value)`, stored once for all pages."""
        return file_data.initial(self, super().initial_value)

    def api_info(self) -> dict[str, Any]:
        return ANNOTATED_IMAGE_SCHEMA

    def example_payload(self) -> Any:
        """A picture that comes with the package."""
        return {"image": file_data.sample("image.png"), "annotations": []}

    def example_value(self) -> Any:
        """A picture that comes with the package, and a box in it."""
        return str(file_data.SAMPLES / "image.png"), [((0, 0, 100, 100), "corner")]

    def _sent(self, annotation: Any) -> tuple[str, str]:
        name = annotation.get("label") if isinstance(annotation, dict) else None
        if not isinstance(name, str):
            raise refusal(self, f"each of the annotations has an image and a label, not {shown(annotation)}.")
        return self._picture(annotation.get("image")), name

    def _picture(self, data: Any) -> str:
        """The path of a picture that was sent."""
        path = file_data.receive(data, self).path
        codec.check(path, file_data.name_of(self))
        return str(path)

    def _parts(self, value: Any) -> tuple[Any, list[tuple[Any, str]]]:
        try:
            picture, regions = value
            pairs = [(region, str(name)) for region, name in regions]
        except (TypeError, ValueError):
            pairs = None
        if pairs is None or is_text(value):
            raise refusal(self, "a picture and a list of (region, name) are needed.")
        return picture, pairs

    def _published(self, picture: Any) -> tuple[file_data.FileData, tuple[int, int] | None]:
        """The picture as a file, and its size unless it lies at another address."""
        if isinstance(picture, str | os.PathLike | Mapping):
            wire = file_data.publish(picture, size=False)
            if file_data.is_web_address(wire["path"]):
                return wire, None
            with codec.load(file_data.receive(wire, self).path, file_data.name_of(self)) as opened:
                return wire, masks.upright_size(opened)
        made = codec.to_picture(picture, file_data.name_of(self))
        with pixels.held(pixels.of(made), while_working=True):
            content, suffix = codec.encode(made, self.format)
        return file_data.publish(content, f"image.{suffix}", size=False), made.size

    def _annotation(self, region: Any, name: str, size: tuple[int, int] | None) -> dict[str, Any]:
        """One region as a file. A path or a file is a picture that has been drawn already."""
        if isinstance(region, str | os.PathLike | Mapping):
            return {"image": file_data.publish(region, size=False), "label": name}
        block, colors = file_data.name_of(self), self.color_map or {}
        color = masks.color_of(colors[name], block) if name in colors else _RED
        with pixels.held(0 if size is None else size[0] * size[1], while_working=True):
            content, suffix = codec.encode(masks.drawn(region, size, color, block), "png")
        return {"image": file_data.publish(content, f"mask.{suffix}", size=False), "label": name}

    def _handed_back(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """A value as it is on the wire, such as a client's that a function without preprocessing returns."""
        try:
            pairs = [(each["image"], each["label"]) for each in value["annotations"]]
        except (TypeError, KeyError) as error:
            raise refusal(self, "each of the annotations has an image and a label.") from error
        return self.postprocess((value["image"], pairs)) or {}


Annotatedimage = AnnotatedImage
