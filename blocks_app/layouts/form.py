"""Form: the frame around neighbouring inputs."""

from __future__ import annotations

from typing import Any, ClassVar, Unpack

from blocks_app.layouts.row import Row
from blocks_app.options import BlockOptions
from blocks_app.tree.container import Container


class Form(Container):
    """One frame for neighbouring form inputs; inserted by itself when the layout around them closes.

    Args:
        scale: share of the width in a Row, of the height in a page with `fill_height`: the sum of those of its inputs.
        min_width: pixels below which it wraps in a Row: the sum of those of its inputs.
    """

    is_frame: ClassVar[bool] = True

    def __init__(self, *, scale: int = 0, min_width: int = 0, **options: Unpack[BlockOptions]) -> None:
        super().__init__(**options)
        self.scale = scale
        self.min_width = min_width

    def settle(self) -> None:
        """Take scale, min_width and visibility from the inputs."""
        children: list[Any] = self.children
        if isinstance(self.parent, Row):  # they stand beside each other: the Form wraps when they do not fit together
            self.scale = sum(1 if child.scale is None else child.scale for child in children)
            self.min_width = sum(child.min_width or 0 for child in children)
        else:
            self.scale = sum(child.scale or 0 for child in children)
        if not any(child.visible is True for child in children):
            self.visible = False
