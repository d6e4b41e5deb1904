"""Parameters that are annotated with a component's class, as in `def f(sound: gr.Audio)`.

Such a function gets the component as the visitor has it: its options beside the `value`, and what only the page knows,
such as the second at which a sound is being played. Returned, it changes the output by what the function has set.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from blocks_app.functions.signatures import FunctionInfo
    from blocks_app.tree.block import Block
    from blocks_app.tree.component import Component


class ComponentInput(SimpleNamespace):
    """A component as the visitor has it: its `value` as the function would get it, and its options."""

    __slots__ = ("_before",)

    def __init__(self, component: Component, value: Any, sent: Mapping[str, Any]) -> None:
        """Keep what is known now.

        Args:
            component: the component of the session.
            value: its value.
            sent: what the page says besides; of that only what it alone can know is taken.
        """
        known = {name: given for name in component.page_options if _is_number(given := sent.get(name))}
        super().__init__(**{**component.props(), **known, "value": value})
        self._before = component._id, dict(vars(self))

    def changes_for(self, block: Block) -> dict[str, Any]:
        """What an output is changed by: by what the function has set; another component also gets the value."""
        number, before = self._before
        now = dict(vars(self))
        changes = {name: given for name, given in now.items() if name not in before or before[name] is not given}
        return changes if number == block._id else {**changes, "value": now.get("value")}


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)


def whole_inputs(info: FunctionInfo | None, inputs: Sequence[Component]) -> tuple[int, ...]:
    """Which of the inputs, one for each parameter, a function gets so."""
    if info is None or not info.whole:
        return ()
    named = zip(info.parameters, inputs)
    return tuple(i for i, (name, each) in enumerate(named) if name in info.whole and not each.stateful)


def unwrapped(payload: Any) -> tuple[Any, Mapping[str, Any]]:
    """The value on the wire of such an input, and what the page says besides. Programs send the value alone."""
    if isinstance(payload, Mapping) and "value" in payload:
        return payload["value"], payload
    return payload, {}
