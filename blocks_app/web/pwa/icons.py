"""Icons of an installed app: the one that `favicon_path` names in the sizes that devices ask for, else our own, drawn.

A picture that cannot be read here (an SVG needs a browser) is offered as it is.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

#: Sizes in pixels: Apple's, and the two that browsers want before they offer to install.
SIZES = (180, 192, 512)
#: Our own picture in units of its size: rounded squares and a circle, as in favicon.svg.
_SQUARES = ((1, 1, "#c2410c"), (17, 1, "#fb923c"), (1, 17, "#fb923c"))
_UNITS = 32
_FINE = 4  # drawn larger and made smaller, for smooth edges
#: How much of a maskable icon its picture takes: whatever shape a device cuts out, it is inside.
_SAFE = 0.7
_PAPER = "#ffffff"


def png(path: Path | None, size: int, maskable: bool = False) -> bytes | None:
    """The icon as PNG; None for a picture that cannot be read here. `path` None is our own."""
    return _png(path, path.stat().st_mtime_ns if path is not None else 0, size, maskable)


@lru_cache(32)
def _png(path: Path | None, _changed: int, size: int, maskable: bool) -> bytes | None:
    from PIL import Image  # only for apps that can be installed

    picture = _own(size) if path is None else _read(path)
    if picture is None:
        return None
    filled = maskable or size == SIZES[0]  # Apple's devices would fill what is clear with black
    inner = round(size * _SAFE) if filled else size
    picture.thumbnail((inner, inner))
    if max(picture.size) < inner:
        scale = inner / max(picture.size)
        picture = picture.resize((round(picture.width * scale) or 1, round(picture.height * scale) or 1))
    paper = Image.new("RGBA", (size, size), _PAPER if filled else (0, 0, 0, 0))
    paper.alpha_composite(picture, ((size - picture.width) // 2, (size - picture.height) // 2))
    out = io.BytesIO()
    paper.save(out, "PNG", optimize=True)
    return out.getvalue()


def _read(path: Path) -> Image | None:
    from PIL import Image

    try:
        with Image.open(path) as picture:
            return picture.convert("RGBA")
    except Exception:  # no picture, or of a kind that Pillow does not know
        return None


def _own(size: int) -> Image:
    from PIL import Image, ImageDraw

    unit = size * _FINE / _UNITS
    picture = Image.new("RGBA", (size * _FINE, size * _FINE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    for left, top, colour in _SQUARES:
        draw.rounded_rectangle(
            (left * unit, top * unit, (left + 14) * unit - 1, (top + 14) * unit - 1), 4 * unit, colour
        )
    draw.ellipse((17 * unit, 17 * unit, 31 * unit - 1, 31 * unit - 1), "#c2410c")
    return picture.resize((size, size))
