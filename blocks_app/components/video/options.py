"""What a Video is declared with, checked; and the schema of its value."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from blocks_app.exceptions import DeclarationError
from blocks_app.files.file_data import FILE_SCHEMA, is_web_address
from blocks_app.media import subtitles

Source = Literal["upload", "webcam"]
_SOURCES = ("upload", "webcam")

#: JSON schema of the value on the wire, with the titles and order that Gradio's clients compare.
VIDEO_SCHEMA: dict[str, Any] = {
    "$defs": {"FileData": FILE_SCHEMA},
    "properties": {
        "video": {"$ref": "#/$defs/FileData"},
        "subtitles": {"anyOf": [{"$ref": "#/$defs/FileData"}, {"type": "null"}], "default": None},
    },
    "required": ["video"],
    "title": "VideoData",
    "type": "object",
}


def checked_sources(given: Sequence[Source] | Source | None) -> list[Source]:
    """The sources as a list. Raises DeclarationError for one that is unknown, and for none."""
    if given is None:
        return ["upload", "webcam"]
    chosen: list[Source] = [given] if isinstance(given, str) else list(given)
    wrong = [each for each in chosen if each not in _SOURCES]
    if wrong or not chosen:
        raise DeclarationError(f"Video: sources={given!r} is unknown. Use 'upload', 'webcam', or a list of them.")
    return chosen


def checked_subtitles(given: Any) -> Any:
    """The subtitles unchanged. Raises DeclarationError for what can be none, before anybody wants to see them."""
    if given is None:
        return None
    if not isinstance(given, str | os.PathLike):
        try:
            subtitles.from_list(given)
        except ValueError as error:
            raise DeclarationError(f"Video: {error}.") from None
        return given
    if not is_web_address(os.fspath(given)) and Path(given).suffix.lower() not in subtitles.SUFFIXES:
        known = ", ".join(subtitles.SUFFIXES)
        raise DeclarationError(f"Video: subtitles={os.fspath(given)!r} are no subtitles. Use a file such as {known}.")
    return given
