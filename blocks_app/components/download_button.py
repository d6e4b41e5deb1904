"""DownloadButton: a button that hands out a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Unpack

from blocks_app.components.button import Pressable, PressableOptions
from blocks_app.components.takes_files import NamedString
from blocks_app.files import file_data
from blocks_app.listeners.events import Events


class DownloadButton(Pressable):
    """A button that saves one file on the visitor's computer. Without a file it is a button like any other.

    A function returns a path or an address, and gets the path of the file if the button is an input.
    """

    change = Events.change
    click = Events.click
    heavy: ClassVar[bool] = True

    def __init__(
        self,
        label: str = "Download",
        value: str | Path | Callable[..., Any] | None = None,
        **options: Unpack[PressableOptions],
    ) -> None:
        """Declare a button that hands out a file.

        Args:
            label: text on it.
            value: path or address of the file, or a function that makes it whenever the page loads.
            options: see PressableOptions.
        """
        super().__init__(value, **options)
        self.label = label

    def preprocess(self, payload: Any) -> NamedString | None:
        """Path of the file; None when there is none."""
        return None if payload is None else NamedString(file_data.receive(payload, self).path)

    def postprocess(self, value: Any) -> file_data.FileData | None:
        """The wire value of a path or an address. Raises InvalidPathError for a path that may not be handed out."""
        empty = value is None or (isinstance(value, str) and not value)
        return None if empty else file_data.publish(value)

    def initial_value(self) -> Any:
        """As `postprocess(self.value)`, stored once for all pages."""
        return file_data.initial(self, super().initial_value)

    def api_info(self) -> dict[str, Any]:
        """JSON schema of a file."""
        return file_data.FILE_SCHEMA

    def example_payload(self) -> Any:
        """A text that comes with the package."""
        return file_data.sample("text.txt")

    def example_value(self) -> Any:
        """Path of a text that comes with the package."""
        return str(file_data.SAMPLES / "text.txt")
