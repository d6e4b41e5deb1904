"""Names and places of files: under which name one is stored, and which of the server's own may be handed out."""

from __future__ import annotations

import os
import re
import stat
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from blocks_app import conf
from blocks_app.exceptions import BlocksError

#: Longest stored name in bytes; file systems stop at 255.
LONGEST_NAME = 200

_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$|clock\$)(\..*)?$", re.IGNORECASE)
_FILE_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_FILE_PATH = re.compile(r"(?P<id>[A-Za-z0-9_-]{22})/(?P<name>[^/\\\x00-\x1f]{1,255})")


class InvalidPathError(BlocksError, ValueError):
    """A function returned a file that may not be handed out."""


def base_name(name: str) -> str:
    """The last segment of a name that a client sent, whichever system's slashes it uses, without control characters."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/")).rsplit("/", 1)[-1]
    return _shorten("".join(c for c in last if c.isprintable()), 255)


def safe_name(name: str) -> str:
    """A name that is harmless on every file system and in an address: letters, digits, ``.``, ``_``, ``-`` and blanks.

    Never empty, hidden, a device of Windows, or longer than `LONGEST_NAME` bytes; the suffix is kept when it is cut.
    """
    kept = "".join(c for c in base_name(name) if c.isalnum() or c in "._- ").strip(". ")
    if not kept:
        return "file"
    if _DEVICES.match(kept):
        kept = f"_{kept}"
    return _shorten(kept, LONGEST_NAME).strip(". ")


def _shorten(name: str, length: int) -> str:
    """At most so many bytes of UTF-8; the stem is cut, a suffix of sensible length stays."""
    if len(name.encode()) <= length:
        return name
    suffix = PurePosixPath(name).suffix.encode()
    suffix = suffix if len(suffix) <= 40 else b""
    return (name.encode()[: length - len(suffix)] + suffix).decode(errors="ignore")


def split_file_path(text: object) -> tuple[str, str] | None:
    """Id and name of a file as they travel, `<id>/<name>`; None for everything else, without a look at a disk."""
    match = _FILE_PATH.fullmatch(text) if isinstance(text, str) else None
    return (match["id"], match["name"]) if match else None


def is_file_id(text: str) -> bool:
    """Whether a text is written like the id of a stored file."""
    return _FILE_ID.fullmatch(text) is not None


def is_web_address(text: object) -> bool:
    """Whether a value is an http(s) address, which the server shows but never fetches."""
    return isinstance(text, str) and re.match(r"https?://", text, re.IGNORECASE) is not None


def check_path(
    path: str | os.PathLike[str], allowed: Iterable[str | Path] = (), blocked: Iterable[str | Path] = ()
) -> Path:
    """The real path of a file that a function returned, if it may be handed out.

    It may when it lies, links resolved, in the working folder (no part of it hidden), in the temporary folder or in
    one of `allowed`, and in none of `blocked`. The site's own database and settings must be allowed by name.

    Raises:
        InvalidPathError: it may not, or it is no file.
    """
    text = os.fspath(path)
    if not text or "\0" in text or text.startswith(("//", "\\\\")):
        raise InvalidPathError(f"{text!r} is not the path of a file.")
    try:
        real = _real(text)
    except (OSError, RuntimeError, UnicodeError) as error:  # half of a character, links that lead in a circle
        raise InvalidPathError(f"{text[:60]!r} is not the path of a file.") from error
    served = _is_ours(real) and real not in conf.private_files()
    if _inside_any(real, blocked) or not (_inside_any(real, allowed) or served):
        raise InvalidPathError(
            f"The file {text[:200]!r} may not be handed out: it is neither in the working folder (hidden files are "
            "never served) nor in the temporary folder nor in allowed_paths, or it is in blocked_paths or the site's "
            "own. Write it to one of these, or add its folder to launch(allowed_paths=[...])."
        )
    if not _is_file(real):
        raise InvalidPathError(f"There is no file {text[:200]!r}. A function returns the path of a file that exists.")
    return real


def _is_file(real: Path) -> bool:
    """Whether it is one; a name that no file system can hold is none, and a text of any length may come as a path."""
    try:
        return real.is_file()
    except OSError:
        return False


def _is_ours(real: Path) -> bool:
    """In the working folder without a hidden part, or in the temporary one; the deeper of the two decides."""
    working, temporary = _real(Path.cwd()), _real(tempfile.gettempdir())
    in_temporary = real.is_relative_to(temporary)
    in_working = real.is_relative_to(working) and working != Path(working.anchor)
    if in_working and not (in_temporary and temporary.is_relative_to(working)):
        return not any(part.startswith(".") for part in real.relative_to(working).parts)
    return in_temporary


def _inside_any(real: Path, folders: Iterable[str | Path]) -> bool:
    return any(real.is_relative_to(_real(folder)) for folder in folders)


def _real(path: str | os.PathLike[str]) -> Path:
    return Path(path).resolve()


def open_plain(real: Path) -> BinaryIO:
    """Open a checked file for reading, unless it has become a link or something else in the meantime.

    Raises:
        InvalidPathError: it is no regular file any more.
    """
    try:
        number = os.open(real, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise InvalidPathError(f"The file {real.name!r} cannot be read: {error.strerror}.") from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise InvalidPathError(f"{real.name!r} is not a regular file.")
    return os.fdopen(number, "rb")
