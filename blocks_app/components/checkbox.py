"""Checkbox: yes or no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Unpack

from blocks_app.components.form_component import FormComponent
from blocks_app.components.framed import InputOptions
from blocks_app.components.validation import refusal, shown
from blocks_app.listeners.events import Events


class Checkbox(FormComponent):
    """A box to tick. A function gets True or False."""

    change = Events.change
    input = Events.input
    select = Events.select

    def __init__(
        self,
        value: bool | Callable[..., bool | None] = False,
        **options: Unpack[InputOptions],
    ) -> None:
        """Declare a box to tick.

        Args:
            value: whether it is ticked at first, or a function that tells.
            options: see InputOptions.
        """
        super().__init__(value, **options)

    def preprocess(self, payload: Any) -> bool | None:
        """True, False, or None if a client sent null.

        Raises:
            Error: anything else was sent.
        """
        if payload is None or isinstance(payload, bool):
            return payload
        raise refusal(self, f"true or false is needed, not {shown(payload)}.")

    def postprocess(self, value: Any) -> bool:
        """The truth of the value; None unticks the box.

        Raises:
            Error: it has none, as an array.
        """
        try:
            return bool(value)
        except Exception as error:
            raise refusal(self, f"true or false is needed, not {shown(value)}.") from error

    def api_info(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def example_value(self) -> Any:
        return True
