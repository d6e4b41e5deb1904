"""Sidebar: content at the side of the window that can be put away."""

from __future__ import annotations

from typing import Literal, Unpack

from blocks_app.exceptions import DeclarationError
from blocks_app.listeners.events import Events
from blocks_app.options import BlockOptions
from blocks_app.tree.container import Container


class Sidebar(Container):
    """Puts its children into a panel at the side of the window, with a button that opens and closes it.

    On a narrow screen it lies over the page, and starts closed. Events: `expand` and `collapse`, by the visitor or by
    an update of `open`.

    Args:
        label: what it is called; read aloud, not shown.
        open: whether it is open at first.
        width: pixels, or a CSS length.
        position: side of the window, `left` or `right`.
    """

    expand = Events.expand
    collapse = Events.collapse

    def __init__(
        self,
        label: str | None = None,
        *,
        open: bool = True,
        width: int | str = 320,
        position: Literal["left", "right"] = "left",
        **options: Unpack[BlockOptions],
    ) -> None:
        super().__init__(**options)
        if position not in ("left", "right"):
            raise DeclarationError(f'Sidebar: position must be "left" or "right", not {position!r}.')
        self.label = label
        self.open = open
        self.width = width
        self.position = position
