"""Radio: one of a few choices, all in sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Unpack

from blocks_app.components.button import Button
from blocks_app.components.choices import Choice, ChoiceType, Positions, Value, check_type, not_a_choice, pairs, schema
from blocks_app.components.corner import corner_buttons
from blocks_app.components.form_component import FormComponent
from blocks_app.jsonable import plain
from blocks_app.listeners.events import Events
from blocks_app.options import FormOptions


class Radio(FormComponent):
    """Round buttons of which one is chosen. A function gets the chosen value, its position, or None."""

    select = Events.select
    change = Events.change
    input = Events.input

    def __init__(
        self,
        choices: Sequence[Choice] | None = None,
        *,
        value: Value | Callable[..., Any] | None = None,
        type: ChoiceType = "value",
        rtl: bool = False,
        buttons: Sequence[Button] | None = None,
        **options: Unpack[FormOptions],
    ) -> None:
        """Declare a group of round buttons.

        Args:
            choices: values, or (shown name, value) pairs.
            value: value chosen at first, or a function that makes it; None chooses nothing.
            type: "value" gives a function the value, "index" its position among the choices.
            rtl: True writes from right to left.
            buttons: gr.Buttons to show in its corner; their click listeners work as anywhere else.
            options: see FormOptions.
        """
        check_type("Radio", type)
        self.choices = pairs("Radio", choices)
        self.type = type
        self.rtl = rtl
        self.buttons = corner_buttons("Radio", buttons)
        super().__init__(value, **options)

    def preprocess(self, payload: Any) -> Value | None:
        """The chosen value, its position, or None.

        Raises:
            Error: the value is no choice.
        """
        if payload is None:
            return None
        index = Positions(self.choices).of(payload)
        if index is None:
            raise not_a_choice(self, payload, self.choices)
        return index if self.type == "index" else self.choices[index][1]

    def postprocess(self, value: Any) -> Any:
        """The value to choose, not checked: one that is no choice shows none chosen."""
        return plain(value)

    def api_info(self) -> dict[str, Any]:
        return {**schema(self.choices), "title": "Radio"}

    def example_value(self) -> Any:
        return self.choices[0][1] if self.choices else None
