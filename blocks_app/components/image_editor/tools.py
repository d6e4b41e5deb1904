"""How the tools of an ImageEditor are set up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from blocks_app.exceptions import DeclarationError

#: A css colour, or one with how opaque it is, from 0 to 1.
Color = str | tuple[str, float]

#: What a brush offers unless told.
PALETTE = ("rgb(204, 50, 50)", "rgb(173, 204, 50)", "rgb(50, 204, 112)", "rgb(50, 112, 204)", "rgb(173, 50, 204)")


@dataclass
class Eraser:
    """The eraser of an ImageEditor.

    Attributes:
        default_size: its radius at first, in pixels of the picture; "auto" is a fiftieth of its shorter side.
    """

    default_size: int | Literal["auto"] = "auto"

    def __post_init__(self) -> None:
        size: Any = self.default_size
        if isinstance(size, str) and size.isdigit():
            self.default_size = size = int(size)
        if size != "auto" and (isinstance(size, bool) or not isinstance(size, (int, float)) or not size >= 1):
            raise DeclarationError(
                f'{type(self).__name__}: default_size is a number of pixels from 1 on, or "auto"; not {size!r}.'
            )


@dataclass
class Brush(Eraser):
    """The brush of an ImageEditor.

    Attributes:
        default_size: its radius at first, in pixels of the picture; "auto" is a fiftieth of its shorter side.
        colors: css colours to choose from, each also as `(color, opacity)`; five unless given.
        default_color: the colour at first; "auto" and None are the first of `colors`.
        color_mode: "defaults" lets the visitor choose any other colour too, "fixed" only these.
    """

    colors: Sequence[Color] | Color | None = None
    default_color: Color | Literal["auto"] | None = None
    color_mode: Literal["fixed", "defaults"] = "defaults"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.color_mode not in ("fixed", "defaults"):
            raise DeclarationError(f'Brush: color_mode is "fixed" or "defaults", not {self.color_mode!r}.')
        given: Any = PALETTE if self.colors is None else self.colors
        if isinstance(given, str) or _has_opacity(given):
            given = [given]
        self.colors = [_color(each) for each in given]
        first: Any = self.default_color
        if first is not None and first != "auto":
            self.default_color = _color(first)
        elif self.colors:
            self.default_color = self.colors[0]
        else:
            raise DeclarationError("Brush: colors is empty. Name at least one, or a default_color.")


@dataclass
class LayerOptions:
    """The layers of an ImageEditor.

    Attributes:
        allow_additional_layers: whether visitors may add layers.
        layers: names of the layers that are there at first, from below; one unless given.
        disabled: whether nothing about layers is shown.
    """

    allow_additional_layers: bool = True
    layers: list[str] | None = field(default=None)
    disabled: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.layers, str) or not all(isinstance(name, str) for name in self.layers or ()):
            raise DeclarationError(f"LayerOptions: layers is a list of names, not {self.layers!r}.")
        self.layers = list(self.layers or ["Layer 1"])


def plain(options: Eraser | LayerOptions | Literal[False]) -> dict[str, Any] | Literal[False]:
    """The options for the browser."""
    return asdict(options) if options else False


def _has_opacity(given: Any) -> bool:
    """Whether it is one colour with its opacity, and not a list of two colours."""
    return isinstance(given, (tuple, list)) and len(given) == 2 and isinstance(given[1], (int, float))


def _color(given: Any) -> Color:
    if isinstance(given, str) and given.strip():
        return given
    if _has_opacity(given) and isinstance(given[0], str) and 0 <= given[1] <= 1:
        return given[0], float(given[1])
    raise DeclarationError(
        f'Brush: a color is a css color such as "#ff0000", or one with its opacity as ("red", 0.5); not {given!r}.'
    )
