"""Plot: a figure of matplotlib, Plotly, Altair or Bokeh."""

from __future__ import annotations

from typing import Any, Unpack

from blocks_app.components.framed import CornerOptions, FramedComponent
from blocks_app.components.plot import figures
from blocks_app.components.plot.figures import PlotData
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.listeners.events import Events
from blocks_app.options import FrameOptions
from blocks_app.page import libraries
from blocks_app.tree.component import gives_copies

#: JSON schema of the value on the wire, with the titles and order that Gradio's clients compare.
PLOT_SCHEMA: dict[str, Any] = {
    "properties": {
        "type": {"enum": list(figures.KINDS), "title": "Type", "type": "string"},
        "plot": {"title": "Plot", "type": "string"},
    },
    "required": ["type", "plot"],
    "title": "PlotData",
    "type": "object",
}


class PlotOptions(FrameOptions, CornerOptions, total=False):
    """What a Plot takes besides."""


class Plot(FramedComponent):
    """Shows a figure. A function returns one of matplotlib (or the module `pyplot`), Plotly, Altair or Bokeh.

    As an input a function gets a `PlotData`: the kind of the figure, and its picture or JSON as text.
    """

    change = Events.change
    clear = Events.clear
    heavy = True

    def __init__(self, value: Any = None, *, format: str = "webp", **options: Unpack[PlotOptions]) -> None:
        """Declare a plot.

        Args:
            value: a figure, or a function that makes one whenever the page loads.
            format: kind of picture that figures of matplotlib become: webp, png, jpg, svg, gif, tif or avif.
            options: see PlotOptions.
        """
        if format.lower() not in figures.FORMATS:
            known = ", ".join(figures.FORMATS)
            raise DeclarationError(f"Plot: format={format!r} is no picture that browsers show. Use one of {known}.")
        self.format = format.lower()
        super().__init__(value, **options)

    def preprocess(self, payload: Any) -> PlotData | None:
        """The figure as it was sent.

        Raises:
            Error: what was sent is no figure.
        """
        if payload is None:
            return None
        found = figures.sent(payload)
        if found is None:
            raise refusal(self, f'an object with a "type" and a "plot" is needed, not {shown(payload)}.')
        return found

    @gives_copies
    def postprocess(self, value: Any) -> dict[str, Any] | None:
        """The kind of the figure, and its picture or JSON as text.

        Raises:
            Error: a value that is no figure.
        """
        if value is None:
            return None
        found = figures.sent(value) if isinstance(value, (dict, PlotData)) else figures.drawn(value, self.format, self)
        if found is None:
            raise refusal(
                self,
                f"a figure of matplotlib, Plotly, Altair or Bokeh is needed, not a {type(value).__name__}.",
            )
        return {"type": found.type, "plot": found.plot}

    def api_info(self) -> dict[str, Any]:
        return PLOT_SCHEMA

    def props(self) -> dict[str, Any]:
        """Also where the page finds what draws figures of Plotly and Bokeh, in the version that makes them here."""
        return {
            **super().props(),
            "bokeh_version": libraries.version_of("bokeh"),
            "libraries": libraries.addresses(),
        }
