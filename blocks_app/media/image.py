"""Pictures between files, PIL and numpy. PIL and numpy are imported when the first picture comes."""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from blocks_app.exceptions import Error
from blocks_app.i18n import gettext
from blocks_app.media import decoding, pixels
from blocks_app.media.picture_checks import av1, slow_pictures, svg

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image as PILImage

Mode = Literal["1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "F"]
Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]

#: What may be written, by the name of a suffix (T26).
FORMATS = {
    "webp": "WEBP",
    "png": "PNG",
    "jpeg": "JPEG",
    "jpg": "JPEG",
    "gif": "GIF",
    "bmp": "BMP",
    "tiff": "TIFF",
    "avif": "AVIF",
}
#: What is read: no format whose decoder starts a program or follows addresses.
_READABLE = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "DIB", "TIFF", "PPM", "ICO", "AVIF", "JPEG2000")
#: Modes that a format can hold; others are turned into RGB, or RGBA where the picture has transparency.
_HOLDS = {
    "JPEG": ("L", "RGB", "CMYK"),
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "WEBP": ("RGB", "RGBA"),
    "GIF": ("1", "L", "P", "RGB", "RGBA"),
    "BMP": ("1", "L", "P", "RGB"),
    "TIFF": ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I", "F", "LAB", "YCbCr"),
    "AVIF": ("RGB", "RGBA"),
}
_LONGEST_WEBP = 16383
#: WebP's method 1 takes a fifth of the time of the default for 2 % more bytes.
_SAVING: dict[str, dict[str, Any]] = {"WEBP": {"method": 1}}
_ORIENTATION = 0x0112
#: Modes for which Pillow has to see the whole picture, and pixels that are converted at once for others.
_WHOLE = ("1", "P")
_STRIP = 500_000


def load(path: Path, block: str) -> PILImage.Image:
    """Open a picture, its pixels not yet decoded.

    Raises:
        Error: it is no picture that is read here, or has too many pixels, see `pixels.most_pixels` (T25).
    """
    from PIL import Image

    try:
        if _pixels_in_icon(path) > pixels.most_pixels():
            raise Image.DecompressionBombError
        Image.init()
        image = Image.open(path, formats=[name for name in _READABLE if name in Image.OPEN])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(block) from None
    except Exception:  # decoders raise whatever a damaged file makes them raise
        raise _unknown(block) from None
    slowness = slow_pictures.slowness(image, path)
    frames = av1.most_pixels(path) if image.format == "AVIF" else 0
    if max(pixels.of(image), frames) > pixels.most_pixels(slowness):
        image.close()
        raise _too_large(block, slowness)
    return image


def check(path: Path, block: str) -> None:
    """Look at a picture that nobody decodes; an SVG is looked at as text.

    Raises:
        Error: it is none, has too many pixels, or is an SVG that grows when it is read.
    """
    if path.suffix.lower() != ".svg":
        load(path, block).close()
    elif (wrong := svg.fault(path)) is not None:
        raise Error(
            gettext("%(block)s: this file is no picture that can be shown: %(wrong)s. Send PNG, JPEG, WebP or GIF.")
            % {"block": block, "wrong": wrong}
        )


def _unknown(block: str) -> Error:
    return Error(
        gettext("%(block)s: this file is no picture that can be read. Send PNG, JPEG, WebP or GIF.") % {"block": block}
    )


def _pixels_in_icon(path: Path) -> int:
    """The pixels of the largest picture in an ICO, 0 for other files. Pillow decodes it as it opens it."""
    with path.open("rb") as file:
        kind, count = struct.unpack("<4sH", file.read(6).ljust(6, b"\0"))
        if kind != b"\0\0\1\0":
            return 0
        found = [0]
        for (place,) in struct.iter_unpack("<12xI", file.read(16 * count)):
            file.seek(place)
            head = file.read(24).ljust(24, b"\0")
            is_png = head.startswith(b"\x89PNG")
            found.append(math.prod(struct.unpack(">II", head[16:])) if is_png else _of_bitmap(head))
        return max(found)


