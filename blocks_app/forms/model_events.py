"""What happens in a model app: rows are listed, opened, saved and deleted, each time as far as the visitor may."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from blocks_app.components.api import api
from blocks_app.exceptions import Error
from blocks_app.forms.form_app import Save, conflicts_in_words, sentence_of
from blocks_app.forms.listening import QUIET, named, on_load, plain
from blocks_app.forms.model_panels import FormPanel, ListPanel
from blocks_app.forms.records import Records
from blocks_app.forms.rows import RowList
from blocks_app.listeners.event_data import SelectData
from blocks_app.listeners.events import on
from blocks_app.listeners.listener import Listener
from blocks_app.running.notifications import Success
from blocks_app.running.request import Request
from blocks_app.running.updates import skip, update

_LIST = ("words", "order", "page")


class ModelEvents:
    """The functions of a model app."""

    def __init__(self, records: Records, rows: RowList, listed: ListPanel, form: FormPanel, save: Save | None) -> None:
        self.records, self.rows, self.listed, self.form, self._saver = records, rows, listed, form, save
        self.gate, self.inputs, self.source = records.gate, form.inputs, form.inputs.source
        self.names = records.model._meta

    def listen(self, page: Any) -> tuple[Listener, Listener, Listener]:
        """Listen to everything; gives the listeners that save, that follow a save, and that follow a deletion."""
        listed, form = self.listed, self.form
        on_load(page, named(self._open_page, "open_page", _LIST), listed.state, [*listed.shown, *form.shown])
        first = [listed.words, listed.order, listed.first]
        reading: Any = {"show_progress": "hidden", "concurrency_limit": None, "preprocess": False}
        on(
            [listed.words.submit, listed.order.input],
            named(self.list_rows, "list", _LIST),
            first,
            listed.shown,
            api_name="list",
            trigger_mode="always_last",
            **reading,
        )
        turned: Any = {**QUIET, "preprocess": False}
        listed.previous.click(named(self._previous, "previous", _LIST), listed.state, listed.shown, **turned)
        listed.following.click(named(self._following, "following", _LIST), listed.state, listed.shown, **turned)
        # What is chosen is the form's own key only when the form shows it: else Save could mean another row.
        last: Any = {**turned, "trigger_mode": "always_last"}
        chosen = listed.table.select(_chosen, listed.keys, listed.chosen, **last)
        chosen.success(named(self._open, "open", ["pk"]), listed.chosen, form.shown, scroll_to_output=True, **last)
        form.new.click(named(self._new, "new", []), None, form.shown, **QUIET)
        api(self._reading(), api_name="read", concurrency_limit=None)
        submit = self._listen_for_saving()
        state = [form.pk, form.version, *listed.state]
        after = named(self._after_saving, "after_saving", ["pk", "version", *_LIST])
        saved = submit.success(after, state, [*form.shown, *listed.shown], **turned)
        return submit, saved, self._listen_for_the_end(turned)

    def _reading(self) -> Any:
        def read(pk: str, request: Request) -> dict[str, Any]:
            """The row with this key: its fields as `/save` takes them, and its version."""
            row = self.records.find(request or Request(), pk)
            version = self.records.version(self.source.form_class, row)
            return {**self.inputs.values(self.source.unbound(request, row)), "pk": str(row.pk), "version": version}

        return read

    def _listen_for_saving(self) -> Listener:
        form = self.form
        names = ["form", *self.inputs.names, "pk", "version"]
        optional = [*self.inputs.optional, "pk", "version"]
        return on(
            [form.save.click, *[each.submit for each in self.inputs.entered]],
            named(self._store, "save", names, optional),
            [form.heading, *self.inputs.components, form.pk, form.version],
            [form.message, form.pk],
            validator=named(self._judge, "validate", names),
            api_name="save",
            preprocess=False,
        )

    def _listen_for_the_end(self, turned: Any) -> Listener:
        form, listed = self.form, self.listed
        form.delete.click(named(self._ask, "ask", ["pk"]), form.pk, [form.question, form.asking], **turned)
        form.keep.click(lambda: update(visible=False), None, form.asking, **QUIET)
        gone = form.sure.click(
            named(self._delete, "delete", ["pk", "version"]),
            [form.pk, form.version],
            form.message,
            api_name="delete",
            preprocess=False,
        )
        both = [*form.shown, *listed.shown]
        deleted = gone.success(named(self._after_deleting, "after_deleting", _LIST), listed.state, both, **turned)
        for button, action in form.actions:
            doing = button.click(
                named(self._doing(action), action.__name__, ["pk"]),
                form.pk,
                form.message,
                api_name=False,
                preprocess=False,
            )
            again = named(self._after_acting, "after_acting", ["pk", *_LIST])
            doing.success(again, [form.pk, *listed.state], both, **turned)
        return deleted

    # -- the list -----------------------------------------------------------------------------------------------------

    def list_rows(self, request: Request, words: Any, order: Any, page: Any) -> list[Any]:
        """The rows of a page: the table, the keys of its rows, the number of the page, and where that is."""
        rows = self.records.all(request)
        number = int(page) if isinstance(page, (int, float)) and abs(page) < 1e9 else 1
        text = words if isinstance(words, str) else ""
        wanted = order if isinstance(order, str) else None
        found, number, total = self.rows.page(rows, self.gate, request, text, wanted, number)
        table = {"headers": [str(each) for each in self.rows.headers], "data": [self.rows.cells(row) for row in found]}
        place = self._place(request, number, total, len(found))
        more = [update(interactive=number > 1), update(interactive=number < self.rows.pages(total))]
        return [table, [str(row.pk) for row in found], number, place, *more]

    def _place(self, request: Request, number: int, total: int, count: int) -> str:
        names = str(self.names.verbose_name if total == 1 else self.names.verbose_name_plural)
        if not total:
            may = self.gate.allows(request, "view")
            return _("No %(names)s.") % {"names": names} if may else _("There is nothing here that you may see.")
        first = (number - 1) * self.rows.size + 1
        values = {"first": f"{first:,}", "last": f"{first + count - 1:,}", "total": f"{total:,}", "names": names}
        return _("%(first)s–%(last)s of %(total)s %(names)s") % values

    def _previous(self, request: Request, words: Any, order: Any, page: Any) -> list[Any]:
        return self.list_rows(request, words, order, (page or 1) - 1)

    def _following(self, request: Request, words: Any, order: Any, page: Any) -> list[Any]:
        return self.list_rows(request, words, order, (page or 1) + 1)

    def _open_page(self, request: Request, words: Any, order: Any, page: Any) -> list[Any]:
        return [*self.list_rows(request, words, order, page), *self._new(request, loading=True)]

    # -- the form -----------------------------------------------------------------------------------------------------

    def form_for(self, request: Request, pk: Any) -> Any:
        """The form that a visitor fills in, of the row with this key or a new one; None where they may not."""
        try:
            return self.source.unbound(request, self._row(request, pk, locked=False))
        except Error:
            return None

    def _new(self, request: Request, *, loading: bool = False) -> list[Any]:
        """An empty form, for those who may add rows."""
        may = self.gate.allows(request, "add")
        name = capfirst(str(self.names.verbose_name))
        heading = _("New %(name)s") % {"name": self.names.verbose_name} if may else name
        shown = self.inputs.updates(self.source.unbound(request), loading=loading) if may else self._empty()
        return [f"## {plain(heading)}", "", "", *shown, *self._buttons(request, None)]

    def _empty(self) -> list[Any]:
        return [update(value=None, interactive=False) for _ in self.inputs.components]

    def _open(self, request: Request, pk: Any) -> list[Any]:
        """The row that was chosen."""
        return self._opened(request, self.records.find(request, pk))

    def _opened(self, request: Request, row: Any) -> list[Any]:
        may = self.gate.allows(request, "change", row)
        heading = f"## {plain(capfirst(str(self.names.verbose_name)))} “{plain(row)}”"
        shown = self.inputs.updates(self.source.unbound(request, row), may)
        version = self.records.version(self.source.form_class, row)
        return [heading, str(row.pk), version, *shown, *self._buttons(request, row)]

    def _buttons(self, request: Request, row: Any) -> list[Any]:
        may_add = self.gate.allows(request, "add")
        may_save = may_add if row is None else self.gate.allows(request, "change", row)
        may_delete = row is not None and self.gate.allows(request, "delete", row)
        acts = row is not None and may_save
        return [
            update(interactive=may_save),
            update(interactive=may_add),
            update(visible=may_delete),
            *[update(interactive=acts) for _ in self.form.actions],
            update(visible=False),
        ]

    # -- saving -------------------------------------------------------------------------------------------------------

    def _row(self, request: Request, pk: Any, *, locked: bool) -> Any:
        """The row to be changed; None for a new one, which the visitor may add."""
        if pk in (None, ""):
            self.gate.require(request, "add")
            return None
        return (self.records.locked if locked else self.records.find)(request, pk, "change")

    def _filled(self, request: Request, row: Any, version: Any, values: Any) -> tuple[Any, Any]:
        """The form of a row, with what was sent."""
        known = None if row is None else self.records.version(self.source.form_class, row)
        if row is None and (chosen := self.records.chosen_alias(request)):
            row = self.records.model()
            row._state.db = chosen
        form, sent = self.inputs.bound(values, request, row)
        if known is not None and version and version != known:
            form.errors.clear()  # what is wrong with it may be what the other one has written
            form.errors[NON_FIELD_ERRORS] = form.error_class([self.records.changed()])
        return form, sent

    def _judge(self, request: Request, heading: Any, *values: Any) -> list[dict[str, Any]]:
        *given, pk, version = values
        row = self._row(request, pk, locked=False)
        form, sent = self._filled(request, row, version, given)
        sent.close()
        return self.inputs.verdicts(form)

    def _store(self, request: Request, heading: Any, *values: Any) -> list[Any]:
        """Add a row, without a key, or change the one with this key; the sentence that is said, and the key.

        A `version` that is not how the row is now refuses the change.
        """
        *given, pk, version = values
        with conflicts_in_words(), transaction.atomic(using=self.records.alias(request)):
            row = self._row(request, pk, locked=True)
            form, sent = self._filled(request, row, version, given)
            try:
                if form.errors:
                    raise Error(self.inputs.sentences(form), print_exception=False)
                saved = self._saver(form, request) if self._saver is not None else form.save()
            finally:
                sent.close()
        saved = saved if isinstance(saved, self.records.model) else form.instance
        text = sentence_of(self.records.model, "add" if row is None else "change", saved)
        Success(text)
        return [text, "" if saved.pk is None else str(saved.pk)]

    def _after_saving(self, request: Request, pk: Any, version: Any, words: Any, order: Any, page: Any) -> list[Any]:
        shown = self._again(request, pk) if version else self._new(request)
        return [*shown, *self.list_rows(request, words, order, page)]

    def _again(self, request: Request, pk: Any) -> list[Any]:
        """The row as it is now; an empty form where it has gone."""
        try:
            return self._open(request, pk)
        except Error:
            return self._new(request)

    # -- the end of a row ---------------------------------------------------------------------------------------------

    def _ask(self, request: Request, pk: Any) -> list[Any]:
        row = self.records.find(request, pk, "delete")
        others = self.records.going_with(request, row)
        question = _("Delete “%(row)s”?") % {"row": plain(row)}
        if others:
            question += " " + plain(_("With it go: %(others)s.") % {"others": ", ".join(others)})
        return [question, update(visible=True)]

    def _delete(self, request: Request, pk: Any, version: Any) -> str:
        """Delete the row with this key; the sentence that is said. A `version` that is another one refuses it."""
        with conflicts_in_words(), transaction.atomic(using=self.records.alias(request)):
            row = self.records.locked(request, pk, "delete")
            if version and version != self.records.version(self.source.form_class, row):
                raise Error(self.records.changed(), print_exception=False)
            self.records.going_with(request, row)
            text = sentence_of(self.records.model, "delete", row)
            row.delete()
        Success(text)
        return text

    def _after_deleting(self, request: Request, words: Any, order: Any, page: Any) -> list[Any]:
        return [*self._new(request), *self.list_rows(request, words, order, page)]

    # -- actions ------------------------------------------------------------------------------------------------------

    def _doing(self, action: Any) -> Any:
        def act(request: Request, pk: Any) -> str:
            with conflicts_in_words(), transaction.atomic(using=self.records.alias(request)):
                row = self.records.locked(request, pk, "change")
                rows = self.records.all(request).using(self.records.alias(request))
                result = action(rows.filter(pk=row.pk), request)
            if isinstance(result, str) and result:
                Success(result)
            return result if isinstance(result, str) else ""

        act.__doc__ = action.__doc__
        return act

    def _after_acting(self, request: Request, pk: Any, words: Any, order: Any, page: Any) -> list[Any]:
        return [*self._again(request, pk), *self.list_rows(request, words, order, page)]


def _chosen(keys: Any, event: SelectData) -> Any:
    """The key of the row that was clicked."""
    row = event.index[0] if isinstance(event.index, list) and event.index else None
    fits = isinstance(keys, list) and isinstance(row, int) and 0 <= row < len(keys)
    return keys[row] if fits else skip()
