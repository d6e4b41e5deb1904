"""From what a user gave as `theme=` to a theme."""

from __future__ import annotations

import functools
import warnings

from blocks_app import themes
from blocks_app.exceptions import DeclarationError
from blocks_app.themes import BUILT_IN, ThemeClass
from blocks_app.themes import Base as Theme

__all__ = ["Theme", "resolve_theme"]


def resolve_theme(theme: object) -> ThemeClass:
    """The theme that a value of `theme=` means; never raises.

    Args:
        theme: a theme; the name of a built-in one without regard to case; None for the default. Anything else warns and
            gives the default.
    """
    if isinstance(theme, ThemeClass):
        return theme
    if theme is None:
        return _built_in("default")
    if not isinstance(theme, str):
        warnings.warn(
            f"Theme should be a class loaded from gradio.themes, such as gr.themes.Soft(), not {theme!r}. "
            "The default theme is used.",
            stacklevel=3,
        )
        return _built_in("default")
    if theme.lower() in BUILT_IN:
        return _built_in(theme.lower())
    try:
        Theme.from_hub(theme)
    except DeclarationError as reason:
        warnings.warn(
            f"Cannot load {theme}. Caught Exception: {reason} Built-in themes are {', '.join(BUILT_IN)}. "
            "The default theme is used.",
            stacklevel=3,
        )
    return _built_in("default")


@functools.cache
def _built_in(name: str) -> Theme:
    """One theme per name: pages only read it, and building it anew for each page would cost time at import."""
    built_in: type[Theme] = getattr(themes, BUILT_IN[name])
    return built_in()
