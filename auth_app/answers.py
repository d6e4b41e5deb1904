"""Asks a project's own functions, sync or async, and reads their answers so that a mistake never opens a door."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async

log = logging.getLogger(__name__)


async def ask(function: Callable[..., Any], *args: Any) -> Any:
    """Call a function and give its answer; a sync one runs in a thread. What has to be awaited is awaited to the end.

    A coroutine is true for Python whatever it would have said, so none is ever given back.
    """
    if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None)):  # noqa: B004
        answer = await function(*args)
    else:
        answer = await sync_to_async(function, thread_sensitive=False)(*args)
    while inspect.isawaitable(answer):
        answer = await answer
    return answer


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
