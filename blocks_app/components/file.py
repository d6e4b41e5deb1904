"""File: files that a visitor gives, or that a function makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, Unpack

from blocks_app.components.framed import CornerOptions, FramedComponent
from blocks_app.components.takes_files import FileKindOptions, TakesFiles
from blocks_app.listeners.events import Events
from blocks_app.options import FieldOptions


class FileOptions(FieldOptions, CornerOptions, FileKindOptions, total=False):
    """What a File takes besides."""


class File(TakesFiles, FramedComponent):
    """Takes one or more files, or offers them for download.

    A function gets the path of each (a `str` that also has `.name`), or its content as bytes; one for `file_count`
    "single", else a list. It returns a path or an address, or a list of them.
    """

    change = Events.change
    select = Events.select
    clear = Events.clear
    upload = Events.upload
    delete = Events.delete
    download = Events.download

    def __init__(
        self,
        value: str | Sequence[str] | Callable[..., Any] | None = None,
        *,
        type: Literal["filepath", "binary"] = "filepath",
        height: int | float | str | None = None,
        allow_reordering: bool = False,
        **options: Unpack[FileOptions],
    ) -> None:
        """Declare a place for files.

        Args:
            value: path or paths to start with, or a function that makes them.
            type: what the function gets: "filepath" or "binary".
            height: of the list, in pixels or as a CSS length; longer lists scroll.
            allow_reordering: whether the visitor may change the order of several files.
        """
        rest = self._take(type, options)
        self.height = height
        self.allow_reordering = allow_reordering
        super().__init__(value, **rest)


class Files(File):
    """A File for several files."""

    is_template = True
    defaults = {"file_count": "multiple"}
