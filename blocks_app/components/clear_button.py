"""ClearButton: a button that empties other components."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, ClassVar, Literal, Unpack

from blocks_app import jsonable
from blocks_app.components.button import Button, ButtonOptions
from blocks_app.exceptions import DeclarationError
from blocks_app.i18n import own
from blocks_app.tree import context
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component


class ClearButton(Button):
    """A button that empties the components it is given, in the page itself; a State gets its initial value back."""

    is_template: ClassVar[bool] = True
    private_options: ClassVar[frozenset[str]] = Button.private_options | {
        "components",
        "api_name",
        "show_api",
        "api_visibility",
    }

    def __init__(
        self,
        components: Component | Iterable[Component] | None = None,
        *,
        value: str = "Clear",
        api_name: str | Literal[False] | None = None,
        show_api: bool = False,
        api_visibility: Literal["public", "undocumented", "private"] | None = None,
        **options: Unpack[ButtonOptions],
    ) -> None:
        """Declare a button that empties components.

        Args:
            components: what to empty; more with `add`.
            value: text on it.
            api_name: name of its listener in the API; False keeps it out.
            show_api: whether the listener is listed in the API.
            api_visibility: the same in three words; goes before `show_api`.
            options: see ButtonOptions.
        """
        self.components = _as_list(components)
        self.api_name = api_name
        self.show_api = show_api
        self.api_visibility = api_visibility
        super().__init__(own(value), **options)

    def render(self) -> Block:
        """Place the button here and listen for its click."""
        placed = super().render()
        if context.root.get() is not None and self.components:
            self._listen(self.components)
        return placed

    def add(self, components: Component | Iterable[Component] | None) -> ClearButton:
        """Empty these components too. Returns the button.

        Raises:
            DeclarationError: one of them is no component.
        """
        more = _as_list(components)
        if more:
            self._listen(more)
        self.components = [*self.components, *more]
        return self

    def _listen(self, components: list[Component]) -> None:
        in_page = [component for component in components if not component.stateful]
        states = [component for component in components if component.stateful]
        options: dict[str, Any] = {"show_api": self.show_api}
        if self.api_visibility is not None:
            options["api_visibility"] = self.api_visibility
        if in_page:
            empty = ",".join(_literal(component.postprocess(None)) for component in in_page)
            self.click(None, None, in_page, js=f"() => [{empty}]", api_name=self.api_name, **options)
        if states:
            self.click(_initial_values(states), None, states, **options)


def _literal(value: Any) -> str:
    """A value as a script writes it; a whole number that scripts would round as a BigInt."""
    text = jsonable.dumps(value).decode()
    return f"{text}n" if isinstance(value, int) and abs(value) > 2**53 else text


def _initial_values(states: list[Component]) -> Any:
    def reset_state() -> Any:
        values = [copy.deepcopy(state.value) for state in states]
        return values[0] if len(values) == 1 else values

    return reset_state


def _as_list(components: Any) -> list[Component]:
    if components is None:
        return []
    items: list[Any] = [components] if isinstance(components, Block) else list(components)
    for item in items:
        if not isinstance(item, Component):
            raise DeclarationError(f"ClearButton empties components, not {item!r}. Give it, say, a Textbox.")
    return items
