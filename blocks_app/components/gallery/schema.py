"""JSON schema of a gallery's value on the wire, with the names that Gradio's clients know."""

from __future__ import annotations

from typing import Any

from blocks_app.files import file_data


def _record(name: str, kind: str) -> dict[str, Any]:
    caption = {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None, "title": "Caption"}
    properties = {kind: {"$ref": "#/$defs/FileData"}, "caption": caption}
    return {"properties": properties, "required": [kind], "title": name, "type": "object"}


GALLERY_SCHEMA: dict[str, Any] = {
    "$defs": {
        "FileData": file_data.FILE_SCHEMA,
        "GalleryImage": _record("GalleryImage", "image"),
        "GalleryVideo": _record("GalleryVideo", "video"),
    },
    "items": {"anyOf": [{"$ref": "#/$defs/GalleryImage"}, {"$ref": "#/$defs/GalleryVideo"}]},
    "title": "GalleryData",
    "type": "array",
}
