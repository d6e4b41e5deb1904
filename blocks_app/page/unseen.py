"""Which blocks nobody sees before the visitor does something: they stand in closed tabs, or are not visible.

The page is usable before the modules of these have come: it gives each a stand-in (frontend/deferred.ts). Left out is
what must be there though nobody sees it: layouts, which their content stands in; blocks that act unseen; elements of
other packages, of which nobody knows what they do; and what travels with the core anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from blocks_app.tree.block import Block
from blocks_app.tree.container import Container

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage


def unseen(blocks: DeclaredPage, config: dict[str, Any], at_once: str) -> list[int]:
    """The numbers of blocks whose elements may come later.

    Args:
        blocks: the page.
        config: its config.
        at_once: the address of the module that comes in any case.
    """
    modules = {each["id"]: each["module"] for each in config["components"]}
    core = at_once.rpartition("/")[0]
    return [
        block._id
        for block in _closed(blocks, seen=True)
        if not block.acts_unseen()
        and (module := modules.get(block._id))
        and module != at_once
        and module.rpartition("/")[0] == core
    ]


def _closed(container: Container, *, seen: bool) -> Iterator[Block]:
    """The blocks in it, layouts left out, that nobody sees."""
    opened = {child._id for child in container.open_children()} if seen else set()
    for child in container.children:
        visible = child._id in opened and child.visible is not False and child.visible != "hidden"
        if isinstance(child, Container):
            yield from _closed(child, seen=visible)
        elif not visible:
            yield child
