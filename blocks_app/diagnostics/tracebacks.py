"""Tracebacks for whoever wrote the function: their own lines first, ours folded."""

from __future__ import annotations

import sysconfig
import traceback
from pathlib import Path
from types import TracebackType

_HERE = Path(__file__).parents[2]
_OURS = tuple(str(_HERE / app) + "/" for app in ("auth_app", "blocks_app", "queue_app"))
_PYTHON = sysconfig.get_path("stdlib") + "/"
_PACKAGES = ("/site-packages/", "/dist-packages/")


def folded(error: BaseException) -> str:
    """The traceback of an exception, and of those that led to it, as Python prints it, but for our own lines.

    Those that led to the user's first line are left out, later ones stand there without their text. Where there is no
    line of the user's, as when a value does not fit a component, everything stands there.
    """
    parsed = traceback.TracebackException(type(error), error, _traceback(error), compact=True)
    seen: set[int] = set()
    left: list[traceback.TracebackException] = [parsed]
    while left:
        each = left.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        each.stack = _folded(each.stack)
        left += [one for one in (each.__cause__, each.__context__, *(getattr(each, "exceptions", None) or ())) if one]
    return "".join(parsed.format())


def _traceback(error: BaseException) -> TracebackType | None:
    found: TracebackType | None = BaseException.__dict__["__traceback__"].__get__(error)
    return found


def _folded(stack: traceback.StackSummary) -> traceback.StackSummary:
    first = next((number for number, frame in enumerate(stack) if not _is_machinery(frame.filename)), None)
    if first is None:
        return stack
    return traceback.StackSummary.from_list([_short(frame) for frame in stack[first:]])


def _short(frame: traceback.FrameSummary) -> traceback.FrameSummary:
    if not frame.filename.startswith(_OURS):
        return frame
    name = Path(frame.filename).relative_to(_HERE)
    return traceback.FrameSummary(str(name), frame.lineno, frame.name, lookup_line=False, line="")


def _is_machinery(file: str) -> bool:
    """Whether it is ours, or Python's own, which calls on our behalf."""
    if file.startswith(_OURS) or file.startswith("<frozen "):
        return True
    return file.startswith(_PYTHON) and not any(folder in file for folder in _PACKAGES)
