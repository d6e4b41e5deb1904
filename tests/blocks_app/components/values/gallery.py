"""Gallery."""

from typing import Any

TRY: dict[str, Any] = {
    "Gallery.format": "png",
    "Gallery.file_types": ["image"],
    "Gallery.columns": [1, 2, 3],
    "Gallery.rows": 2,
    "Gallery.height": 300,
    "Gallery.preview": True,
    "Gallery.buttons": ["download"],
    "Gallery.sources": ["upload", "clipboard"],
}
