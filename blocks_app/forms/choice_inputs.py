"""Fields to choose in. Of a long queryset the page knows the first rows, and the server looks for the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext as _

from blocks_app.components import CheckboxGroup, Dropdown, Radio
from blocks_app.exceptions import Error
from blocks_app.forms.field_inputs import FieldInput, Sent, plain_text
from blocks_app.tree.component import Component

#: Rows of a queryset that are looked through for a text, where nobody said in which columns.
_SCANNED = 5_000
#: Most values that are chosen at once.
_MOST = 10_000
_LONGEST_SEARCH = 100

Pair = tuple[Any, str]


class ChoiceInput(FieldInput):
    """One of several choices, or some of them."""

    #: How many the open list shows.
    shown_at_once: int | None = 100

    def made(self, field: forms.Field) -> list[Component]:
        widget = field.widget
        self.is_multiple = bool(getattr(widget, "allow_multiple_selected", False))
        options = self.options(field)
        options["choices"] = self.choices(field) if self.is_fixed(field) else []
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return [CheckboxGroup(**options)]
        if isinstance(widget, forms.RadioSelect):
            return [Radio(**options)]
        return [Dropdown(**options, multiselect=self.is_multiple, num_choices_shown=self.shown_at_once)]

    def first(self, field: Any) -> Any:
        given = field.initial
        if not self.is_fixed(field):
            return None
        if self.is_multiple and isinstance(given, (list, tuple)):
            return [str(each) for each in given]
        return str(given) if isinstance(given, (str, int)) and not self.is_multiple else None

    def is_fixed(self, field: Any) -> bool:
        """Whether the choices are the same for everybody, as they stand in the program."""
        return isinstance(_given(field), (list, tuple))

    def is_dynamic(self, field: forms.Field) -> bool:
        return super().is_dynamic(field) or not self.is_fixed(field)

    def choices(self, field: Any) -> list[Pair]:
        """The choices as the page has them: what is shown, and the text that stands for it."""
        return [pair for pair in flat(_given(field)) if pair[1] != "" or not field.required]

    def shown(self, field: forms.Field, value: Any) -> list[Any]:
        chosen = self.chosen(field, value)
        if self.is_multiple:
            return [[each for each in chosen if each != ""]]
        first = chosen[0] if chosen else ""
        return [first if first != "" or self._has_blank(field) else None]

    def _has_blank(self, field: Any) -> bool:
        return not field.required and self.is_fixed(field) and any(value == "" for _, value in self.choices(field))

    def chosen(self, field: forms.Field, value: Any) -> list[str]:
        """The texts that stand for a value."""
        found = field.widget.format_value(value)
        return [str(each) for each in (found if isinstance(found, (list, tuple)) else [found]) if each is not None]

    def changes(self, field: forms.Field, value: Any, editable: bool) -> dict[str, Any]:
        return {} if self.is_fixed(field) else {"choices": self.choices(field)}

    def read(self, payloads: list[Any], field: forms.Field, name: str, sent: Sent, existing: Any = None) -> None:
        payload = payloads[0]
        given = payload if self.is_multiple and isinstance(payload, list) else [payload]
        wrong = [each for each in given if isinstance(each, (list, dict))]
        if wrong or (self.is_multiple and payload is not None and not isinstance(payload, list)):
            raise Error(_("A choice is needed here, or a list of choices where several may be chosen."))
        if len(given) > _MOST:
            raise Error(_("At most %(most)s choices are allowed here.") % {"most": f"{_MOST:,}"})
        sent.data.setlist(name, [text for each in given if (text := plain_text(each)) is not None])


class ModelChoiceInput(ChoiceInput):
    """One of the rows of a queryset, or some of them.

    Attributes:
        limit: how many the page knows at once.
        columns: where a typed text is looked for; in what is shown of the rows, unless there are any.
    """

    def __init__(self, name: str, field: forms.Field, limit: int, columns: Sequence[str]) -> None:
        self.limit, self.columns = limit, tuple(columns)
        self.shown_at_once = None  # all that the page knows
        super().__init__(name, field)

    def is_fixed(self, field: Any) -> bool:
        return False

    @property
    def is_searched(self) -> bool:
        """Whether the visitor can type into it."""
        return isinstance(self.components[0], Dropdown) and not self.is_hidden

    def changes(self, field: Any, value: Any, editable: bool) -> dict[str, Any]:
        offered = editable and not self.is_hidden
        first = self._pairs(field, field.queryset.all()[: self.limit]) if offered else []
        return {"choices": self._whole(field, first, self.chosen(field, value))}

    def _has_blank(self, field: Any) -> bool:
        return not field.required and field.empty_label is not None and not self.is_multiple

    def found(self, field: Any, text: str, chosen: Any) -> dict[str, Any] | None:
        """The choices for a typed text, with what is chosen already; None when the page knows all there are."""
        rows: QuerySet[Any] = field.queryset.all()
        if rows[self.limit : self.limit + 1].count() == 0:
            return None
        words = text.strip().replace("\0", "")[:_LONGEST_SEARCH]
        if not words:
            pairs = self._pairs(field, rows[: self.limit])
        elif self.columns:
            wanted = Q()
            for column in self.columns:
                wanted |= Q(**{f"{column}__icontains": words})
            pairs = self._pairs(field, rows.filter(wanted)[: self.limit])
        else:
            pairs = self._labelled(field, rows, words.lower())
        kept = chosen if isinstance(chosen, list) else [chosen]
        return {"choices": self._whole(field, pairs, [str(each) for each in kept[:_MOST] if each is not None])}

    def _labelled(self, field: Any, rows: QuerySet[Any], words: str) -> list[Pair]:
        found: list[Pair] = []
        for row in rows[:_SCANNED].iterator(chunk_size=500):
            pair = self._pair(field, row)
            if words in pair[0].lower():
                found.append(pair)
            if len(found) == self.limit:
                break
        return found

    def _whole(self, field: Any, pairs: list[Pair], chosen: list[str]) -> list[Pair]:
        """Choices to show: an empty one where nothing may be chosen, and what is chosen."""
        known = {value for _, value in pairs}
        missing = [each for each in dict.fromkeys(chosen) if each not in known and each != ""]
        blank: list[Pair] = [(str(field.empty_label), "")] if self._has_blank(field) else []
        return [*blank, *self._named(field, missing), *pairs]

    def _named(self, field: Any, values: list[str]) -> list[Pair]:
        """Those values that the queryset has, with their names."""
        if not values:
            return []
        key = field.to_field_name or "pk"
        try:
            return self._pairs(field, field.queryset.filter(**{f"{key}__in": values[:_MOST]}))
        except (ValueError, TypeError, ValidationError, OverflowError):
            return []  # no value of this column, or a queryset that is cut already

    def _pairs(self, field: Any, rows: Iterable[Any]) -> list[Pair]:
        return [self._pair(field, row) for row in rows]

    def _pair(self, field: Any, row: Any) -> Pair:
        iterator: Any = getattr(field, "iterator", ModelChoiceIterator)
        value, label = iterator(field).choice(row)
        return str(label), str(value)

    def read(self, payloads: list[Any], field: forms.Field, name: str, sent: Sent, existing: Any = None) -> None:
        if any("\0" in str(each) for each in payloads):
            raise Error(str(field.error_messages["invalid_choice"]) % {"value": "\\0"})
        super().read(payloads, field, name, sent)


def _given(field: Any) -> Any:
    """The choices as the form has them; a field for yes, no and unknown has its widget's."""
    return field.choices if hasattr(field, "choices") else field.widget.choices


def flat(choices: Iterable[Any], group: Any = None) -> Iterator[Pair]:
    """(shown, text) pairs; those of a group begin with its name."""
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from flat(label, value)
        else:
            yield (label if group is None else f"{group}: {label}"), "" if value is None else str(value)
