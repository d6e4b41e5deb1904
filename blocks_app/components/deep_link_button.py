"""DeepLinkButton: a button that copies a link to the page as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Unpack

from blocks_app.components.button import Button, ButtonOptions
from blocks_app.exceptions import DeclarationError
from blocks_app.i18n import own
from blocks_app.tree.component import Component
from blocks_app.tree.iterables import several


class DeepLinkButton(Button):
    """A button that keeps what the page shows and copies a link that opens it so, and says for a second that it has.

    A link works for 30 days (`BLOCKS_DEEP_LINK_AGE`). Passwords and gr.State are never in it, nor are files of others
    unless they are shared.
    """

    links_page: ClassVar[bool] = True
    private_options: ClassVar[frozenset[str]] = Button.private_options | {"exclude"}
    defaults = {"link_target": "_self"}

    def __init__(
        self,
        value: str = "Share via Link",
        copied_value: str = "Link Copied!",
        *,
        share_files: bool = False,
        exclude: Component | Iterable[Component] = (),
        **options: Unpack[ButtonOptions],
    ) -> None:
        """Declare the button.

        Args:
            value: what stands on it before and afterwards.
            copied_value: what stands on it for a second once the link is copied.
            share_files: whether visitors are asked to share their files, too; else a link opens them for nobody but
                who made it, having logged in. Not in Gradio.
            exclude: components whose values go into no link. Not in Gradio.
            options: see ButtonOptions.

        Raises:
            DeclarationError: something else than a component is to be left out.
        """
        self.copied_value = own(copied_value)
        self.share_files = bool(share_files)
        self.exclude = several(exclude)
        for each in self.exclude:
            if not isinstance(each, Component):
                raise DeclarationError(f"DeepLinkButton: exclude takes components, not {each!r}.")
        super().__init__(own(value), **options)

    def props(self) -> dict[str, Any]:
        return {**super().props(), "excluded": [each._id for each in self.exclude]}
