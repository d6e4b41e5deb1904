"""HTML: a piece of hand-written page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Unpack

from blocks_app.component import Component
from blocks_app.components.button import Button
from blocks_app.components.corner import Height, checked_height, corner_buttons
from blocks_app.components.validation import refusal, shown
from blocks_app.events import Events
from blocks_app.options import ComponentOptions


class HTML(Component):
    """HTML as it is. Scripts in it do not run; put none of a visitor's text into it without `html.escape`."""

    events = (Events.change, Events.click, Events.double_click)
    default_min_width: ClassVar[int | None] = None

    def __init__(
        self,
        value: Any = None,
        *,
        min_height: Height = None,
        max_height: Height = None,
        container: bool = False,
        padding: bool = False,
        autoscroll: bool = False,
        buttons: Sequence[Button] | None = None,
        **options: Unpack[ComponentOptions],
    ) -> None:
        """Declare a piece of HTML.

        Args:
            value: the HTML, or a function that makes it.
            min_height: height that it takes at least, in pixels or as css writes it.
            max_height: height from which on it scrolls.
            container: whether it has a frame, and shows its label.
            padding: whether there is space around it.
            autoscroll: whether it scrolls to its end when the app changes it, unless the visitor scrolled up.
            buttons: gr.Buttons to show in its corner; their click listeners work as anywhere else.
            options: see ComponentOptions.
        """
        self.min_height = checked_height("HTML", "min_height", min_height)
        self.max_height = checked_height("HTML", "max_height", max_height)
        self.padding = padding
        self.autoscroll = autoscroll
        self.buttons = corner_buttons("HTML", buttons)
        super().__init__(value, **options)
        self.container = container

    def preprocess(self, payload: Any) -> Any:
        """The HTML as it was shown."""
        if isinstance(payload, (list, dict)):
            raise refusal(self, f"a text is needed, not {shown(payload)}.")
        return payload

    def postprocess(self, value: Any) -> Any:
        """Texts and numbers unchanged; an object by its `__html__`, else as text."""
        if value is None or isinstance(value, (str, int, float)):
            return value
        marked_up: Callable[[], Any] | None = getattr(value, "__html__", None)
        return str(marked_up() if marked_up is not None else value)

    def api_info(self) -> dict[str, Any]:
        return {"type": "string"}

    def example_value(self) -> Any:
        return "<p>Hello</p>"
