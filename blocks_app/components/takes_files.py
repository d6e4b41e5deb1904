"""What takes files has in common: how many, which, and what a function gets of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, ClassVar, Literal, TypedDict

from blocks_app.exceptions import DeclarationError, Error
from blocks_app.files import copies, file_data
from blocks_app.files.filestore import guess_type
from blocks_app.i18n import gettext
from blocks_app.tree.component import Component
from blocks_app.tree.iterables import has_items

copies.install()

_COUNTS = ("single", "multiple", "directory")
_KINDS = ("file", "image", "audio", "video", "text")


class NamedString(str):
    """The path of a file, which also has the attribute `name` that open files have."""

    @property
    def name(self) -> str:
        """The path itself."""
        return str(self)


class FileKindOptions(TypedDict, total=False):
    """A component that takes files."""

    file_count: Literal["single", "multiple", "directory"]
    """"single" (unless given), "multiple", or "directory": a whole folder with everything in it."""
    file_types: list[str] | None
    """What may be given: suffixes such as ".csv", or "image", "audio", "video", "text", "file" (any)."""


class TakesFiles(Component):
    """A component whose value is one file or several, which a visitor gives or a function makes."""

    heavy: ClassVar[bool] = True

    def _take(self, type: str, options: Any) -> dict[str, Any]:
        """Keep what files are taken; gives the other options. Raises DeclarationError for words that mean nothing."""
        owner = self.__class__.__name__
        if type not in ("filepath", "binary"):
            raise DeclarationError(f"{owner}: type={type!r} is unknown. Use 'filepath' or 'binary'.")
        self.file_count, self.file_types, rest = files_taken(owner, options)
        self.type = type
        return rest

    def preprocess(self, payload: Any) -> Any:
        """The sent files as `type` says; None when there is none. Raises Error for a file that may not be given."""
        if payload is None:
            return None
        if self.file_count == "single":
            if isinstance(payload, list) and len(payload) == 1:
                payload = payload[0]
            return self._argument(payload)
        if not isinstance(payload, list):
            raise Error(f"{file_data.name_of(self)} takes a list of files; got one value that is no list.")
        return [self._argument(item) for item in payload]

    def postprocess(self, value: Any) -> file_data.FileData | list[file_data.FileData] | None:
        """The wire value of a path, or of each of a list. Raises InvalidPathError for one not to be handed out."""
        if value is None or (isinstance(value, str | list | tuple) and not value):
            return None
        if isinstance(value, str | os.PathLike | Mapping) or not has_items(value):
            return file_data.publish(value)  # which tells what is no file
        return [file_data.publish(item) for item in value]

    def initial_value(self) -> Any:
        """As `postprocess(self.value)`, stored once for all pages."""
        return file_data.initial(self, super().initial_value)

    def api_info(self) -> dict[str, Any]:
        """JSON schema of a file, or of a list of files."""
        return file_data.FILE_SCHEMA if self.file_count == "single" else file_data.list_schema()

    def example_payload(self) -> Any:
        """A text that comes with the package, unless only other types are taken."""
        sample = file_data.sample(self._sample())
        return sample if self.file_count == "single" else [sample]

    def example_value(self) -> Any:
        """Path of a file that comes with the package."""
        path = str(file_data.SAMPLES / self._sample())
        return path if self.file_count == "single" else [path]

    def _argument(self, payload: Any) -> NamedString | bytes:
        file = file_data.receive(payload, self)
        if not may_be_given(file.name, self.file_types):
            known = ", ".join(self.file_types or ())
            raise Error(
                gettext("%(name_of)s: %(name)r is of another type. It takes %(known)s.")
                % {"name_of": file_data.name_of(self), "name": file.name, "known": known}
            )
        return file.path.read_bytes() if self.type == "binary" else NamedString(file.path)

    def _sample(self) -> str:
        return "text.txt" if may_be_given("text.txt", self.file_types) else "image.png"


def files_taken(owner: str, options: Mapping[str, Any]) -> tuple[str, list[str] | None, dict[str, Any]]:
    """`file_count` and `file_types` of FileKindOptions, and the other options.

    Raises:
        DeclarationError: one of them means nothing.
    """
    rest = dict(options)
    count = rest.pop("file_count", "single")
    if count not in _COUNTS:
        raise DeclarationError(f"{owner}: file_count={count!r} is unknown. Use one of {', '.join(_COUNTS)}.")
    return count, check_file_types(owner, rest.pop("file_types", None)), rest


def check_file_types(owner: str, given: Any) -> list[str] | None:
    """The types as a list, suffixes with their dot. Raises DeclarationError for anything else."""
    if given is None:
        return None
    if isinstance(given, (str, Mapping)) or not has_items(given):
        raise DeclarationError(f"{owner}: file_types is a list such as ['.csv', 'image'], not {given!r}.")
    return [_file_type(owner, item) for item in given]


def _file_type(owner: str, item: Any) -> str:
    if not isinstance(item, str) or not item:
        raise DeclarationError(f"{owner}: file_types has {item!r}; it takes texts such as '.csv' or 'image'.")
    text = item.strip().lower()
    return text if text in _KINDS or "/" in text or text.startswith(".") else f".{text}"


def may_be_given(name: str, file_types: list[str] | None) -> bool:
    """Whether a file of this name has one of the types; by its suffix, as the browser's own dialog decides."""
    if not file_types or "file" in file_types or "*/*" in file_types:
        return True
    lower, mime = PurePosixPath(name).name.lower(), guess_type(name)
    return any(
        lower.endswith(kind) if kind.startswith(".") else mime.split("/")[0] == kind.split("/")[0]
        for kind in file_types
    )
