"""How a kind of pipeline is shown and called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from blocks_app.tree.component import Component


@dataclass(frozen=True)
class PipelineKind:
    """How a kind of pipeline is shown and called."""

    #: Make the components; called for each Interface.
    inputs: Callable[[], list[Component]]
    outputs: Callable[[], list[Component]]
    #: What the pipeline gave -> what the outputs show; gets the inputs too where `with_inputs`.
    answer: Callable[..., Any]
    #: Names of the inputs in the pipeline's call; those without one are given by position.
    names: tuple[str | None, ...] = (None,)
    with_inputs: bool = False
    #: Change inputs before the call, by number.
    change: dict[int, Callable[[Any], Any]] = field(default_factory=dict)

    def call(self, pipeline: Any, values: tuple[Any, ...]) -> Any:
        """Run the pipeline with the values of the inputs."""
        given = [self.change[number](value) if number in self.change else value for number, value in enumerate(values)]
        by_position = [value for name, value in zip(self.names, given) if name is None]
        by_name = {name: value for name, value in zip(self.names, given) if name is not None}
        found = pipeline(*by_position, **by_name)
        return self.answer(found, *values) if self.with_inputs else self.answer(found)
