"""Where a new block goes: the Blocks and the container that are open right now.

The two variables follow the thread or task that declares the page; `building` is False while a user's function runs for
an event, when constructors only record their arguments.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blocks_app.blocks import Blocks
    from blocks_app.container import Container

root: ContextVar[Blocks | None] = ContextVar("blocks_root", default=None)
parent: ContextVar[Container | None] = ContextVar("blocks_parent", default=None)
in_event: ContextVar[bool] = ContextVar("blocks_in_event", default=False)

# Blocks made outside any app are numbered here until they are rendered in one, which then numbers its own from 0 on.
loose_ids = itertools.count(1_000_000)


@contextmanager
def running_event() -> Iterator[None]:
    """While a user's function runs: a component that it makes is an update, not a part of the page."""
    token = in_event.set(True)
    try:
        yield
    finally:
        in_event.reset(token)
