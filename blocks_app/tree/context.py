"""Where a new block goes: the Blocks and the container that are open right now.

The two variables follow the thread or task that declares the page; `building` is False while a user's function runs for
an event, when constructors only record their arguments.
"""

from __future__ import annotations

import itertools
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from typing import Any

    from blocks_app.tree.block import Block
    from blocks_app.tree.container import Container


class Root(Protocol):
    """What new blocks belong to: a page, or a part of one that is made at run time.

    It takes listeners, too; what they need of it says `blocks_app.listeners.dependency.ListeningRoot`.
    """

    blocks: dict[int, Block]

    @property
    def page(self) -> Any:
        """The Blocks of the page."""

    def next_id(self) -> int:
        """A number for a block, or for anything that needs one of its own."""

    def number_for(self, block: Block) -> int:
        """A number for this new block."""

    def adopt(self, block: Block) -> Block:
        """Register a block; returns the one that stands for it in this tree."""


class RenderNumber(NamedTuple):
    """What tells a part that is made at run time from the others.

    Attributes:
        number: its `render_id`.
        space: which range its blocks and listeners are numbered in: one for each such part of the page itself.
        parent: the `render_id` of the part in which it was declared; None for the page itself.
    """

    number: int
    space: int
    parent: int | None = None


root: ContextVar[Root | None] = ContextVar("blocks_root", default=None)
parent: ContextVar[Container | None] = ContextVar("blocks_parent", default=None)
in_event: ContextVar[bool] = ContextVar("blocks_in_event", default=False)
#: The block of which a copy is being made: functions that make values have been asked for it already.
copied: ContextVar[Block | None] = ContextVar("blocks_copied", default=None)
#: What components keep from one value of a call to its next; None outside of a call.
memory: ContextVar[dict[Block, Any] | None] = ContextVar("blocks_memory", default=None)
#: True while a part of the page that stands in the browser is built again here: nobody will see its values.
rebuilding: ContextVar[bool] = ContextVar("blocks_rebuilding", default=False)

# Blocks made outside any app are numbered here until they are rendered in one, which then numbers its own from 0 on.
_LOOSE = range(1_000_000, 100_000_000)
loose_ids = itertools.count(_LOOSE.start)


def is_loose(number: int) -> bool:
    """Whether a block with this number stands in no app."""
    return number in _LOOSE
