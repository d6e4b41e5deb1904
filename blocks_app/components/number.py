"""Number: one number, typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Unpack

from blocks_app.components.button import Button
from blocks_app.components.corner import corner_buttons
from blocks_app.components.form_component import FormComponent
from blocks_app.components.validation import check_number, round_to
from blocks_app.exceptions import DeclarationError
from blocks_app.jsonable import number
from blocks_app.listeners.events import Events
from blocks_app.options import FormOptions


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
        placeholder: str | None = None,
        precision: int | None = None,
        minimum: float | None = None,
        maximum: float | None = None,
        step: float = 1,
        buttons: Sequence[Button] | None = None,
        **options: Unpack[FormOptions],
    ) -> None:
        """Declare a field for a number.

        Args:
            value: number to start with, or a function that makes it.
            placeholder: grey hint while it is empty.
            precision: digits after the point that are kept, both ways; 0 makes an int, None rounds nothing.
            minimum: smallest number that a visitor or client may send.
            maximum: largest number that a visitor or client may send.
            step: what one press of an arrow key adds.
            buttons: gr.Buttons to show in its corner; their click listeners work as anywhere else.
            options: see FormOptions.
        """
        if minimum is not None and maximum is not None and minimum > maximum:
            raise DeclarationError(f"Number: minimum {minimum} is greater than maximum {maximum}.")
        if step <= 0:
            raise DeclarationError(f"Number: step must be greater than 0, not {step}.")
        self.placeholder = placeholder
        self.precision = precision
        self.minimum = minimum
        self.maximum = maximum
        self.step = step
        self.buttons = corner_buttons("Number", buttons)
        super().__init__(value, **options)

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
        value = number(value)
        return round_to(value, self.precision) if isinstance(value, (int, float)) else value

    def api_info(self) -> dict[str, Any]:
        return {"type": "number"}

    def example_value(self) -> Any:
        return 3
