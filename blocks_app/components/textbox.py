"""Textbox: text of one line or many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal, Unpack

from blocks_app.components.framed import CopyOptions
from blocks_app.components.text_field import TextField, TextFieldOptions
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.i18n import gettext
from blocks_app.listeners.events import Events


class TextboxOptions(TextFieldOptions, CopyOptions, total=False):
    """What a Textbox takes besides."""


class Textbox(TextField):
    """A field for text. A function gets its text as `str` and may return anything: it is shown as `str(value)`.

    One line submits with Enter (Shift+Enter breaks the line); with `lines` above 1 it is the other way round.
    """

    change = Events.change
    input = Events.input
    select = Events.select
    submit = Events.submit
    focus = Events.focus
    blur = Events.blur
    stop = Events.stop
    copy = Events.copy
    corner_names = ("copy",)

    def __init__(
        self,
        value: str | Callable[..., str | None] | None = None,
        *,
        type: Literal["text", "password", "email"] = "text",
        max_length: int | None = None,
        submit_btn: str | bool | None = False,
        **options: Unpack[TextboxOptions],
    ) -> None:
        """Declare a field for text.

        Args:
            value: text to start with, or a function that makes it.
            type: "text"; "password" hides the letters; "email" offers a keyboard with @. The last two have one line.
            max_length: most characters that may be typed or sent, counted as Python counts them.
            submit_btn: True puts a submit button into the field, a text is written on it.
            options: see TextboxOptions.
        """
        if type not in ("text", "password", "email"):
            raise DeclarationError(f'Textbox: type must be "text", "password" or "email", not {type!r}.')
        if max_length is not None and max_length < 0:
            raise DeclarationError(f"Textbox: max_length must not be negative, not {max_length}.")
        self.type = type
        self.max_length = max_length
        self.submit_btn = submit_btn
        super().__init__(value, **options)

    def preprocess(self, payload: Any) -> str | None:
        """The text; numbers become text.

        Raises:
            Error: a list or an object was sent, or more than `max_length` characters.
        """
        if payload is None:
            return None
        if isinstance(payload, (list, dict)):
            raise refusal(self, f"a text is needed, not {shown(payload)}.")
        text = str(payload)
        if self.max_length is not None and len(text) > self.max_length:
            raise refusal(
                self,
                gettext("the text has %(text)s characters, at most %(max_length)s are allowed.")
                % {"text": len(text), "max_length": self.max_length},
            )
        return text

    def postprocess(self, value: Any) -> str | None:
        """The value as text; None shows an empty field."""
        return None if value is None else str(value)

    def api_info(self) -> dict[str, Any]:
        return {"type": "string"}

    def example_value(self) -> Any:
        return "Hello!!"


class TextArea(Textbox):
    """A Textbox of seven rows; all else is the same."""

    is_template: ClassVar[bool] = True
    defaults = {"lines": 7}


Text = Textbox
