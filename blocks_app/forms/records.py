"""One row of a model at a time: found in the given queryset, locked, compared with what a visitor saw, deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, connections, router
from django.db.models import Model, QuerySet
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.forms.models import model_to_dict
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from blocks_app.exceptions import Error
from blocks_app.forms.listening import shortened
from blocks_app.forms.permissions import Action, Gate
from blocks_app.running.request import Request

_SALT = "blocks_app.forms.version"
_UNFIT = (ValueError, TypeError, OverflowError, ValidationError, DataError)


class Records:
    """The rows that an app may touch: those of its queryset that the visitor has a permission for.

    Attributes:
        model: whose rows.
        gate: who may do what.
    """

    def __init__(self, model: type[Model], rows: Callable[[Request], QuerySet[Any]], gate: Gate) -> None:
        self.model, self.gate, self._rows = model, gate, rows

    def all(self, request: Request) -> QuerySet[Any]:
        """Every row of the queryset, anew."""
        return self._rows(request).all()

    def alias(self, request: Request) -> str:
        """The database to which rows are written."""
        return self.chosen_alias(request) or router.db_for_write(self.model)

    def chosen_alias(self, request: Request) -> str | None:
        """The database that the queryset was told to use; None where routers decide."""
        rows: Any = self._rows(request)
        return rows._db  # type: ignore[no-any-return]

    def find(self, request: Request, pk: Any, action: Action = "view") -> Any:
        """The row with this key.

        Raises:
            Error: there is none in the queryset, or the visitor may not do this to it. Whoever may not even see it
                hears the same as if it were not there.
        """
        return self._found(request, self.all(request), pk, action)

    def locked(self, request: Request, pk: Any, action: Action) -> Any:
        """The same inside a transaction: nobody else changes the row until its end."""
        alias = self.alias(request)
        if connections[alias].features.has_select_for_update:
            lock = self._get(self.model._base_manager.using(alias).select_for_update(), pk)
            if lock is None:  # and a key that fits no column has ended what PostgreSQL does in this transaction
                raise Error(self.gone(), print_exception=False)
        return self._found(request, self.all(request).using(alias), pk, action)

    def _found(self, request: Request, rows: QuerySet[Any], pk: Any, action: Action) -> Any:
        row = self._get(rows, pk)
        if row is not None and not self.gate.allows(request, action, row):
            if self.gate.allows(request, "view", row):
                self.gate.require(request, action, row)
            row = None
        if row is None:
            raise Error(self.gone(), print_exception=False)
        return row

    def _get(self, rows: QuerySet[Any], pk: Any) -> Any:
        try:
            return rows.filter(pk=self.model._meta.pk.to_python(pk)).first() if pk not in (None, "") else None
        except _UNFIT:
            return None

    def gone(self) -> str:
        """What is said of a row that is not there."""
        return _("This %(name)s is not there any more, or not for you.") % {"name": self.model._meta.verbose_name}

    def changed(self) -> str:
        """What is said of a row that somebody else has changed."""
        text = _("Somebody has changed this %(name)s meanwhile. Open it again to see how it is now.")
        return text % {"name": self.model._meta.verbose_name}

    # -- what a visitor saw ----------------------------------------------------------------------------------------

    def version(self, form_class: Any, row: Any) -> str:
        """A text that is another one when any field of the form has another value. It tells nobody which."""
        meta = form_class._meta
        values = model_to_dict(row, meta.fields, meta.exclude)
        known = [f"{name}={_as_text(values[name])}" for name in sorted(values)]
        return salted_hmac(_SALT, "\0".join([str(row.pk), *known]), algorithm="sha256").hexdigest()[:32]

    # -- the end of a row --------------------------------------------------------------------------------------------

    def going_with(self, request: Request, row: Any) -> list[str]:
        """What is deleted with a row, in words.

        Raises:
            Error: something keeps it from being deleted, or the visitor may not delete what goes with it.
        """
        collector = Collector(using=row._state.db, origin=row)
        try:
            collector.collect([row])
        except ProtectedError as error:
            raise Error(self._kept_by(row, error.protected_objects), print_exception=False) from error
        except RestrictedError as error:
            raise Error(self._kept_by(row, error.restricted_objects), print_exception=False) from error
        counts: dict[Any, int] = {}
        for model, others in collector.data.items():
            counts[model] = len(set(others) - {row})
        fast: Any = collector.fast_deletes
        for rows in fast:
            counts[rows.model] = counts.get(rows.model, 0) + rows.count()
        found = {model: count for model, count in counts.items() if count and not model._meta.auto_created}
        for model in found:
            if not self.gate.may_delete_related(request, model):
                text = _("You may not delete %(name)s, which would go with it.")
                raise Error(text % {"name": model._meta.verbose_name_plural}, print_exception=False)
        return [f"{count:,} {_name_of(model, count)}" for model, count in found.items()]

    def _kept_by(self, row: Any, others: Any) -> str:
        names = ", ".join(sorted({str(each._meta.verbose_name) for each in others}))
        text = _("“%(row)s” cannot be deleted: a %(others)s needs it.")
        return text % {"row": shortened(row), "others": names}


def _name_of(model: Any, count: int) -> str:
    return str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)


def _as_text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(sorted(str(getattr(each, "pk", each)) for each in value))
    return str(value)
