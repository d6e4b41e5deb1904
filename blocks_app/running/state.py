"""What one session keeps on the server: the values of gr.State and the blocks that updates have changed."""

from __future__ import annotations

import copy
import hashlib
import time
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from blocks_app import jsonable
from blocks_app.logs import logger, quietly

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.tree.block import Block
    from blocks_app.tree.component import Component


log = logger("blocks_app.state")

_AT_ONCE = 256  # items of a list that are described in one call
_PLAIN = frozenset((str, bytes, int, float, complex, bool, type(None)))


class BuiltParts(Protocol):
    """What a session keeps of the parts of its page that were built at run time; `rendering` makes it."""

    @property
    def listened(self) -> Iterator[int]:
        """Numbers of the States to whose change one of the parts listens."""

    def find(self, number: int) -> Dependency | None:
        """The listener with this number, if its part is built."""

    def has(self, number: int) -> bool:
        """Whether the listener with this number belongs to what stands on the page now."""

    def block(self, number: int) -> Block | None:
        """The block with this number, if its part is built."""

    def rest(self) -> None:
        """Nobody looks at the page: free what can be built again when somebody does."""


class SessionState:
    """Values by component id. A value is handed out by reference: a function that changes it in place changes it."""

    __slots__ = ("assigned", "blocks", "changed", "changes", "kept", "renders", "shown", "values")

    def __init__(self) -> None:
        self.values: dict[int, Any] = {}
        #: When each value was last set by a result, by the monotonic clock.
        self.assigned: dict[int, float] = {}
        #: The options that updates have changed, by block and name; missing ones are as declared.
        self.changes: dict[int, dict[str, Any]] = {}
        #: Blocks with these options, made when they are needed.
        self.blocks: dict[int, Block] = {}
        #: Blocks that were changed here since a store has last written them.
        self.changed: set[int] = set()
        #: What a store outside of this process has of each value; only the store knows what it means.
        self.kept: dict[int, str] = {}
        #: The parts of the page that functions of gr.render have built; None until one has.
        self.renders: BuiltParts | None = None
        #: What the page shows, where links to it can be made: JSON, or a short text that is not written as JSON yet;
        #: None for what is not kept.
        self.shown: dict[int, bytes | str | None] = {}

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
        number = block._id
        current = self.blocks.get(number)
        if current is None and number in self.changes:
            try:
                current = self.blocks[number] = block.copy_with(self.changes[number])
            except Exception:  # another release of the app has written them
                quietly(log.exception, "state.options_refused", extra={"block": number})
                self.take_changes(number, None)
        return current or block

    def change(self, block: Block, changes: dict[str, Any]) -> Block:
        """Change options of a block for this session; the changed block."""
        number = block._id
        current = self.block(block).copy_with(changes)
        self.changes[number] = {**self.changes.get(number, {}), **changes}
        self.blocks[number] = current
        self.changed.add(number)
        return current

    def take_changes(self, number: int, changes: dict[str, Any] | None) -> None:
        """A block's options are changed as another process says; None: as declared."""
        self.blocks.pop(number, None)
        if changes:
            self.changes[number] = changes
        else:
            self.changes.pop(number, None)

    def reset_blocks(self, but: Collection[int]) -> None:
        """All blocks are as declared again, except those numbered `but`."""
        self.shown = {number: part for number, part in self.shown.items() if number in but}
        for number in [number for number in self.changes if number not in but]:
            self.take_changes(number, None)
            self.changed.discard(number)
            self.kept.pop(number, None)


def shown_json(shown: dict[int, bytes | str | None]) -> bytes:
    """What a page shows as one JSON object, by number of the block."""
    pairs = [b'"%d":%s' % (number, part_json(part)) for number, part in shown.items() if part is not None]
    return b"{" + b",".join(pairs) + b"}"


def part_json(part: bytes | str | None) -> bytes:
    """One of them; "" for what is not kept."""
    return part if isinstance(part, bytes) else b"" if part is None else jsonable.text(part)


def read_shown(text: bytes) -> dict[int, Any]:
    """The values that `shown_json` wrote; of an update of a component, its value."""
    found: dict[str, Any] = jsonable.loads(text)
    return {int(number): _shown(each) for number, each in found.items()}


def _shown(given: Any) -> Any:
    is_update = isinstance(given, dict) and given.get("__type__") == "update" and "value" in given
    return given["value"] if is_update else given


def fingerprint(value: Any) -> str:
    """Equal for equal numbers, strings, dicts, lists, tuples and sets, however deep; other objects by identity.

    Takes as long as the value is large, and asks objects for their `repr`: not to be called on the server's loop.
    """
    digest = hashlib.blake2b(digest_size=16)
    try:
        _feed(digest, value)
    except BaseException:  # an object in it cannot be described
        digest.update(f"object:{id(value)};".encode())
    return digest.hexdigest()


def _feed(digest: Any, value: Any) -> None:
    if isinstance(value, dict):
        digest.update(b"{%d" % len(value))
        keys = sorted(value, key=repr)
        _feed_all(digest, keys)
        _feed_all(digest, [value[key] for key in keys])
    elif isinstance(value, (list, tuple)):
        digest.update(b"[%d" % len(value))
        _feed_all(digest, value)
    elif isinstance(value, (set, frozenset)):
        digest.update(b"<%d" % len(value))
        for text in sorted(fingerprint(item) for item in value):
            digest.update(text.encode())
    elif isinstance(value, (str, bytes, int, float, complex, type(None))):
        digest.update(f"{type(value).__name__}:{value!r};".encode())
    else:
        digest.update(f"object:{id(value)};".encode())


def _feed_all(digest: Any, items: list[Any] | tuple[Any, ...]) -> None:
    """Feed items: many at once where all are plain, as their `repr` tells kind and value of each."""
    for start in range(0, len(items), _AT_ONCE):
        some = list(items[start : start + _AT_ONCE])
        if _PLAIN.issuperset(map(type, some)):
            digest.update(repr(some).encode())
        else:
            for item in some:
                _feed(digest, item)
