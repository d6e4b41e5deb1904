"""What showing components have in common: the buttons in their corner, and their heights."""

from __future__ import annotations

from collections.abc import Sequence

from blocks_app.exceptions import DeclarationError

#: Pixels, or a length as css writes it, such as "20rem" or "50vh".
Height = int | float | str | None


def corner_buttons(owner: str, buttons: Sequence[str] | None, *, copy: bool) -> list[str]:
    """The names of the buttons to show.

    Args:
        owner: class name for the message.
        buttons: what the declaration says; None for the default.
        copy: whether a copy button is the default.

    Raises:
        DeclarationError: another button than "copy".
    """
    if buttons is None:
        return ["copy"] if copy else []
    for name in buttons:
        if name != "copy":
            raise DeclarationError(f'{owner}: buttons may hold "copy", not {name!r}.')
    return list(buttons)


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
