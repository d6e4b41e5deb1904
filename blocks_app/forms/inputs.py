"""The inputs of a whole form: which one fits each field, how they are filled, and what the form says of them."""

from __future__ import annotations

import keyword
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _

from blocks_app.components import Textbox
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.forms.choice_inputs import ChoiceInput, ModelChoiceInput
from blocks_app.forms.field_inputs import (
    CheckInput,
    FieldInput,
    MomentInput,
    NumberInput,
    PartsInput,
    Sent,
    info_of,
    is_exact,
    label_of,
    parts_of,
)
from blocks_app.forms.file_inputs import FileInput
from blocks_app.forms.source import FormSource
from blocks_app.listeners.validation import validate
from blocks_app.running.request import Request
from blocks_app.running.updates import update
from blocks_app.tree.component import Component

_CHOICES = (forms.ChoiceField, forms.NullBooleanField)
_NUMBERS = (forms.IntegerField, forms.FloatField, forms.DecimalField)


class FormInputs:
    """The inputs of a form, in the order of its fields. They stand where this is made.

    Attributes:
        inputs: one for each field.
        components: all that they are made of.
        names: for programs, one for each component.
    """

    def __init__(
        self, source: FormSource, limit: int = 100, searched: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Make them.

        Args:
            source: the form.
            limit: how many rows of a queryset a page knows at once as choices.
            searched: the columns in which a typed text is looked for, by the field's name.
        """
        self.source = source
        fields: dict[str, forms.Field] = source.form_class.base_fields
        searched = searched or {}
        strangers = [name for name in searched if not isinstance(fields.get(name), forms.ModelChoiceField)]
        if strangers:
            raise DeclarationError(f"choice_search names {strangers[0]!r}, which is no field with choices of a model.")
        self.inputs = [input_of(name, field, limit, searched.get(name, ())) for name, field in fields.items()]
        self.components = [component for each in self.inputs for component in each.components]
        self.names = unique([name for each in self.inputs for name in _names(each)])
        needed = [fields[each.name].required for each in self.inputs for _ in each.components]
        #: Names of those at the end that a program may leave out.
        self.optional = self.names[len(needed) - needed[::-1].index(True) :] if any(needed) else self.names
        self.is_dynamic = any(each.is_dynamic(fields[each.name]) for each in self.inputs)

    @property
    def by_name(self) -> dict[str, Component]:
        """The first component of each field."""
        return {each.name: each.components[0] for each in self.inputs}

    @property
    def entered(self) -> list[Textbox]:
        """The fields of one line, in which Enter saves."""
        return [each for each in self.components if isinstance(each, Textbox) and each.lines == 1 and each.visible]

    def searched(self) -> list[ModelChoiceInput]:
        """Those in which the visitor looks for a row."""
        return [each for each in self.inputs if isinstance(each, ModelChoiceInput) and each.is_searched]

    # -- showing ------------------------------------------------------------------------------------------------------

    def updates(self, form: forms.BaseForm, editable: bool = True, loading: bool = False) -> list[dict[str, Any]]:
        """What each component shows of an unbound form.

        While the page is `loading`, what it shows already is left alone: somebody may be typing there.
        """
        found: list[dict[str, Any]] = []
        for each in self.inputs:
            if each.name in form.fields:
                found += self._updates(each, form, editable, loading)
            else:
                found += [update(value=None, visible=False) for _ in each.components]
        return found

    def _updates(self, each: FieldInput, form: forms.BaseForm, editable: bool, loading: bool) -> list[dict[str, Any]]:
        field, base = form.fields[each.name], self.source.form_class.base_fields[each.name]
        value = form[each.name].value()
        more: dict[str, Any] = {"interactive": editable and not field.disabled, "visible": not field.widget.is_hidden}
        if not isinstance(each, PartsInput):
            if label_of(each.name, field) != label_of(each.name, base):
                more["label"] = label_of(each.name, field)
            if info_of(field) != info_of(base):
                more["info"] = info_of(field)
            more |= each.changes(field, value, editable and not field.disabled)
        values = each.shown(field, value)
        there = [component.value for component in each.components]
        kept = [loading and (one == was or (one in ([], "") and was is None)) for one, was in zip(values, there)]
        return [update(**more) if same else update(value=one, **more) for one, same in zip(values, kept)]

    def values(self, form: forms.BaseForm) -> dict[str, Any]:
        """What programs get of an unbound form: a wire value for each of the names."""
        found: list[Any] = []
        for each in self.inputs:
            field = form.fields.get(each.name)
            shown = each.shown(field, form[each.name].value()) if field is not None else [None] * len(each.components)
            found += [  # choices are texts already, and not among those that stand in the program
                value if hasattr(component, "choices") else component.postprocess(value)
                for component, value in zip(each.components, shown)
            ]
        return dict(zip(self.names, found))

    # -- reading ------------------------------------------------------------------------------------------------------

    def bound(
        self, values: Sequence[Any], request: Request | None, instance: Any = None
    ) -> tuple[forms.BaseForm, Sent]:
        """The form with what was sent, which has looked at it; and what has to be closed when it is saved.

        Only values of its own fields get into it. Where one could not be read, the form has an error there.
        """
        blank = self.source.unbound(request, instance)
        sent, rest = Sent(), list(values)
        for each in self.inputs:
            own, rest = rest[: len(each.components)], rest[len(each.components) :]
            field = blank.fields.get(each.name)
            if field is None:
                continue
            existing = blank[each.name].initial if isinstance(each, FileInput) else None
            try:
                each.read(own, field, blank.add_prefix(each.name), sent, existing)
            except Error as error:
                sent.problems[each.name] = str(error)
        form = self.source.bound(request, sent.data, sent.files, instance)
        try:
            form.is_valid()
        except RecursionError as error:
            raise Error(_("What was sent is nested too deeply."), print_exception=False) from error
        for name, problem in sent.problems.items():
            form.errors[name] = form.error_class([problem])
        return form, sent

    def verdicts(self, form: forms.BaseForm) -> list[dict[str, Any]]:
        """What a validator answers of a form: first what concerns the whole, then of each component."""
        seen = {each.name for each in self.inputs if each.name in form.fields and not form[each.name].is_hidden}
        whole = [*form.non_field_errors()]
        for name, errors in form.errors.items():
            if name not in seen and name != NON_FIELD_ERRORS:
                whole += [f"{name_of(form, name)}: {each}" for each in errors]
        found = [validate(not whole, " ".join(map(str, whole)))]
        for each in self.inputs:
            text = " ".join(map(str, form.errors.get(each.name, ()))) if each.name in seen else ""
            found += [validate(not text, text), *[validate(True, "") for _ in each.components[1:]]]
        return found

    def sentences(self, form: forms.BaseForm) -> str:
        """All that is wrong with a form, a line each."""
        lines = [str(each) for each in form.non_field_errors()]
        for name, errors in form.errors.items():
            if name != NON_FIELD_ERRORS:
                lines += [f"{name_of(form, name)}: {each}" for each in errors]
        return "\n".join(lines)


def input_of(name: str, field: forms.Field, limit: int = 100, columns: Sequence[str] = ()) -> FieldInput:
    """The input that fits a field; a field for text where nothing else does."""
    widget = field.widget
    several = isinstance(field, (forms.MultipleChoiceField, forms.ModelMultipleChoiceField))
    if isinstance(field, forms.FileField):
        return FileInput(name, field)
    if isinstance(field, forms.ModelChoiceField) and (several or isinstance(widget, forms.Select)):
        return ModelChoiceInput(name, field, limit, columns)
    if isinstance(field, forms.ModelChoiceField) and isinstance(widget, forms.RadioSelect):
        return ModelChoiceInput(name, field, limit, columns)
    if isinstance(field, _CHOICES) and isinstance(widget, forms.widgets.ChoiceWidget):
        return ChoiceInput(name, field)
    if several:
        return ChoiceInput(name, field)
    if isinstance(field, forms.MultiValueField):
        return _of_parts(name, field)
    if widget.is_hidden:
        return FieldInput(name, field)
    if isinstance(field, forms.BooleanField) and isinstance(widget, forms.CheckboxInput):
        return CheckInput(name, field)
    if isinstance(field, _NUMBERS) and is_exact(field):
        return NumberInput(name, field)
    if isinstance(field, (forms.DateField, forms.DateTimeField)):
        return MomentInput(name, field)
    return FieldInput(name, field)


def _of_parts(name: str, field: forms.MultiValueField) -> FieldInput:
    widget = field.widget
    if not isinstance(widget, forms.MultiWidget) or len(widget.widgets) != len(field.fields):
        return FieldInput(name, field)
    if isinstance(field, forms.SplitDateTimeField):
        return MomentInput(name, field)
    label = label_of(name, field)
    parts = parts_of(field)
    for number, part in enumerate(parts, 1):
        part.label = part.label or f"{label} {number}"
        part.disabled = field.disabled
    return PartsInput(name, field, [input_of(f"{name}_{number}", part) for number, part in enumerate(parts)])


def name_of(form: forms.BaseForm, name: str) -> str:
    """How messages call a field."""
    return str(form[name].label) if name in form.fields else name


def unique(names: Sequence[str]) -> list[str]:
    """The names, each once: later ones get a number."""
    found: list[str] = []
    for name in names:
        number, wanted = 2, name
        while name in found:
            name, number = f"{wanted}_{number}", number + 1
        found.append(name)
    return found


def _names(each: FieldInput) -> list[str]:
    """What programs call its components."""
    name = each.name if each.name.isidentifier() and not keyword.iskeyword(each.name) else f"{each.name}_"
    name = name if name.isidentifier() else "".join(sign if sign.isalnum() else "_" for sign in f"_{name}")
    own = f"{name}_" if name in ("request", "pk", "version", "form") else name
    return [own, *[f"{own}_{number}" for number in range(1, len(each.components))]]
