"""State: a value that each visitor has for himself, kept on the server."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any, ClassVar

from blocks_app.exceptions import DeclarationError, UncopyableStateError
from blocks_app.functions.kinds import waited_for
from blocks_app.listeners.events import Events
from blocks_app.tree.component import Component


class State(Component):
    """A value per visitor, never sent to the browser. As an input a function gets it, as an output it sets it.

    Each visitor starts with a deep copy of the initial value. A function gets the value itself: what it changes in
    place stays changed.
    """

    change = Events.change
    skip_api: ClassVar[bool] = True
    stateful: ClassVar[bool] = True
    keeps_values: ClassVar[bool] = True
    is_everywhere: ClassVar[bool] = True
    private_options: ClassVar[frozenset[str]] = Component.private_options | {"time_to_live", "delete_callback"}

    def __init__(
        self,
        value: Any = None,
        render: bool = True,
        *,
        time_to_live: float | None = None,
        delete_callback: Callable[[Any], Any] | None = None,
    ) -> None:
        """Declare a value per visitor.

        Args:
            value: what everyone starts with, or a function that makes it when the page loads.
            render: False keeps it out of the page's tree.
            time_to_live: seconds after which a value that a function set is forgotten; None keeps it.
            delete_callback: called with a value that is forgotten, to tidy up after it; may be async.

        Raises:
            UncopyableStateError: the value cannot be deep-copied, as a connection or an open file.
        """
        if time_to_live is not None and time_to_live <= 0:
            raise DeclarationError(f"State: time_to_live must be positive or None, not {time_to_live!r}.")
        self.time_to_live = math.inf if time_to_live is None else time_to_live
        self.delete_callback = delete_callback or _nothing
        super().__init__(_copied(value), render=render)

    def deleted(self, value: Any) -> None:
        """A value was forgotten: `delete_callback` is called and waited for. Raises what it raises."""
        waited_for(self.delete_callback(value))

    def initial_value(self) -> None:
        """Nothing: the value stays on the server."""
        return

    def props(self) -> dict[str, Any]:
        return {"name": self.get_block_name()}

    def api_info(self) -> dict[str, Any]:
        return {"type": {}, "description": "any valid json"}


def _copied(value: Any) -> Any:
    try:
        return copy.deepcopy(value)
    except Exception as error:  # whatever the value's own copying raises
        raise UncopyableStateError(
            "The initial value of `gr.State` must be able to be deepcopied. "
            f"A value of type {type(value).__name__} cannot be: {error}. "
            "Start with None, and make it in the function that needs it first."
        ) from error


def _nothing(_: Any) -> None:
    """What most values need when they are forgotten."""
