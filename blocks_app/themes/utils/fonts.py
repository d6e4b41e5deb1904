"""Fonts of a theme. Nothing is ever fetched from another host: a web font's name is tried on the visitor's machine,
then a system font of the same character is taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# Words that CSS knows as kinds of fonts; they must not be quoted.
GENERIC = frozenset(
    [
        "serif",
        "sans-serif",
        "monospace",
        "cursive",
        "fantasy",
        "system-ui",
        "ui-serif",
        "ui-sans-serif",
        "ui-monospace",
        "ui-rounded",
        "math",
        "emoji",
        "inherit",
        "initial",
    ]
)

_HUMANIST = "'Seravek', 'Gill Sans Nova', 'Ubuntu', 'Calibri', 'Noto Sans'"
_GEOMETRIC = "'Avenir Next', 'Avenir', 'Corbel', 'URW Gothic', 'Nunito Sans'"
_GROTESQUE = "'Inter', 'Segoe UI', 'Roboto', 'Helvetica Neue', 'Liberation Sans', 'Arial'"
_ROUNDED = "ui-rounded, 'SF Pro Rounded', 'Hiragino Maru Gothic ProN', 'Nunito', 'Arial Rounded MT Bold'"
_SERIF = "'Charter', 'Bitstream Charter', 'Cambria', 'Georgia', 'Noto Serif'"
_MONO = "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Menlo', 'Consolas', 'Liberation Mono'"

_FAMILIES: dict[str, str] = {
    "source sans pro": _HUMANIST,
    "source sans 3": _HUMANIST,
    "open sans": _HUMANIST,
    "lato": _HUMANIST,
    "noto sans": _HUMANIST,
    "ubuntu": _HUMANIST,
    "ibm plex sans": _GROTESQUE,
    "chakra petch": _GROTESQUE,
    "lexend": _GEOMETRIC,
    "press start 2p": _MONO,
    "share tech mono": _MONO,
    "inter": _GROTESQUE,
    "roboto": _GROTESQUE,
    "work sans": _GROTESQUE,
    "montserrat": _GEOMETRIC,
    "poppins": _GEOMETRIC,
    "outfit": _GEOMETRIC,
    "raleway": _GEOMETRIC,
    "quicksand": _ROUNDED,
    "nunito": _ROUNDED,
    "comfortaa": _ROUNDED,
    "merriweather": _SERIF,
    "lora": _SERIF,
    "playfair display": _SERIF,
    "ibm plex mono": _MONO,
    "jetbrains mono": _MONO,
    "fira code": _MONO,
    "roboto mono": _MONO,
    "source code pro": _MONO,
    "space mono": _MONO,
}


class Font:
    """A font by its name, as the visitor's machine knows it.

    Args:
        name: family name, or a CSS keyword such as `system-ui`.
    """

    kind = "font"

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        bare = self.name in GENERIC or self.name.startswith("-")
        return self.name if bare else "'" + self.name.replace("'", "") + "'"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Font) and self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        return hash((type(self), self.name))

    def stylesheet(self) -> dict[str, str | None]:
        """Addresses of style sheets that the font needs: none."""
        return {"url": None, "css": None}

    def as_dict(self) -> dict[str, Any]:
        """The font in a theme's JSON."""
        return {"__gradio_font__": True, "name": self.name, "class": self.kind}


class GoogleFont(Font):
    """A font of Google's collection, by name. It is not downloaded: where the visitor has it, it is used, elsewhere a
    system font that looks alike. To ship the font itself, declare an `@font-face` in the app's `css` or `head`.

    Args:
        name: family name as Google lists it.
        weights: the weights in use; kept so that a theme can be dumped and loaded.
    """

    kind = "google"

    def __init__(self, name: str, weights: Iterable[int] = (400, 600)) -> None:
        super().__init__(name)
        self.weights = tuple(weights)

    def __str__(self) -> str:
        alike = _FAMILIES.get(self.name.lower())
        return super().__str__() + (f", {alike}" if alike else "")

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "weights": list(self.weights)}


class LocalFont(GoogleFont):
    """A font that the site serves itself; declare its `@font-face` in the app's `css`."""

    kind = "local"

    def __str__(self) -> str:
        return Font.__str__(self)


def font_from(value: Any) -> Font:
    """A Font from a Font, a name, or the form that `as_dict` wrote."""
    if isinstance(value, Font):
        return value
    if isinstance(value, dict):
        kinds = {"google": GoogleFont, "local": LocalFont}
        kind = kinds.get(value.get("class", "font"))
        return kind(value["name"], value.get("weights", (400, 600))) if kind else Font(value["name"])
    return Font(str(value))
