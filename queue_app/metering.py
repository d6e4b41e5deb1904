"""Counts an upload while it arrives: refuses a file as soon as it is over the limit, and tells how far it has come.

It finds the parts as the parser does that follows, with a window of some bytes, and so knows the size of each file
while it comes, exact to the length of a boundary.
"""

from __future__ import annotations

import re
from email.message import Message
from typing import TYPE_CHECKING
from urllib.parse import unquote

import orjson
from django.conf import settings

if TYPE_CHECKING:
    from queue_app.progress import Progress

#: Bytes that a part may have besides its content, for the length of a whole request.
SLACK = 16 * 1024
#: Most bytes of a part's headers; the parser refuses less.
_HEAD = 4096
_NAME = re.compile(rb'filename="((?:[^"\\\r\n]|\\.){0,1000})"')
_LENGTH = re.compile(rb"(?:^|\n)content-length:[ \t]*(\d{1,18})[ \t]*\r?(?:\n|$)", re.IGNORECASE)


class Meter:
    """One upload. `refused` is a sentence as soon as there is a reason; `answer` is the response then."""

    def __init__(self, kind: str, length: int | None, limit: int | None, progress: Progress | None = None) -> None:
        """Start counting.

        Args:
            kind: the request's Content-Type.
            length: its Content-Length, None when it does not say.
            limit: most bytes of one file.
            progress: whom to tell.
        """
        boundary = boundary_of(kind)
        self.delimiter = b"--" + boundary if boundary else None
        self.limit = limit
        self.progress = progress
        self.refused: str | None = None
        self.length = length
        self.drained = 0
        self._answer: tuple[int, str, bytes] | None = None
        self._rest = b""  # what may turn out to be a boundary, or headers that are not whole yet
        self._in_head = False
        self._blank = -1  # where the next empty line is in the window
        self._size: int | None = None  # of the part that comes; None before the first and after the last
        self._name = ""
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        if limit is not None and length is not None and most and length > (limit + SLACK) * (most + 1):
            self._refuse()

    def admits(self, data: bytes) -> bool:
        """Count some bytes; False when they are too many."""
        self.feed(data)
        return self.refused is None

    def feed(self, data: bytes) -> None:
        """Some bytes have come."""
        if self.refused is not None or self.delimiter is None:
            return
        window, at, self._blank = self._rest + data, 0, -1
        while self.refused is None and at >= 0:
            at = self._head(window, at) if self._in_head else self._content(window, at, self.delimiter)
        if self.progress is not None:
            self.progress.add(self._name, len(data))

    def refuse(self, status: int, detail: str) -> None:
        """Let nothing more in, for another reason than a file's size."""
        self.refused = detail
        self._answer = status, "application/json", orjson.dumps({"detail": detail})

    def answer(self) -> tuple[int, str, bytes]:
        """Status, content type and body of the refusal."""
        return self._answer or (413, "text/plain; charset=utf-8", (self.refused or "").encode())

    def close(self) -> None:
        """The upload has ended."""
        if self.progress is not None:
            self.progress.finish()

    def _content(self, window: bytes, at: int, delimiter: bytes) -> int:
        """Count up to the next boundary. Gives where the headers after it begin; -1 when it has not come."""
        found = window.find(delimiter, at)
        if found < 0:
            sure = max(at, len(window) - len(delimiter) - 1)  # the line end before a boundary is not the file's
            self._add(sure - at)
            self._rest = window[sure:]
            return -1
        end = max(at, found - 2)
        self._add(end - at + len(window[end:found].rstrip(b"\r\n")))
        self._in_head = True
        return found + len(delimiter)

    def _head(self, window: bytes, at: int) -> int:
        """Read a part's headers. Gives where its content begins; -1 when they have not come whole."""
        is_last = window.startswith(b"--", at)
        if self._blank < at:  # found once however many boundaries come before it
            found = window.find(b"\r\n\r\n", at)
            self._blank = found if found >= 0 else len(window)
        end = self._blank if self._blank < len(window) else -1
        if end < 0 and len(window) - at < _HEAD and not is_last:
            self._rest = window[at:]
            return -1
        end = end if end - at <= _HEAD else -1
        self._in_head = False
        if is_last:  # what follows is nobody's
            self._size = None
            return at + 2
        self._size, head = 0, window[at : max(at, end)]
        name, length = _NAME.search(head), _LENGTH.search(head)
        if name is not None:
            self._name = unquote(name[1].decode("utf-8", "replace"))
        if length is not None and self.limit is not None and int(length[1]) > self.limit:
            self._refuse()
        return end + 4 if end >= 0 else at

    def _add(self, count: int) -> None:
        if self._size is not None:
            self._size += count
            if self.limit is not None and self._size > self.limit:
                self._refuse()

    def _refuse(self) -> None:
        self.refused = f"File size exceeded maximum allowed size of {self.limit} bytes."


def boundary_of(kind: str) -> bytes:
    """The boundary that a Content-Type names; empty when it is no form, or none that a parser would take."""
    message = Message()
    message["content-type"] = kind
    if message.get_content_type() != "multipart/form-data":
        return b""
    boundary = message.get_boundary("") or ""
    return boundary.encode("ascii", "ignore") if 0 < len(boundary) <= 200 else b""
