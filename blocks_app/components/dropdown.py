"""Dropdown: one or several of many choices, in a list that opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Unpack

from blocks_app.components.choices import (
    Choice,
    ChoiceType,
    Positions,
    Value,
    check_type,
    not_a_choice,
    pairs,
    schema,
    selection,
    warn_of_strangers,
)
from blocks_app.components.form_component import FormComponent
from blocks_app.components.framed import InputOptions
from blocks_app.components.validation import refusal, shown
from blocks_app.diagnostics.mistakes import warn
from blocks_app.exceptions import DeclarationError
from blocks_app.i18n import gettext
from blocks_app.listeners.events import Events


class Dropdown(FormComponent):
    """A list that opens, searched by typing. A function gets the chosen value or position, or a list of them."""

    change = Events.change
    input = Events.input
    select = Events.select
    focus = Events.focus
    blur = Events.blur
    key_up = Events.key_up

    def __init__(
        self,
        choices: Sequence[Choice] | None = None,
        *,
        value: Sequence[Value] | Value | Callable[..., Any] | None = None,
        type: ChoiceType = "value",
        multiselect: bool | None = None,
        allow_custom_value: bool = False,
        max_choices: int | None = None,
        filterable: bool = True,
        num_choices_shown: int | None = 100,
        **options: Unpack[InputOptions],
    ) -> None:
        """Declare a list that opens.

        Args:
            choices: values, or (shown name, value) pairs.
            value: value chosen at first (a list with `multiselect`), or a function that makes it; None chooses nothing.
            type: "value" gives a function the value, "index" its position among the choices.
            multiselect: True lets several be chosen; the value is then a list.
            allow_custom_value: whether a visitor may enter a text that is no choice; its position is None.
            max_choices: how many may be chosen at most, with `multiselect`.
            filterable: whether typing narrows the list down.
            num_choices_shown: how many choices the open list shows at most; typing finds the others. None shows all.
            options: see InputOptions.
        """
        check_type("Dropdown", type)
        if max_choices is not None and not multiselect:
            warn("Dropdown: max_choices has no effect without multiselect=True.")
        if max_choices is not None and max_choices < 1:
            raise DeclarationError(f"Dropdown: max_choices must be at least 1, not {max_choices}.")
        if allow_custom_value and not filterable:
            warn("Dropdown: a custom value must be typed, so filterable is set to True.")
            filterable = True
        self.choices = pairs("Dropdown", choices)
        self.type = type
        self.multiselect = multiselect
        self.allow_custom_value = allow_custom_value
        self.max_choices = max_choices
        self.filterable = filterable
        self.num_choices_shown = num_choices_shown
        super().__init__(value, **options)
        if not allow_custom_value:
            self._warn_of_strangers(self.value)

    def preprocess(self, payload: Any) -> Value | list[Value] | list[int | None] | None:
        """The chosen value or position; with `multiselect` a list of them. None if nothing is chosen.

        Raises:
            Error: a value is no choice (unless custom ones are allowed), too many, or of the wrong kind.
        """
        if payload is None:
            return None
        positions = Positions(self.choices)
        if not self.multiselect:
            return self._taken(payload, positions)
        if not isinstance(payload, list):
            raise refusal(self, f"a list of choices is needed, not {shown(payload)}.")
        if self.max_choices is not None and len(payload) > self.max_choices:
            raise refusal(
                self,
                gettext("at most %(max_choices)s choices are allowed, not %(payload)s.")
                % {"max_choices": self.max_choices, "payload": len(payload)},
            )
        return [self._taken(value, positions) for value in payload]  # type: ignore[return-value]

    def postprocess(self, value: Any) -> Any:
        """The value to choose; with `multiselect` one value is taken as a list of one.

        Warns:
            UserWarning: a value is no choice and custom ones are not allowed.
        """
        if not self.allow_custom_value:
            self._warn_of_strangers(value)
        return self._chosen(value)

    def initial_value(self) -> Any:
        return self._chosen(self.value)  # what is wrong with it was told where it was declared

    def _chosen(self, value: Any) -> Any:
        if value is None:
            return None
        chosen = selection(value)
        return [chosen] if self.multiselect and not isinstance(chosen, list) else chosen

    def api_info(self) -> dict[str, Any]:
        one = {"type": "string"} if self.allow_custom_value else schema(self.choices)
        return {"type": "array", "items": one} if self.multiselect else one

    def example_value(self) -> Any:
        if not self.choices:
            return None
        return [self.choices[0][1]] if self.multiselect else self.choices[0][1]

    def _taken(self, value: Any, positions: Positions) -> Value | None:
        index = positions.of(value)
        custom = self.allow_custom_value and isinstance(value, (str, int, float)) and not isinstance(value, bool)
        if index is None and not custom:
            raise not_a_choice(self, value, self.choices)
        if self.type == "index" or index is None:
            return index if self.type == "index" else value
        return self.choices[index][1]

    def _warn_of_strangers(self, value: Any) -> None:
        several = self.multiselect or value is None
        hint = "Add it, or set allow_custom_value=True."
        warn_of_strangers(self, self.choices, value if several or isinstance(value, str) else [value], hint)
