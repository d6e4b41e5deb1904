"""The Range header of RFC 9110, for one range of bytes."""

from __future__ import annotations

import re

_SINGLE = re.compile(r"bytes\s*=\s*(\d{0,19})\s*-\s*(\d{0,19})\s*", re.ASCII | re.IGNORECASE)


class UnsatisfiableRange(Exception):
    """No byte of the file is in the wanted range: answer 416."""


def wanted_range(header: str | None, size: int, is_current: bool = True) -> tuple[int, int]:
    """First byte and number of bytes to send.

    The whole file for no header, one that is malformed or asks for several ranges (all of which RFC 9110 lets a server
    ignore), or when `is_current` says that the client's copy is of another file.

    Raises:
        UnsatisfiableRange: the range lies behind the end.
    """
    match = _SINGLE.fullmatch(header.strip()) if header and is_current else None
    if match is None or match.group(1) == match.group(2) == "":
        return 0, size
    start, end = match.groups()
    if not start:
        length = min(int(end), size)
        if length == 0:
            raise UnsatisfiableRange
        return size - length, length
    first, last = int(start), int(end) if end else size - 1
    if end and last < first:
        return 0, size
    if first >= size:
        raise UnsatisfiableRange
    return first, min(last, size - 1) - first + 1
