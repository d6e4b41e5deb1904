"""Row: blocks side by side."""

from __future__ import annotations

from typing import Any, Literal, Unpack

from blocks_app.layouts.options import check_scale
from blocks_app.options import BlockOptions
from blocks_app.tree.container import Container


class Row(Container):
    """Puts its children side by side; those that do not fit at their `min_width` wrap to the next line.

    Args:
        variant: `panel` draws a surface around it, `compact` leaves no gaps between the children.
        scale: its share of the height in a page with `fill_height`, or of the width in an outer Row.
        height: pixels, or a CSS length; content beyond it scrolls.
        max_height: likewise; content beyond it scrolls.
        min_height: likewise.
        equal_height: whether all children become as high as the highest. Left out, they do, but buttons keep their own
            height and stand beside the input at the bottom.
        show_progress: whether it shows the progress of an event that updates the Row itself.
    """

    def __init__(
        self,
        variant: Literal["default", "panel", "compact"] = "default",
        *,
        scale: int | None = None,
        height: int | str | None = None,
        max_height: int | str | None = None,
        min_height: int | str | None = None,
        equal_height: bool = True,
        show_progress: bool = False,
        **options: Unpack[BlockOptions],
    ) -> None:
        super().__init__(**options)
        self.variant = variant
        self.groups_forms = variant != "compact"
        self.scale = check_scale(scale)
        self.height = height
        self.max_height = max_height
        self.min_height = min_height
        self.equal_height = equal_height
        self.show_progress = show_progress

    def props(self) -> dict[str, Any]:
        """The options, and whether buttons take part in the equal height."""
        return {**super().props(), "stretch_buttons": "equal_height" in self._given and self.equal_height}
