"""What the inputs have in common that share one frame."""

from __future__ import annotations

from typing import Any, Unpack

from blocks_app.layouts import Form
from blocks_app.options import FormOptions
from blocks_app.tree.component import Component
from blocks_app.tree.container import Container


class FormComponent(Component):
    """An input that shares one frame with its neighbours."""

    def __init__(self, value: Any = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(value, **options)

    def expected_parent(self) -> type[Container] | None:
        """The common frame, unless the component has none of its own."""
        return Form if self.container else None
