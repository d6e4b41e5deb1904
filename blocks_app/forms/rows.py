"""The list of a model's rows: its columns, what is searched and how it is ordered, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.text import capfirst, format_lazy

from blocks_app.exceptions import DeclarationError
from blocks_app.forms.permissions import Gate
from blocks_app.running.request import Request

Column = str | Callable[[Any], Any]
#: Rows that are asked one by one whether a visitor may see them, where permissions are given for single rows only.
_ASKED = 1_000
_LONGEST_CELL = 300
_MOST_WORDS = 10
_LONGEST_SEARCH = 200
_PREFIXES = {"^": "istartswith", "=": "iexact"}


class RowList:
    """What a list shows of rows.

    Attributes:
        headers: of the columns.
        kinds: of their cells, as gr.Dataframe calls them.
        orders: what may be ordered by, as (shown, name) pairs.
        searches: names of the columns in which words are looked for.
    """

    def __init__(
        self, model: type[models.Model], columns: Sequence[Column], searches: Sequence[str] | None, size: int
    ) -> None:
        """Look at the columns. Raises DeclarationError for one that the model does not have."""
        self.model, self.columns, self.size = model, list(columns), size
        fields = [_field(model, each) for each in columns]
        for column, field in zip(columns, fields):
            if field is None and isinstance(column, str) and column != "__str__":
                _check_attribute(model, column)
        self.headers = [header_of(model, column, field) for column, field in zip(columns, fields)]
        self.kinds = [_kind(field) for field in fields]
        self.names = [_order_name(column, field) for column, field in zip(columns, fields)]
        self.orders: list[Any] = [
            (format_lazy("{} {}", header, arrow), f"{sign}{name}")
            for header, name in zip(self.headers, self.names)
            if name
            for arrow, sign in (("↑", ""), ("↓", "-"))
        ]
        self.searches = [name for name, field in zip(self.names, fields) if name and _is_text(field)]
        if searches is not None:
            self.searches = [_checked_search(model, each) for each in searches]
        self._related = [field.name for field in fields if field is not None and field.many_to_one]

    def page(
        self, rows: QuerySet[Any], gate: Gate, request: Request, words: str, order: str | None, number: int
    ) -> tuple[list[Any], int, int]:
        """The rows of a page, its number and how many rows there are in all."""
        found = self.ordered(
            self.searched(rows.select_related(*self._related) if self._related else rows, words), order
        )
        if gate.allows(request, "view"):
            total = found.count()
            number = self._within(number, total)
            return list(found[(number - 1) * self.size : number * self.size]), number, total
        if not _knows_rows(gate):
            return [], 1, 0
        seen = [row for row in found[:_ASKED] if gate.allows(request, "view", row)]
        number = self._within(number, len(seen))
        return seen[(number - 1) * self.size : number * self.size], number, len(seen)

    def pages(self, total: int) -> int:
        """How many pages so many rows take."""
        return max(1, -(-total // self.size))

    def _within(self, number: int, total: int) -> int:
        return min(max(number, 1), self.pages(total))

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """The rows that have each of the words somewhere."""
        words = text.replace("\0", "")[:_LONGEST_SEARCH].split()[:_MOST_WORDS]
        if not words or not self.searches:
            return rows
        wanted = Q()
        for word in words:
            one = Q()
            for name in self.searches:
                how = _PREFIXES.get(name[0], "icontains")
                one |= Q(**{f"{name.lstrip('^=')}__{how}": word})
            wanted &= one
        if any("__" in name for name in self.searches):  # a row of another table may match several times
            return rows.filter(pk__in=rows.filter(wanted).order_by().values("pk"))
        return rows.filter(wanted)

    def ordered(self, rows: QuerySet[Any], order: str | None) -> QuerySet[Any]:
        """The rows in an order that is the same each time."""
        if order is not None and any(order == name for _, name in self.orders):
            return rows.order_by(order, "pk")
        current = rows.query.order_by or (rows.query.default_ordering and self.model._meta.ordering) or ()
        return rows.order_by(*current, "pk")

    def cells(self, row: Any) -> list[Any]:
        """What stands in the columns of a row."""
        return [cell(row, column) for column in self.columns]


def cell(row: Any, column: Column) -> Any:
    """The value of a column, as a table shows it."""
    if not isinstance(column, str):
        return as_cell(column(row))
    if column == "__str__":
        return as_cell(str(row))
    value = row
    for part in column.split("__"):
        shown = getattr(value, f"get_{part}_display", None)
        value = shown() if callable(shown) else getattr(value, part, None)
        if value is None:
            return None
        if callable(value) and not isinstance(value, models.Manager):
            value = value()
    return as_cell(value)


def as_cell(value: Any) -> Any:
    """A plain value: numbers and truth values as they are, dates in the visitor's way, all else as a text."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Decimal):
        return float(value) if len(value.as_tuple().digits) <= 15 else str(value)
    if isinstance(value, datetime):
        return formats.localize(timezone.localtime(value) if timezone.is_aware(value) else value)
    if isinstance(value, (date, time)):
        return formats.localize(value)
    if isinstance(value, models.Manager):
        value = ", ".join(str(each) for each in value.all()[:20])
    text = str(value)
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"


