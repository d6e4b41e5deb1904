"""MultimodalTextbox: text of one line or many, with files."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Unpack, get_args

from blocks_app.components.takes_files import FileKindOptions, files_taken, may_be_given
from blocks_app.components.text_field import TextField, TextFieldOptions
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data
from blocks_app.i18n import gettext
from blocks_app.listeners.events import Events

Source = Literal["upload", "microphone"]


class MultimodalTextboxOptions(TextFieldOptions, FileKindOptions, total=False):
    """What a MultimodalTextbox takes besides."""


class MultimodalTextbox(TextField):
    """A field for text and files. A function gets `{"text": str, "files": [path, …]}`.

    It returns the same, of which either may be left out, or only a text. Files are chosen, dropped, pasted or recorded;
    `file_count` says what one choice may bring. Enter submits and Shift+Enter breaks the line, with `lines` above 1 the
    other way round.
    """

    change = Events.change
    input = Events.input
    select = Events.select
    submit = Events.submit
    focus = Events.focus
    blur = Events.blur
    stop = Events.stop
    heavy = True

    def __init__(
        self,
        value: str | Mapping[str, Any] | Callable[..., Any] | None = None,
        *,
        sources: Sequence[Source] | Source | None = None,
        submit_btn: str | bool | None = None,
        max_plain_text_length: int = 1000,
        **options: Unpack[MultimodalTextboxOptions],
    ) -> None:
        """Declare a field for text and files.

        Args:
            value: a text, or `{"text": …, "files": [path, …]}`, to start with; or a function that makes it.
            sources: where files come from: "upload" (also dropped and pasted ones), "microphone"; None is "upload".
            submit_btn: a text is written on the submit button; False leaves the button out.
            max_plain_text_length: a pasted text with more characters becomes a file.
            options: see MultimodalTextboxOptions.
        """
        self.sources = _chosen_sources(sources)
        self.submit_btn = submit_btn
        self.max_plain_text_length = max_plain_text_length
        self.file_count, self.file_types, rest = files_taken("MultimodalTextbox", options)
        super().__init__(value, **rest)

    def preprocess(self, payload: Any) -> dict[str, Any] | None:
        """`{"text": …, "files": [path, …]}`.

        Raises:
            Error: it is none, or has a file of another type, or one that is not the visitor's.
        """
        if payload is None:
            return None
        if isinstance(payload, str):
            payload = {"text": payload}
        if not isinstance(payload, dict):
            raise refusal(
                self, f"a text with files is needed, as in {{'text': …, 'files': […]}}, not {shown(payload)}."
            )
        text, files = payload.get("text"), payload.get("files")
        if text is not None and not isinstance(text, str):
            raise refusal(self, f"'text' must be a text, not {shown(text)}.")
        if files is not None and not isinstance(files, list):
            raise refusal(self, f"'files' must be a list of files, not {shown(files)}.")
        return {"text": text or "", "files": [self._path(file) for file in files or ()]}

    def postprocess(self, value: Any) -> dict[str, Any]:
        """The wire value of a text, or of a text and paths.

        Raises:
            ValueError: the function returned something else.
            InvalidPathError: a path is not to be handed out.
        """
        if value is None or isinstance(value, str):
            return {"text": value or "", "files": []}
        if not isinstance(value, Mapping):
            raise ValueError(
                'A MultimodalTextbox shows a text, or a dict such as {"text": "…", "files": ["…"]}; '
                f"the function returned a {type(value).__name__}."
            )
        text, files = value.get("text", ""), value.get("files") or []
        if not isinstance(text, str):
            raise ValueError(f'A MultimodalTextbox needs a str for "text"; it is a {type(text).__name__}.')
        if isinstance(files, (str, os.PathLike, Mapping)):
            files = [files]
        return {"text": text, "files": [file_data.publish(file) for file in files]}

    def initial_value(self) -> Any:
        """As `postprocess(self.value)`, with files stored once for all pages."""
        return file_data.initial(self, super().initial_value)

    def api_info(self) -> dict[str, Any]:
        """JSON schema of a text with files."""
        return {
            "$defs": {"FileData": file_data.FILE_SCHEMA},
            "properties": {
                "text": {"title": "Text", "type": "string"},
                "files": {"items": {"$ref": "#/$defs/FileData"}, "title": "Files", "type": "array"},
            },
            "required": ["text"],
            "title": "MultimodalData",
            "type": "object",
        }

    def example_payload(self) -> Any:
        """A question, with a file that comes with the package where such a file may be given."""
        return {"text": "Describe this image", "files": [file_data.sample(name) for name in self._samples()]}

    def example_value(self) -> Any:
        """The same as a function would return it."""
        return {"text": "Describe this image", "files": [str(file_data.SAMPLES / name) for name in self._samples()]}

    def _path(self, payload: Any) -> str:
        file = file_data.receive(payload, self)
        if not may_be_given(file.name, self.file_types):
            known = ", ".join(self.file_types or ())
            raise refusal(
                self, gettext("%(name)r is of another type. It takes %(known)s.") % {"name": file.name, "known": known}
            )
        return str(file.path)

    def _samples(self) -> list[str]:
        return [name for name in ("image.png", "text.txt") if may_be_given(name, self.file_types)][:1]


def _chosen_sources(sources: Sequence[Source] | Source | None) -> list[Source]:
    """As a list. Raises DeclarationError for a place that files cannot come from."""
    chosen: list[Any] = ["upload"] if sources is None else [sources] if isinstance(sources, str) else list(sources)
    known = get_args(Source)
    for each in chosen:
        if each not in known:
            raise DeclarationError(f"MultimodalTextbox: sources takes {' and '.join(known)}, not {each!r}.")
    return chosen
