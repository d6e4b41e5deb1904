"""Open pages of an app of which a newer version runs beside this one: each is told when nothing of it is under way.

A page that starts something meanwhile is told after that has ended. From then on it asks its visitor to load it again,
which brings it to the newer version; what was put in stays there until then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from queue_app.signals import AppRenewed, app_renewed
from queue_app.tasks import TaskGroup

_tasks = TaskGroup("pages that are told of a newer version")


class OpenPage(Protocol):
    """A page that can be told."""

    async def renewed(self, revision: str) -> None:
        """There is a version with this revision: said now, unless something is under way."""


_open: dict[tuple[asyncio.AbstractEventLoop, str], set[OpenPage]] = {}


@contextmanager
def entered(mount: str, page: OpenPage) -> Iterator[None]:
    """While inside, a page of an app listens on the running loop."""
    app_renewed.connect(_renewed)
    key = asyncio.get_running_loop(), mount
    pages = _open.setdefault(key, set())
    pages.add(page)
    try:
        yield
    finally:
        pages.discard(page)
        if not pages and _open.get(key) is pages:
            del _open[key]


def _renewed(what: AppRenewed) -> None:
    """Called on the loop of the app's engine."""
    pages = _open.get((asyncio.get_running_loop(), what.mount))
    if pages:
        _tasks.start(_pass_on(list(pages), what.revision))


async def _pass_on(pages: list[OpenPage], revision: str) -> None:
    for each in pages:
        try:
            await each.renewed(revision)
        except Exception:  # it is just leaving, or what the queue is kept in does not answer: it is told the next time
            continue
        await asyncio.sleep(0)  # there may be thousands, each of which asks for its session
