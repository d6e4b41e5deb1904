"""LogoutButton: a button that logs the visitor out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Unpack

from blocks_app.components.button import Button, ButtonOptions
from blocks_app.i18n import own


class LogoutButton(Button):
    """A button that logs the visitor out of the site; gr.LoginButton does both."""

    is_template: ClassVar[bool] = True
    #: The app's own logout, beside the page; it asks for a click where it cannot see that the page has sent somebody.
    defaults = {"scale": 0, "link": "logout", "link_target": "_self"}

    def __init__(self, value: str | Callable[..., Any] | None = "Logout", **options: Unpack[ButtonOptions]) -> None:
        """Declare the button.

        Args:
            value: what stands on it, also by a function.
            options: see ButtonOptions.
        """
        super().__init__(own(value), **options)
