"""What a field of a form is on the page: its components, what they show, and what they send to the form's widget."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.forms.utils import pretty_name
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from blocks_app.components import Checkbox, DateTime, Number, Textbox
from blocks_app.exceptions import Error
from blocks_app.jsonable import clean
from blocks_app.tree.component import Component

#: Digits that a number of JavaScript, and a float, keeps.
_EXACT_DIGITS = 15


class Sent:
    """What is handed to a form, as if its own widgets had sent it.

    Attributes:
        data, files: for the form.
        problems: what could not be read at all, by the field's name.
    """

    def __init__(self) -> None:
        self.data = QueryDict(mutable=True)
        self.files: MultiValueDict[str, Any] = MultiValueDict()
        self.problems: dict[str, str] = {}

    def close(self) -> None:
        """Close the files."""
        for _name, files in self.files.lists():
            for each in files:
                each.close()


class FieldInput:
    """One field of a form on the page. This one is a text, which any field understands.

    Attributes:
        name: of the field.
        is_hidden: whether nobody sees it.
        components: what it is made of; they are placed where it is made.
    """

    def __init__(self, name: str, field: forms.Field) -> None:
        self.name = name
        self.is_hidden = bool(field.widget.is_hidden)
        self.components: list[Component] = self.made(field)

    def options(self, field: forms.Field) -> dict[str, Any]:
        """What every component of the field is told."""
        return {
            "label": label_of(self.name, field),
            "info": info_of(field),
            "interactive": not field.disabled,
            "visible": not self.is_hidden,
            "value": self.first(field),
        }

    def first(self, field: forms.Field) -> Any:
        """What it shows before anybody visits: an initial value that is the same for everybody, else nothing."""
        fits = isinstance(field.initial, str) and not isinstance(field.widget, forms.PasswordInput)
        return field.initial if fits else None

    def made(self, field: forms.Field) -> list[Component]:
        """The components, in the layout that is open."""
        return [Textbox(**self.options(field), **_text_options(field))]

    def is_dynamic(self, field: forms.Field) -> bool:
        """Whether what it shows at first is known only when somebody visits."""
        return field.initial is not None and self.first(field) is None

    def shown(self, field: forms.Field, value: Any) -> list[Any]:
        """What the components show of a value of the form."""
        widget = field.widget
        if isinstance(widget, forms.PasswordInput) and not widget.render_value:
            return [None]
        text = widget.format_value(value)
        return [None if text is None else str(text)]

    def changes(self, field: forms.Field, value: Any, editable: bool) -> dict[str, Any]:
        """What else changes in the components with the value, for a visitor who may or may not choose another."""
        return {}

    def read(self, payloads: list[Any], field: forms.Field, name: str, sent: Sent, existing: Any = None) -> None:
        """Put what the page sent where the field's widget looks for it.

        Args:
            payloads: a wire value for each component.
            field: the field of the form that is filled.
            name: of its widget.
            sent: takes it.
            existing: what the form has now.

        Raises:
            Error: it is of a kind that no widget could send.
        """
        text = plain_text(payloads[0])
        if text is not None:
            sent.data[name] = text


class NumberInput(FieldInput):
    """A whole number, or one with digits after the point."""

    def made(self, field: forms.Field) -> list[Component]:
        step = field.widget.attrs.get("step")
        known = isinstance(step, (int, float)) and not isinstance(step, bool) and step > 0
        return [Number(**self.options(field), **({"step": step} if known else {}))]

    def first(self, field: forms.Field) -> Any:
        return field.initial if isinstance(field.initial, (int, float)) else None

    def shown(self, field: forms.Field, value: Any) -> list[Any]:
        if isinstance(value, str):
            try:
                value = int(value) if value.strip().lstrip("-").isdecimal() else float(value)
            except ValueError:
                value = None
        return [value]

    def read(self, payloads: list[Any], field: forms.Field, name: str, sent: Sent, existing: Any = None) -> None:
        try:
            number = self.components[0].preprocess(payloads[0])
        except Error:
            number = plain_text(payloads[0])  # for which the field has words
        if number is not None:
            sent.data[name] = str(number)


class CheckInput(FieldInput):
    """Yes or no."""

    def made(self, field: forms.Field) -> list[Component]:
        return [Checkbox(**self.options(field))]

    def first(self, field: forms.Field) -> Any:
        return False if callable(field.initial) else bool(field.initial)

    def is_dynamic(self, field: forms.Field) -> bool:
        return callable(field.initial)

    def shown(self, field: forms.Field, value: Any) -> list[Any]:
        return [bool(value)]

    def read(self, payloads: list[Any], field: forms.Field, name: str, sent: Sent, existing: Any = None) -> None:
        sent.data[name] = "true" if self.components[0].preprocess(payloads[0]) else "false"


class MomentInput(FieldInput):
    """A date, with or without a time; also where the form has a field of its own for each."""

    def made(self, field: forms.Field) -> list[Component]:
        return [DateTime(**self.options(field), type="datetime", include_time=not isinstance(field, forms.DateField))]

    def shown(self, field: forms.Field, value: Any) -> list[Any]:
        return [value]

    def read(self, payloads: list[Any], field: forms.Field, name: str, sent: Sent, existing: Any = None) -> None:
        moment = self._moment(payloads[0])
        if moment is None:
            return
        widget: Any = field.widget
        data: Any = sent.data  # fields for dates take dates
        if isinstance(widget, forms.MultiWidget):
            first, second = (f"{name}{part}" for part in widget.widgets_names)  # type: ignore[attr-defined]
            if isinstance(moment, datetime):
                data[first], data[second] = moment.date(), moment.time()
            else:
                data[first] = moment
        elif isinstance(moment, datetime) and isinstance(field, forms.DateField):
            data[name] = moment.date()
        else:
            data[name] = moment

    def _moment(self, payload: Any) -> datetime | str | None:
        """What was chosen; a text that names no moment is left for the field, which has words for it."""
        try:
            moment: datetime | None = self.components[0].preprocess(payload)
        except Error:
            return plain_text(payload)
        return moment


class PartsInput(FieldInput):
    """A field of several fields: an input for each of them."""

    def __init__(self, name: str, field: forms.MultiValueField, parts: list[FieldInput]) -> None:
        self.parts = parts
        super().__init__(name, field)

    def made(self, field: forms.Field) -> list[Component]:
        return [component for part in self.parts for component in part.components]

    def is_dynamic(self, field: forms.Field) -> bool:
        return field.initial is not None or any(map(FieldInput.is_dynamic, self.parts, parts_of(field)))

    def shown(self, field: forms.Field, value: Any) -> list[Any]:
        values = self._values(field, value)
        return [each for part, sub, one in zip(self.parts, parts_of(field), values) for each in part.shown(sub, one)]

    def _values(self, field: forms.Field, value: Any) -> list[Any]:
        widget: Any = field.widget
        values = list(value) if isinstance(value, (list, tuple)) else list(widget.decompress(value) or [])
        return values + [None] * (len(self.parts) - len(values))

    def read(self, payloads: list[Any], field: forms.Field, name: str, sent: Sent, existing: Any = None) -> None:
        widget: Any = field.widget
        rest = list(payloads)
        for part, sub, suffix in zip(self.parts, parts_of(field), widget.widgets_names):
            own, rest = rest[: len(part.components)], rest[len(part.components) :]
            part.read(own, sub, f"{name}{suffix}", sent)


def parts_of(field: forms.Field) -> list[forms.Field]:
    """The fields that a field is made of, each with the widget that it has in it."""
    several: Any = field
    for part, widget in zip(several.fields, several.widget.widgets):
        part.widget = widget
    return list(several.fields)


def label_of(name: str, field: forms.Field) -> Any:
    """What stands over a field: its label, with a star where it has to be filled in."""
    label = pretty_name(name) if field.label is None else field.label
    if not field.required or field.disabled:
        return label
    return format_lazy("{} *", label) if isinstance(label, Promise) else f"{label} *"


def info_of(field: forms.Field) -> Any:
    """What stands under a field's label, without markup; None for nothing."""
    help_text: Any = field.help_text
    return strip_tags(help_text) if help_text else None


