"""ImageSlider."""

from typing import Any

TRY: dict[str, Any] = {
    "ImageSlider.format": "png",
    "ImageSlider.buttons": ["download"],
    "ImageSlider.max_height": 300,
}
