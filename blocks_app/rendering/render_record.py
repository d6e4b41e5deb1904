"""SubTree: what a function of gr.render builds into, in the place of the page.

Its blocks and listeners have numbers that no page and no other part of the same session uses, and that are never given
twice. Built again from the same record it gets the same numbers, so that any process can build it again.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import CellType
from typing import TYPE_CHECKING, Any, Self

from blocks_app.declaration.pages import both
from blocks_app.declaration.placing import Unplaced, unplaced, warn_of_unplaced
from blocks_app.exceptions import DeclarationError, DuplicateBlockError
from blocks_app.functions.kinds import body_of
from blocks_app.functions.naming import FunctionKey, FunctionKeys, is_of_its_module, name_of
from blocks_app.listeners import loading
from blocks_app.listeners.dependency import Dependency, free_name
from blocks_app.tree import context
from blocks_app.tree.block import Block
from blocks_app.tree.container import Container

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage

FIRST = 100_000_000  # far above the numbers of any page
PART = "part "  # how the scope of functions that one run has made begins
SPAN = 1_000_000  # numbers of one part of the page, in turn; then they start anew


@dataclass(slots=True)
class Record:
    """What it takes to build a part again, as data; never changed once it is complete.

    Attributes:
        at: which part it is.
        first, last: how many numbers its space had given out before and afterwards.
        data: wire values of the function's inputs.
        states: values of those inputs that are State, by number.
        before, after: numbers of blocks and parts with a key that stood there before, and afterwards.
        shape: a fingerprint of what was built.
        listened: numbers of the States to whose change it listens.
    """

    at: context.RenderNumber
    first: int
    data: list[Any]
    states: dict[int, Any] = field(default_factory=dict)
    before: dict[str, int] = field(default_factory=dict)
    last: int = 0
    after: dict[str, int] = field(default_factory=dict)
    shape: str = ""
    listened: frozenset[int] = frozenset()
    #: What a store has made of it; only the store knows what it means.
    sealed: Any = None

    @classmethod
    def of(cls, at: Iterable[Any], **fields: Any) -> Self:
        """The record with these fields, as a store has kept them."""
        return cls(context.RenderNumber(*at), **fields)

    def holds(self, number: int) -> bool:
        """Whether this run has given this number to a listener."""
        if number in self.after.values():
            return True
        offset = number - FIRST - self.at.space * SPAN
        return 0 <= offset < SPAN and (offset - self.first) % SPAN < self.last - self.first


class SubTree:
    """The blocks and listeners of one part of the page, for one session. See ListeningRoot."""

    def __init__(self, page: DeclaredPage, listener: Dependency, record: Record) -> None:
        """Start to build.

        Args:
            page: where the part belongs.
            listener: whose function builds it.
            record: from which numbers on; completed when all is built.
        """
        self.page = page
        self.record = record
        self.blocks: dict[int, Block] = {}
        self.dependencies: dict[int, Dependency] = {}
        assert listener.renders is not None
        self.container: Container = listener.renders.container.copy_with({})  # type: ignore[assignment]
        self._given = record.first
        self._names: set[str] = set()
        self._unplaced: list[Unplaced] = []
        self._builder = listener.fn
        self._required = page.page_permissions.get(listener.page_path)
        self._functions = FunctionKeys(f"{PART}{record.at.number}.{record.first}")

    @contextmanager
    def building(self) -> Iterator[None]:
        """What is made meanwhile stands in this part."""
        tokens = context.root.set(self), context.parent.set(None)
        try:
            with self.container:
                yield
            loading.attach(self, self.page.load)
            warn_of_unplaced(self._unplaced, self.blocks)
        finally:
            context.parent.reset(tokens[1])
            context.root.reset(tokens[0])
        self.record.last = self._given
        self.record.shape = self.shape()
        self.record.listened = frozenset(
            target.block._id
            for each in self.dependencies.values()
            for target in each.targets
            if target.block is not None and target.event == "change" and getattr(target.block, "stateful", False)
        )

    @property
    def has_chains(self) -> bool:
        """Whether one of its listeners follows another."""
        return any(each.trigger_after is not None for each in self.dependencies.values())

    def shape(self) -> str:
        """A fingerprint: equal when the same blocks and listeners were built in the same order."""
        blocks = [[number, block.get_block_name()] for number, block in self.blocks.items()]
        listeners = [
            [
                each.id,
                each.name,
                [(target.block._id if target.block else None, target.event) for target in each.targets],
                [block._id for block in (*each.inputs, *each.outputs)],
            ]
            for each in self.dependencies.values()
        ]
        return hashlib.sha256(json.dumps([blocks, listeners]).encode()).hexdigest()[:16]

    # What blocks and listeners ask for, see ListeningRoot

    def next_id(self) -> int:
        """The next number of the space, for whatever needs one."""
        self._given += 1
        if self._given - self.record.first > SPAN // 4:
            raise DeclarationError(f"A function of gr.render may build {SPAN // 4:,} blocks and listeners at most.")
        return FIRST + self.record.at.space * SPAN + (self._given - 1) % SPAN

    def next_fn_id(self, key: Any = None) -> int:
        """The number that a listener with this key had before; else the next one."""
        return self._keyed("listener", key)

    def number_for(self, block: Block) -> int:
        """The number that a block with this key had before; else the next one."""
        return self._keyed(block.get_block_name(), block.key)

    def rendering_number(self, key: Any = None) -> context.RenderNumber:
        """For a part inside this one; it shares the space."""
        at = self.record.at
        return context.RenderNumber(self._keyed("gr.render", key), at.space, at.number)

    def _keyed(self, kind: str, key: Any) -> int:
        number = None
        name = f"{kind} {key!r}"
        if key is not None:
            if name in self.record.after:
                raise DeclarationError(
                    f"Two blocks have the key {key!r} in one run of gr.render. Give each a key of its own."
                )
            number = self.record.before.get(name)
        if number is None:
            number = self.next_id()
        if key is not None:
            self.record.after[name] = number
        return number

    def adopt(self, block: Block) -> Block:
        """Register a block. One of the page, declared with render=False, gets a double that stands here for it."""
        if block._id in self.blocks or (block._root is not self and block.is_rendered):
            raise DuplicateBlockError(f"A block with id: {block._id} has already been rendered in the current Blocks.")
        if block._root is not self:
            if isinstance(block, Container):
                raise DeclarationError(f"{block.described} cannot be placed by gr.render: make the layout inside.")
            block = block.copy_with({})
        self.blocks[block._id] = block
        return block

    def function_key(self, fn: Callable[..., Any]) -> FunctionKey:
        """What names a function of a listener here: one that was made by this run belongs to it, and to its session."""
        fn = getattr(fn, "_same_as", fn)
        return self.page.functions.find(fn) or self._given_key(fn) or self._functions.of(fn)

    def _given_key(self, fn: Callable[..., Any]) -> FunctionKey | None:
        """The key of a function that was there before the run: in its module, or where the builder was declared."""
        if is_of_its_module(fn):
            return FunctionKey(name_of(fn), scope="module")
        builder = body_of(self._builder)
        if self.record.at.parent is None and inspect.isfunction(builder):
            for name, cell in zip(builder.__code__.co_freevars, builder.__closure__ or ()):
                if _holds(cell, fn):
                    return FunctionKey(name_of(fn), scope=f"given as {name}")
        return None

    def add_dependency(self, dependency: Dependency) -> None:
        """Register a listener."""
        self._unplaced += unplaced(dependency)
        self.dependencies[dependency.id] = replace(
            dependency,
            rendered_in=self.record.at.number,
            permission=both(self._required, dependency.permission),
        )

    def free_api_name(self, wanted: str) -> str:
        """`wanted`, or with the first suffix that is free in this part."""
        return free_name(wanted, self._names)


def _holds(cell: CellType, fn: Callable[..., Any]) -> bool:
    try:
        return cell.cell_contents is fn
    except ValueError:  # its variable has no value yet
        return False
