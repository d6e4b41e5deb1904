"""Where a whole app is shown inside another one."""

from __future__ import annotations

from collections.abc import Callable

from blocks_app.blocks import Blocks
from blocks_app.tree import context
from blocks_app.tree.block import Block


def place(page: Blocks, render: Callable[[], Block]) -> Block:
    """Show `page` where the declaration stands: one that was declared on this very page moves, else `render` places it.

    An app in one line declares itself with `with`, so on a page that is open it stands there at once.
    """
    root, container = context.root.get(), context.parent.get()
    if root is None or container is None or page.parent is None or root.blocks.get(page._id) is not page:
        return render()
    page.parent.children.remove(page)
    container.add(page)
    return page
