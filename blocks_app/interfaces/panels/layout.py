"""Where the parts of an Interface stand: two panels side by side, or one, above examples and an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy

from blocks_app.components import Button, ClearButton, DuplicateButton, Markdown
from blocks_app.interfaces.panels.interface_types import InterfaceTypes
from blocks_app.layouts import Column, Row
from blocks_app.tree.iterables import is_translated

if TYPE_CHECKING:
    from blocks_app.interfaces.interface import Interface
    from blocks_app.tree.component import Component


def heading(title: str) -> None:
    """Show the title of an app over everything; one that is translated stays so."""
    markup = "<h1 style='text-align: center; margin-bottom: 1rem'>{}</h1>"
    text: Any = format_lazy(markup, title) if is_translated(title) else markup.format(title)
    Markdown(text)


class InterfaceLayout:
    """Places what an Interface consists of, and holds the buttons that its events need."""

    submit: Button | None = None
    stop: Button | None = None
    clear: ClearButton

    def __init__(self, interface: Interface) -> None:
        """Place everything above the examples; a container has to be open."""
        self._interface = interface
        self._kind = interface.interface_type
        self.flags: list[Button] = []
        if interface.heading:
            heading(interface.heading)
        if interface.description:
            Markdown(interface.description)
        with Row(equal_height=False):
            if self._kind is not InterfaceTypes.OUTPUT_ONLY:
                self._input_panel()
            if self._kind in (InterfaceTypes.STANDARD, InterfaceTypes.OUTPUT_ONLY):
                self._output_panel()

    def _input_panel(self) -> None:
        interface = self._interface
        with Column(variant="panel"):
            with Column():
                _place(interface.main_input_components)
                if interface.additional_input_components:
                    interface.additional_inputs_accordion.render()
                    with interface.additional_inputs_accordion:
                        _place(interface.additional_input_components)
            with Row():
                self._clear()
                if not interface.live or self._kind is InterfaceTypes.UNIFIED:
                    self._submit()
                if self._kind is InterfaceTypes.UNIFIED:
                    self._flags()
                if self._kind is not InterfaceTypes.STANDARD:
                    self._deep_link()

    def _output_panel(self) -> None:
        interface = self._interface
        with Column(variant="panel"):
            _place([each for each in interface.output_components if not each.stateful])
            with Row():
                if self._kind is InterfaceTypes.OUTPUT_ONLY:
                    self._clear()
                    self._submit()
                self._flags()
                self._deep_link()
                if interface.allow_duplication:
                    DuplicateButton(scale=1, size="lg")

    def _clear(self) -> None:
        self.clear = self._interface.clear_btn
        self.clear.render()

    def _submit(self) -> None:
        self.submit = self._interface.submit_btn
        self.submit.render()
        if self._interface.answers_in_steps and not self._interface.live:
            self.stop = self._interface.stop_btn
            self.stop.render()

    def _flags(self) -> None:
        if self._interface.flagging_mode == "manual":
            self.flags = [Button(label) for label, _ in self._interface.flagging_options]

    def _deep_link(self) -> None:
        if self._interface.deep_link is not None:
            self._interface.deep_link.render()


def _place(components: list[Component]) -> None:
    """Show each where it is named first."""
    for component in components:
        if not component.is_rendered:
            component.render()
