"""Navbar: the bar of links between the pages of an app."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Literal, Unpack

from blocks_app.components.validation import refusal
from blocks_app.exceptions import DeclarationError
from blocks_app.listeners.events import Events
from blocks_app.options import BlockOptions
from blocks_app.tree.component import Component

Links = Iterable[tuple[str, str]]


class Navbar(Component):
    """How the links between the pages of an app look on this page, wherever in it the Navbar stands.

    An app with pages has such links without it, too. The value is further links, as (name, address).
    """

    change = Events.change
    in_links: ClassVar[bool] = False

    def __init__(
        self,
        value: Links | None = None,
        *,
        main_page_name: str | Literal[False] = "Home",
        **options: Unpack[BlockOptions],
    ) -> None:
        """Declare the bar; a page has one at most.

        Args:
            value: further links: (name, address) each, an address of another site or one below the app's, as "about".
            main_page_name: how the main page is called; False leaves it out.
            options: see BlockOptions.

        Raises:
            DeclarationError: a link is no pair of texts, or leads neither below the app nor to an http address.
        """
        self.main_page_name = main_page_name
        super().__init__(_links(value), **options)

    def preprocess(self, payload: Any) -> list[tuple[str, str]] | None:
        """The further links.

        Raises:
            Error: they are none.
        """
        try:
            return _links(payload)
        except DeclarationError as error:
            raise refusal(self, str(error)) from None

    def postprocess(self, value: Any) -> list[list[str]] | None:
        """The same for the page."""
        found = _links(value)
        return None if found is None else [list(each) for each in found]

    def api_info(self) -> dict[str, Any]:
        return {}

    def example_value(self) -> Any:
        return None


def _links(value: Any) -> list[tuple[str, str]] | None:
    if value is None:
        return None
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise DeclarationError(f"a Navbar takes pairs of a name and an address, not {value!r}.")
    found = []
    for link in value:
        pair = tuple(link) if isinstance(link, (list, tuple)) else ()
        if len(pair) != 2 or not all(isinstance(each, str) for each in pair):
            raise DeclarationError(f"a Navbar takes pairs of a name and an address, not {link!r}.")
        name, address = pair
        if not address.startswith(("http://", "https://")) and (":" in address or address.startswith("//")):
            raise DeclarationError(f"a link of a Navbar leads to a page of the app or to an http address: {address!r}.")
        found.append((name, address))
    return found
