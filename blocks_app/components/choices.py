"""Choices of CheckboxGroup, Radio and Dropdown: what may be declared, and which values a client may send."""

from __future__ import annotations

import difflib
import enum
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from blocks_app.components.validation import plain, refusal, shown
from blocks_app.diagnostics.mistakes import warn
from blocks_app.exceptions import DeclarationError
from blocks_app.i18n import gettext
from blocks_app.jsonable import plain as on_wire
from blocks_app.tree import context
from blocks_app.tree.iterables import elements, has_items, is_text, is_translated

if TYPE_CHECKING:
    from blocks_app.tree.component import Component

Value = str | int | float
Choice = Value | tuple[str, Value]
ChoiceType = Literal["value", "index"]
_NEAR = 1_000  # choices that are compared with a value that is none


def pairs(component: str, choices: Iterable[Choice] | None) -> list[tuple[str, Value]]:
    """The choices as (shown name, value) pairs; a plain choice is shown as its own text.

    Raises:
        DeclarationError: `choices` is one text, or a choice is a sequence of another length than two.
    """
    if is_text(choices):
        raise DeclarationError(f'{component}: choices is the text {choices!r}; write a list: choices=["{choices}"].')
    if choices is None:
        return []
    if not has_items(choices):
        raise DeclarationError(f"{component}: choices is a list of values or of (name, value) pairs, not {choices!r}.")
    return [_pair(component, choice) for choice in elements(choices)]


def _pair(component: str, choice: Any) -> tuple[str, Value]:
    if isinstance(choice, enum.Enum):
        value = plain(choice)
        return value if isinstance(value, str) else choice.name, value
    if not isinstance(choice, (tuple, list)):
        return _name(choice), _value(choice)
    if len(choice) != 2:
        raise DeclarationError(f"{component}: a choice is a value or a (name, value) pair, not {choice!r}.")
    return _name(choice[0]), _value(choice[1])


def _name(choice: Any) -> Any:
    """What is shown; a text that is translated when it is shown stays one."""
    return choice if is_translated(choice) else str(plain(choice))


def _value(choice: Any) -> Any:
    return choice if is_translated(choice) else plain(choice)


def selection(value: Any) -> Any:
    """What is chosen, on the wire: the values of any collection as a list, one value as itself."""
    if (
        is_text(value)
        or isinstance(value, tuple)
        or not isinstance(value, Collection)
        or getattr(value, "ndim", 1) == 0
    ):
        return on_wire(value)
    return [on_wire(item) for item in elements(value)]


def check_type(component: str, kind: str) -> None:
    """Refuse a `type` that is neither "value" nor "index"."""
    if kind not in ("value", "index"):
        raise DeclarationError(f'{component}: type must be "value" or "index", not {kind!r}.')


class Positions:
    """Where each value stands among the choices; built once per call, so that many values cost no more than few."""

    def __init__(self, choices: Sequence[tuple[str, Value]]) -> None:
        self._index: dict[tuple[bool, Any], int] = {}
        for index, (_, value) in enumerate(choices):
            self._index.setdefault(_identity(value), index)

    def of(self, value: Any) -> int | None:
        """Index of the value, None when it is no choice. A truth value is never a number here."""
        try:
            return self._index.get(_identity(value))
        except TypeError:  # a list or an object cannot be a choice
            return None


def _identity(value: Any) -> tuple[bool, Any]:
    """What the page sends for it, which may be plainer: a date comes back as text."""
    known = on_wire(value)
    return isinstance(known, bool), tuple(known) if isinstance(known, list) else known


def not_a_choice(component: Component, value: Any, choices: Sequence[tuple[str, Value]]) -> Exception:
    """The error for a value that is not among the choices; long lists are cut."""
    known = ", ".join(repr(value) for _, value in choices[:10]) + (", …" if len(choices) > 10 else "")
    return refusal(
        component,
        gettext("%(value)s is not in the list of choices: [%(known)s].") % {"value": shown(value), "known": known},
    )


def warn_of_strangers(component: Component, choices: Sequence[tuple[str, Value]], value: Any, hint: str = "") -> None:
    """Warn of values that a declaration or a function chooses though they are no choices; None and "" choose nothing.

    A component without choices gets them later, or shows samples alone.

    Args:
        component: whose value it is.
        choices: its choices.
        value: one value, or a collection of them.
        hint: what to do about it, besides adding the value.
    """
    if not choices or value is None or (isinstance(value, str) and not value) or context.copied.get() is not None:
        return  # a copy has been told of when it was declared
    chosen, positions = selection(value), Positions(choices)
    for each in chosen if isinstance(chosen, list) else [chosen]:
        if positions.of(each) is None:
            warn(
                f"{component.described}: the value {shown(each)} is not in the list of choices."
                f"{meant_choice(each, choices)} {hint or 'Add it, or choose another.'}"
            )


def meant_choice(value: Any, choices: Sequence[tuple[str, Value]]) -> str:
    """The choice that was probably meant, as a question; nothing when none is near."""
    known = [each for _, each in choices[:_NEAR] if isinstance(each, str)]
    near = difflib.get_close_matches(value, known, 1) if isinstance(value, str) else []
    return f" Did you mean {near[0]!r}?" if near else ""


def schema(choices: Sequence[tuple[str, Value]]) -> dict[str, Any]:
    """JSON schema of one value. `type` tells numbers from texts; a mixed list is called text, as Gradio does."""
    values = [on_wire(value) for _, value in choices]
    numbers = bool(values) and all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)
    return {"enum": values, "type": "number" if numbers else "string"}
