"""Markdown: formatted text."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar, Unpack, cast

from blocks_app.components.corner import Height, checked_height
from blocks_app.components.framed import (
    CopyOptions,
    DirectionOptions,
    FormulaOptions,
    FramedComponent,
    HeightOptions,
    checked_delimiters,
)
from blocks_app.components.validation import refusal, shown
from blocks_app.listeners.events import Events
from blocks_app.options import FrameOptions
from blocks_app.page.media_policy import note_media


class MarkdownOptions(FrameOptions, CopyOptions, HeightOptions, DirectionOptions, FormulaOptions, total=False):
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
            sanitize_html: False keeps HTML as it is: only for texts that no visitor can influence.
            line_breaks: True makes every line break of the text one in the page.
            header_links: whether headings carry a link to themselves.
            height: height in pixels or as css writes it; longer text scrolls.
            padding: whether there is space between the frame and the text.
            options: see MarkdownOptions.
        """
        rest = cast("dict[str, Any]", options)
        self.latex_delimiters = checked_delimiters("Markdown", rest.pop("latex_delimiters", None))
        self.sanitize_html = sanitize_html
        self.line_breaks = line_breaks
        self.header_links = header_links
        self.height = checked_height("Markdown", "height", height)
        self.padding = padding
        container = rest.pop("container", False)  # not told above: without a frame the label is kept
        super().__init__(value, **rest)
        self.container = container

    def preprocess(self, payload: Any) -> str | None:
        """The text as it was shown."""
        if payload is not None and not isinstance(payload, str):
            raise refusal(self, f"a text is needed, not {shown(payload)}.")
        return payload

    def postprocess(self, value: Any) -> str | None:
        """The text without the indentation that all its lines share."""
        if value is None:
            return None
        text = inspect.cleandoc(str(value))
        note_media(text)
        return text

    def api_info(self) -> dict[str, Any]:
        return {"type": "string"}

    def example_value(self) -> Any:
        return "# Hello!"
