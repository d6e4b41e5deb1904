"""Radio: one of a few choices, all in sight."""

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
    warn_of_strangers,
)
from blocks_app.components.form_component import FormComponent
from blocks_app.components.framed import DirectionOptions, InputOptions
from blocks_app.jsonable import plain
from blocks_app.listeners.events import Events


class RadioOptions(InputOptions, DirectionOptions, total=False):
    """What a Radio takes besides."""


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
        **options: Unpack[RadioOptions],
    ) -> None:
        """Declare a group of round buttons.

        Args:
            choices: values, or (shown name, value) pairs.
            value: value chosen at first, or a function that makes it; None chooses nothing.
            type: "value" gives a function the value, "index" its position among the choices.
            options: see RadioOptions.
        """
        check_type("Radio", type)
        self.choices = pairs("Radio", choices)
        self.type = type
        super().__init__(value, **options)
        warn_of_strangers(self, self.choices, self.value)

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
        """The value to choose; one that is no choice shows none chosen.

        Warns:
            UserWarning: the value is no choice.
        """
        warn_of_strangers(self, self.choices, value if value is None or isinstance(value, str) else [value])
        return plain(value)

    def initial_value(self) -> Any:
        return plain(self.value)  # what is wrong with it was told where it was declared

    def api_info(self) -> dict[str, Any]:
        return {**schema(self.choices), "title": "Radio"}

    def example_value(self) -> Any:
        return self.choices[0][1] if self.choices else None
