"""Walkthrough and Step: pages that are gone through in their order."""

from __future__ import annotations

from typing import Literal, Unpack

from blocks_app.layouts.options import check_scale, chosen_page
from blocks_app.listeners.events import Events
from blocks_app.options import BlockOptions
from blocks_app.tree.block import Block
from blocks_app.tree.container import Container


class Walkthrough(Container):
    """Holds Steps, of which one is shown; the visitor can go back to those before, the app leads on by `selected`.

    Events: `change` when another step is shown, by the visitor or by an update of `selected`; `select` when the visitor
    chose one.

    Args:
        selected: `id` of the Step that is shown at first; the first visible one without it.
    """

    change = Events.change
    select = Events.select

    def __init__(self, selected: int | str | None = None, **options: Unpack[BlockOptions]) -> None:
        super().__init__(**options)
        self.selected = selected

    def open_children(self) -> list[Block]:
        """The step that is shown at first."""
        chosen = chosen_page(self.children, self.selected, closed_too=True)
        return [step for step in self.children if step is chosen]


class Step(Container):
    """One page of a Walkthrough. Written outside of one, neighbouring ones get a Walkthrough of their own.

    Event: `select` when the page is shown.

    Args:
        label: text of its button; its number without it.
        visible: whether it is one of the steps.
        interactive: whether the visitor can go back to it.
        id: how `Walkthrough(selected=…)` calls it; its number, from 0 on, without it.
        scale: share of the height in a page with `fill_height`.
    """

    select = Events.select
    wire_name = "walkthroughstep"

    def __init__(  # type: ignore[misc]  # `visible` may be given by position here
        self,
        label: str | None = None,
        visible: bool | Literal["hidden"] = True,
        interactive: bool = True,
        *,
        id: int | str | None = None,
        scale: int | None = None,
        **options: Unpack[BlockOptions],
    ) -> None:
        super().__init__(visible=visible, **options)
        self.label = label
        self.interactive = interactive
        self.id = id
        self.scale = check_scale(scale)

    def expected_parent(self) -> type[Container]:
        """Walkthrough, which draws the buttons."""
        return Walkthrough
