"""The buttons of an Interface: a text, a button of the app's own, or none."""

from __future__ import annotations

from typing import Any, Literal

from blocks_app.components import Button, ClearButton
from blocks_app.exceptions import DeclarationError
from blocks_app.i18n import own
from blocks_app.interfaces.panels.named_components import component_of
from blocks_app.tree.iterables import is_text


def button(given: Any, name: str, variant: Literal["primary", "stop"], visible: bool = True) -> Button:
    """The button that `given` means, not placed; `name` is the argument's name without its ending."""
    if is_text(given):
        return Button(own(given), variant=variant, visible=visible, render=False)
    found = component_of(given) if isinstance(given, Button) else None
    if not isinstance(found, Button):
        raise DeclarationError(f"The {name}_btn parameter must be a gr.Button or string, not {given!r}.")
    found.visible = found.visible and visible
    return found


def clear_button(given: Any) -> ClearButton:
    """The button that empties everything, not placed; None hides it."""
    if given is None:
        return ClearButton(visible=False, render=False)
    if is_text(given):
        return ClearButton(value=own(given), render=False)
    if not isinstance(given, Button):
        raise DeclarationError(f"The clear_btn parameter must be a gr.Button, a string, or None, not {given!r}.")
    placed = component_of(given)
    if isinstance(placed, ClearButton):
        return placed
    names = (
        "variant",
        "size",
        "icon",
        "link",
        "link_target",
        "interactive",
        "scale",
        "min_width",
        "visible",
        "elem_id",
    )
    alike: dict[str, Any] = {name: getattr(given, name) for name in (*names, "elem_classes")}
    return ClearButton(value=given.value, render=False, **alike)
