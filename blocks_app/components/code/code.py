"""Code: source code in colours, shown or edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, Unpack, get_args

from blocks_app.components.button import Button
from blocks_app.components.framed import FramedComponent
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import DeclarationError
from blocks_app.files import file_data
from blocks_app.listeners.events import Events
from blocks_app.options import FieldOptions

Language = Literal[
    "python", "c", "cpp", "markdown", "latex", "json", "html", "css", "javascript", "jinja2", "typescript", "yaml",
    "dockerfile", "shell", "r", "sql", "sql-msSQL", "sql-mySQL", "sql-mariaDB", "sql-sqlite", "sql-cassandra",
    "sql-plSQL", "sql-hive", "sql-pgSQL", "sql-gql", "sql-gpSQL", "sql-sparkSQL", "sql-esper",
]  # fmt: skip


class Code(FramedComponent):
    """Source code, in colours; when interactive, an editor for it.

    A function gets the text and may return text, or `(path,)` for what is written in a file. Line breaks and spaces at
    both ends are taken off what it returns. The Tab key leaves the editor; `Ctrl+]` and `Ctrl+[` indent.
    """

    change = Events.change
    input = Events.input
    focus = Events.focus
    blur = Events.blur
    heavy = True
    corner_names = ("copy", "download")
    corner_default = corner_names
    languages = (*get_args(Language), None)

    def __init__(
        self,
        value: str | tuple[str] | Callable[..., Any] | None = None,
        language: Language | None = None,
        *,
        lines: int = 5,
        max_lines: int | None = None,
        wrap_lines: bool = False,
        show_line_numbers: bool = True,
        autocomplete: bool = False,
        buttons: Sequence[Literal["copy", "download"] | Button] | None = None,
        **options: Unpack[FieldOptions],
    ) -> None:
        """Declare a place for code.

        Args:
            value: code to start with, `(path,)` of a file with it, or a function that makes it.
            language: what it is written in; None colours nothing.
            lines: rows of code shown at least.
            max_lines: rows from which on it scrolls; None lets it grow with its text.
            wrap_lines: whether long lines are wrapped; otherwise they scroll sideways.
            show_line_numbers: whether the lines are numbered.
            autocomplete: whether words are offered while the visitor types.
            buttons: what stands in the corner: "copy", "download", and gr.Buttons; the first two unless given.
        """
        if language not in self.languages:
            raise DeclarationError(
                f"Code: Language {language} not supported. Use None or one of {', '.join(get_args(Language))}."
            )
        if not isinstance(lines, int) or lines < 1:
            raise DeclarationError(f"Code: lines must be a whole number from 1 on, not {lines!r}.")
        if max_lines is not None and max_lines < 1:
            raise DeclarationError(f"Code: max_lines must be at least 1, not {max_lines}.")
        self.language = language
        self.lines = lines
        self.max_lines = None if max_lines is None else max(lines, max_lines)
        self.wrap_lines = wrap_lines
        self.show_line_numbers = show_line_numbers
        self.autocomplete = autocomplete
        super().__init__(value, buttons=buttons, **options)

    def preprocess(self, payload: Any) -> str | None:
        """The code as it was sent.

        Raises:
            Error: something else than text was sent.
        """
        if payload is not None and not isinstance(payload, str):
            raise refusal(self, f"a text is needed, not {shown(payload)}.")
        return payload

    def postprocess(self, value: Any) -> str | None:
        """The code as text, without white space at its ends; what is in the file of `(path,)` as it is.

        Raises:
            InvalidPathError: the file may not be handed out.
            ValueError: it is no text.
        """
        if value is None:
            return None
        if isinstance(value, tuple) and value:
            return self._written_in(value[0])
        return str(value).strip()

    def api_info(self) -> dict[str, Any]:
        return {"type": "string"}

    def example_value(self) -> Any:
        return "print('Hello World')"

    def _written_in(self, path: Any) -> str:
        file = file_data.receive(file_data.publish(path, size=False), self)
        try:
            return file.path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValueError(
                f"{file_data.name_of(self)}: {file.name!r} is no text in UTF-8, so it cannot be shown."
            ) from error
