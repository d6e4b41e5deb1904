"""A glTF file whose parts lie beside it, as one GLB: pages ask for nothing that a model names."""

from __future__ import annotations

import base64
import json
import mimetypes
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from blocks_app.files.paths import InvalidPathError

#: Bytes of a model with all its parts.
MOST = 512 * 1024 * 1024


class MissingPart(Exception):
    """A part that is not there, may not be read, or is too large; says which, for the end of a sentence."""


def packed(path: Path, checked: Callable[[Path], Path]) -> bytes | None:
    """The model as GLB; None where all of it is in its own file already, or it cannot be read.

    Only files in the model's own folder are read: what a model says may have been written by anybody.

    Args:
        path: a .gltf file.
        checked: the place of a part, if it may be handed out.

    Raises:
        MissingPart: a part is none.
    """
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError, OSError):
        return None
    if not isinstance(content, dict) or not any(_is_outside(part) for part in _parts(content)):
        return None
    try:
        return _Packer(path.parent, checked).pack(content)
    except InvalidPathError:
        raise
    except (TypeError, ValueError, OSError, AttributeError):
        raise MissingPart("it is damaged") from None


def _parts(content: dict[str, Any]) -> list[dict[str, Any]]:
    lists = (content.get(name) for name in ("buffers", "images"))
    return [part for each in lists if isinstance(each, list) for part in each if isinstance(part, dict)]


def _is_outside(part: dict[str, Any]) -> bool:
    return isinstance(part.get("uri"), str) and not part["uri"].startswith("data:")


class _Packer:
    def __init__(self, folder: Path, checked: Callable[[Path], Path]) -> None:
        self._folder = folder.resolve()
        self._checked = checked
        self._data = bytearray()

    def pack(self, content: dict[str, Any]) -> bytes:
        buffers, views = _list(content, "buffers"), _list(content, "bufferViews")
        starts = [self._add(self._read(each["uri"])) if isinstance(each.get("uri"), str) else 0 for each in buffers]
        for view in views:
            number = view.get("buffer", 0)
            start = starts[number] if isinstance(number, int) and number < len(starts) else 0
            view.update(buffer=0, byteOffset=view.get("byteOffset", 0) + start)
        for image in _list(content, "images"):
            if _is_outside(image):
                uri = image.pop("uri")
                data = self._read(uri)
                views.append({"buffer": 0, "byteOffset": self._add(data), "byteLength": len(data)})
                image.update(bufferView=len(views) - 1, mimeType=mimetypes.guess_type(uri)[0] or "image/png")
        content["bufferViews"] = views
        content["buffers"] = [{"byteLength": len(self._data)}]
        return _glb(json.dumps(content).encode(), bytes(self._data))

    def _add(self, data: bytes) -> int:
        start = len(self._data)
        self._data += data + bytes(-len(data) % 4)
        return start

    def _read(self, uri: str) -> bytes:
        if uri.startswith("data:"):
            return base64.b64decode(uri.partition(",")[2])
        place = (self._folder / unquote(uri)).resolve()
        if ":" in uri or not place.is_relative_to(self._folder) or not place.is_file():
            raise MissingPart(f"its part {uri[:100]!r} does not lie beside it")
        if place.stat().st_size + len(self._data) > MOST:
            raise MissingPart("it is too large with its parts; make it a GLB")
        return self._checked(place).read_bytes()


def _list(content: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = content.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _glb(text: bytes, data: bytes) -> bytes:
    text += b" " * (-len(text) % 4)
    size = 12 + 8 + len(text) + 8 + len(data)
    head = struct.pack("<4sIIII", b"glTF", 2, size, len(text), 0x4E4F534A)
    return b"".join((head, text, struct.pack("<II", len(data), 0x004E4942), data))
