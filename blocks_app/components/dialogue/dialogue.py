"""Dialogue: what several people say, line by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Unpack, get_args

from blocks_app.components.dialogue.lines import (
    DialogueLine,
    Formatter,
    Unformatter,
    formatted,
    joined,
    line_of,
    split,
    unformatted,
)
from blocks_app.components.framed import CopyOptions, FramedComponent, HintOptions
from blocks_app.components.html_server import Served, serve
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.i18n import gettext
from blocks_app.listeners.events import Events
from blocks_app.options import FormOptions
from blocks_app.tree import context
from blocks_app.tree.block import Block

Mode = Literal["dialogue", "text", "both"]
_HINT = "Type colon (:) in the dialogue line to see the available tags"


class DialogueOptions(FormOptions, CopyOptions, HintOptions, total=False):
    """What a Dialogue takes besides."""


class Dialogue(FramedComponent):
    """Shows or takes what several people say. A function gets one text, or a list of lines with `type="list"`.

    It returns either: a text, or `[{"speaker": …, "text": …}, …]`. With `tags`, a colon in a line offers them.
    Its label is "Dialogue" unless `label` says otherwise.
    """

    change = Events.change
    input = Events.input
    submit = Events.submit
    corner_names = ("copy",)
    heavy = True
    private_options = FramedComponent.private_options | {"formatter", "unformatter"}

    def __init__(
        self,
        value: str | Sequence[Mapping[str, str]] | Callable[..., Any] | None = None,
        *,
        type: Literal["list", "text"] = "text",
        speakers: Sequence[str] | None = None,
        formatter: Formatter | None = None,
        unformatter: Unformatter | None = None,
        tags: Sequence[str] | None = None,
        separator: str = "\n",
        color_map: Mapping[str, str] | None = None,
        max_lines: int | None = None,
        submit_btn: str | bool | None = False,
        ui_mode: Mode = "both",
        autofocus: bool = False,
        autoscroll: bool = True,
        **options: Unpack[DialogueOptions],
    ) -> None:
        """Declare a dialogue.

        Args:
            value: lines, or a text, to start with; or a function that makes them.
            type: what the function gets: "text", the lines joined, or "list", a dict for each.
            speakers: who may be chosen for a line; without them it is one field of text.
            formatter: makes a text of a line, `formatter(speaker, text)`; None writes the speaker in brackets.
            unformatter: the way back, `unformatter(line, default_speaker)`, a dict with "speaker" and "text".
            tags: words that a colon offers while one types, such as "(laughs)".
            separator: what stands between two lines of the text.
            color_map: css colour of each speaker; others get colours of their own.
            max_lines: most lines that a dialogue may have.
            submit_btn: True puts a submit button below it, a text is written on it.
            ui_mode: "dialogue" shows lines, "text" one text, "both" lets the visitor change between them.
            autofocus: whether the cursor is in the first line when the page opens.
            autoscroll: whether the last line is shown when the app adds one, unless the visitor scrolled up.
            options: see DialogueOptions.
        """
        if type not in ("list", "text"):
            raise DeclarationError(f'Dialogue: type must be "list" or "text", not {type!r}.')
        if ui_mode not in get_args(Mode):
            raise DeclarationError(f"Dialogue: ui_mode must be one of {', '.join(get_args(Mode))}, not {ui_mode!r}.")
        if separator in ("", " "):
            raise DeclarationError(f"Dialogue: separator={separator!r} also stands within lines. Use another.")
        if max_lines is not None and max_lines < 1:
            raise DeclarationError(f"Dialogue: max_lines must be at least 1, not {max_lines}.")
        self.type = type
        self.speakers = None if speakers is None else [str(name) for name in speakers]
        self.formatter = formatter
        self.unformatter = unformatter
        self.tags = [str(tag) for tag in tags or ()]
        self.separator = separator
        self.color_map = None if color_map is None else {str(name): str(color) for name, color in color_map.items()}
        self.max_lines = max_lines
        self.submit_btn = submit_btn
        self.ui_mode = ui_mode
        self.autofocus = autofocus
        self.autoscroll = autoscroll
        self._served: Served | None = None
        options.setdefault("label", "Dialogue")
        if self.tags:
            options.setdefault("info", _HINT)
        super().__init__(value, **options)

    def render(self) -> Block:
        """Place it here; where the app writes lines in its own way, the page asks for it. Returns the component."""
        placed = super().render()
        if context.root.get() is not None and self._served is None and (self.formatter or self.unformatter):
            self._served = serve([self.as_text, self.as_lines])
        return placed

    def props(self) -> dict[str, Any]:
        """The options, and where the app's own way to write lines is asked for."""
        shown = super().props()
        if self._served is not None:
            shown["_server"] = self._served.numbers()
        return shown

    def preprocess(self, payload: Any) -> str | list[DialogueLine] | None:
        """The dialogue as `type` says.

        Raises:
            Error: it is neither a text nor lines, or has more than `max_lines`.
        """
        if payload is None:
            return None
        lines = self._checked(payload) if isinstance(payload, list) or self.type == "list" else None
        if self.max_lines is not None and len(lines or ()) > self.max_lines:
            raise refusal(
                self,
                gettext("the dialogue has %(value)s lines, at most %(max_lines)s are allowed.")
                % {"value": len(lines or ()), "max_lines": self.max_lines},
            )
        if self.type == "list":
            return lines
        return self.as_text(payload)

    def postprocess(self, value: Any) -> str | list[DialogueLine] | None:
        """The wire value of a text or of lines.

        Raises:
            ValueError: it is neither.
        """
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, Mapping) or not isinstance(value, Sequence):
            raise ValueError(
                'A Dialogue shows a text, or a list such as [{"speaker": "Ada", "text": "Hello"}]; '
                f"the function returned a {type(value).__name__}."
            )
        return [line_of(line) for line in value]

    def as_text(self, dialogue: Any) -> str:
        """Lines as one text; a text as it is. Raises Error for anything else."""
        if isinstance(dialogue, str):
            return dialogue
        return joined(self._checked(dialogue), self.separator, self.formatter or formatted)

    def as_lines(self, dialogue: Any) -> list[DialogueLine]:
        """A text as lines; lines as they are. Raises Error for anything else."""
        return self._checked(dialogue)

    def api_info(self) -> dict[str, Any]:
        """JSON schema of lines, or of a text."""
        line = {
            "properties": {
                "speaker": {"title": "Speaker", "type": "string"},
                "text": {"title": "Text", "type": "string"},
            },
            "required": ["speaker", "text"],
            "title": "DialogueLine",
            "type": "object",
        }
        return {
            "$defs": {"DialogueLine": line},
            "anyOf": [{"items": {"$ref": "#/$defs/DialogueLine"}, "type": "array"}, {"type": "string"}],
            "title": "DialogueModel",
        }

    def example_value(self) -> Any:
        """Two lines, by the first two speakers."""
        names = [*(self.speakers or ()), "Speaker 1", "Speaker 2"]
        texts = ("Hello, how are you?", "I'm fine, thank you!")
        return [{"speaker": name, "text": text} for name, text in zip(names, texts, strict=False)][: self.max_lines]

    def _checked(self, payload: Any) -> list[DialogueLine]:
        try:
            if isinstance(payload, str):
                speaker = (self.speakers or ["Unknown"])[0]
                return split(payload, self.separator, self.unformatter or unformatted, speaker)
            if isinstance(payload, list):
                return [line_of(line) for line in payload]
        except ValueError as error:
            raise refusal(self, str(error)) from error
        raise refusal(self, f"a text or a list of lines is needed, not {shown(payload)}.")
