"""What components have in common: the buttons in their corner, and their heights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from blocks_app.components.button import Button
from blocks_app.exceptions import DeclarationError
from blocks_app.tree.block import Block

#: Pixels, or a length as css writes it, such as "20rem" or "50vh".
Height = int | float | str | None


def corner_buttons(
    owner: str, buttons: Sequence[Any] | None, known: Sequence[str] = (), default: Sequence[str] = ()
) -> list[Any]:
    """The buttons to show, in order: names of the component's own, and gr.Buttons of the app.

    A gr.Button leaves its place in the layout: it is drawn in the corner of its component from now on.

    Args:
        owner: class name for messages.
        buttons: what the declaration says; None for the default.
        known: names of the component's own buttons.
        default: those that it has unless told.

    Raises:
        DeclarationError: a name that the component does not know, or something that is no gr.Button.
    """
    if buttons is None:
        return list(default)
    chosen: list[Any] = [buttons] if isinstance(buttons, (str, Block)) else list(buttons)
    for button in chosen:
        if isinstance(button, Button):
            _take_out(owner, button)
        elif not isinstance(button, str) or button not in known:
            names = "".join(f'"{name}", ' for name in known)
            raise DeclarationError(f"{owner}: buttons may hold {names}and gr.Button(...), not {button!r}.")
    return chosen


def _take_out(owner: str, button: Button) -> None:
    if not hasattr(button, "_id"):
        raise DeclarationError(
            f"{owner}: a gr.Button made by a running function cannot be placed. Declare it with the page, and name it "
            "in the update."
        )
    if button.parent is not None:
        button.unrender()


def checked_height(owner: str, name: str, height: Height) -> Height:
    """`height` unchanged when css can use it.

    Raises:
        DeclarationError: a negative number, or no length at all.
    """
    if height is None or (isinstance(height, str) and height.strip()):
        return height
    if isinstance(height, bool) or not isinstance(height, (int, float)) or height < 0:
        raise DeclarationError(f'{owner}: {name} must be pixels or a length such as "20rem", not {height!r}.')
    return height