def _of_bitmap(head: bytes) -> int:
    width, height, packed = (int(each) for each in struct.unpack("<ii4xI", head[4:20]))
    return abs(width) * (abs(height) // 2) * (slow_pictures.PYTHON if packed else 1)


def _too_large(block: str, slowness: int = 1) -> Error:
    most = pixels.most_pixels(slowness)
    return Error(
        gettext("%(block)s: the picture has too many pixels: %(most)s are allowed. Make it smaller.")
        % {"block": block, "most": format(most, ",")}
    )


def _damaged(block: str) -> Error:
    return Error(gettext("%(block)s: the picture is damaged and cannot be read.") % {"block": block})


def orientation(image: PILImage.Image) -> int:
    """How its EXIF note turns a picture: 1 is not at all, from 5 on height and width are exchanged."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # a note that cannot be read turns nothing
        return 1


def is_upright_in(image: PILImage.Image, mode: Mode | None) -> bool:
    """Whether the file can be used as it is: in this mode, and not turned by its EXIF note."""
    return image.mode == (mode or image.mode) and orientation(image) == 1


def colors(image: PILImage.Image) -> Mode | None:
    """The mode for those who want the colours of a picture: numbers of a palette are none; None keeps its own."""
    if image.mode not in ("P", "PA"):
        return None
    return "RGBA" if image.has_transparency_data else "RGB"


@contextmanager
def _decoding(image: PILImage.Image, block: str) -> Iterator[None]:
    from PIL import Image

    try:
        with image, decoding.slot():
            yield
    except Error:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise _too_large(block) from None
    except Exception as error:  # as above
        raise _damaged(block) from error


def _upright(image: PILImage.Image) -> PILImage.Image:
    """The decoded picture, turned as its EXIF note says; without one it is not copied."""
    from PIL import ImageOps

    image.load()
    if orientation(image) != 1:
        ImageOps.exif_transpose(image, in_place=True)
    return image


def decode(image: PILImage.Image, mode: Mode | None, block: str, *, counts: bool = True) -> PILImage.Image:
    """The pixels of an opened picture, turned upright and in this mode; None keeps the file's own mode.

    Args:
        image: the picture.
        mode: a mode of Pillow.
        block: how messages name the component.
        counts: whether its pixels count for the running call; False where the caller holds them.

    Raises:
        Error: the file is damaged, or too many large pictures are being worked on.
    """
    with pixels.held(pixels.to_decode(image)) if counts else nullcontext(), _decoding(image, block):
        upright = _upright(image)
        known = upright._new(upright.im)  # the pixels themselves, without the file
        return to_mode(known, mode) if mode else known


def decode_array(image: PILImage.Image, mode: Mode | None, block: str, *, counts: bool = True) -> np.ndarray[Any, Any]:
    """The same as an array. A large picture is converted strip by strip, so that it is in memory twice, not four times.

    Raises:
        Error: as `decode`.
    """
    import numpy as np

    with pixels.held(pixels.to_decode(image)) if counts else nullcontext(), _decoding(image, block):
        upright = _upright(image)
        wanted = mode or upright.mode
        if pixels.of(upright) < pixels.SMALL or (wanted in _WHOLE and wanted != upright.mode):
            return np.array(to_mode(upright, wanted))
        made: np.ndarray[Any, Any] | None = None
        rows = max(1, _STRIP // upright.width)
        for top in range(0, upright.height, rows):
            strip = upright.crop((0, top, upright.width, min(top + rows, upright.height)))
            part = np.asarray(to_mode(strip, wanted))
            if made is None:
                made = np.empty((upright.height, *part.shape[1:]), part.dtype)
            made[top : top + len(part)] = part
        assert made is not None
        return made


def to_mode(image: PILImage.Image, mode: str) -> PILImage.Image:
    """The picture in another mode, by way of RGB where PIL knows no direct one."""
    if image.mode == mode:
        return image
    try:
        return image.convert(mode)
    except ValueError:
        return image.convert("RGB").convert(mode)


def to_picture(value: Any, block: str) -> PILImage.Image:
    """The picture in a numpy array, a PIL image, or anything that numpy reads as an array.

    Raises:
        ValueError: an array of another shape than height x width (x 1 to 4), or values out of range.
    """
    from PIL import Image

    if isinstance(value, Image.Image):
        return value
    array = to_bytes(value, block)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim not in (2, 3) or 0 in array.shape or (array.ndim == 3 and array.shape[2] > 4):
        raise ValueError(
            f"{block}: an array of shape {array.shape} is no picture. It has height x width, "
            "or height x width x channels with 1, 3 or 4 channels."
        )
    return Image.fromarray(array)


def to_bytes(value: Any, block: str) -> np.ndarray[Any, Any]:
    """An array as uint8: truth values as 0 and 255, floats from 0..1, whole numbers from 0..255 (16 bits are scaled).

    Raises:
        ValueError: a value is out of its range.
    """
    import numpy as np

    array = np.asarray(value)
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * 255
    if array.dtype == np.uint16:
        return (array // 257).astype(np.uint8)
    if array.dtype.kind not in "fiu":
        raise ValueError(f"{block}: an array of {array.dtype} is no picture; give numbers.")
    low, high = (float(array.min()), float(array.max())) if array.size else (0.0, 0.0)
    top, whole = (1.0, "floats lie between 0 and 1") if array.dtype.kind == "f" else (255.0, "whole numbers in 0..255")
    if not (low >= (-1.0 if top == 1.0 else 0.0) and high <= top):
        raise ValueError(f"{block}: pixel values from {low:g} to {high:g} are out of range: {whole}.")
    if top != 1.0:
        return array.astype(np.uint8)
    made = np.empty(array.shape, np.uint8)
    rows = max(1, _STRIP * len(array) // max(array.size, 1))
    for at in range(0, len(array) if array.ndim else 0, rows):
        made[at : at + rows] = np.clip(array[at : at + rows], 0, 1) * 255 + 0.5
    return made


def encode(image: PILImage.Image, suffix: str) -> tuple[bytes, str]:
    """The picture as a file of this kind (see FORMATS), and the suffix that it really got.

    WebP cannot be longer than 16,383 pixels; longer pictures become PNG.
    """
    if suffix == "webp" and max(image.size) > _LONGEST_WEBP:
        suffix = "png"
    kind = FORMATS[suffix]
    if image.mode not in _HOLDS[kind]:
        transparent = image.has_transparency_data and "RGBA" in _HOLDS[kind]
        image = to_mode(image, "RGBA" if transparent else "RGB")
    target = io.BytesIO()
    image.save(target, kind, **_SAVING.get(kind, {}))
    return target.getvalue(), suffix


def holds(suffix: str, mode: str) -> bool:
    """Whether a file of this kind (see FORMATS) keeps a picture of this mode as it is."""
    return mode in _HOLDS[FORMATS[suffix]]


def stamp(image: PILImage.Image, mark: Any, place: Corner | tuple[int, int], block: str) -> PILImage.Image:
    """The picture with another one laid over a corner, 10 pixels from the edges, or at (x, y)."""
    over = load(Path(mark), block) if isinstance(mark, str | Path) else to_picture(mark, block)
    over = to_mode(over, "RGBA")
    if isinstance(place, str):
        x = image.width - over.width - 10 if place.endswith("right") else 10
        y = image.height - over.height - 10 if place.startswith("bottom") else 10
    else:
        x, y = place
    result = to_mode(image, "RGBA").copy()
    result.alpha_composite(over, (max(x, 0), max(y, 0)))
    return to_mode(result, image.mode) if image.mode in ("RGB", "L") else result
