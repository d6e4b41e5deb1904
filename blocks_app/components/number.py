"""Number: one number, typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Unpack

from blocks_app.components.form_component import FormComponent
from blocks_app.components.framed import HintOptions, InputOptions, RoundingOptions
from blocks_app.components.validation import check_number, checked_precision, round_to, warn_of_text
from blocks_app.exceptions import DeclarationError
from blocks_app.jsonable import number
from blocks_app.listeners.events import Events


class NumberOptions(InputOptions, HintOptions, RoundingOptions, total=False):
    """What a Number takes besides."""


class Number(FormComponent):
    """A field for a number. A function gets an int or a float as it was typed, rounded to `precision`."""

    change = Events.change
    input = Events.input
    submit = Events.submit
    focus = Events.focus
    blur = Events.blur

    def __init__(
        self,
        value: float | Callable[..., float | None] | None = None,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
        step: float = 1,
        **options: Unpack[NumberOptions],
    ) -> None:
        """Declare a field for a number.

        Args:
            value: number to start with, or a function that makes it.
            minimum: smallest number that a visitor or client may send.
            maximum: largest number that a visitor or client may send.
            step: what one press of an arrow key adds.
            options: see NumberOptions.
        """
        if minimum is not None and maximum is not None and minimum > maximum:
            raise DeclarationError(f"Number: minimum {minimum} is greater than maximum {maximum}.")
        if step <= 0:
            raise DeclarationError(f"Number: step must be greater than 0, not {step}.")
        checked_precision("Number", options.get("precision"))
        self.minimum = minimum
        self.maximum = maximum
        self.step = step
        super().__init__(value, **options)
        warn_of_text(self, self.value)

    def preprocess(self, payload: Any) -> int | float | None:
        """The number, rounded.

        Raises:
            Error: it is no number, or outside minimum and maximum.
        """
        if payload is None:
            return None
        return round_to(check_number(self, payload, self.minimum, self.maximum), self.precision)

    def postprocess(self, value: Any) -> Any:
        """The number, rounded; text passes unchanged, and the range is not checked."""
        warn_of_text(self, value)
        return self._rounded(value)

    def initial_value(self) -> Any:
        return self._rounded(self.value)  # what is wrong with it was told where it was declared

    def _rounded(self, value: Any) -> Any:
        value = number(value)
        return round_to(value, self.precision) if isinstance(value, (int, float)) else value

    def api_info(self) -> dict[str, Any]:
        return {"type": "integer" if self.precision == 0 else "number"}

    def example_value(self) -> Any:
        return 3
