"""Timer: makes something happen again and again while the page is open."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from blocks_app.components.validation import check_number, refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.listeners.events import Events
from blocks_app.tree.component import Component


class Timer(Component):
    """Ticks every so many seconds while the page is open. It is not seen.

    The page counts the time, so a tab that is closed costs nothing, and a tick that comes while the last one is still
    being answered is left out. As an input a function gets the seconds; as an output it sets them, and
    `gr.Timer(active=False)` stops it until it is made active again.
    """

    change = Events.change
    tick = Events.tick
    in_links: ClassVar[bool] = False

    def __init__(self, value: float = 1, *, active: bool = True, render: bool = True) -> None:
        """Declare a timer.

        Args:
            value: seconds between two ticks.
            active: whether it ticks.
            render: False keeps it out of the page until `.render()` is called.
        """
        self.active = active
        super().__init__(_seconds(value), render=render)

    def acts_unseen(self) -> bool:
        """It ticks wherever it stands."""
        return True

    def preprocess(self, payload: Any) -> float | None:
        if payload is None:
            return None
        if not check_number(self, payload, None, None) > 0:
            raise refusal(self, f"a positive number of seconds is needed, not {shown(payload)}.")
        return float(payload)

    def postprocess(self, value: Any) -> float | None:
        return None if value is None else _seconds(value)

    def api_info(self) -> dict[str, Any]:
        return {"type": "number"}

    def example_payload(self) -> float:
        return 1

    def example_value(self) -> float:
        return 1


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
        raise DeclarationError(f"Timer: the value must be a positive number of seconds, not {value!r}.")
    return value
