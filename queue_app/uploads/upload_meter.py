"""Counts a body while it arrives, and refuses what is too much as soon as it is: of any request, or file by file of an
upload, whose progress it tells.

It finds the parts of a form with the scanner that reads it afterwards, and so knows the size of each file while it
comes, exact to the length of a boundary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import orjson
from django.conf import settings
from django.utils.translation import gettext

from blocks_app.web.multipart import FormError, Head, Scanner, boundary_of

if TYPE_CHECKING:
    from queue_app.uploads.upload_progress import ReceivedBytes

#: Bytes that a part may have besides its content, for the length of a whole request.
SLACK = 16 * 1024


class Body:
    """One body that comes. `refused` is a sentence as soon as there is a reason; `answer` is the response then."""

    def __init__(self, length: int | None, most: int | None) -> None:
        """Start counting; refuse at once what announces too much.

        Args:
            length: the request's Content-Length, None when it does not say.
            most: most bytes of it; None for any number.
        """
        self.refused: str | None = None
        self.length = length
        self.most = most
        self.came = 0
        self.drained = 0
        self.looked = 0  # bytes that had come when somebody last looked at the disk
        self.status = 413
        if most is not None and length is not None and length > most:
            self.refuse_size(most)

    def admits(self, data: bytes) -> bool:
        """Count some bytes; False when they are too many."""
        self.feed(data)
        return self.refused is None

    def feed(self, data: bytes) -> None:
        """Some bytes have come."""
        self.came += len(data)
        if self.refused is None and self.most is not None and self.came > self.most:
            self.refuse_size(self.most)

    def refuse_size(self, most: int) -> None:
        """The body is too large."""
        self.refuse(413, gettext("The request is larger than %(most)s bytes.") % {"most": most})

    def refuse(self, status: int, detail: str) -> None:
        """Let nothing more in."""
        self.refused, self.status = detail, status

    def answer(self) -> tuple[int, str, bytes]:
        """Status, content type and body of the refusal."""
        return self.status, "application/json", orjson.dumps({"detail": self.refused})

    def close(self) -> None:
        """The request has ended."""


class UploadMeter(Body):
    """The body of an upload."""

    def __init__(self, kind: str, length: int | None, limit: int | None, progress: ReceivedBytes | None = None) -> None:
        """Start counting.

        Args:
            kind: the request's Content-Type.
            length: its Content-Length, None when it does not say.
            limit: most bytes of one file.
            progress: whom to tell.
        """
        super().__init__(length, None)
        self.limit = limit
        self.progress = progress
        boundary = boundary_of(kind)
        self._scanner = Scanner(boundary) if boundary else None
        self._size, self._name, self._is_file = 0, "", False
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        if limit is not None and most and length is not None and length > (limit + SLACK) * (most + 1):
            self._refuse_file()
        elif boundary == b"":
            self.most = SLACK  # it will be refused, but after a word that is worth reading

    def feed(self, data: bytes) -> None:
        """Some bytes have come."""
        super().feed(data)
        if self.refused is not None or self._scanner is None:
            return
        try:
            for found in self._scanner.feed(data):
                self._count(found)
        except FormError as error:
            self.refuse(400, gettext("The upload could not be read: %(error)s") % {"error": error})
        if self.progress is not None:
            self.progress.add(self._name, len(data))

    def refuse_size(self, most: int) -> None:
        """A large body that is no form."""
        self.refuse(400, "Invalid content type.")

    def close(self) -> None:
        """The upload has ended."""
        if self.progress is not None:
            self.progress.finish()

    def _count(self, found: Head | bytes) -> None:
        if isinstance(found, Head):
            self._name, self._size = unquote(found.filename or ""), 0
            if self.limit is not None and (found.length or 0) > self.limit:
                self._refuse_file()
            return
        self._size += len(found)
        if self.limit is not None and self._size > self.limit:
            self._refuse_file()

    def answer(self) -> tuple[int, str, bytes]:
        """As Gradio's clients expect it: a file that is too large is refused in plain text."""
        if self._is_file:
            return 413, "text/plain; charset=utf-8", (self.refused or "").encode()
        return super().answer()

    def _refuse_file(self) -> None:
        self._is_file = True
        self.refused = f"File size exceeded maximum allowed size of {self.limit} bytes."
