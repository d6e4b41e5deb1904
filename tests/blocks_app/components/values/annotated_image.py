"""AnnotatedImage."""

from typing import Any

TRY: dict[str, Any] = {
    "AnnotatedImage.format": "png",
    "AnnotatedImage.color_map": {"cat": "#00ff00"},
    "AnnotatedImage.buttons": [],
}
