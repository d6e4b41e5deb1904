"""from_form: an app that fills a Django form and saves it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import IntegrityError, router, transaction
from django.forms import BaseForm, BaseModelForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blocks_app.blocks import Blocks
from blocks_app.components import Button, Markdown, Textbox
from blocks_app.exceptions import DeclarationError, Error
from blocks_app.forms.inputs import FormInputs
from blocks_app.forms.listening import QUIET, Heading, headed, listen_for_words, named, on_load, shortened, title_of
from blocks_app.forms.permissions import Gate, Permissions
from blocks_app.forms.source import FormArguments, FormSource
from blocks_app.listeners.events import on
from blocks_app.running.notifications import Success
from blocks_app.running.request import Request
from blocks_app.running.updates import update

if TYPE_CHECKING:
    from blocks_app.listeners.listener import Listener
    from blocks_app.tree.component import Component

Save = Callable[[Any, Request], Any]


class FormApp(Blocks):
    """A form on a page. It is a Blocks: it is launched, mounted, protected and placed in others like any other.

    Attributes:
        fields: the first component of each field, by the field's name.
        components: all of them.
        submit_btn: the button that saves.
        message: a hidden text with what was said last; what programs get.
        submit: the listener that saves: `form.submit.success(fn, form.message)` runs `fn` when it has.
        saved: the listener after it, when the fields show what they start with again: `form.saved.then(...)`.
    """

    is_template: ClassVar[bool] = True  # in the page it is a column, as every Blocks is
    fields: dict[str, Component]
    components: list[Component]
    submit: Listener
    saved: Listener

    def __init__(
        self,
        form: type[BaseForm],
        *,
        title: str | None = None,
        description: str | None = None,
        submit_btn: str | Button | None = None,
        success_message: str | None = None,
        save: Save | None = None,
        form_kwargs: FormArguments | None = None,
        permissions: Permissions = "model",
        choice_limit: int = 100,
        choice_search: Mapping[str, Sequence[str]] | None = None,
        api_name: str | None = "submit",
        **options: Any,
    ) -> None:
        """Build the app; see `from_form` for the arguments."""
        self.source = FormSource(form, form_kwargs)
        self.model: Any = form._meta.model if issubclass(form, BaseModelForm) else None
        heading = title_of(form, self.model) if title is None else title
        super().__init__(**{"title": heading or "Gradio", "mode": "form", **options})
        if save is None and not callable(getattr(form, "save", None)):
            raise DeclarationError(
                f"{form.__name__} has no save(): say what becomes of its data by save=, a function of the valid form "
                "and the request."
            )
        if inspect.iscoroutinefunction(save):
            raise DeclarationError("save must be a plain function: it runs in a transaction of the database.")
        self.gate = Gate(self.model, permissions if self.model is not None or permissions != "model" else None)
        self.success_message, self.save = success_message, save
        with self:
            self.heading = Heading(headed("##", heading) if heading else "")
            if description:
                Markdown(description)
            self.inputs = FormInputs(self.source, choice_limit, choice_search)
            self.message = Textbox(label="Message", visible=False)
            self.submit_btn = submit_btn if isinstance(submit_btn, Button) else _button(submit_btn)
            self.fields, self.components = self.inputs.by_name, self.inputs.components
            self._listen(api_name)

    def _listen(self, api_name: str | None) -> None:
        names = ["form", *self.inputs.names]
        triggers = [self.submit_btn.click, *[each.submit for each in self.inputs.entered]]
        self.submit = on(
            triggers,
            named(self._store, "submit", names, self.inputs.optional),
            [self.heading, *self.components],
            [self.message],
            validator=named(self._judge, "validate", names),
            api_name=api_name,
            preprocess=False,
        )
        shown = [*self.components, self.submit_btn]
        self.saved = self.submit.success(self._show, None, shown, **QUIET)
        if self.inputs.is_dynamic or self.source.is_personal or not self.gate.is_open:
            on_load(self, self._load, None, shown)
        for each in self.inputs.searched():
            listen_for_words(each, self._form_for)

    # -- what happens -------------------------------------------------------------------------------------------------

    def _load(self, request: Request) -> list[Any]:
        return self._show(request, loading=True)

    def _show(self, request: Request, *, loading: bool = False) -> list[Any]:
        form = self._form_for(request)
        if form is None:
            return [*[update(interactive=False) for _ in self.components], update(interactive=False)]
        return [*self.inputs.updates(form, loading=loading), update(interactive=True)]

    def _form_for(self, request: Request) -> Any:
        """The form of a visitor who may fill it in; None for anybody else."""
        if self.gate.is_open:
            return self.source.unbound(request)
        if not self.source.is_personal and not self.gate.allows(request, "add"):
            return None
        form = self.source.unbound(request)
        return form if self.gate.allows(request, *self._act(form)) else None

    def _act(self, form: Any) -> tuple[Any, Any]:
        """What saving a form does, and to which row."""
        row = getattr(form, "instance", None) if self.source.is_model_form else None
        return ("add", None) if row is None or row._state.adding else ("change", row)

    def _judge(self, request: Request, heading: Any, *values: Any) -> list[dict[str, Any]]:
        self._require(request)
        form, sent = self.inputs.bound(values, request)
        sent.close()
        return self.inputs.verdicts(form)

    def _require(self, request: Request) -> Any:
        form = self.source.unbound(request)
        action, row = self._act(form)
        self.gate.require(request, action, row)
        return action

    def _store(self, request: Request, heading: Any, *values: Any) -> str:
        """Fill in the form and save it."""
        with conflicts_in_words(), self._transaction():
            action = self._require(request)
            form, sent = self.inputs.bound(values, request)
            try:
                if not form.is_valid():
                    raise Error(self.inputs.sentences(form), print_exception=False)
                result = self.save(form, request) if self.save is not None else form.save()  # type: ignore[attr-defined]
            finally:
                sent.close()
        text = self._message(action, form, result)
        Success(text)
        return text

    def _transaction(self) -> AbstractContextManager[Any]:
        """One for what the form itself saves. A function that sends a letter must not keep others from writing."""
        if self.model is None and self.save is not None:
            return nullcontext()
        return transaction.atomic(using=None if self.model is None else router.db_for_write(self.model))

    def _message(self, action: str, form: Any, result: Any) -> str:
        if self.success_message is not None:
            return str(self.success_message)
        if isinstance(result, str) and result:
            return result
        if self.model is None:
            return _("Saved.")
        return sentence_of(self.model, action, result if isinstance(result, self.model) else form.instance)


def sentence_of(model: Any, action: str, row: Any) -> str:
    """The sentence that tells of what was done to a row."""
    texts = {
        "add": _("The %(name)s “%(row)s” was added."),
        "change": _("The %(name)s “%(row)s” was changed."),
        "delete": _("The %(name)s “%(row)s” was deleted."),
    }
    return texts[action] % {"name": model._meta.verbose_name, "row": shortened(row)}


@contextmanager
def conflicts_in_words() -> Iterator[None]:
    """What only the database knows, such as a row that was added at the same moment, is told in words."""
    try:
        yield
    except IntegrityError as error:
        text = _("The database does not take this: it contradicts what is there already.")
        raise Error(text, print_exception=False) from error


def _button(text: str | None) -> Button:
    save: Any = gettext_lazy("Save")
    return Button(save if text is None else text, variant="primary")


def from_form(
    form: type[BaseForm],
    *,
    title: str | None = None,
    description: str | None = None,
    submit_btn: str | Button | None = None,
    success_message: str | None = None,
    save: Save | None = None,
    form_kwargs: FormArguments | None = None,
    permissions: Permissions = "model",
    choice_limit: int = 100,
    choice_search: Mapping[str, Sequence[str]] | None = None,
    api_name: str | None = "submit",
    **options: Any,
) -> FormApp:
    """Build an app, or inside of a Blocks a part of it, that fills in a Django form and saves it.

        demo = gr.from_form(ContactForm, save=lambda form, request: form.send())

    Its fields have the form's labels, help texts, choices, initial values and validators; what is wrong stands at the
    field, and nothing but the form's own fields is written. Programs call the endpoint `/submit`.

    Args:
        form: a class of django.forms.Form or ModelForm.
        title: heading, and the title of the browser tab; made of the form's name unless given, "" for none.
        description: Markdown under it.
        submit_btn: text of the button that saves, or a gr.Button.
        success_message: what is said when it is saved.
        save: function of the valid form and the request that saves it, in place of `form.save()`; a text that it
            returns is said. It runs in a thread, and for a ModelForm in a transaction.
        form_kwargs: what the form is made with besides, such as `{"prefix": "a"}`, or a function of the request that
            tells, as `lambda request: {"instance": request.user.profile}`.
        permissions: of a ModelForm: "model" asks for Django's permission to add rows (or to change the instance), None
            lets everybody who may use the app; a dict or a function of user, action and row says it otherwise.
        choice_limit: how many rows of a queryset a page knows as choices; typing finds the others.
        choice_search: by field, the columns in which a typed text is looked for; unless given, it is looked for in what
            is shown of the first 5,000 rows.
        api_name: name of the endpoint; None takes "submit".
        options: more options of gr.Blocks.

    Raises:
        ArgumentTypeError, DeclarationError: what cannot be built, and what to write instead.
    """
    return FormApp(
        form,
        title=title,
        description=description,
        submit_btn=submit_btn,
        success_message=success_message,
        save=save,
        form_kwargs=form_kwargs,
        permissions=permissions,
        choice_limit=choice_limit,
        choice_search=choice_search,
        api_name=api_name or "submit",
        **options,
    )
