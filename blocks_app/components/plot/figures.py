"""Figures of other libraries as text for the page. None of them is imported here before a value of it comes."""

from __future__ import annotations

import base64
import binascii
import io
import sys
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, cast

import orjson

from blocks_app.components.validation import refusal
from blocks_app.media import pixels

if TYPE_CHECKING:
    from blocks_app.tree.component import Component

Kind = Literal["altair", "bokeh", "plotly", "matplotlib"]
KINDS: tuple[Kind, ...] = ("altair", "bokeh", "plotly", "matplotlib")

#: What matplotlib writes and browsers show, and its media type where that is another word.
FORMATS = {
    "webp": "webp",
    "png": "png",
    "jpg": "jpg",
    "jpeg": "jpeg",
    "svg": "svg+xml",
    "gif": "gif",
    "tif": "tif",
    "tiff": "tiff",
    "avif": "avif",
}


@dataclass
class PlotData:
    """A figure as the page gets it.

    Attributes:
        type: the library that draws it: "altair", "bokeh", "plotly" or "matplotlib".
        plot: a picture as a data address for matplotlib, else JSON.
    """

    type: Kind
    plot: str


#: matplotlib keeps fonts and texts in maps of the process that threads may not change at once.
_drawing = threading.Lock()
_shown_by_pyplot: weakref.ref[Any] | None = None


def sent(value: Any) -> PlotData | None:
    """A figure that is text already; None for what is none, or would not be a picture or JSON."""
    kind, text = (
        (value.type, value.plot) if isinstance(value, PlotData) else (value.get("type"), value.get("plot"))
        if isinstance(value, Mapping) else (None, None)
    )  # fmt: skip
    if kind not in KINDS or not isinstance(text, str):
        return None
    return PlotData(kind, text) if (_is_picture(text) if kind == "matplotlib" else _is_json(text)) else None


def drawn(value: Any, format: str, component: Component) -> PlotData | None:
    """A figure of one of the libraries as text; None when it is of none of them.

    Raises:
        Error: it has too many pixels, or its library cannot draw it.
    """
    if isinstance(value, ModuleType):
        return _matplotlib(value.gcf(), format, component, by_pyplot=True) if hasattr(value, "gcf") else None
    home = _home(value)
    if home in ("matplotlib", "seaborn"):
        figure = _figure_of(value)
        return None if figure is None else _matplotlib(figure, format, component)
    if home == "bokeh":
        from bokeh.embed import json_item  # heavy, and optional

        return PlotData("bokeh", orjson.dumps(json_item(value)).decode())
    to_json = getattr(value, "to_json", None)
    if home not in ("altair", "plotly") or not callable(to_json) or isinstance(value, type):
        return None
    return PlotData(cast("Kind", home), to_json())


def _home(value: Any) -> str:
    """The library whose class, or subclass of one, this is."""
    for owner in type(value).__mro__:
        library = owner.__module__.partition(".")[0]
        if library in (*KINDS, "seaborn"):
            return library
    return ""


def _figure_of(value: Any) -> Any:
    """The figure itself, also of axes, or of an array or grid of them, as plotting functions return."""
    if hasattr(value, "savefig") and hasattr(value, "dpi"):
        return value
    figure = getattr(value, "figure", None) or getattr(value, "fig", None)
    return figure if hasattr(figure, "savefig") else None


def _matplotlib(figure: Any, format: str, component: Component, by_pyplot: bool = False) -> PlotData:
    """Draws a figure and lets pyplot forget it: it would keep each one that a function ever made.

    The current figure of pyplot, which was given by giving the module, stays until another is given so: a generator
    goes on drawing into it.
    """
    width, height = (float(inches) * float(figure.dpi) for inches in figure.get_size_inches())
    most = pixels.most_pixels()
    if width * height > most:
        size = f"{width:.0f} × {height:.0f}"
        raise refusal(component, f"a figure of {size} pixels is too large: at most {most} pixels are drawn.")
    target = io.BytesIO()
    with _drawing:
        figure.savefig(target, format=format)
        _forget(figure, by_pyplot)
    text = base64.b64encode(target.getvalue()).decode()
    return PlotData("matplotlib", f"data:image/{FORMATS[format]};base64,{text}")


def _forget(figure: Any, by_pyplot: bool) -> None:
    global _shown_by_pyplot
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    if not by_pyplot:
        pyplot.close(figure)
        return
    before = _shown_by_pyplot() if _shown_by_pyplot is not None else None
    if before is not None and before is not figure:
        pyplot.close(before)
    _shown_by_pyplot = weakref.ref(figure)


def _is_picture(text: str) -> bool:
    head, comma, content = text.partition(",")
    if not comma or not head.startswith("data:image/") or not head.endswith(";base64"):
        return False
    try:
        base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _is_json(text: str) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except ValueError:
        return False
