"""Files of models: by their first bytes, told before a page tries to draw one."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from blocks_app import parsing

KNOWN = "GLB, glTF, OBJ, STL, PLY or SPLAT"
_HEAD = 4096
#: Bytes of a glTF file that are read, which is JSON.
_LONGEST_JSON = 64 * 1024 * 1024
#: Values in it, those of its buffers not counted.
_MOST_VALUES = 1_000_000
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
        content = parsing.load(path.read_bytes(), _GLTF, parsing.Limits(values=_MOST_VALUES))
    except parsing.TooManyValues:
        return "it holds too many values; send it as GLB"
    except msgspec.ValidationError:
        return "it has no asset"
    except (ValueError, RecursionError):
        return "it is no JSON"
    parts = [each for found in (content.buffers, content.images) if isinstance(found, list) for each in found]
    addresses = [each.get("uri") for each in parts if isinstance(each, dict)]
    if any(isinstance(address, str) and not address.startswith("data:") for address in addresses):
        return "parts of it lie in other files; send it as GLB"
    return None


class _Gltf(msgspec.Struct):
    """What is looked at of a glTF file; the rest is skipped."""

    asset: dict[str, Any]
    buffers: Any = None
    images: Any = None


_GLTF = msgspec.json.Decoder(_Gltf)

#: Bytes of a number in a PLY file.
_WIDTHS = {b"char": 1, b"uchar": 1, b"int8": 1, b"uint8": 1, b"short": 2, b"ushort": 2, b"int16": 2, b"uint16": 2,
           b"int": 4, b"uint": 4, b"float": 4, b"int32": 4, b"uint32": 4, b"float32": 4, b"double": 8,
           b"float64": 8}  # fmt: skip


def _ply(path: Path, head: bytes, size: int) -> str | None:
    if not head.startswith((b"ply\n", b"ply\r")):
        return "it does not begin like one"
    header, end, _ = head.partition(b"end_header")
    if not end:
        return None  # its header is longer than what is read of it
    least, count, text = 0, 0, b"format ascii" in header
    for line in header.splitlines():
        words = line.split()
        if words[:1] == [b"element"] and len(words) == 3:
            count = int(words[2]) if words[2].isdigit() else -1
            if count < 0:
                return "its header makes no sense"
        elif words[:1] == [b"property"] and len(words) >= 3:
            # a list that is empty is its own length and no more
            least += count * (2 if text else _WIDTHS.get(words[2] if words[1] == b"list" else words[1], 1))
    # the last number of a text may stand without a space behind it
    return None if least <= size - len(header) - len(end) else "it ends too early"


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
