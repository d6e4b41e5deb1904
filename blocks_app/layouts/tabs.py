"""Tabs and Tab: pages of which one is shown."""

from __future__ import annotations

from typing import Literal, Unpack

from blocks_app.layouts.options import check_scale, chosen_page
from blocks_app.listeners.events import Events
from blocks_app.options import BlockOptions
from blocks_app.tree.block import Block
from blocks_app.tree.container import Container


class Tabs(Container):
    """Holds Tab pages and the bar to choose one.

    Events: `change` when another page is shown, by the visitor or by an update of `selected`; `select` when the visitor
    chose one.

    Args:
        selected: `id` of the Tab that is shown at first; the first visible one without it.
        overflow_behavior: what happens to tabs that do not fit: `menu` puts them behind a button, `scroll` lets the bar
            scroll sideways, `wrap` continues on the next line.
    """

    change = Events.change
    select = Events.select

    def __init__(
        self,
        selected: int | str | None = None,
        *,
        overflow_behavior: Literal["menu", "scroll", "wrap"] = "menu",
        **options: Unpack[BlockOptions],
    ) -> None:
        super().__init__(**options)
        self.selected = selected
        self.overflow_behavior = overflow_behavior

    def open_children(self) -> list[Block]:
        """The page that is shown at first, and those whose content shall be there before they are."""
        chosen = chosen_page(self.children, self.selected)
        return [page for page in self.children if page is chosen or getattr(page, "render_children", False)]


class Tab(Container):
    """One page of Tabs. Written outside Tabs, neighbouring ones get a Tabs of their own.

    Event: `select` when the page is shown.

    Args:
        label: text of its button in the bar.
        visible: whether its button is shown.
        interactive: whether it can be chosen.
        id: how `Tabs(selected=…)` calls it; its number in the Tabs without it.
        alignment: side of the bar that its button stands on; what follows a `right` one stands there too.
        scale: share of the height in a page with `fill_height`.
        height: pixels, or a CSS length; content beyond it scrolls.
        max_height: likewise.
        render_children: whether the content is drawn with the page. Else some of it is when it is first pointed at,
            shown, or named by an event; scripts of the app (`js=`, `head=`) find it in any case.
    """

    select = Events.select
    wire_name = "tabitem"

    def __init__(  # type: ignore[misc]  # `visible` may be given by position here
        self,
        label: str | None = None,
        visible: bool | Literal["hidden"] = True,
        interactive: bool = True,
        *,
        id: int | str | None = None,
        alignment: Literal["left", "right"] = "left",
        scale: int | None = None,
        height: int | str | None = None,
        max_height: int | str | None = None,
        render_children: bool = False,
        **options: Unpack[BlockOptions],
    ) -> None:
        super().__init__(visible=visible, **options)
        self.label = label
        self.interactive = interactive
        self.id = id
        self.alignment = alignment
        self.scale = check_scale(scale)
        self.height = height
        self.max_height = max_height
        self.render_children = render_children

    def expected_parent(self) -> type[Container]:
        """Tabs, which draws the bar."""
        return Tabs


TabItem = Tab
