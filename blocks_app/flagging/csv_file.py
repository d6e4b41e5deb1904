"""A CSV file to which threads and processes append at the same moment, whole rows or none."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: the threads of one process still wait for each other
    fcntl = None  # type: ignore[assignment]

_AT_ONCE = 1 << 20
_threads = threading.Lock()


class OtherHeader(Exception):
    """The file has other columns."""


class CsvFile:
    """One file. It counts its rows once, and then those that are added."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known = 0, 0  # bytes, and the rows that they are

    def append(self, cells: Sequence[str], header: Sequence[str] | None = None, strict: bool = False) -> int:
        """Add a row, to a new file its header first. How many rows there are then, without one for the header.

        Raises:
            OtherHeader: the file has another header, and `strict` asks for this one.
            OSError: the row could not be written; nothing of it is left in the file.
        """
        with self._alone() as file:
            size = file.seek(0, os.SEEK_END)
            text = _line(cells)
            if size == 0 and header is not None:
                text = _line(header) + text
            elif size and strict and header is not None and first_row(file) != list(header):
                raise OtherHeader
            if size and not _ends_a_line(file, size):
                text = b"\r\n" + text
            self._write(file, size, text)
            known, count = self._known if self._known[0] == size else (0, 0)
            file.seek(known)
            count += rows_in(lambda: file.read(_AT_ONCE))
            self._known = size + len(text), count
            return count - 1

    @contextlib.contextmanager
    def _alone(self) -> Iterator[io.FileIO]:
        """The file, while nobody else has it so."""
        with _threads, self.path.open("ab+", buffering=0) as file:
            if fcntl is not None:
                with contextlib.suppress(OSError):  # a file system of another machine may know no locks
                    fcntl.flock(file, fcntl.LOCK_EX)
            yield file  # closing it gives it back

    @staticmethod
    def _write(file: io.FileIO, size: int, text: bytes) -> None:
        try:
            rest = memoryview(text)
            while rest:
                rest = rest[file.write(rest) or 0 :]
        except OSError:
            file.truncate(size)
            raise


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def _ends_a_line(file: io.FileIO, size: int) -> bool:
    file.seek(size - 1)
    return file.read(1) in (b"\n", b"\r")


def first_row(file: io.FileIO) -> list[str] | None:
    """The header of a file; None for an empty one."""
    file.seek(0)
    reader = io.TextIOWrapper(io.BufferedReader(_Kept(file)), "utf-8", errors="replace", newline="")
    try:
        return next(csv.reader(reader), None)
    except csv.Error:
        return []


class _Kept(io.RawIOBase):
    """A file that stays open when its reader is gone."""

    def __init__(self, file: io.FileIO) -> None:
        super().__init__()
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        return self._file.readinto(buffer) or 0  # type: ignore[arg-type]


def rows_in(read: Callable[[], bytes]) -> int:
    """How many rows there are in a file, however long a cell is: an end of line within quotes ends none."""
    count, quotes, rest = 0, 0, b""
    while piece := read():
        lines = (rest + piece).split(b"\n")
        rest = lines.pop()
        for line in lines:
            quotes += line.count(b'"')
            count += quotes % 2 == 0
    return count + bool(rest)
