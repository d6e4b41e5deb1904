"""LoginButton: a button that logs the visitor in, or out."""

from __future__ import annotations

from typing import Any, ClassVar, Unpack
from urllib.parse import quote, urlsplit

from blocks_app.components.button import Button, ButtonOptions
from blocks_app.i18n import own
from blocks_app.listeners.listener import start_listening
from blocks_app.running.request import Request
from blocks_app.running.updates import update
from blocks_app.tree import context
from blocks_app.tree.block import Block


class LoginButton(Button):
    """A button that leads to the site's login and back; whoever is logged in sees their name on it, and logs out.

    The login is the one of the app: its own page, or what `LOGIN_URL` of the site names, which may offer social logins.
    """

    is_template: ClassVar[bool] = True
    defaults = {"scale": 0, "link_target": "_self"}
    private_options: ClassVar[frozenset[str]] = Button.private_options | {"signed_in_value"}

    def __init__(
        self,
        value: str = "Log in",
        logout_value: str = "Logout ({})",
        *,
        signed_in_value: str = "Signed in as {}",
        **options: Unpack[ButtonOptions],
    ) -> None:
        """Declare the button.

        Args:
            value: what stands on it for visitors who are not logged in.
            logout_value: what stands on it for the others; `{}` is the name.
            signed_in_value: taken and not shown, as in Gradio: `logout_value` says both.
            options: see ButtonOptions. `link` leads to another login.
        """
        self.logout_value = own(logout_value)
        self.signed_in_value = signed_in_value
        self._follows = False
        super().__init__(own(value), **options)

    def render(self) -> Block:
        """Place the button here; whenever the page loads it is told who is there."""
        placed = super().render()
        root: Any = context.root.get()
        if root is not None and not self._follows:
            self._follows = True
            load = getattr(root, "page", root).load
            options = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
            start_listening([load], self._for_visitor, None, self, options, what="load")
        return placed

    def _for_visitor(self, request: Request | None) -> Any:
        """Text and link for whoever asks."""
        if request is None:  # a call from Python: nobody is there
            return update()
        base = urlsplit(str(request.base_url)).path
        if request.username is not None:
            return update(value=self.logout_value.replace("{}", request.username), link=f"{base}logout")
        here = f"{base}?{request.info.query_string}" if request.info.query_string else base
        return update(value=self.value, link=self.link or f"{base}login?next={quote(here, safe='/')}")
