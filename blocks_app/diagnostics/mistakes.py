"""Mistakes in an app's own source, told where they were made: the name that was meant, and the line of the user's."""

from __future__ import annotations

import difflib
import inspect
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from functools import partial
from types import CodeType, FrameType, FunctionType
from typing import Any, NamedTuple

#: Packages whose lines are never the user's.
OURS = frozenset({"auth_app", "blocks_app", "queue_app", "blocks_client"})
#: What runs functions, and imports files, for anybody: never the user's either.
_MACHINERY = frozenset(
    {"asgiref", "asyncio", "concurrent", "contextlib", "django", "functools", "importlib", "threading"}
)
#: The user's function whose result is being made into what the page gets.
answered: ContextVar[Callable[..., Any] | None] = ContextVar("blocks_answered", default=None)


class SourceLine(NamedTuple):
    """A line of the user's source, as a warning names it."""

    file: str
    line: int
    module: str
    registry: dict[str | tuple[str, type[Warning], int], int]


def meant(name: str, known: Iterable[str]) -> str:
    """What follows "There is no such name": the one that was probably meant, else all of them."""
    near = difflib.get_close_matches(name, names := sorted(known), 1)
    return f" Did you mean {near[0]!r}?" if near else f" It takes: {', '.join(names)}."


def place() -> SourceLine:
    """The line of the user's that is being executed; where there is none, that of their function that is answered for.

    In a thread of ours that answers for none it is that of the caller.
    """
    caller = sys._getframe(1)
    while caller.f_back is not None and caller.f_globals.get("__name__") == __name__:
        caller = caller.f_back
    found = next((frame for frame in _up(caller) if not _is_of(frame, OURS | _MACHINERY)), None)
    code, line, space = _answered() if found is None else (found.f_code, found.f_lineno, found.f_globals)
    if code is None:
        code, line, space = caller.f_code, caller.f_lineno, caller.f_globals
    registry = space.setdefault("__warningregistry__", {})
    return SourceLine(code.co_filename, line, str(space.get("__name__", "<unknown>")), registry)


def warn(text: str, category: type[Warning] = UserWarning, at: SourceLine | None = None) -> None:
    """Warn as `warnings.warn` does, naming the line of the user's: that of `at`, else the one that is executed now."""
    file, line, module, registry = at or place()
    warnings.warn_explicit(text, category, file, line, module, registry)


def _answered() -> tuple[CodeType | None, int, dict[str, Any]]:
    fn = answered.get()
    fn = inspect.unwrap(fn.func if isinstance(fn, partial) else fn) if fn is not None else None
    fn = getattr(fn, "__func__", fn)  # of a method
    if isinstance(fn, FunctionType) and fn.__module__.partition(".")[0] not in OURS:
        return fn.__code__, fn.__code__.co_firstlineno, fn.__globals__
    return None, 0, {}


def _up(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _is_of(frame: FrameType, packages: frozenset[str]) -> bool:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] in packages