def plain_text(payload: Any) -> str | None:
    """What was typed; None for nothing. Raises Error for what is no text and no number."""
    if isinstance(payload, (list, Mapping)):
        raise Error(_("A text is needed here, not a list or an object."))
    try:
        return None if payload is None else clean(str(payload))
    except ValueError as error:  # Python writes no number of thousands of digits
        raise Error(_("This number is too long.")) from error


def is_exact(field: forms.Field) -> bool:
    """Whether a number of the page can hold each value of the field."""
    if getattr(field, "localize", False):
        return False  # it is written as the visitor's country writes it, which a text can hold
    digits = getattr(field, "max_digits", 0)
    return not isinstance(field, forms.DecimalField) or (digits is not None and digits <= _EXACT_DIGITS)


def _text_options(field: forms.Field) -> dict[str, Any]:
    """How a field for text looks."""
    widget = field.widget
    found: dict[str, Any] = {"placeholder": widget.attrs.get("placeholder")}
    if isinstance(field, forms.TimeField):
        found["placeholder"] = found["placeholder"] or "HH:MM"
    if isinstance(field, forms.DurationField):
        found["placeholder"] = found["placeholder"] or "HH:MM:SS"
    if isinstance(widget, forms.PasswordInput):
        return {**found, "type": "password"}
    if isinstance(widget, forms.Textarea):
        rows = str(widget.attrs.get("rows", ""))
        found["lines"] = min(max(int(rows), 2), 20) if rows.isdecimal() and rows != "10" else 4
    if isinstance(field, forms.EmailField):
        found["type"] = "email"
    longest = getattr(field, "max_length", None)
    return {**found, "max_length": longest} if longest else found
