"""A slot is a lease: `time_limit=` on a listener ends a run that takes too long."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from blocks_app.exceptions import Error

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency

T = TypeVar("T")


def overdue(dependency: Dependency, limit: float) -> Error:
    """What the visitor is told when the time is over."""
    text = f"{dependency.name} took longer than its time limit of {limit:g} s and was stopped."
    return Error(text, print_exception=False)


async def within(dependency: Dependency, run: Coroutine[Any, Any, T]) -> T:
    """What a run gives; raises Error when it takes longer than its listener allows."""
    limit = dependency.time_limit
    if limit is None:
        return await run
    try:
        async with asyncio.timeout(limit) as lease:
            return await run
    except TimeoutError:
        if not lease.expired():  # one of the function's own
            raise
        raise overdue(dependency, limit) from None
