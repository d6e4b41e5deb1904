"""Components as the apps in one line take them: "text", {"name": "slider", "maximum": 5}, or a component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from blocks_app.blocks import Blocks
from blocks_app.components import State
from blocks_app.components.by_name import component_class
from blocks_app.exceptions import ArgumentTypeError, DeclarationError
from blocks_app.tree import context
from blocks_app.tree.component import Component
from blocks_app.tree.iterables import has_items, several


def components_of(given: Any, what: str, defaults: Sequence[Any] = ()) -> list[Component]:
    """The components that one argument names, none of them placed.

    Args:
        given: a name, a dict, a component, or several of these.
        what: how messages call the argument.
        defaults: what the function's parameters start with: a State given by its name starts with the same.

    Raises:
        ArgumentTypeError: something that names no component.
        DeclarationError: a name that no component has.
    """
    items = several(given, (Component, Mapping))
    if given is not None and not isinstance(given, (str, Mapping, Component)) and not has_items(given):
        raise ArgumentTypeError(f"{what} must be a name such as 'text', a component or a list of them, not {given!r}.")
    made: dict[int, Component] = {}  # the same component twice stays one, while "text" twice is two
    found: list[Component] = []
    for number, each in enumerate(items):
        if isinstance(each, str) and each.lower() == "state" and number < len(defaults):
            found.append(State(defaults[number], render=False))
        elif isinstance(each, Component):
            found.append(made[id(each)] if id(each) in made else made.setdefault(id(each), component_of(each)))
        else:
            found.append(component_of(each))
    return found


def component_of(given: Any) -> Component:
    """The component that a name, a dict or a component means; it stands nowhere yet.

    One that stands on this page is taken out, to be placed anew. One of another page, or of another Interface on this
    one, stays there, and a copy is made.
    """
    if isinstance(given, str):
        return component_class(given)(render=False)
    if isinstance(given, Mapping):
        options = dict(given)
        name = options.pop("name", None)
        if not isinstance(name, str):
            raise DeclarationError(
                f"A component given as a dict needs its name, as in {{'name': 'slider'}}: {given!r}."
            )
        return component_class(name)(**{**options, "render": False})
    if not isinstance(given, Component):
        raise DeclarationError(
            f"Component must be provided as a `str` or `dict` or `Component`, not {given!r}. "
            "Write, say, 'text' or gr.Textbox()."
        )
    if not given.is_rendered:
        return given
    if _is_free(given):
        given.unrender()
        return given
    copied = given.copy_with({})
    assert isinstance(copied, Component)
    return copied


def _is_free(component: Component) -> bool:
    """Whether it stands on the page that is open, and in no other app there."""
    root: Any = context.root.get()
    around = component.parent
    if root is None or root.blocks.get(component._id) is not component:
        return False
    while around is not None and around is not root:
        if isinstance(around, Blocks):
            return False
        around = around.parent
    return True


def share_state(inputs: list[Component], outputs: list[Component]) -> None:
    """One State keeps what the function returns for its next call: that of the inputs takes the output's place.

    Raises:
        DeclarationError: there is not just one State on each side.
    """
    ins = [number for number, each in enumerate(inputs) if isinstance(each, State)]
    outs = [number for number, each in enumerate(outputs) if isinstance(each, State)]
    if not ins and not outs:
        return
    if len(ins) != 1 or len(outs) != 1:
        raise DeclarationError(
            "If using 'state', there must be exactly one state input and one state output. Keep several values in one "
            "State, as a dict, or use gr.Blocks."
        )
    outputs[outs[0]] = inputs[ins[0]]
