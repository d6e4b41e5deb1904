"""Container: a block that holds others and is opened with `with`."""

from __future__ import annotations

from contextvars import Token
from types import TracebackType
from typing import Any, ClassVar, Self, Unpack, cast

from blocks_app.options import BlockOptions
from blocks_app.tree import context
from blocks_app.tree.block import Block


class Container(Block):
    """Layouts such as Row and Tabs. Blocks made inside `with` become its children."""

    #: False where form components stand side by side without a common frame.
    groups_forms: bool = True

    def __init__(self, **options: Unpack[BlockOptions]) -> None:
        self.children: list[Block] = []
        self._open: list[tuple[Token[Any], Token[Any] | None]] = []
        super().__init__(**options)

    def __enter__(self) -> Self:
        self._open.append((context.parent.set(self), None))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        token, _ = self._open.pop()
        context.parent.reset(token)
        if error is None:
            self.fill_expected_parents()

    def add(self, child: Block) -> None:
        """Append a child."""
        child.parent = self
        self.children.append(child)

    def open_children(self) -> list[Block]:
        """The children that are seen where the container is seen, before the visitor does anything."""
        return self.children

    def clear(self) -> None:
        """Take all children out."""
        for child in list(self.children):
            child.unrender()

    def fill_expected_parents(self) -> None:
        """Put neighbours that need a common frame (form inputs in a Form, Tab in Tabs) into one, and so on down."""
        grouped: list[Block] = []
        frame: Container | None = None
        for child in self.children:
            expected = self._frame_class(child)
            if expected is None:
                grouped.append(child)
                frame = None
                continue
            if frame is None or type(frame) is not expected:
                frame = self._new_frame(expected)
                grouped.append(frame)
            frame.add(child)
        self.children = grouped
        for child in grouped:
            if isinstance(child, Container) and child.is_frame and child.parent is self:
                child.settle()

    #: True for a container that was inserted by `fill_expected_parents` and adapts to its children.
    is_frame: ClassVar[bool] = False

    def settle(self) -> None:
        """Called on an inserted frame when its children are known."""

    def _frame_class(self, child: Block) -> type[Container] | None:
        wanted: type[Container] | None = child.expected_parent() if hasattr(child, "expected_parent") else None
        if wanted is None or isinstance(self, wanted):
            return None
        if wanted.is_frame and not self.groups_forms:
            return None
        return wanted

    def _new_frame(self, wanted: type[Container]) -> Container:
        token = context.parent.set(None)  # the frame takes its place in `grouped`, not at the end of the children
        try:
            frame = wanted(render=False)
        finally:
            context.parent.reset(token)
        root = context.root.get()
        if root is not None:
            frame = cast("Container", root.adopt(frame))
        frame.parent = self
        frame.is_rendered = True
        return frame
