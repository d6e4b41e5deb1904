"""What the inputs have in common that share one frame."""

from __future__ import annotations

from blocks_app.components.framed import FramedComponent
from blocks_app.layouts import Form
from blocks_app.tree.container import Container


class FormComponent(FramedComponent):
    """An input that shares one frame with its neighbours."""

    def expected_parent(self) -> type[Container] | None:
        """The common frame, unless the component has none of its own."""
        return Form if self.container else None
