"""Column: blocks below each other."""

from __future__ import annotations

from typing import Literal, Unpack

from blocks_app.layouts.options import check_scale
from blocks_app.options import BlockOptions
from blocks_app.tree.container import Container


class Column(Container):
    """Puts its children below each other; several Columns in a Row share its width.

    Args:
        scale: share of the width in a Row: 2 is twice as wide as 1, 0 takes no more than it needs.
        min_width: pixels below which the Column wraps to the next line of its Row.
        variant: `panel` draws a surface around it, `compact` leaves no gaps between the children.
        show_progress: whether it shows the progress of an event that updates the Column itself.
    """

    def __init__(
        self,
        scale: int = 1,
        *,
        min_width: int = 320,
        variant: Literal["default", "panel", "compact"] = "default",
        show_progress: bool = False,
        **options: Unpack[BlockOptions],
    ) -> None:
        super().__init__(**options)
        self.scale = check_scale(scale)
        self.min_width = min_width
        self.variant = variant
        self.groups_forms = variant != "compact"
        self.show_progress = show_progress
