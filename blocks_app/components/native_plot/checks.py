"""What a plot of data cannot be declared with, told where it is declared."""

from __future__ import annotations

import re
from typing import Any

from blocks_app.exceptions import DeclarationError

_AGGREGATES = ("sum", "mean", "median", "min", "max", "count")
_SORTS = ("x", "y", "-x", "-y")
_POSITIONS = ("left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right", "none")


def checked_axes(owner: str, options: dict[str, Any]) -> None:
    """Raise DeclarationError for options that the page could not draw.

    Args:
        owner: class name for messages.
        options: what was given, by name.
    """
    for name in ("x_lim", "y_lim"):
        limits = options[name]
        if limits is not None and (len(limits) != 2 or any(isinstance(each, str) for each in limits)):
            raise DeclarationError(f"{owner}: {name} must be [least, greatest], each a number or None, not {limits!r}.")
    bin_ = options["x_bin"]
    if isinstance(bin_, str) and not re.fullmatch(r"\d+(\.\d+)?[smhd]", bin_):
        raise DeclarationError(
            f'{owner}: x_bin={bin_!r} is unknown. Use a number, or a time such as "15m": s, m, h, d.'
        )
    if isinstance(bin_, (int, float)) and bin_ <= 0:
        raise DeclarationError(f"{owner}: x_bin must be more than 0, not {bin_}.")
    _one_of(owner, "y_aggregate", options["y_aggregate"], _AGGREGATES)
    _one_of(owner, "color_legend_position", options["color_legend_position"], _POSITIONS)
    if not isinstance(options["sort"], (list, tuple)):
        _one_of(owner, "sort", options["sort"], _SORTS)


def _one_of(owner: str, name: str, value: Any, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise DeclarationError(f"{owner}: {name}={value!r} is unknown. Use one of {', '.join(known)}.")
