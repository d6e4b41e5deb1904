"""Model3D: a model in three dimensions that a visitor gives, or that a function makes."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Unpack

from blocks_app.components.framed import CornerOptions, FramedComponent
from blocks_app.components.model3d import formats, packing
from blocks_app.components.takes_pictures import FrameHeightOptions
from blocks_app.components.validation import refusal
from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data
from blocks_app.files.paths import check_path
from blocks_app.i18n import gettext
from blocks_app.listeners.events import Events
from blocks_app.options import FieldOptions

_MODES = ("solid", "point_cloud", "wireframe", None)
Position = tuple[float | None, float | None, float | None]


class Model3DOptions(FieldOptions, CornerOptions, FrameHeightOptions, total=False):
    """What a Model3D takes besides."""


class Model3D(FramedComponent):
    """Shows a model in three dimensions, which is turned by mouse, finger and keyboard; when interactive, takes one.

    A function gets the path of the file and returns a path or an address: .glb, .gltf, .obj, .stl, .ply or .splat. What
    a .gltf names has to lie beside it, in the same folder or below; a visitor gives one with everything in it.
    """

    change = Events.change
    upload = Events.upload
    edit = Events.edit
    clear = Events.clear
    heavy = True

    def __init__(
        self,
        value: str | os.PathLike[str] | Callable[..., Any] | None = None,
        *,
        display_mode: Literal["solid", "point_cloud", "wireframe"] | None = None,
        clear_color: Sequence[float] | None = None,
        camera_position: Position = (None, None, None),
        zoom_speed: float = 1,
        pan_speed: float = 1,
        **options: Unpack[Model3DOptions],
    ) -> None:
        """Declare a model.

        Args:
            value: path or address of the model to start with, or a function that makes it.
            display_mode: "solid", "point_cloud" or "wireframe"; files of points are always points.
            clear_color: of the background: red, green, blue and how much of it is seen, each from 0 to 1.
            camera_position: where it is looked at from: degrees around it, degrees from above, and the distance; None
                for what fits.
            zoom_speed: how fast the wheel and two fingers come nearer.
            pan_speed: how fast dragging moves it.
        """
        if display_mode not in _MODES:
            known = ", ".join(repr(each) for each in _MODES)
            raise DeclarationError(f"Model3D: display_mode={display_mode!r} is unknown. Use one of {known}.")
        self.display_mode = display_mode
        self.clear_color = _numbers("clear_color", clear_color or (0, 0, 0, 0), 4)
        self.camera_position = _numbers("camera_position", camera_position, 3, may_lack=True)
        self.zoom_speed = _speed("zoom_speed", zoom_speed)
        self.pan_speed = _speed("pan_speed", pan_speed)
        rest: dict[str, Any] = dict(options)
        self.height = rest.pop("height", None)
        super().__init__(value, **rest)

    def preprocess(self, payload: Any) -> str | None:
        """The path of the sent model. Raises Error for what is none."""
        if payload is None:
            return None
        file = file_data.receive(payload, self)
        wrong = formats.fault(file.path)
        if wrong is not None:
            raise refusal(
                self,
                gettext("this file is no model that can be shown: %(wrong)s. Send %(known)s.")
                % {"wrong": wrong, "known": formats.KNOWN},
            )
        return str(file.path)

    def postprocess(self, value: Any) -> file_data.FileData | None:
        """The wire value of a model. Raises InvalidPathError for a path that may not be handed out."""
        if value is None or value == "":
            return None
        if not isinstance(value, str | os.PathLike | Mapping):
            raise refusal(self, f"the path of a model is needed, not a {type(value).__name__}.")
        wire = file_data.publish(value, size=False)
        if (
            isinstance(value, Mapping)
            or Path(value).suffix.lower() != ".gltf"
            or file_data.is_web_address(wire["path"])
        ):
            return wire
        try:
            whole = packing.packed(Path(value), self._allowed)
        except packing.MissingPart as error:
            raise refusal(self, f"this model cannot be shown: {error}.") from None
        return wire if whole is None else file_data.publish(whole, f"{Path(value).stem}.glb", size=False)

    def _allowed(self, path: Path) -> Path:
        """A part of a model. Raises InvalidPathError for one that may not be handed out."""
        context = file_data.current.get()
        if context is None:
            return path
        allowed: list[str | Path] = [*context.allowed_paths, context.store.local, file_data.SAMPLES]
        return check_path(path, allowed, context.blocked_paths)

    def initial_value(self) -> Any:
        """As `postprocess(self.value)`, stored once for all pages."""
        return file_data.initial(self, super().initial_value)

    def as_example(self, value: Any) -> Any:
        """The name of the file."""
        return Path(value).name if value else ""

    def api_info(self) -> dict[str, Any]:
        """JSON schema of a file."""
        return file_data.FILE_SCHEMA

    def example_payload(self) -> Any:
        """A model that comes with the package."""
        return file_data.sample("model.glb")

    def example_value(self) -> Any:
        """Path of a model that comes with the package."""
        return str(file_data.SAMPLES / "model.glb")


def _numbers(option: str, given: Any, count: int, may_lack: bool = False) -> list[float | None]:
    numbers = list(given) if isinstance(given, Sequence) and not isinstance(given, str) else []
    if len(numbers) != count or not all(_is_number(each) or (may_lack and each is None) for each in numbers):
        raise DeclarationError(f"Model3D: {option} is {count} numbers, not {given!r}.")
    return numbers


def _speed(option: str, given: Any) -> float:
    if not _is_number(given) or given <= 0:
        raise DeclarationError(f"Model3D: {option} is a number above 0, not {given!r}.")
    return float(given) if isinstance(given, float) else given


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)
