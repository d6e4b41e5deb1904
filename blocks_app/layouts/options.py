"""What layouts check alike."""

from __future__ import annotations

from collections.abc import Sequence

from blocks_app.diagnostics.mistakes import warn
from blocks_app.tree.block import Block


def check_scale(scale: float | None) -> float | None:
    """The scale as given, with a warning when it is no whole number."""
    if scale is not None and not isinstance(scale, int):
        warn(f"'scale' value should be an integer. Using {scale} will cause issues.")
    return scale


def chosen_page(pages: Sequence[Block], selected: int | str | None, *, closed_too: bool = False) -> Block | None:
    """Which of several pages is shown at first; the rule of frontend/shared/paging.ts.

    Args:
        pages: all of them.
        selected: the `id` of one, or its number where it has none.
        closed_too: whether one that the visitor may not choose can be shown.
    """
    offered = [
        page
        for page in pages
        if page.visible is not False
        and page.visible != "hidden"
        and (closed_too or getattr(page, "interactive", True) is not False)
    ]
    named = [page for page in pages if selected is not None and getattr(page, "id", None) == selected]
    if not named and isinstance(selected, int):
        named = [page for number, page in enumerate(pages) if number == selected and getattr(page, "id", None) is None]
    return next((page for page in [*named[:1], *offered] if page in offered), None)
