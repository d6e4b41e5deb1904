"""What a user's function is: plain, async, a generator or both; and what a call of it gives back.

A function is judged by its own code. `functools.wraps` and its like copy names, annotations and `__wrapped__` of
another function, which may be of another kind, so none of these says how to call it. What no look at a function can
tell (a plain wrapper that returns the coroutine of another) is told by what the call returns.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import types
from collections.abc import AsyncIterator, Callable, Generator
from typing import Any

from asgiref.sync import iscoroutinefunction

_MOST = 100  # wrappers around one another
#: Of most results one look at the kind tells that they are values.
_PLAIN = frozenset((str, int, float, bool, type(None), list, dict, tuple, bytes))


def body_of(fn: Any) -> Any:
    """The function whose code a call of `fn` begins with: behind partials, methods, `__call__`; not `__wrapped__`."""
    for _ in range(_MOST):
        if isinstance(fn, functools.partial):
            fn = fn.func
        elif inspect.ismethod(fn) or isinstance(fn, (staticmethod, classmethod)):
            fn = fn.__func__
        elif is_function(fn) or inspect.isclass(fn) or inspect.isbuiltin(fn):
            return fn
        else:
            call = inspect.getattr_static(type(fn), "__call__", None)
            if not isinstance(call, (staticmethod, classmethod, functools.partial)) and not is_function(call):
                return fn
            fn = call
    return fn


def is_function(fn: Any) -> bool:
    """Whether it is a function itself: a proxy says that its class is that of what it wraps."""
    return issubclass(type(fn), types.FunctionType)


def kind_of(fn: Callable[..., Any]) -> tuple[bool, bool]:
    """Whether a call has to be made where async code runs, and whether it answers in steps."""
    body = body_of(fn)
    if not is_function(body):
        return _is_marked(fn), False
    if inspect.isasyncgenfunction(body):
        return True, True
    if inspect.isgeneratorfunction(body):
        # a generator of `types.coroutine` is awaited, not read
        waited = bool(body.__code__.co_flags & inspect.CO_ITERABLE_COROUTINE)
        return waited, not waited
    return inspect.iscoroutinefunction(body) or _is_marked(fn), False


def _is_marked(fn: Any) -> bool:
    """Whether it was marked as async (`inspect.markcoroutinefunction`), not by copying from what it wraps."""
    return iscoroutinefunction(fn) and not iscoroutinefunction(getattr(fn, "__wrapped__", None))


def is_awaitable(result: Any) -> bool:
    """Whether it can be awaited; asked of what calls return, most of which is plain."""
    return type(result) not in _PLAIN and inspect.isawaitable(result)


def is_unfinished(result: Any) -> bool:
    """Whether what a call returned is no value yet: it has to be awaited, or read step by step."""
    if type(result) in _PLAIN:
        return False
    return inspect.isawaitable(result) or isinstance(result, (Generator, AsyncIterator))


def waited_for(result: Any) -> Any:
    """What comes of a call that was made in a thread, when nothing else is to be done with it."""
    if not inspect.isawaitable(result):
        dismiss(result)
        return result

    async def wait() -> Any:
        return await result

    return asyncio.run(wait())


def dismiss(result: Any) -> None:
    """Close what a call returned and nobody will run."""
    if inspect.iscoroutine(result) or inspect.isgenerator(result):
        result.close()
