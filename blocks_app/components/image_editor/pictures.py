"""The pictures of one value: opened, counted and bounded together, before the first of them is decoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blocks_app import conf
from blocks_app.components.validation import refusal
from blocks_app.files import file_data
from blocks_app.i18n import gettext
from blocks_app.media import image as codec
from blocks_app.media import pixels

if TYPE_CHECKING:
    from PIL import Image as PILImage

    from blocks_app.tree.component import Component

#: Most layers of one value.
MOST_LAYERS = 100
#: Modes in which a picture keeps what is transparent.
_TRANSPARENT = ("RGBA", "LA", "PA")


@dataclass(frozen=True)
class Wanted:
    """What a function gets of each picture."""

    type: str
    mode: codec.Mode | None
    #: Kind of a new file where the sent one's cannot hold the mode.
    format: str
    #: Width and height to which every picture is cut and scaled.
    size: tuple[int, int] | None


@dataclass(frozen=True)
class Sent:
    """A picture that was sent and has been opened."""

    file: file_data.LocalFile
    opened: PILImage.Image


@contextmanager
def opened(payloads: Sequence[Any], component: Component) -> Iterator[list[Sent | None]]:
    """The pictures that a value names, not yet decoded; their pixels count for the running call, all at once.

    Raises:
        Error: one of them is none, has too many pixels, or all of them have too many together.
    """
    block, most = file_data.name_of(component), conf.image_pixels_at_once()
    with ExitStack() as files:
        found: list[Sent | None] = []
        for payload in payloads:
            if payload is None:
                found.append(None)
                continue
            file = file_data.receive(payload, component)
            found.append(Sent(file, files.enter_context(codec.load(file.path, block))))
        sizes = [pixels.of(each.opened) for each in found if each is not None]
        if len(sizes) > 1 and sum(sizes) > most:
            text = gettext(
                "its pictures have %(sizes)s pixels together, at most %(most)s are allowed. "
                "Use fewer layers, or a smaller picture."
            )
            raise refusal(component, text % {"sizes": format(sum(sizes), ","), "most": format(most, ",")})
        with pixels.held(sum(pixels.to_decode(each.opened) for each in found if each is not None)):
            yield found


def converted(sent: Sent, wanted: Wanted, component: Component, *, on_white: bool) -> Any:
    """A picture as the function gets it.

    Args:
        sent: the picture.
        wanted: what the function wants.
        component: whose value it is; named in messages.
        on_white: whether white shines through where it is transparent and the mode cannot be.
    """
    on_white = on_white and sent.opened.has_transparency_data and (wanted.mode or "RGBA") not in _TRANSPARENT
    as_it_is = codec.is_upright_in(sent.opened, wanted.mode) and wanted.size in (None, sent.opened.size)
    if wanted.type == "filepath" and as_it_is and not on_white:
        return str(sent.file.path)
    mode = None if on_white or wanted.size is not None else wanted.mode
    picture = codec.decode(sent.opened, mode, file_data.name_of(component), counts=False)
    if on_white:
        picture = _on_white(picture)
    if wanted.size is not None:
        picture = _cut(picture, wanted.size)
    if wanted.mode is not None:
        picture = codec.to_mode(picture, wanted.mode)
    if wanted.type == "pil":
        return picture
    if wanted.type == "filepath":
        return str(_written(picture, sent.file, wanted.format))
    import numpy as np  # heavy; only when there is a picture

    return np.array(picture)


def _on_white(picture: PILImage.Image) -> PILImage.Image:
    from PIL import Image

    picture = codec.to_mode(picture, "RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)


def _cut(picture: PILImage.Image, size: tuple[int, int]) -> PILImage.Image:
    """The middle of the picture that has the shape of `size`, in that size."""
    if picture.size == size:
        return picture
    width, height = picture.size
    share = min(width / size[0], height / size[1])
    inner = (max(1, int(size[0] * share)), max(1, int(size[1] * share)))
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    if picture.mode in ("1", "P"):
        picture = codec.to_mode(picture, "RGBA" if picture.has_transparency_data else "RGB")
    return picture.resize(size, box=(left, top, left + inner[0], top + inner[1]))


def _written(picture: PILImage.Image, file: file_data.LocalFile, format: str) -> Path:
    """A new file of the sent file's name; of its kind where that kind holds the picture, else of one that does."""
    suffix = file.path.suffix.lower().removeprefix(".")
    kinds = [suffix if suffix in codec.FORMATS else format, "png", "tiff"]
    content, suffix = codec.encode(picture, next((each for each in kinds if codec.holds(each, picture.mode)), "png"))
    place = file_data.scratch(f"{Path(file.name).stem}.{suffix}")
    place.write_bytes(content)
    return place
