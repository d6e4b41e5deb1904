"""`gr.themes`: built-in themes and what they are made of.

For users by name, and for `page`, which makes style sheets of them.

Interface: the names of this package, `variables`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from blocks_app.diagnostics.mistakes import meant
from blocks_app.exceptions import DeclarationError
from blocks_app.themes.base import Base
from blocks_app.themes.default import Default
from blocks_app.themes.glass import Glass
from blocks_app.themes.monochrome import Monochrome
from blocks_app.themes.soft import Soft
from blocks_app.themes.theme import ThemeClass
from blocks_app.themes.utils import colors, fonts, sizes
from blocks_app.themes.utils.colors import Color
from blocks_app.themes.utils.fonts import Font, GoogleFont, LocalFont
from blocks_app.themes.utils.sizes import Size

if TYPE_CHECKING:
    from blocks_app.themes.citrus import Citrus
    from blocks_app.themes.cyberpunk import Cyberpunk
    from blocks_app.themes.ember import Ember
    from blocks_app.themes.mario import Mario
    from blocks_app.themes.neon import Neon
    from blocks_app.themes.ocean import Ocean
    from blocks_app.themes.origin import Origin

__all__ = [
    "Base",
    "Citrus",
    "Color",
    "Cyberpunk",
    "Default",
    "Ember",
    "Font",
    "Glass",
    "GoogleFont",
    "LocalFont",
    "Mario",
    "Monochrome",
    "Neon",
    "Ocean",
    "Origin",
    "Size",
    "Soft",
    "ThemeClass",
    "builder",
    "colors",
    "fonts",
    "problem_with",
    "sizes",
]

#: The themes by the names that `theme=` takes; most are loaded when one is first asked for.
BUILT_IN = {
    name.lower(): name
    for name in (
        *("Base", "Default", "Glass", "Monochrome", "Soft"),
        *("Citrus", "Cyberpunk", "Ember", "Mario", "Neon", "Ocean", "Origin"),
    )
}


_INSTEAD = "The default theme is used."


def problem_with(theme: object) -> str | None:
    """Why a value of `theme=` cannot be worn, in a sentence; None when it can."""
    if theme is None or isinstance(theme, ThemeClass) or (isinstance(theme, str) and theme.lower() in BUILT_IN):
        return None
    if not isinstance(theme, str):
        given = f"not {theme!r}"
        return f"Theme should be a class loaded from gradio.themes, such as gr.themes.Soft(), {given}. {_INSTEAD}"
    if "/" not in theme:
        return f"There is no theme {theme!r}.{meant(theme.lower(), BUILT_IN)} {_INSTEAD}"
    try:
        Base.from_hub(theme)
    except DeclarationError as error:
        reason = error
    return f"Cannot load {theme}. Caught Exception: {reason} Built-in themes are {', '.join(BUILT_IN)}. {_INSTEAD}"


def builder(**options: object) -> None:
    """Try themes in the browser: an app with every variable, a page that wears them, and the code to copy.

    Args:
        options: as for `launch()`.
    """
    import importlib

    importlib.import_module("blocks_app.extras.theme_builder").builder(**options)


if not TYPE_CHECKING:  # a checker would take every name for a theme

    def __getattr__(name: str) -> type[ThemeClass]:
        """A theme that is loaded when it is first used."""
        import importlib

        if BUILT_IN.get(name.lower()) != name:
            raise AttributeError(f"gr.themes has no {name}. Its themes are {', '.join(BUILT_IN.values())}.")
        globals()[name] = found = getattr(importlib.import_module(f"blocks_app.themes.{name.lower()}"), name)
        return found
