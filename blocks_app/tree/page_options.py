"""The arguments of `Blocks(...)`: texts that may be files, pairs, and who declared the page."""

from __future__ import annotations

import os
import re
import sys
import types
from pathlib import Path
from typing import Any

from blocks_app.exceptions import DeclarationError


def text_or_file(given: str | Path | None) -> str | None:
    """The text itself, or the contents of the file when it names one."""
    if given is None:
        return None
    if isinstance(given, Path):
        return given.read_text(encoding="utf-8")
    looks_like_path = len(given) < 1024 and "\n" not in given and "\0" not in given and "{" not in given
    if looks_like_path and Path(given).is_file():
        return Path(given).read_text(encoding="utf-8")
    return given


def analytics(given: bool | None) -> bool:
    """The argument, else GRADIO_ANALYTICS_ENABLED, of which only the exact text `True` enables."""
    return given if given is not None else os.environ.get("GRADIO_ANALYTICS_ENABLED", "True") == "True"


def delete_cache_pair(given: Any) -> tuple[int, int] | None:
    """Check (frequency, age)."""
    if given is None:
        return None
    if not isinstance(given, (tuple, list)) or len(given) != 2 or not all(isinstance(n, (int, float)) for n in given):
        raise DeclarationError(f"delete_cache must be (frequency, age) in seconds, not {given!r}.")
    return (given[0], given[1])


def caller_module() -> str:
    """Name of the module that declares the page, so that every process finds it under the same key."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None and f"{frame.f_globals.get('__name__', '')}.".startswith("blocks_app."):
        frame = frame.f_back
    name = frame.f_globals.get("__name__", "blocks") if frame is not None else "blocks"
    return re.sub(r"\W+", "-", name).strip("-") or "blocks"
