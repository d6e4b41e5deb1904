"""DuplicateButton: what copies a Space on Gradio's own hub, and says here why it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Unpack

from blocks_app.components.button import Button, ButtonOptions
from blocks_app.running.notifications import Info
from blocks_app.tree import context
from blocks_app.tree.block import Block

ANSWER = "This app is part of a site of its own: there is no Space to duplicate. Ask whoever runs it for its source."


class DuplicateButton(Button):
    """A button that has nothing to duplicate on a Django site, and says so; with `link` it leads to the source."""

    is_template: ClassVar[bool] = True
    defaults = {"size": "sm", "scale": 0, "link_target": "_self"}
    private_options: ClassVar[frozenset[str]] = Button.private_options | {"_activate"}

    def __init__(
        self,
        value: str | Callable[..., Any] | None = "Duplicate Space",
        *,
        _activate: bool = True,
        **options: Unpack[ButtonOptions],
    ) -> None:
        """Declare the button.

        Args:
            value: what stands on it, or a function that makes it.
            _activate: whether a click is answered; False leaves that to the app.
            options: see ButtonOptions.
        """
        self._activate = _activate
        self._answers = False
        super().__init__(value, **options)

    def render(self) -> Block:
        """Place the button here and listen for its click."""
        placed = super().render()
        if context.root.get() is not None and self._activate and not self.link and not self._answers:
            self._answers = True
            self.click(_say_why, None, None, concurrency_limit=None, api_visibility="private", show_progress="hidden")
        return placed


def _say_why() -> None:
    Info(ANSWER)
