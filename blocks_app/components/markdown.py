"""Markdown: formatted text."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypedDict, Unpack

from blocks_app.components.corner import Height, checked_height
from blocks_app.components.framed import CopyOptions, DirectionOptions, FramedComponent, HeightOptions
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.listeners.events import Events
from blocks_app.options import FrameOptions


class LatexDelimiter(TypedDict):
    """Where a formula starts and ends, and whether it gets a line of its own."""

    left: str
    right: str
    display: bool


class MarkdownOptions(FrameOptions, CopyOptions, HeightOptions, DirectionOptions, total=False):
    """What a Markdown takes besides."""


class Markdown(FramedComponent):
    """Text in Markdown: tables, task lists, highlighted code, formulas between `$$`. Cleaned of anything that runs."""

    change = Events.change
    copy = Events.copy
    defaults = {"container": False}
    corner_names = ("copy",)
    default_min_width: ClassVar[int | None] = None

    def __init__(
        self,
        value: str | Callable[..., str | None] | None = None,
        *,
        latex_delimiters: Sequence[LatexDelimiter] | None = None,
        sanitize_html: bool = True,
        line_breaks: bool = False,
        header_links: bool = False,
        height: Height = None,
        padding: bool = False,
        **options: Unpack[MarkdownOptions],
    ) -> None:
        """Declare a formatted text.

        Args:
            value: the text, or a function that makes it. Indentation that all its lines share is removed.
            latex_delimiters: what stands around formulas, as `{"left": "$", "right": "$", "display": False}`;
                None means `$$` with a line of its own, an empty list no formulas.
            sanitize_html: False keeps HTML as it is: only for texts that no visitor can influence.
            line_breaks: True makes every line break of the text one in the page.
            header_links: whether headings carry a link to themselves.
            height: height in pixels or as css writes it; longer text scrolls.
            padding: whether there is space between the frame and the text.
            options: see MarkdownOptions.
        """
        self.latex_delimiters = checked_delimiters("Markdown", latex_delimiters)
        self.sanitize_html = sanitize_html
        self.line_breaks = line_breaks
        self.header_links = header_links
        self.height = checked_height("Markdown", "height", height)
        self.padding = padding
        container = options.pop("container", False)  # not told above: without a frame the label is kept
        super().__init__(value, **options)
        self.container = container

    def preprocess(self, payload: Any) -> str | None:
        """The text as it was shown."""
        if payload is not None and not isinstance(payload, str):
            raise refusal(self, f"a text is needed, not {shown(payload)}.")
        return payload

    def postprocess(self, value: Any) -> str | None:
        """The text without the indentation that all its lines share."""
        return None if value is None else inspect.cleandoc(str(value))

    def api_info(self) -> dict[str, Any]:
        return {"type": "string"}

    def example_value(self) -> Any:
        return "# Hello!"


def checked_delimiters(owner: str, given: Sequence[LatexDelimiter] | None) -> list[LatexDelimiter]:
    """The pairs to look for; `$$` unless given. Raises DeclarationError for what are none."""
    if given is None:
        return [{"left": "$$", "right": "$$", "display": True}]
    for pair in given:
        if not isinstance(pair, dict) or not pair.get("left") or not pair.get("right"):
            raise DeclarationError(
                f"{owner}: latex_delimiters is a list such as "
                f'[{{"left": "$", "right": "$", "display": False}}]; {pair!r} is none of its items.'
            )
    return [{"left": pair["left"], "right": pair["right"], "display": bool(pair.get("display"))} for pair in given]
