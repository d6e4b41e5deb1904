"""Draggable: blocks that the visitor can put into another order."""

from __future__ import annotations

from typing import Literal, Unpack

from blocks_app.exceptions import DeclarationError
from blocks_app.options import BlockOptions
from blocks_app.tree.container import Container


class Draggable(Container):
    """Puts its children in a row or a column; visitors change their order with the mouse, a finger or the keyboard.

    Args:
        orientation: `column` for children below each other, `row` for side by side.
    """

    def __init__(self, *, orientation: Literal["row", "column"] = "column", **options: Unpack[BlockOptions]) -> None:
        super().__init__(**options)
        if orientation not in ("row", "column"):
            raise DeclarationError(f'Draggable: orientation must be "row" or "column", not {orientation!r}.')
        self.orientation = orientation
        self.groups_forms = False  # each input moves by itself
