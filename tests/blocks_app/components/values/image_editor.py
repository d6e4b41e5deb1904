"""ImageEditor and its templates."""

from typing import Any

import blocks_app as gr

TRY: dict[str, Any] = {
    "ImageEditor.buttons": ["download"],
    "ImageEditor.format": "png",
    "ImageEditor.crop_size": "16:9",
    "ImageEditor.transforms": ["crop", "resize"],
    "ImageEditor.eraser": False,
    "ImageEditor.brush": gr.Brush(default_size=7, colors=["teal"]),
    "ImageEditor.layers": False,
    "ImageEditor.canvas_size": (300, 200),
}
