"""Where a form comes from: its class, and what its constructor is given for a visitor."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.forms.models import BaseModelForm

from blocks_app.exceptions import ArgumentTypeError, DeclarationError
from blocks_app.running.request import Request

FormArguments = Mapping[str, Any] | Callable[[Request], Mapping[str, Any]]


class FormSource:
    """Makes a form for a visitor.

    Attributes:
        form_class: its class.
        is_model_form: whether it saves a row.
    """

    def __init__(self, form_class: Any, arguments: FormArguments | None = None) -> None:
        """Look at the class.

        Args:
            form_class: a class of forms.
            arguments: what its constructor takes besides, or a function of the request that tells.

        Raises:
            ArgumentTypeError, DeclarationError: it is no form, or one that cannot stand on a page.
        """
        check_form(form_class)
        self.form_class = form_class
        self.is_model_form = issubclass(form_class, BaseModelForm)
        self._arguments = arguments
        if inspect.iscoroutinefunction(arguments):
            raise DeclarationError("form_kwargs must be a plain function: forms look into the database when they like.")

    @property
    def is_personal(self) -> bool:
        """Whether the form depends on who asks."""
        return self._arguments is not None

    def unbound(self, request: Request | None, instance: Any = None) -> forms.BaseForm:
        """The form as a visitor finds it."""
        return self._made(request, instance, {})

    def bound(self, request: Request | None, data: Any, files: Any, instance: Any = None) -> forms.BaseForm:
        """The form with what a visitor has sent."""
        return self._made(request, instance, {"data": data, "files": files})

    def _made(self, request: Request | None, instance: Any, given: dict[str, Any]) -> forms.BaseForm:
        more: Any = self._arguments or {}
        arguments = dict(more(request or Request()) if callable(more) else more)
        if instance is not None:
            arguments["instance"] = instance
        form: forms.BaseForm = self.form_class(**given, **arguments)
        return form


def check_form(given: Any) -> None:
    """Raise for what is no class of forms."""
    if (isinstance(given, type) and issubclass(given, BaseFormSet)) or isinstance(given, BaseFormSet):
        raise DeclarationError(
            "Formsets are not supported. Use gr.from_model(Model) for many rows of one kind, or gr.from_form(Form) for "
            "one of them."
        )
    if isinstance(given, forms.BaseForm):
        raise ArgumentTypeError(
            f"Give the class {type(given).__name__} itself, not a form of it: each visitor gets a form of their own. "
            "form_kwargs=dict(initial=...) is what it is made with."
        )
    if not (isinstance(given, type) and issubclass(given, forms.BaseForm)):
        raise ArgumentTypeError(f"A class of django.forms.Form or ModelForm is needed, not {given!r}.")
    fields: Any = getattr(given, "base_fields", None)
    if not fields:
        raise DeclarationError(f"{given.__name__} has no fields.")
