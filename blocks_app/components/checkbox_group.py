"""CheckboxGroup: several of a few choices."""

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
from blocks_app.listeners.events import Events


class CheckboxGroup(FormComponent):
    """Boxes to tick, one per choice. A function gets the list of ticked values, or of their positions."""

    change = Events.change
    input = Events.input
    select = Events.select

    def __init__(
        self,
        choices: Sequence[Choice] | None = None,
        *,
        value: Sequence[Value] | Value | Callable[..., Any] | None = None,
        type: ChoiceType = "value",
        show_select_all: bool = False,
        **options: Unpack[InputOptions],
    ) -> None:
        """Declare a group of boxes.

        Args:
            choices: values, or (shown name, value) pairs.
            value: values ticked at first, one value alone, or a function that makes them.
            type: "value" gives a function the values, "index" their positions among the choices.
            show_select_all: whether a box above ticks or unticks all.
            options: see InputOptions.
        """
        check_type("CheckboxGroup", type)
        self.choices = pairs("CheckboxGroup", choices)
        self.type = type
        self.show_select_all = show_select_all
        super().__init__(value, **options)
        warn_of_strangers(self, self.choices, self.value)

    def preprocess(self, payload: Any) -> list[Value] | list[int] | None:
        """The ticked values in the order of ticking, or their positions; None if a client sent null.

        Raises:
            Error: no list was sent, or one with a value that is no choice.
        """
        if payload is None:
            return None
        if not isinstance(payload, list):
            raise refusal(self, f"a list of choices is needed, not {shown(payload)}.")
        positions = Positions(self.choices)
        found = [positions.of(value) for value in payload]
        if None in found:
            raise not_a_choice(self, payload[found.index(None)], self.choices)
        chosen = [index for index in found if index is not None]
        return chosen if self.type == "index" else [self.choices[index][1] for index in chosen]

    def postprocess(self, value: Any) -> list[Value]:
        """The values to tick; one value is taken as a list of one, None as none.

        Warns:
            UserWarning: a value is no choice.
        """
        warn_of_strangers(self, self.choices, value)
        return self._ticked(value)

    def initial_value(self) -> Any:
        return self._ticked(self.value)  # what is wrong with it was told where it was declared

    @staticmethod
    def _ticked(value: Any) -> list[Value]:
        if value is None:
            return []
        chosen = selection(value)
        return chosen if isinstance(chosen, list) else [chosen]

    def api_info(self) -> dict[str, Any]:
        return {"items": schema(self.choices), "title": "Checkbox Group", "type": "array"}

    def example_value(self) -> Any:
        return [self.choices[0][1]] if self.choices else None


Checkboxgroup = CheckboxGroup
