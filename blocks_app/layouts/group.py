"""Group: blocks that look like one."""

from __future__ import annotations

from typing import Unpack

from blocks_app.options import BlockOptions
from blocks_app.tree.container import Container


class Group(Container):
    """Puts its children into one frame without gaps or round corners between them."""

    def __init__(self, **options: Unpack[BlockOptions]) -> None:
        super().__init__(**options)
