"""UploadButton: a button that takes files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, Unpack

from blocks_app.components.button import Pressable, PressableOptions
from blocks_app.components.takes_files import FileKindOptions, TakesFiles
from blocks_app.i18n import own
from blocks_app.listeners.events import Events


class UploadButtonOptions(PressableOptions, FileKindOptions, total=False):
    """What an UploadButton takes besides."""


class UploadButton(TakesFiles, Pressable):
    """A button that lets the visitor choose files, and uploads them. Its files are not shown: show what became of them.

    A function gets the path of each (a `str` that also has `.name`), or its content as bytes; one for `file_count`
    "single", else a list.
    """

    change = Events.change
    click = Events.click
    upload = Events.upload

    def __init__(
        self,
        label: str = "Upload a File",
        value: str | Sequence[str] | Callable[..., Any] | None = None,
        *,
        type: Literal["filepath", "binary"] = "filepath",
        **options: Unpack[UploadButtonOptions],
    ) -> None:
        """Declare a button for files.

        Args:
            label: text on the button that takes files.
            value: files that count as given at first, or a function that makes them.
            type: "filepath" gives the function the path of each file, "binary" its content.
            options: see UploadButtonOptions.
        """
        rest = self._take(type, options)
        super().__init__(value, **rest)
        self.label = own(label)
