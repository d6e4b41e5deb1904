"""DeepLinkButton: a button that copies the address of the page."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Unpack

from blocks_app.components.button import Button, ButtonOptions
from blocks_app.tree import context
from blocks_app.tree.block import Block

_COPY = """async () => {
  const { copyText } = await import("blocks");
  await copyText(location.href);
  return %s;
}"""
_BACK = "() => new Promise((done) => setTimeout(() => done(%s), 1000))"


class DeepLinkButton(Button):
    """A button that copies the address of the page, with its query, and says for a second that it has."""

    is_template: ClassVar[bool] = True
    defaults = {"link_target": "_self"}

    def __init__(
        self,
        value: str = "Share via Link",
        copied_value: str = "Link Copied!",
        **options: Unpack[ButtonOptions],
    ) -> None:
        """Declare the button.

        Args:
            value: what stands on it before and afterwards.
            copied_value: what stands on it for a second once the address is copied.
            options: see ButtonOptions.
        """
        self.copied_value = copied_value
        self._copies = False
        super().__init__(value, **options)

    def render(self) -> Block:
        """Place the button here and listen for its click."""
        placed = super().render()
        if context.root.get() is not None and not self._copies:
            self._copies = True
            options: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
            copied = self.click(None, None, self, js=_COPY % json.dumps(self.copied_value), **options)
            copied.then(None, None, self, js=_BACK % json.dumps(self.value), **options)
        return placed
