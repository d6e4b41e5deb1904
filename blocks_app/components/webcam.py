"""How the camera is used by components that take pictures or films from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from blocks_app.tree.component import Component


@dataclass(frozen=True)
class WebcamOptions:
    """How the camera is used.

    Attributes:
        mirror: whether the visitor sees and sends a mirror image.
        constraints: MediaTrackConstraints for the browser, such as {"width": 640}.
    """

    mirror: bool = True
    constraints: dict[str, Any] | None = None


class CameraOptions(TypedDict, total=False):
    """A component with a camera."""

    mirror_webcam: bool
    """As `webcam_options.mirror`; True unless given."""
    webcam_options: WebcamOptions | Mapping[str, Any] | None
    """How the camera is used."""


class TakesFromCamera(Component):
    """A component that may take its value from the camera."""

    def _take_camera(self, options: dict[str, Any]) -> None:
        """Take CameraOptions out of `options`; `mirror_webcam` counts where `webcam_options` are not given."""
        mirror, given = options.pop("mirror_webcam", True), options.pop("webcam_options", None)
        if given is None:
            given = WebcamOptions(mirror)
        self.webcam_options = given if isinstance(given, WebcamOptions) else WebcamOptions(**given)
        self.mirror_webcam = self.webcam_options.mirror
