"""`gr.load(accept_token=…)`: the app is loaded for each visitor, with a token of the visitor's."""

from __future__ import annotations

from collections.abc import Callable

from blocks_app.blocks import Blocks
from blocks_app.components import BrowserState, Checkbox, LoginButton, Textbox
from blocks_app.layouts import Accordion
from blocks_app.listeners.events import on
from blocks_app.listeners.oauth import OAuthToken
from blocks_app.rendering.render import render
from blocks_app.running.updates import update

Load = Callable[[str | None], Blocks]


def with_login(button: LoginButton, load: Load) -> Blocks:
    """A page that shows the app with the token of the account with which a visitor has logged in."""
    with Blocks(fill_height=True) as page:
        if not button.is_rendered:
            button.render()

        @render(triggers=[page.load])
        def show(token: OAuthToken | None) -> None:
            load(None if token is None else token.token)

    return page


def with_token(load: Load) -> Blocks:
    """A page that asks for a token first; the browser remembers it where the visitor wants that."""
    with Blocks(fill_height=True) as page:
        with Accordion("Enter your token and press Enter") as asking:
            entered = Textbox(type="password", label="Token", show_label=False, container=False)
            remember = Checkbox(label="Remember it on this device", container=False)
            kept = BrowserState()

        @render(inputs=entered, triggers=[entered.submit])
        def show(token: str) -> None:
            load(token or None)

        entered.submit(
            lambda: update(label="Token", open=False), None, asking, api_visibility="private", show_progress="hidden"
        )
        on(
            [entered.submit, remember.input],
            lambda token, wanted: token if wanted and token else "",
            [entered, remember],
            kept,
            api_visibility="private",
            show_progress="hidden",
        )
        page.load(
            lambda token: (token or "", bool(token)),
            kept,
            [entered, remember],
            api_visibility="private",
            show_progress="hidden",
        )
    return page
