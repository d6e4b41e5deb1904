"""Asks a project's own functions, sync or async, and reads their answers so that a mistake never lets somebody in.

None of their code runs on the server's loop, where it could hold everybody: not theirs, not that of what they return or
raise, which may take its time to say what it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import logging
import threading
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from auth_app.databases import in_thread
from auth_app.user_loop import elsewhere

log = logging.getLogger(__name__)

#: Seconds that a function may take to say who may enter.
PATIENCE = 60.0
#: Kinds of exceptions and of what is in them that say what they are by built-in code.
_PLAIN = frozenset((str, int, float, bool, bytes, type(None)))
_WORDS = frozenset((BaseException.__str__, OSError.__str__, KeyError.__str__, UnicodeDecodeError.__str__))
_NOBODY = "The function that decides who may enter has failed; nobody is let in."
_CHAIN = 20  # exceptions that led to one another


async def ask(
    function: Callable[..., Any], *args: Any, before_async: Callable[[], Awaitable[Any]] | None = None
) -> Any:
    """Call a function and give its answer; a sync one runs in a thread, an async one on the project's own loop.

    A coroutine is true for Python whatever it would have said, so none is ever given back. Of a generator, as other
    frameworks know for dependencies, the first value is the answer. Raises TimeoutError when none comes.

    Args:
        function: of any kind, wrapped or not; what it returns decides, too.
        args: what it is given.
        before_async: done before a part of it runs on an event loop.
    """
    try:
        async with asyncio.timeout(PATIENCE) as waiting:
            return await _ask(function, args, before_async)
    except TimeoutError:
        if not waiting.expired():
            raise
        name = _name(function)
        fields = {"action": "auth.no_answer", "function": name, "seconds": PATIENCE}
        log.error(f"{name}, which decides who may enter, does not answer; nobody is let in.", extra=fields)
        raise TimeoutError("The function that decides who may enter does not answer.") from None
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
        answer = await elsewhere(_settled(function, args))
    else:
        answer = await in_thread(_called, function, args)
        if inspect.isawaitable(answer) or inspect.isasyncgen(answer):
            if before_async is not None:
                await before_async()
            answer = await elsewhere(_settled(lambda: answer, ()))
    if inspect.isgenerator(answer):
        return await in_thread(_called, _first, (answer,))
    return answer


async def _settled(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """On the project's loop: call it, and await to the end what has to be awaited."""
    try:
        answer = function(*args)
        while inspect.isawaitable(answer):
            answer = await answer
        if inspect.isasyncgen(answer):
            async with contextlib.aclosing(answer) as values:
                answer = await anext(values, None)
        return answer
    except (SystemExit, KeyboardInterrupt, GeneratorExit) as error:
        raise _Ended(type(error).__name__) from None
    except Exception as error:
        raise _plain(error) from None


class _Failed(Exception):
    """A function of the project raised an exception that its own code describes; it is in the log."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"The function raised {kind}.")


def _plain(error: Exception) -> Exception:
    """The exception where built-in code says what it is; else one that stands for it, and it is logged in a thread."""
    link: BaseException | None = error
    for _ in range(_CHAIN):
        if link is None:
            return error
        words = type(link).__str__ in _WORDS and type(link).__repr__ is BaseException.__repr__
        if not words or any(type(each) not in _PLAIN for each in link.args):
            break
        link = link.__cause__ or link.__context__
    logged = functools.partial(log.error, _NOBODY, extra={"action": "auth.function_failed"}, exc_info=error)
    threading.Thread(target=logged, name="blocks-auth-log", daemon=True).start()
    return _Failed(type(error).__name__)


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
        if isinstance(error, Exception) and not issubclass(kind, (StopIteration, StopAsyncIteration)):
            raise _plain(error) from None
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
    if type(answer).__module__ == "numpy" and type(answer).__name__ in ("bool_", "bool"):
        return bool(answer)
    if answer is not None:
        name, kind = _name(function), type(answer).__name__
        fields = {"action": "auth.odd_answer", "function": name, "answer_type": kind}
        log.warning(f"{name} has answered a {kind} instead of True or False, which counts as False.", extra=fields)
    return False


def _name(function: Any) -> str:
    """What the log calls it."""
    return str(getattr(function, "__qualname__", type(function).__name__))
