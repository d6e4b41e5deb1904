"""Pictures of which a tiny file keeps a processor busy: they may have fewer pixels than others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image as PILImage

#: Formats whose decoder takes so many times as long for a pixel.
_SLOW = {"JPEG2000": 3}
#: Decoders of Pillow that are written in Python, and how many times as long as others they may take.
_IN_PYTHON = frozenset({"bmp_rle", "ppm", "ppm_plain"})
PYTHON = 20
#: A progressive JPEG goes over all its pixels once for each scan. Cameras and programs write three to fourteen; a
#: hundred bytes make one more.
_USUAL_SCANS = 20
_SCAN = b"\xff\xda"
#: Tags of a TIFF that tell where its parts lie, each of which may be a JPEG with a scan of its own.
_PARTS = (273, 324)
_BLOCK = 1 << 20


def slowness(image: PILImage.Image, path: Path) -> int:
    """How many times as long an opened picture of this file may take as others of its size do; 1 for most."""
    found = _SLOW.get(image.format or "", 1)
    if any(part[0] in _IN_PYTHON for part in getattr(image, "tile", ())):
        found = max(found, PYTHON)
    if image.format in ("JPEG", "MPO") or (image.format == "TIFF" and "jpeg" in str(image.info.get("compression"))):
        found = max(found, -(-_scans(path) // (_USUAL_SCANS * _parts(image))))
    return found


def _parts(image: Any) -> int:
    tags = getattr(image, "tag_v2", None) or {}
    return max([1, *(len(tags[tag]) for tag in _PARTS if isinstance(tags.get(tag), tuple))])


def _scans(path: Path) -> int:
    """What marks a scan stands nowhere else in the pixels of a JPEG."""
    count, last = 0, b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            count += (last + block).count(_SCAN)
            last = block[-1:]
    return count
