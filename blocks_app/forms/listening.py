"""What the listeners of form apps have in common: functions whose parameters have the names of fields, and texts."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.text import capfirst, format_lazy

from blocks_app.components import Dropdown, Markdown
from blocks_app.forms.choice_inputs import ModelChoiceInput
from blocks_app.listeners.event_data import KeyUpData
from blocks_app.running.request import Request
from blocks_app.running.updates import skip, update
from blocks_app.tree import context

#: How the listeners run that only look.
QUIET: dict[str, Any] = {"api_name": False, "show_progress": "hidden", "concurrency_limit": None}
#: Most characters of a row's name in a sentence.
_LONGEST_NAME = 80
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$&:])")


class Heading(Markdown):
    """A heading at which stands what is wrong with a form as a whole. It is no part of the API."""

    is_template: ClassVar[bool] = True
    skip_api: ClassVar[bool] = True


def named(
    fn: Callable[..., Any], name: str, parameters: Sequence[str], optional: Sequence[str] = ()
) -> Callable[..., Any]:
    """`fn(request, *values)` as a function of its own, which tells programs how its parameters are called."""

    def run(request: Request | None, *values: Any) -> Any:
        return fn(request or Request(), *values)  # a call from Python has none

    both = inspect.Parameter.POSITIONAL_OR_KEYWORD
    empty = inspect.Parameter.empty
    given = [inspect.Parameter(each, both, default=None if each in optional else empty) for each in parameters]
    signature = inspect.Signature([inspect.Parameter("request", both, annotation=Request), *given])
    run.__signature__ = signature  # type: ignore[attr-defined]
    run.__annotations__ = {"request": Request}
    run.__name__ = run.__qualname__ = name
    run.__doc__ = fn.__doc__
    return run


def on_load(page: Any, fn: Callable[..., Any], inputs: Any, outputs: Any) -> None:
    """Listen for the visit of the page on which a form app stands."""
    root: Any = context.root.get()
    getattr(root, "page", page).load(fn, inputs, outputs, **QUIET, queue=False)


def listen_for_words(each: ModelChoiceInput, form_of: Callable[..., Any], key: Any = None) -> None:
    """Look for the rows that a visitor types a part of.

    Args:
        each: in which it is typed.
        form_of: gives the form of a visitor who may fill it in; None for anybody else. It gets the request, and what
            is in `key` if there is one.
        key: the component with the key of the row.
    """
    box: Any = each.components[0]
    assert isinstance(box, Dropdown)

    def search_choices(event: KeyUpData, request: Request, chosen: Any, *keys: Any) -> Any:
        form = form_of(request, *keys)
        field = form.fields.get(each.name) if form is not None else None
        if field is None or field.disabled or (len(event.key) > 1 and event.key not in ("Backspace", "Delete")):
            return skip()
        found = each.found(field, str(event.input_value or ""), chosen)
        return skip() if found is None else update(**found)

    box.key_up(search_choices, [box] if key is None else [box, key], box, **QUIET, preprocess=False)


def headed(level: str, text: Any) -> Any:
    """A heading in Markdown; translated when it is shown, if the text is."""
    return format_lazy("{} {}", level, text) if isinstance(text, Promise) else f"{level} {text}"


def plain(text: Any) -> str:
    """A text of a visitor's for Markdown, as it was written."""
    return _MARKDOWN.sub(r"\\\1", shortened(text))


def shortened(text: Any) -> str:
    """A text in one line, for a sentence."""
    line = " ".join(str(text).split())
    return line if len(line) <= _LONGEST_NAME else f"{line[:_LONGEST_NAME]}…"


def title_of(form_class: Any, model: Any) -> Any:
    """How a form is called unless its author says."""
    if model is not None:
        return capfirst(model._meta.verbose_name)
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", re.sub(r"Form$", "", form_class.__name__))
    return str(capfirst(words.lower()))
