"""Files that are served where they lie: those of `gr.set_static_paths` and of a mount's `allowed_paths`.

Only here can an address name a path of the server, and only one that the app's author has opened to everybody who may
use the app. Nothing is looked up on the disk before the path, as it is written, is inside one of those.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from blocks_app.exceptions import DeclarationError

_static: tuple[Path, ...] = ()


class NotServed(Exception):
    """The path is not open to visitors."""


def set_static_paths(paths: Sequence[str | os.PathLike[str]] | str | os.PathLike[str]) -> None:
    """Serve files and folders where they lie, to every visitor of every app of this process.

    A function that returns such a file gives its address: nothing is copied. Each call replaces the list of before.
    Hidden files in the folders are not served.

    Args:
        paths: files and folders; an empty list serves none any more.

    Raises:
        DeclarationError: one of them does not exist.
    """
    global _static
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    for each in given:
        if not Path(each).exists():
            raise DeclarationError(f"set_static_paths: there is no file or folder {os.fspath(each)!r}.")
    _static = tuple(Path(each).resolve() for each in given)


def static_paths() -> tuple[Path, ...]:
    """What `set_static_paths` opened."""
    return _static


def is_absolute(text: object) -> bool:
    """Whether a text is written like the absolute path of a file here; without a look at a disk."""
    if not isinstance(text, str) or not text.startswith("/") or text.startswith("//"):
        return False
    return not any(c == "\\" or c < " " for c in text) and len(text) <= 4096


def opened(text: str, allowed: Iterable[str | Path], blocked: Iterable[str | Path]) -> Path:
    """The real path that an address names, when it is open: inside `allowed` or a static path, not inside `blocked`.

    It need not exist. Raises NotServed for every other, whether it exists or not.
    """
    written = Path(os.path.normpath(text))
    roots = [Path(os.path.normpath(Path.cwd() / each)) for each in allowed]  # as written, links unresolved
    roots = [*roots, *(root.resolve() for root in roots), *_static]
    if not is_absolute(text) or not any(written.is_relative_to(root) for root in roots):
        raise NotServed
    real = written.resolve()
    real_roots = {root.resolve() for root in roots}
    holders = [root for root in real_roots if real.is_relative_to(root)]
    if not holders or any(real.is_relative_to(Path(each).resolve()) for each in blocked):
        raise NotServed
    if all(_is_hidden(real.relative_to(root)) for root in holders):
        raise NotServed
    return real


def is_static(real: Path, blocked: Iterable[str | Path] = ()) -> bool:
    """Whether a real path is served in place to everybody."""
    if not _static or not any(real.is_relative_to(root) and not _is_hidden(real.relative_to(root)) for root in _static):
        return False
    return not any(real.is_relative_to(Path(each).resolve()) for each in blocked)


def _is_hidden(inside: Path) -> bool:
    return any(part.startswith(".") for part in inside.parts)