def header_of(model: Any, column: Column, field: Any) -> Any:
    """What stands over a column; perhaps a text that is translated when it is shown."""
    if column == "__str__":
        return capfirst(model._meta.verbose_name)
    if field is not None and "__" not in str(column):
        return capfirst(field.verbose_name)
    named: Any = getattr(column, "short_description", None)
    if named is None:
        named = column if isinstance(column, str) else getattr(column, "__name__", "").replace("<lambda>", "")
    if isinstance(named, Promise):
        later: Any = named
        return capfirst(later)
    return capfirst(str(named).replace("__", " ").replace("_", " ").strip()) or "Value"


def _field(model: Any, column: Column) -> Any:
    """The field behind a column; None for something else."""
    if not isinstance(column, str) or column == "__str__":
        return None
    found = None
    for part in column.split("__"):
        if model is None:
            return None
        try:
            found = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        if not getattr(found, "concrete", False):
            return None
        model = found.related_model
    return found


def _check_attribute(model: Any, column: str) -> None:
    first = column.split("__")[0]
    known = {each.name for each in model._meta.get_fields()}
    if first not in known and not hasattr(model, first):
        raise DeclarationError(f"list_display names {column!r}, which {model.__name__} does not have.")


def _order_name(column: Column, field: Any) -> str:
    """By which name the database orders a column; "" where it cannot."""
    if field is not None and isinstance(column, str) and not field.many_to_many:
        return column
    return str(getattr(column, "admin_order_field", None) or "")


def _is_text(field: Any) -> bool:
    return isinstance(field, (models.CharField, models.TextField)) and not field.choices


def _kind(field: Any) -> str:
    if isinstance(field, models.BooleanField):
        return "bool"
    numbers = (models.IntegerField, models.FloatField, models.DecimalField)
    return "number" if isinstance(field, numbers) and not field.choices else "str"


def _checked_search(model: Any, name: str) -> str:
    if _field(model, name.lstrip("^=")) is None:
        parts = name.lstrip("^=").split("__")
        if not any(each.name == parts[0] for each in model._meta.get_fields()):
            raise DeclarationError(f"search_fields names {name!r}, which {model.__name__} does not have.")
    return name


def _knows_rows(gate: Gate) -> bool:
    """Whether anybody could have a permission for a single row."""
    if callable(gate.given):
        return True
    if isinstance(gate.given, Mapping) and isinstance(gate.given.get("view"), bool):
        return False
    from django.contrib.auth import get_backends
    from django.contrib.auth.backends import ModelBackend

    return any(getattr(type(each), "has_perm", None) is not ModelBackend.has_perm for each in get_backends())
