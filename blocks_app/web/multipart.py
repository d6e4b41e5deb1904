"""Forms with files in them (`multipart/form-data`): where each part is, found in pieces of any size.

`Scanner` reads a form while it comes; `files_in` finds the files in one that has come whole, and gives them as sections
of it, so that nothing is copied before it is stored. Names of files are taken as clients really send them: in UTF-8,
else in Latin-1, quoted in each of the usual ways, or empty.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from email.message import Message
from typing import Any, BinaryIO, NamedTuple

from django.core.files.base import File
from django.utils.http import parse_header_parameters

#: Most bytes of a part's headers.
LONGEST_HEAD = 8192
_PIECE = 256 * 1024
_PLAIN = ("", "binary", "7bit", "8bit")
#: What browsers write for the characters that would end a quoted name.
_ESCAPED = {"%22": '"', "%0D": "\r", "%0A": "\n"}


class FormError(ValueError):
    """A form cannot be read; the text is a sentence for the client."""


class FileTooLarge(Exception):
    """A file of a form goes over the limit of the app."""


class Head(NamedTuple):
    """The headers of a part. `filename` is None for a plain field, "" for a file without a name."""

    name: str
    filename: str | None
    length: int | None
    encoding: str
    #: Where its content begins in the form.
    start: int


class Scanner:
    """Finds the parts of a form. `ended` is True when the last boundary has come."""

    def __init__(self, boundary: bytes) -> None:
        self.delimiter = b"\r\n--" + boundary
        self.ended = False
        self._rest = b"\r\n"  # before the first boundary there may be nothing at all
        self._base = -len(self._rest)  # where the window begins in the form
        self._in_head = self._in_part = False

    def feed(self, data: bytes) -> Iterator[Head | bytes]:
        """More of the form: a Head where a part begins, then pieces of its content. Raises FormError."""
        window, at, self._rest = self._rest + data, 0, b""
        while not self.ended:
            if self._in_head:
                end = window.find(b"\r\n\r\n", at, at + LONGEST_HEAD)
                if end < 0:
                    break
                yield _head(window[at:end], self._base + end + 4)
                self._in_head, self._in_part, at = False, True, end + 4
            found, whole = self._boundary(window, at)
            if self._in_part and found > at:
                yield window[at:found]
            at = found
            if not whole:
                break
            after = found + len(self.delimiter)
            self.ended = window.startswith(b"--", after)
            self._in_head, self._in_part, at = True, False, after
        self._rest = b"" if self.ended else window[at:]
        self._base += len(window) - len(self._rest)
        if self._in_head and len(self._rest) > LONGEST_HEAD:
            raise FormError("The headers of a part are too long.")

    def _boundary(self, window: bytes, at: int) -> tuple[int, bool]:
        """Where the next boundary is, and True; or up to where there is none for sure, and False."""
        found = window.find(self.delimiter, at)
        while found >= 0:
            after = window[found + len(self.delimiter) : found + len(self.delimiter) + 2]
            if after in (b"\r\n", b"--"):
                return found, True
            if len(after) < 2:
                return found, False
            found = window.find(self.delimiter, found + 1)
        return max(at, len(window) - len(self.delimiter) + 1), False


class Section(io.RawIOBase):
    """Some bytes of a file as a file of their own."""

    def __init__(self, whole: BinaryIO, start: int, length: int) -> None:
        super().__init__()
        self._whole, self._start, self._length, self._at = whole, start, length, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence])
        return self._at

    def readinto(self, buffer: Any) -> int:
        self._whole.seek(self._start + self._at)
        content = self._whole.read(min(len(buffer), max(0, self._length - self._at)))
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)


class Sent(NamedTuple):
    """One file of a form: what it was called, and its content, a Django file."""

    name: str
    content: File[bytes]


def files_in(whole: BinaryIO, kind: str, field: str, limit: int | None, most: int | None) -> list[Sent]:
    """The files that a form carries in a field.

    Args:
        whole: the form; it stays open as long as its files are read.
        kind: its Content-Type.
        field: the field's name.
        limit: most bytes of one file.
        most: most parts of the form.

    Raises:
        FormError: it is no form, it is cut off, the field is none of files, or all its files are in other fields.
        FileTooLarge: a file has more than `limit` bytes.
    """
    boundary = boundary_of(kind)
    if not boundary:
        raise FormError("The Content-Type names no boundary.")
    parts = _parts(whole, Scanner(boundary), limit, most)
    files = [(head, length) for head, length in parts if head.name == field]
    if any(head.filename is None for head, _ in files):
        raise FormError(f"The field `{field}` must be a file.")
    if not files and any(head.filename is not None for head, _ in parts):
        raise FormError(f"Send the files in the field `{field}`.")
    if any(head.encoding not in _PLAIN for head, _ in files):
        raise FormError("Send files as they are, without a Content-Transfer-Encoding.")
    return [
        Sent(head.filename or "file", File(io.BufferedReader(Section(whole, head.start, length))))
        for head, length in files
    ]


def boundary_of(kind: str) -> bytes:
    """The boundary that a Content-Type names; empty when it is no form, or none that a parser would take."""
    message = Message()
    message["content-type"] = kind
    if message.get_content_type() != "multipart/form-data":
        return b""
    boundary = message.get_boundary("") or ""
    return boundary.encode("ascii", "ignore") if 0 < len(boundary) <= 200 else b""


def _parts(whole: BinaryIO, scanner: Scanner, limit: int | None, most: int | None) -> list[tuple[Head, int]]:
    """Each part of a form and the length of its content."""
    parts: list[tuple[Head, int]] = []
    whole.seek(0)
    while not scanner.ended and (piece := whole.read(_PIECE)):
        for found in scanner.feed(piece):
            if isinstance(found, Head):
                parts.append((found, 0))
                if most is not None and len(parts) > most:
                    raise FormError(f"The form has more than {most} parts.")
                continue
            head, length = parts[-1]
            parts[-1] = head, length + len(found)
            if limit is not None and length + len(found) > limit:
                raise FileTooLarge
    if not scanner.ended:
        raise FormError("The form has no end: its last boundary is missing.")
    return parts


def _head(raw: bytes, start: int) -> Head:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    headers = {}
    for line in text.split("\r\n"):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    disposition = _parameters(headers.get("content-disposition", ""))
    filename, length = disposition.get("filename"), headers.get("content-length", "")
    if filename is not None:
        for written, meant in _ESCAPED.items():
            filename = filename.replace(written, meant)
    return Head(
        disposition.get("name", ""),
        filename,
        int(length) if length.isascii() and length.isdigit() and len(length) < 19 else None,
        headers.get("content-transfer-encoding", "").lower(),
        start,
    )


def _parameters(value: str) -> dict[str, str]:
    """The parameters of a header; what names a file in an unknown way still names one."""
    try:
        return dict(parse_header_parameters(value)[1])
    except (ValueError, LookupError):
        plain, _, rest = value.partition("filename*")
        try:
            known = dict(parse_header_parameters(plain)[1])
        except (ValueError, LookupError):
            known = {}
        return {**known, "filename": ""} if rest else known
