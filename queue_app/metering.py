"""Counts an upload while it arrives: refuses a file at the limit instead of after it, and tells how far it has come.

The count is a little generous (a part's headers count as well); the parser that follows is exact.
"""

from __future__ import annotations

import re
from email.message import Message
from typing import TYPE_CHECKING
from urllib.parse import unquote

from django.conf import settings

if TYPE_CHECKING:
    from queue_app.progress import Progress

#: Bytes that a part may have besides its content.
SLACK = 16 * 1024
_HEAD = 4096
_NAME = re.compile(rb'filename="((?:[^"\\\r\n]|\\.){0,1000})"')


class Meter:
    """One upload. `refused` is the sentence for a 413 as soon as there is a reason."""

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
        self.drained = 0
        self._tail = b""
        self._head: bytes | None = None
        self._name = ""
        self._part = 0
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        if limit is not None and length is not None and most and length > (limit + SLACK) * (most + 1):
            self._refuse()

    def admits(self, data: bytes) -> bool:
        """Count some bytes; False when they are too many."""
        self.feed(data)
        return self.refused is None

    def feed(self, data: bytes) -> None:
        """Some bytes have come. Looks only for where parts begin."""
        if self.refused is not None or self.delimiter is None:
            return
        window = self._tail + data
        found = window.rfind(self.delimiter)
        if found < 0:
            self._part += len(data)
            if self._head is not None:
                self._read_head(self._head + data)
        else:
            self._largest(window, found)
            self._part = len(window) - found
            self._read_head(window[found : found + _HEAD])
        keep = len(self.delimiter) - 1
        self._tail = window[max(len(window) - keep, found + len(self.delimiter) if found >= 0 else 0) :]
        if self.limit is not None and self._part > self.limit + SLACK:
            self._refuse()
        if self.progress is not None:
            self.progress.add(self._name, len(data))

    def close(self) -> None:
        """The upload has ended."""
        if self.progress is not None:
            self.progress.finish()

    def _largest(self, window: bytes, last: int) -> None:
        """The part that ends at the first delimiter in the window."""
        assert self.delimiter is not None
        first = window.find(self.delimiter, 0, last + len(self.delimiter))
        if self.limit is not None and self._part + first - len(self._tail) > self.limit + SLACK:
            self._refuse()

    def _read_head(self, head: bytes) -> None:
        """Find the file's name once the part's headers are here."""
        whole = b"\r\n\r\n" in head or len(head) >= _HEAD
        self._head = None if whole else head
        name = _NAME.search(head[:_HEAD]) if whole else None
        if name is not None:
            self._name = unquote(name[1].decode("utf-8", "replace"))

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
