"""How form components refuse a value that a client must not send: one sentence that names the component."""

from __future__ import annotations

import enum
import math
from typing import TYPE_CHECKING, Any

from blocks_app import jsonable
from blocks_app.diagnostics.mistakes import warn
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.i18n import gettext
from blocks_app.tree import context

if TYPE_CHECKING:
    from blocks_app.tree.component import Component

_SHOWN = 60
#: More than any float has; rounding a whole number takes as long as its power of ten is large.
_MOST_DIGITS = 400


def refusal(component: Component, text: str) -> Error:
    """The error for a value that `component` does not take; `text` is the rest of the sentence."""
    label = component.label
    return Error(f'{type(component).__name__} "{label}": {text}' if label else f"{type(component).__name__}: {text}")


def shown(value: Any) -> str:
    """A value for a message, cut so that nobody fills a log or a page with it; one that cannot be told, by its type."""
    try:
        text = repr(value)
    except Exception:  # an integer of thousands of digits, an object whose own __repr__ fails, one within a list
        text = "a very long number" if isinstance(value, int) else f"a {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def check_number(component: Component, value: Any, minimum: float | None, maximum: float | None) -> int | float:
    """Return `value` when it is a number within the bounds, both included.

    Raises:
        Error: it is text, a truth value, not a number at all, or out of bounds.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise refusal(component, gettext("a number is needed, not %(value)s.") % {"value": shown(value)})
    if not _is_finite(value):
        raise refusal(component, gettext("a finite number is needed, not %(value)s.") % {"value": shown(value)})
    if minimum is not None and value < minimum:
        raise refusal(
            component,
            gettext("Value %(value)s is less than minimum value %(minimum)s.") % {"value": value, "minimum": minimum},
        )
    if maximum is not None and value > maximum:
        raise refusal(
            component,
            gettext("Value %(value)s is greater than maximum value %(maximum)s.")
            % {"value": value, "maximum": maximum},
        )
    return value


def _is_finite(value: float) -> bool:
    """Whether it is a number that a float can hold too; integers have no bound otherwise."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def check_finite(owner: str, **numbers: Any) -> None:
    """Raise DeclarationError for an option that is no finite number; None is none."""
    for name, given in numbers.items():
        is_number = isinstance(given, (int, float)) or jsonable.number(given) is not given
        if given is not None and (isinstance(given, bool) or not is_number or not _is_finite(given)):
            raise DeclarationError(f"{owner}: {name} must be a finite number, not {shown(given)}.")


def checked_precision(owner: str, given: int | None) -> int | None:
    """Digits to round to. Raises DeclarationError for no whole number, or more than a number can have."""
    if given is not None and (not isinstance(given, int) or abs(given) > _MOST_DIGITS):
        raise DeclarationError(
            f"{owner}: precision is a whole number from -{_MOST_DIGITS} to {_MOST_DIGITS}, or None, not {shown(given)}."
        )
    return given


def warn_of_text(component: Component, value: Any) -> None:
    """Warn of a text that a declaration or a function gives where a number is shown; the field stays empty."""
    if not isinstance(value, str) or not value or context.copied.get() is not None:
        return
    try:
        float(value)
    except ValueError:
        warn(f"{component.described}: the value {shown(value)} is no number, and the page shows none.")


def round_to(value: float, precision: int | None) -> int | float:
    """Round to `precision` digits after the point: None leaves it alone, 0 makes an int (2.5 becomes 2)."""
    if precision is None:
        return value
    return round(value) if precision == 0 else round(value, precision)


def plain(value: Any) -> Any:
    """A numpy scalar or the member of an Enum as the Python value it stands for; anything else unchanged."""
    if isinstance(value, enum.Enum):
        return plain(value.value)
    return jsonable.plain(value) if hasattr(value, "item") and getattr(value, "ndim", None) == 0 else value
