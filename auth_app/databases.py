"""Look-ups outside of Django's own requests: they give their database connections back, as a request does at its end.

What is left open in a thread that lives on is one connection less for everybody else, and once the database was
restarted it fails whoever comes next.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from asgiref.sync import sync_to_async
from django.db import Error, connections

T = TypeVar("T")

#: Awaited after a look-up by async code, whose connections are in a thread that asgiref chose: gives them back.
after: list[Callable[[], Awaitable[None]]] = []


@contextlib.asynccontextmanager
async def looking_up() -> AsyncIterator[None]:
    """While somebody is looked up, perhaps in the database."""
    try:
        yield
    finally:
        for release in after:
            await release()


async def in_thread(work: Callable[..., T], *args: object) -> T:
    """Do blocking work of a project in one of many threads."""
    return await sync_to_async(_released, thread_sensitive=False)(work, *args)


def _released(work: Callable[..., T], *args: object) -> T:
    try:
        return work(*args)
    finally:
        for connection in connections.all(initialized_only=True):
            if not connection.in_atomic_block:
                with contextlib.suppress(Error):  # there is nothing to lose
                    connection.close()
