"""Base: the theme that others are made from."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any, ClassVar, TypedDict, TypeVar

from blocks_app.exceptions import DeclarationError
from blocks_app.themes.theme import ThemeClass
from blocks_app.themes.utils import colors, sizes
from blocks_app.themes.utils.colors import Color
from blocks_app.themes.utils.fonts import Font, font_from
from blocks_app.themes.utils.sizes import Size
from blocks_app.themes.variables import VALUES, flat

Fonts = Font | str | Iterable[Font | str]
Shade = TypeVar("Shade", Color, Size)

SANS = (
    *("Inter", "ui-sans-serif", "-apple-system", "Segoe UI Variable Text", "Segoe UI", "Roboto", "Helvetica Neue"),
    *("Noto Sans", "Liberation Sans", "Arial", "sans-serif"),
)
MONO = (
    *("ui-monospace", "SF Mono", "Cascadia Mono", "Menlo", "Consolas", "DejaVu Sans Mono", "Liberation Mono"),
    "monospace",
)


class ThemeOptions(TypedDict, total=False):
    """What every theme takes; see Base."""

    primary_hue: Color | str | None
    secondary_hue: Color | str | None
    neutral_hue: Color | str | None
    text_size: Size | str | None
    spacing_size: Size | str | None
    radius_size: Size | str | None
    font: Fonts | None
    font_mono: Fonts | None


@functools.cache
def _defaults() -> dict[str, str | None]:
    return flat(VALUES)


class Base(ThemeClass):
    """A plain theme; subclass it or call `.set()` to make your own. Public as `gr.Theme` too.

    Args:
        primary_hue: palette of what calls for action: a Color or its name (`"emerald"`); None is the theme's own.
        secondary_hue: palette of what supports it; likewise, as all others.
        neutral_hue: palette of text, lines and surfaces.
        text_size: a Size or its name, `"sm"`, `"md"` or `"lg"`.
        spacing_size: likewise.
        radius_size: likewise, or `"none"`.
        font: names or Fonts in order of preference.
        font_mono: likewise, for code.

    Raises:
        DeclarationError: a name is not that of a palette or size.
    """

    name = "base"
    #: What a theme has where it was not asked for something else; a subclass names what differs.
    defaults: ClassVar[ThemeOptions] = {
        "primary_hue": colors.blue,
        "secondary_hue": colors.blue,
        "neutral_hue": colors.gray,
        "text_size": sizes.text_md,
        "spacing_size": sizes.spacing_md,
        "radius_size": sizes.radius_md,
        "font": SANS,
        "font_mono": MONO,
    }

    def __init__(
        self,
        *,
        primary_hue: Color | str | None = None,
        secondary_hue: Color | str | None = None,
        neutral_hue: Color | str | None = None,
        text_size: Size | str | None = None,
        spacing_size: Size | str | None = None,
        radius_size: Size | str | None = None,
        font: Fonts | None = None,
        font_mono: Fonts | None = None,
    ) -> None:
        super().__init__()
        self.name = type(self).name
        own: dict[str, Any] = {**Base.defaults, **type(self).defaults}
        for prefix, hue in (("primary", primary_hue), ("secondary", secondary_hue), ("neutral", neutral_hue)):
            palette = _shortcut(hue if hue is not None else own[f"{prefix}_hue"], Color, "color", "")
            for step in Color.steps:
                setattr(self, f"{prefix}_{step}", getattr(palette, f"c{step}"))
        for prefix, size in (("spacing", spacing_size), ("radius", radius_size), ("text", text_size)):
            scale = _shortcut(size if size is not None else own[f"{prefix}_size"], Size, "size", f"{prefix}_")
            for name in Size.steps:
                setattr(self, f"{prefix}_{name}", getattr(scale, name))
        self._set_fonts("font", _fonts(font if font is not None else own["font"]))
        self._set_fonts("font_mono", _fonts(font_mono if font_mono is not None else own["font_mono"]))
        self.set(**_defaults())


def _fonts(given: Fonts) -> list[Font]:
    return [font_from(font) for font in ([given] if isinstance(given, (str, Font)) else given)]


def _shortcut(given: Shade | str, kind: type[Shade], word: str, prefix: str) -> Shade:
    """The palette or size that a name stands for."""
    if isinstance(given, kind):
        return given
    named = {known.name: known for known in kind.all if known.name and known.name.startswith(prefix)}
    found = named.get(str(given)) or named.get(f"{prefix}{given}")
    if found is None:
        names = ", ".join(name.removeprefix(prefix) for name in named)
        raise DeclarationError(
            f"There is no {word} {given!r} for a theme. Choose one of {names}, or give a {kind.__name__}."
        )
    return found
