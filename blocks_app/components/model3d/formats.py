"""Files of models: by their first bytes, told before a page tries to draw one."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

KNOWN = "GLB, glTF, OBJ, STL, PLY or SPLAT"
_HEAD = 4096
#: Bytes of a glTF file that are read, which is JSON.
_LONGEST_JSON = 64 * 1024 * 1024
#: Bytes of one point in a SPLAT file.
_SPLAT = 32


def fault(path: Path) -> str | None:
    """What is wrong with a model, for the end of a sentence; None for one that can be drawn, as far as can be seen."""
    check = _CHECKS.get(path.suffix.lower())
    if check is None:
        return f"{path.suffix or 'a name without an ending'} is another kind"
    size = path.stat().st_size
    if not size:
        return "it is empty"
    with path.open("rb") as file:
        return check(path, file.read(_HEAD), size)


def _glb(path: Path, head: bytes, size: int) -> str | None:
    if head[:4] != b"glTF" or len(head) < 20:
        return "it does not begin like one"
    version, length, first, kind = struct.unpack_from("<III4s", head, 4)
    if length > size or first > size:
        return "it ends too early"
    return None if version == 2 and kind == b"JSON" else "it is of another version"


def _gltf(path: Path, head: bytes, size: int) -> str | None:
    if size > _LONGEST_JSON:
        return "it is too long; send it as GLB"
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return "it is no JSON"
    if not isinstance(content, dict) or not isinstance(content.get("asset"), dict):
        return "it has no asset"
    parts = [*_list(content, "buffers"), *_list(content, "images")]
    outside = [each["uri"] for each in parts if isinstance(each, dict) and isinstance(each.get("uri"), str)]
    if any(not uri.startswith("data:") for uri in outside):
        return "parts of it lie in other files; send it as GLB"
    return None


def _list(content: dict[str, object], name: str) -> list[object]:
    found = content.get(name)
    return found if isinstance(found, list) else []


def _ply(path: Path, head: bytes, size: int) -> str | None:
    return None if head.startswith((b"ply\n", b"ply\r")) else "it does not begin like one"


def _stl(path: Path, head: bytes, size: int) -> str | None:
    if head.lstrip().startswith(b"solid") and b"facet" in head:
        return None
    if size < 84:
        return "it ends too early"
    triangles = struct.unpack_from("<I", head, 80)[0]
    return None if 84 + 50 * triangles <= size else "it ends too early"


def _obj(path: Path, head: bytes, size: int) -> str | None:
    lines = head.split(b"\n")
    known = (b"v ", b"#", b"o ", b"g ", b"mtllib", b"vn ", b"vt ", b"s ", b"usemtl", b"f ")
    return (
        None if b"\0" not in head and any(line.startswith(known) for line in lines) else "no line of it is one of OBJ"
    )


def _splat(path: Path, head: bytes, size: int) -> str | None:
    return None if size % _SPLAT == 0 else "it ends too early"


_CHECKS: dict[str, Callable[[Path, bytes, int], str | None]] = {
    ".glb": _glb,
    ".gltf": _gltf,
    ".obj": _obj,
    ".stl": _stl,
    ".ply": _ply,
    ".splat": _splat,
}
