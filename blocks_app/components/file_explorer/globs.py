"""Which names a pattern means, below the folder that an explorer shows."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from functools import cache


def matches(pattern: str, parts: Sequence[str]) -> bool:
    """Whether a pattern means the file or folder with these names from the root on.

    As in Python's glob: `*` stays within a name, `**` is any number of folders, and a name that begins with a dot is
    only meant by a pattern that says so. A pattern without a slash is about the last name, in every folder.
    """
    wanted = [each for each in pattern.split("/") if each not in ("", ".")]
    if len(wanted) == 1 and wanted != ["**"]:
        wanted = ["**", *wanted]
    return _regex(tuple(wanted)).fullmatch("".join(f"/{part}" for part in parts)) is not None


@cache
def _regex(wanted: tuple[str, ...]) -> re.Pattern[str]:
    text = ""
    for index, each in enumerate(wanted):
        if each == "**":
            text += r"(?:/[^./][^/]*)*" if index + 1 < len(wanted) else r"(?:/[^./][^/]*)+"
        else:
            text += ("/" if each.startswith(".") else r"/(?!\.)") + _one_name(each)
    return re.compile(text, re.DOTALL)


def _one_name(pattern: str) -> str:
    """A pattern for one name as a regular expression that never crosses a slash."""
    return "".join(_piece(piece) for piece in re.findall(r"\[!?\]?[^\]/]*\]|.", pattern, re.DOTALL))


def _piece(piece: str) -> str:
    if piece == "*":
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if len(piece) > 1:  # a set of characters, which fnmatch knows how to write
        return f"(?!/){fnmatch.translate(piece).removeprefix('(?s:').rpartition(')')[0]}"
    return re.escape(piece)
