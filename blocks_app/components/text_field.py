"""What the fields for text have in common: their size, how the cursor gets there, hints for the browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from blocks_app.components.form_component import FormComponent
from blocks_app.components.framed import DirectionOptions, HintOptions
from blocks_app.exceptions import DeclarationError
from blocks_app.options import FormOptions


@dataclass(frozen=True)
class InputHTMLAttributes:
    """Hints for the browser's keyboard and helpers, set on the input of a field of text; None leaves one out.

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


class TextFieldOptions(FormOptions, DirectionOptions, HintOptions, total=False):
    """A field for text of one line or many."""

    lines: int
    """Rows shown at least; 1 unless given."""
    max_lines: int | None
    """Rows that it may grow to with its text; None means 20, or `lines` if more."""
    autofocus: bool
    """Whether the cursor is in it when the page opens."""
    autoscroll: bool
    """Whether it scrolls to the end as the app changes the text, unless the visitor scrolled up; True unless given."""
    text_align: Literal["left", "right"] | None
    """"left" or "right"; None follows the direction of the text."""
    stop_btn: str | bool | None
    """True puts a stop button into the field, which raises the `stop` event; a text is written on it."""
    html_attributes: InputHTMLAttributes | Mapping[str, Any] | None
    """Hints for the browser, as `gr.InputHTMLAttributes(...)` or a mapping of its names."""


class TextField(FormComponent):
    """A field for text; what its value is decides the class."""

    def __init__(
        self,
        value: Any = None,
        *,
        lines: int = 1,
        max_lines: int | None = 20,
        autofocus: bool = False,
        autoscroll: bool = True,
        text_align: Literal["left", "right"] | None = None,
        stop_btn: str | bool | None = False,
        html_attributes: InputHTMLAttributes | Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """Keep what TextFieldOptions says. Raises DeclarationError for values that mean nothing."""
        name = type(self).__name__
        if text_align not in (None, "left", "right"):
            raise DeclarationError(f'{name}: text_align must be "left", "right" or None, not {text_align!r}.')
        if not isinstance(lines, int) or lines < 1:
            raise DeclarationError(f"{name}: lines must be a whole number from 1 on, not {lines!r}.")
        self.lines = lines
        self.max_lines = max(lines, 20 if max_lines is None else max_lines)
        self.autofocus = autofocus
        self.autoscroll = autoscroll
        self.text_align = text_align
        self.stop_btn = stop_btn
        self.html_attributes = checked_attributes(name, html_attributes)
        super().__init__(value, **options)


def checked_attributes(owner: str, given: InputHTMLAttributes | Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Those that are set, by name. Raises DeclarationError for any other: it could carry a script into the page."""
    if given is None:
        return None
    if not isinstance(given, InputHTMLAttributes):
        known = InputHTMLAttributes.__dataclass_fields__
        wrong = [name for name in given if name not in known]
        if wrong:
            raise DeclarationError(f"{owner}: html_attributes takes {', '.join(known)}; not {wrong[0]!r}.")
        given = InputHTMLAttributes(**cast(dict[str, Any], given))
    return {name: value for name, value in asdict(given).items() if value is not None}
