"""Asks a project's own functions, sync or async, and reads their answers so that a mistake never opens a door."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import logging
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from auth_app.databases import in_thread

log = logging.getLogger(__name__)


async def ask(
    function: Callable[..., Any], *args: Any, before_async: Callable[[], Awaitable[Any]] | None = None
) -> Any:
    """Call a function and give its answer; a sync one runs in a thread. What has to be awaited is awaited to the end.

    A coroutine is true for Python whatever it would have said, so none is ever given back. Of a generator, as other
    frameworks know for dependencies, the first value is the answer.

    Args:
        function: of any kind, wrapped or not; what it returns decides, too.
        args: what it is given.
        before_async: done before a part of it runs on the event loop.
    """
    try:
        return await _ask(function, args, before_async)
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise _Ended(type(error).__name__) from None
    except (SystemExit, KeyboardInterrupt, GeneratorExit) as error:
        raise _Ended(type(error).__name__) from None


async def _ask(
    function: Callable[..., Any], args: tuple[Any, ...], before_async: Callable[[], Awaitable[Any]] | None
) -> Any:
    if is_async(function):
        if before_async is not None:
            await before_async()
        answer = function(*args)
    else:
        answer = await in_thread(_called, function, args)
        if before_async is not None and (inspect.isawaitable(answer) or inspect.isasyncgen(answer)):
            await before_async()
    while inspect.isawaitable(answer):
        answer = await answer
    if inspect.isasyncgen(answer):
        async with contextlib.aclosing(answer) as values:
            return await anext(values, None)
    if inspect.isgenerator(answer):
        return await in_thread(_called, _first, (answer,))
    return answer


class _Ended(Exception):
    """A function of the project raised what would end the server, or never reach whoever waits for it."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"The function ended with {kind}.")


def _called(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Call it in a thread: what is no plain exception does not leave it, as a future takes it badly."""
    try:
        return function(*args)
    except BaseException as error:
        kind = type(error)
        if issubclass(kind, Exception) and not issubclass(kind, (StopIteration, StopAsyncIteration)):
            raise
        raise _Ended(kind.__name__) from None


def is_async(function: Any) -> bool:
    """Whether its own code runs on an event loop; a wrapper is not what it wraps."""
    while isinstance(function, functools.partial):
        function = function.func
    if not inspect.isroutine(function) and not inspect.isclass(function):
        function = type(function).__call__
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


def _first(values: Generator[Any, Any, Any]) -> Any:
    with contextlib.closing(values):
        return next(values, None)


def is_yes(answer: Any, function: Callable[..., Any]) -> bool:
    """Whether the answer is True. Anything that is neither True nor False counts as no and is logged."""
    if isinstance(answer, bool):
        return answer
    if type(answer).__name__ in ("bool_", "bool"):  # numpy's
        return bool(answer)
    if answer is not None:
        name = getattr(function, "__qualname__", repr(function))
        log.warning("auth.odd_answer", extra={"function": name, "answer_type": type(answer).__name__})
    return False
