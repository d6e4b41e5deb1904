"""Rating: some stars out of many. Declared as the components of blocks_app are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Unpack

import blocks_app as gr
from blocks_app.options import FormOptions


class Rating(gr.FormComponent):
    """A number of stars. A function gets an `int`, and may return one."""

    events = (gr.Events.change, gr.Events.input, gr.Events.select)
    module: ClassVar[str] = "thirdparty_app/rating.js"

    def __init__(
        self, value: int | Callable[..., int] | None = None, *, stars: int = 5, **options: Unpack[FormOptions]
    ) -> None:
        """Declare a rating.

        Args:
            value: stars at first, or a function that tells.
            stars: how many there are.
            options: see FormOptions.
        """
        self.stars = stars
        super().__init__(value, **options)

    def preprocess(self, payload: Any) -> int | None:
        """The number of stars. Raises Error for a number that there is not."""
        if payload is not None and payload not in range(self.stars + 1):
            raise gr.Error(f"Rating: choose 0 to {self.stars} stars.")
        return payload

    def postprocess(self, value: Any) -> int | None:
        """The number of stars, no more than there are."""
        return None if value is None else min(max(int(value), 0), self.stars)

    def api_info(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 0, "maximum": self.stars}

    def example_value(self) -> Any:
        return 3
