"""What one session keeps on the server: the values of gr.State and the blocks that updates have changed."""

from __future__ import annotations

import copy
import hashlib
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from blocks_app.block import Block
    from blocks_app.component import Component


class SessionState:
    """Values by component id. A value is handed out by reference: a function that changes it in place changes it."""

    __slots__ = ("assigned", "blocks", "kept", "values")

    def __init__(self) -> None:
        self.values: dict[int, Any] = {}
        #: When each value was last set by a result, by the monotonic clock.
        self.assigned: dict[int, float] = {}
        #: Blocks as updates have left them, by id; missing ones are as declared.
        self.blocks: dict[int, Block] = {}
        #: What a store outside of this process has of each value; only the store knows what it means.
        self.kept: dict[int, str] = {}

    def get(self, component: Component) -> Any:
        """The session's value of a State; a deep copy of its initial value the first time."""
        number = component._id
        if number not in self.values:
            self.values[number] = copy.deepcopy(component.value)
        return self.values[number]

    def set(self, component: Component, value: Any) -> None:
        """Store what a function returned for a State."""
        self.values[component._id] = value
        self.assigned[component._id] = time.monotonic()

    def drop(self, component: Component) -> Any:
        """Forget a value and return it; the next use starts from the initial value."""
        self.assigned.pop(component._id, None)
        return self.values.pop(component._id, None)

    def block(self, block: Block) -> Block:
        """The block as this session sees it."""
        return self.blocks.get(block._id, block)


def fingerprint(value: Any) -> str:
    """Equal for equal numbers, strings, dicts, lists, tuples and sets, however deep; other objects by identity."""
    digest = hashlib.blake2b(digest_size=16)
    _feed(digest, value)
    return digest.hexdigest()


def _feed(digest: Any, value: Any) -> None:
    if isinstance(value, dict):
        digest.update(b"{%d" % len(value))
        for key in sorted(value, key=repr):
            _feed(digest, key)
            _feed(digest, value[key])
    elif isinstance(value, (list, tuple)):
        digest.update(b"[%d" % len(value))
        for item in value:
            _feed(digest, item)
    elif isinstance(value, (set, frozenset)):
        digest.update(b"<%d" % len(value))
        for text in sorted(fingerprint(item) for item in value):
            digest.update(text.encode())
    elif isinstance(value, (str, bytes, int, float, complex, type(None))):
        digest.update(f"{type(value).__name__}:{value!r};".encode())
    else:
        digest.update(f"object:{id(value)};".encode())
