"""from_model: an app that lists the rows of a model, and adds, changes and deletes them by a form."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Model, QuerySet
from django.forms.models import modelform_factory
from django.utils.text import capfirst

from blocks_app.blocks import Blocks
from blocks_app.components import Markdown
from blocks_app.exceptions import ArgumentTypeError, DeclarationError
from blocks_app.forms.form_app import Save
from blocks_app.forms.inputs import FormInputs
from blocks_app.forms.listening import headed, listen_for_words
from blocks_app.forms.model_events import ModelEvents
from blocks_app.forms.model_panels import FormPanel, ListPanel
from blocks_app.forms.permissions import Gate, Permissions
from blocks_app.forms.records import Records
from blocks_app.forms.rows import Column, RowList
from blocks_app.forms.source import FormArguments, FormSource
from blocks_app.layouts import Column as LayoutColumn
from blocks_app.layouts import Row
from blocks_app.running.request import Request

if TYPE_CHECKING:
    from blocks_app.components import Dataframe
    from blocks_app.listeners.listener import Listener
    from blocks_app.tree.component import Component

RowAction = Callable[[QuerySet[Any], Request], Any]


class ModelApp(Blocks):
    """Rows of a model on a page: a list, and a form for one of them. It is a Blocks as any other.

    Attributes:
        table: the list.
        fields: the first component of each field of the form, by the field's name.
        components: all of them.
        list, form: the other components of either side, by what they do.
        submit: the listener that saves; `demo.submit.success(fn, demo.form.pk)` runs `fn` when it has.
        saved: the listener after it, when the list is up to date.
        deleted: the listener after a row was deleted, likewise.
    """

    is_template: ClassVar[bool] = True  # in the page it is a column, as every Blocks is
    table: Dataframe
    fields: dict[str, Component]
    components: list[Component]
    submit: Listener
    saved: Listener
    deleted: Listener

    def __init__(
        self,
        model: type[Model] | QuerySet[Any],
        *,
        queryset: Callable[[Request], QuerySet[Any]] | None = None,
        form_class: Any = None,
        fields: Sequence[str] | str | None = None,
        exclude: Sequence[str] | None = None,
        list_display: Sequence[Column] = ("__str__",),
        search_fields: Sequence[str] | None = None,
        list_per_page: int = 25,
        actions: Sequence[RowAction] = (),
        permissions: Permissions = "model",
        save: Save | None = None,
        form_kwargs: FormArguments | None = None,
        title: str | None = None,
        description: str | None = None,
        choice_limit: int = 100,
        choice_search: Mapping[str, Sequence[str]] | None = None,
        **options: Any,
    ) -> None:
        """Build the app; see `from_model` for the arguments."""
        self.model, rows = _rows_of(model, queryset)
        if len(getattr(self.model._meta, "pk_fields", ())) > 1:
            raise DeclarationError(f"{self.model.__name__} has a key of several columns, which is not supported.")
        form_class = form_class or _form_class(self.model, fields, exclude, permissions)
        heading: Any = capfirst(self.model._meta.verbose_name_plural) if title is None else title
        super().__init__(**{"title": heading or "Gradio", "mode": "model", **options})
        if not isinstance(list_per_page, int) or not 1 <= list_per_page <= 1_000:
            raise DeclarationError(f"list_per_page is a number from 1 to 1,000, not {list_per_page!r}.")
        if any(map(inspect.iscoroutinefunction, (save, *actions))):
            raise DeclarationError("save and actions must be plain functions: they run in a transaction.")
        source = FormSource(form_class, form_kwargs)
        if not source.is_model_form or not issubclass(self.model, form_class._meta.model):
            raise ArgumentTypeError(f"form_class must be a ModelForm of {self.model.__name__}, not {form_class!r}.")
        self.gate = Gate(self.model, permissions)
        self.records = Records(self.model, rows, self.gate)
        self.rows = RowList(self.model, list_display, search_fields, list_per_page)
        with self:
            if heading:
                Markdown(headed("#", heading))
            if description:
                Markdown(description)
            with Row(equal_height=False):
                with LayoutColumn(scale=3, min_width=320):
                    self.list = ListPanel(self.rows)
                with LayoutColumn(scale=2, min_width=320):
                    self.form = FormPanel(self.model, lambda: FormInputs(source, choice_limit, choice_search), actions)
            self.table, self.fields = self.list.table, self.form.inputs.by_name
            self.components = self.form.inputs.components
            events = ModelEvents(self.records, self.rows, self.list, self.form, save)
            self.submit, self.saved, self.deleted = events.listen(self)
            for each in self.form.inputs.searched():
                listen_for_words(each, events.form_for, self.form.pk)


def _rows_of(model: Any, queryset: Any) -> tuple[Any, Callable[[Request], QuerySet[Any]]]:
    """The model, and what gives the rows that a visitor may ever reach."""
    if isinstance(model, QuerySet):
        given: Any = model
        if given.query.is_sliced:
            raise DeclarationError("A queryset that is cut ([:10]) can be neither searched nor ordered: give it whole.")
        if given.query.combinator:
            raise DeclarationError("A queryset of a union can be neither searched nor ordered: give one of its parts.")
        if given._fields is not None:
            raise DeclarationError("A queryset of values() has no rows that a form could change: give it without.")
        if queryset is not None:
            raise DeclarationError("Give a queryset once: as the first argument, or as a function by queryset=.")
        return given.model, lambda request: given.all()
    if isinstance(model, type) and issubclass(model, Model) and model._meta.abstract:
        raise DeclarationError(f"{model.__name__} is abstract: it has no rows. Give one of its children.")
    if not (isinstance(model, type) and issubclass(model, Model)):
        raise ArgumentTypeError(f"A model or a queryset is needed, not {model!r}.")
    if queryset is None:
        return model, lambda request: model._default_manager.all()
    if not callable(queryset) or inspect.iscoroutinefunction(queryset):
        raise DeclarationError(
            "queryset is a plain function of the request that gives a queryset, such as "
            "lambda request: Note.objects.filter(owner=request.user)."
        )
    return model, queryset


def _form_class(model: Any, fields: Any, exclude: Any, permissions: Permissions) -> Any:
    """A form of the named fields. Without names, of all those that a user of the admin would see."""
    if fields is None and exclude is None:
        if permissions != "model":
            raise DeclarationError(
                f"Say by fields=[...] what visitors may write into {model.__name__}: without Django's permissions, all "
                "of its columns would be theirs."
            )
        fields = "__all__"
        if hasattr(model, "set_password"):
            exclude = ["password"]  # what is in that column is no password
    return modelform_factory(model, fields=fields, exclude=exclude)


def from_model(
    model: type[Model] | QuerySet[Any],
    *,
    queryset: Callable[[Request], QuerySet[Any]] | None = None,
    form_class: Any = None,
    fields: Sequence[str] | str | None = None,
    exclude: Sequence[str] | None = None,
    list_display: Sequence[Column] = ("__str__",),
    search_fields: Sequence[str] | None = None,
    list_per_page: int = 25,
    actions: Sequence[RowAction] = (),
    permissions: Permissions = "model",
    save: Save | None = None,
    form_kwargs: FormArguments | None = None,
    title: str | None = None,
    description: str | None = None,
    choice_limit: int = 100,
    choice_search: Mapping[str, Sequence[str]] | None = None,
    **options: Any,
) -> ModelApp:
    """Build an app, or inside of a Blocks a part of it, that lists rows of a model and edits them by a form.

        demo = gr.from_model(Order, list_display=["number", "customer", "placed"], fields=["customer", "note"])

    Choosing a row opens it in the form. A row that somebody else has changed or deleted meanwhile is not overwritten.
    Rows outside of the queryset are not there for anybody, whatever key is sent, and only the form's fields are ever
    written. Programs call `/list`, `/read`, `/save` and `/delete`.

    Args:
        model: a model, or a queryset of it.
        queryset: function of the request that gives the visitor's rows, such as
            `lambda request: Note.objects.filter(owner=request.user)`.
        form_class: a ModelForm; made of `fields` and `exclude` unless given.
        fields: names of the fields of the form, or "__all__".
        exclude: names of those that are left out.
        list_display: columns of the list: names of fields, also across relations ("customer__name"), attributes and
            methods, "__str__", or functions of a row.
        search_fields: where words are looked for: names of fields, also across relations, "^name" for beginnings,
            "=name" for the whole; the texts of the list unless given.
        list_per_page: rows on a page of the list.
        actions: functions of a queryset with the opened row and the request; each is a button for those who may change
            the row. A text that it returns is said.
        permissions: "model" asks for Django's permissions to view, add, change and delete, for everything or, where a
            backend knows that, for a row; None lets everybody who may use the app; a dict such as
            `{"view": True, "add": True, "change": "shop.manage", "delete": False}`, or a function of user, action and
            row, says it otherwise.
        save: function of the valid form and the request that saves it and returns the row, in place of `form.save()`.
        form_kwargs: what the form is made with besides, or a function of the request that tells.
        title: heading, and the title of the browser tab; the model's name unless given, "" for none.
        description: Markdown under it.
        choice_limit, choice_search: as for `from_form`.
        options: more options of gr.Blocks.

    Raises:
        ArgumentTypeError, DeclarationError: what cannot be built, and what to write instead.
    """
    return ModelApp(
        model,
        queryset=queryset,
        form_class=form_class,
        fields=fields,
        exclude=exclude,
        list_display=list_display,
        search_fields=search_fields,
        list_per_page=list_per_page,
        actions=actions,
        permissions=permissions,
        save=save,
        form_kwargs=form_kwargs,
        title=title,
        description=description,
        choice_limit=choice_limit,
        choice_search=choice_search,
        **options,
    )
