"""Accordion: content that can be folded away."""

from __future__ import annotations

from typing import Unpack

from blocks_app.listeners.events import Events
from blocks_app.options import BlockOptions
from blocks_app.tree.block import Block
from blocks_app.tree.container import Container


class Accordion(Container):
    """Shows a heading; a click on it shows or hides the children.

    Events: `expand` and `collapse`, by the visitor or by an update of `open`.

    Args:
        label: text of the heading.
        open: whether the children are shown at first.
        height: pixels of the open content, or a CSS length; content beyond it scrolls.
        max_height: likewise.
    """

    expand = Events.expand
    collapse = Events.collapse

    def __init__(
        self,
        label: str | None = None,
        *,
        open: bool = True,
        height: int | str | None = None,
        max_height: int | str | None = None,
        **options: Unpack[BlockOptions],
    ) -> None:
        super().__init__(**options)
        self.label = label
        self.open = open
        self.height = height
        self.max_height = max_height

    def open_children(self) -> list[Block]:
        """None, where it starts folded."""
        return self.children if self.open else []
