"""From what a user gave as `theme=` to a theme."""

from __future__ import annotations

import functools

from blocks_app import themes
from blocks_app.diagnostics.mistakes import warn
from blocks_app.themes import BUILT_IN, ThemeClass, problem_with
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
    if isinstance(theme, str) and theme.lower() in BUILT_IN:
        return _built_in(theme.lower())
    if (problem := problem_with(theme)) is not None:
        warn(problem)
    return _built_in("default")


@functools.cache
def _built_in(name: str) -> Theme:
    """One theme per name: pages only read it, and building it anew for each page would cost time at import."""
    built_in: type[Theme] = getattr(themes, BUILT_IN[name])
    return built_in()
