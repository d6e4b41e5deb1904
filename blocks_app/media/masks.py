"""Regions of a picture as pictures of their own, to lay over it: one colour, as opaque as the region is sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blocks_app.exceptions import Error
from blocks_app.media.image import orientation

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image as PILImage

#: Width in pixels of the edge of a box, and how opaque its inside is.
_EDGE = 3
_INSIDE = 127
#: What a confidence may be beyond 0 and 1 by rounding.
_ROUNDING = 1e-3


def color_of(text: str, block: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour such as "#ff0000" or "teal".

    Raises:
        Error: it is no such colour.
    """
    from PIL import ImageColor

    try:
        red, green, blue, *_ = ImageColor.getrgb(text.strip())
    except ValueError:
        raise Error(f'{block}: color_map has {text!r}, which is no colour such as "#ff0000" or "teal".') from None
    return red, green, blue


def drawn(region: Any, size: tuple[int, int] | None, color: tuple[int, int, int], block: str) -> PILImage.Image:
    """The picture of one region.

    Args:
        region: an array of confidences, one for each pixel, or the corners (x1, y1, x2, y2) of a box.
        size: width and height of the picture below it; None when nobody knows.
        color: its red, green and blue.
        block: how messages name the component.

    Raises:
        Error: the region is neither, or has another size.
    """
    import numpy as np
    from PIL import Image

    opaque = _of_array(region, block) if hasattr(region, "ndim") and region.ndim != 1 else _of_box(region, size, block)
    if size is not None and opaque.shape != (size[1], size[0]):
        raise Error(
            f"{block}: a mask of {opaque.shape[1]} x {opaque.shape[0]} does not fit a picture of {size[0]} x {size[1]}."
        )
    made = np.zeros((*opaque.shape, 4), np.uint8)
    made[opaque > 0, :3] = color
    made[:, :, 3] = opaque
    return Image.fromarray(made)


def _of_array(mask: Any, block: str) -> np.ndarray[Any, Any]:
    """How opaque each pixel is, 0 to 255."""
    import numpy as np

    array = np.asarray(mask)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim != 2 or array.dtype.kind not in "bfiu" or not array.size:
        raise Error(f"{block}: a mask is an array of height x width with numbers, not {array.shape} of {array.dtype}.")
    if array.dtype.kind == "b":
        return array.astype(np.uint8) * 255
    low, high = float(array.min()), float(array.max())
    if array.dtype == np.uint8 and high > 1:
        return array
    if not (low >= -_ROUNDING and high <= 1 + _ROUNDING):
        raise Error(f"{block}: the numbers of a mask lie between 0 and 1, not between {low:g} and {high:g}.")
    opaque: np.ndarray[Any, Any] = (np.clip(array, 0, 1) * 255).astype(np.uint8)
    return opaque


def _of_box(corners: Any, size: tuple[int, int] | None, block: str) -> np.ndarray[Any, Any]:
    import numpy as np

    try:
        x1, y1, x2, y2 = (round(float(place)) for place in corners)
    except (TypeError, ValueError, OverflowError):
        raise Error(
            f"{block}: a region is an array of numbers from 0 to 1, or the corners (x1, y1, x2, y2) of a box."
        ) from None
    if size is None:
        raise Error(f"{block}: a box needs a picture that lies here; one at another address is not fetched.")
    (x1, x2), (y1, y2) = sorted((x1, x2)), sorted((y1, y2))
    made = np.zeros((size[1], size[0]), np.uint8)

    def fill(left: int, right: int, top: int, bottom: int, opaque: int) -> None:
        made[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = opaque

    fill(x1, x2, y1, y2, _INSIDE)
    fill(x1, min(x1 + _EDGE, x2), y1, y2, 255)  # an edge beyond the picture is not seen
    fill(max(x2 - _EDGE, x1), x2, y1, y2, 255)
    fill(x1, x2, y1, min(y1 + _EDGE, y2), 255)
    fill(x1, x2, max(y2 - _EDGE, y1), y2, 255)
    return made


def upright_size(image: PILImage.Image) -> tuple[int, int]:
    """Width and height as the picture is shown, which its EXIF note may have turned."""
    return (image.height, image.width) if orientation(image) >= 5 else image.size
