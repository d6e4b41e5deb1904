"""Textbox: text of one line or many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal, Unpack, cast

from blocks_app.components.form_component import FormComponent
from blocks_app.components.framed import CopyOptions, DirectionOptions, HintOptions
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.listeners.events import Events
from blocks_app.options import FormOptions


@dataclass(frozen=True)
class InputHTMLAttributes:
    """Hints for the browser's keyboard and helpers, set on the input of a Textbox; None leaves one out.

    Attributes:
        autocapitalize: which letters an on-screen keyboard makes capital.
        autocorrect: whether the browser may correct words.
        spellcheck: whether the browser marks misspelt words.
        autocomplete: what a password manager or address book may fill in, such as "email" or "one-time-code".
        tabindex: place in the order of the Tab key.
        enterkeyhint: word on the Enter key of an on-screen keyboard.
        lang: language of the text, such as "fr".
    """

    autocapitalize: Literal["off", "none", "on", "sentences", "words", "characters"] | None = None
    autocorrect: Literal["on", "off"] | None = None
    spellcheck: bool | None = None
    autocomplete: str | None = None
    tabindex: int | None = None
    enterkeyhint: Literal["enter", "done", "go", "next", "previous", "search", "send"] | None = None
    lang: str | None = None


class TextboxOptions(FormOptions, CopyOptions, DirectionOptions, HintOptions, total=False):
    """What a Textbox takes besides."""


class Textbox(FormComponent):
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
        lines: int = 1,
        max_lines: int | None = 20,
        autofocus: bool = False,
        autoscroll: bool = True,
        type: Literal["text", "password", "email"] = "text",
        text_align: Literal["left", "right"] | None = None,
        max_length: int | None = None,
        submit_btn: str | bool | None = False,
        stop_btn: str | bool | None = False,
        html_attributes: InputHTMLAttributes | Mapping[str, Any] | None = None,
        **options: Unpack[TextboxOptions],
    ) -> None:
        """Declare a field for text.

        Args:
            value: text to start with, or a function that makes it.
            lines: rows shown at least.
            max_lines: rows that it may grow to with its text; None means 20, or `lines` if more.
            autofocus: whether the cursor is in it when the page opens.
            autoscroll: whether it scrolls to the end when the app changes the text, unless the visitor scrolled up.
            type: "text"; "password" hides the letters; "email" offers a keyboard with @. The last two have one line.
            text_align: "left" or "right"; None follows the direction of the text.
            max_length: most characters that may be typed or sent, counted as Python counts them.
            submit_btn: True puts a submit button into the field, a text is written on it.
            stop_btn: True puts a stop button into the field, which raises the `stop` event; a text is written on it.
            html_attributes: hints for the browser, as `gr.InputHTMLAttributes(...)` or a mapping of its names.
            options: see TextboxOptions.
        """
        if type not in ("text", "password", "email"):
            raise DeclarationError(f'Textbox: type must be "text", "password" or "email", not {type!r}.')
        if text_align not in (None, "left", "right"):
            raise DeclarationError(f'Textbox: text_align must be "left", "right" or None, not {text_align!r}.')
        if lines < 1:
            raise DeclarationError(f"Textbox: lines must be at least 1, not {lines}.")
        if max_length is not None and max_length < 0:
            raise DeclarationError(f"Textbox: max_length must not be negative, not {max_length}.")
        self.lines = lines
        self.max_lines = max(lines, 20 if max_lines is None else max_lines)
        self.autofocus = autofocus
        self.autoscroll = autoscroll
        self.type = type
        self.text_align = text_align
        self.max_length = max_length
        self.submit_btn = submit_btn
        self.stop_btn = stop_btn
        self.html_attributes = _html_attributes(html_attributes)
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
            raise refusal(self, f"the text has {len(text)} characters, at most {self.max_length} are allowed.")
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


def _html_attributes(given: InputHTMLAttributes | Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Only the known names: any other attribute could carry a script into the page."""
    if given is None:
        return None
    if not isinstance(given, InputHTMLAttributes):
        known = InputHTMLAttributes.__dataclass_fields__
        wrong = [name for name in given if name not in known]
        if wrong:
            raise DeclarationError(f"Textbox: html_attributes takes {', '.join(known)}; not {wrong[0]!r}.")
        given = InputHTMLAttributes(**cast(dict[str, Any], given))
    return {name: value for name, value in asdict(given).items() if value is not None}


Text = Textbox
