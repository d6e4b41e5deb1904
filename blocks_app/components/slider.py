"""Slider: a number within a range, dragged or typed."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Sequence
from typing import Any, Literal, Unpack

from blocks_app.components.button import Button
from blocks_app.components.form_component import FormComponent
from blocks_app.components.framed import RoundingOptions
from blocks_app.components.validation import check_finite, check_number, checked_precision, round_to, warn_of_text
from blocks_app.exceptions import DeclarationError
from blocks_app.jsonable import number
from blocks_app.listeners.events import Events
from blocks_app.options import FormOptions


class SliderOptions(FormOptions, RoundingOptions, total=False):
    """What a Slider takes besides."""


class Slider(FormComponent):
    """A number between two bounds. A function gets an int or a float."""

    change = Events.change
    input = Events.input
    release = Events.release
    corner_names = corner_default = ("reset",)

    def __init__(
        self,
        minimum: float = 0,
        maximum: float = 100,
        value: float | Callable[..., float | None] | None = None,
        *,
        step: float | None = None,
        randomize: bool = False,
        buttons: Sequence[Literal["reset"] | Button] | None = None,
        **options: Unpack[SliderOptions],
    ) -> None:
        """Declare a slider.

        Args:
            minimum: left end.
            maximum: right end.
            value: number to start with, or a function that makes it; None starts at the minimum.
            step: distance between two positions; None chooses about a hundredth of the range.
            randomize: True starts at a random position on every page load, whatever `value` says.
            buttons: what stands in the corner: "reset", which is the default, and gr.Buttons; [] for none.
            options: see SliderOptions.
        """
        check_finite("Slider", minimum=minimum, maximum=maximum, step=step)
        checked_precision("Slider", options.get("precision"))
        if minimum > maximum:
            raise DeclarationError(f"Slider: minimum {minimum} is greater than maximum {maximum}.")
        if step is not None and step <= 0:
            raise DeclarationError(f"Slider: step must be greater than 0, not {step}.")
        self.minimum = minimum
        self.maximum = maximum
        self.step = _usual_step(minimum, maximum) if step is None else step
        self.randomize = randomize
        super().__init__(self.get_random_value if randomize else value, buttons=buttons, **options)
        warn_of_text(self, self.value)
        if self.value is None:
            self.value = minimum

    def preprocess(self, payload: Any) -> int | float:
        """The number, rounded.

        Raises:
            Error: it is missing, no number, or outside the range.
        """
        return round_to(check_number(self, payload, self.minimum, self.maximum), self.precision)

    def postprocess(self, value: Any) -> Any:
        """The number, rounded and not clamped; None goes to the minimum."""
        warn_of_text(self, value)
        return self._rounded(value)

    def initial_value(self) -> Any:
        return self._rounded(self.value)  # what is wrong with it was told where it was declared

    def _rounded(self, value: Any) -> Any:
        value = self.minimum if value is None else number(value)
        return round_to(value, self.precision) if isinstance(value, (int, float)) else value

    def api_info(self) -> dict[str, Any]:
        return {"type": "number", "description": f"numeric value between {self.minimum} and {self.maximum}"}

    def example_value(self) -> Any:
        return self.minimum

    def get_random_value(self) -> float:
        """A random position of the slider."""
        span = self.maximum - self.minimum
        if isinstance(span, int) and isinstance(self.step, int):
            steps = span // self.step  # exact, however large
        else:
            steps = int(span / self.step + 1e-9)
        value = self.minimum + random.randint(0, steps) * self.step
        digits = max(_digits(self.minimum), _digits(self.step))
        return round(value, digits) if digits else value


def _usual_step(minimum: float, maximum: float) -> float:
    """A power of ten near a hundredth of the range: 1 for 0 to 100, 0.01 for 0 to 1."""
    if maximum == minimum:
        return 1
    span = min(maximum - minimum, sys.float_info.max)
    power = math.floor(math.log10(span) - 2)
    return int(10**power) if power >= 0 else round(10.0**power, -power)


def _digits(value: float) -> int:
    """Digits after the point."""
    text = f"{value:.12f}".rstrip("0")
    return len(text) - text.index(".") - 1
