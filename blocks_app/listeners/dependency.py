"""Dependency: one listener of a page, as frozen data."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, cast

from blocks_app.functions.naming import FunctionKey
from blocks_app.functions.signatures import FunctionInfo, describe
from blocks_app.tree.context import Root

if TYPE_CHECKING:
    from blocks_app.tree.block import Block
    from blocks_app.tree.component import Component
    from blocks_app.tree.container import Container
    from blocks_app.tree.context import RenderNumber


@dataclass(frozen=True, eq=False)
class Rendering:
    """A part of the page that a function builds at run time: where it stands, and how its blocks are numbered.

    `run` runs the function: it takes the page and the call, and gives the step that carries what was built. Whoever
    declares the part brings it along, so that running a call needs to know nothing of building pages.
    """

    container: Container
    at: RenderNumber
    run: Callable[[Any, Any], Any]


def free_name(wanted: str, taken: set[str]) -> str:
    """`wanted`, or with the first suffix `_1`, `_2`, … that is free; taken from now on."""
    name, number = wanted, 0
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    taken.add(name)
    return name


Visibility = Literal["public", "undocumented", "private"]


class Target(NamedTuple):
    """What starts a listener: an event of a block, or the end of another listener (block None)."""

    block: Block | None
    event: str


@dataclass(frozen=True, eq=False)
class Dependency:
    """When one of `targets` happens: call `fn` with the values of `inputs`, give its results to `outputs`."""

    #: Number of the listener in its Blocks, the `fn_index` of the wire.
    id: int
    targets: tuple[Target, ...]
    fn: Callable[..., Any] | None
    #: What is known of `fn` (functions/signatures.py); None without one.
    info: FunctionInfo | None
    inputs: tuple[Component, ...]
    outputs: tuple[Block, ...]
    #: True when `fn` takes one dict keyed by component.
    inputs_as_dict: bool = False
    #: Inputs of which the function gets the component and not only the value, see component_inputs.py.
    whole_inputs: tuple[int, ...] = ()
    api_name: str = "unnamed"
    visibility: Visibility = "public"
    description: str = ""
    scroll_to_output: bool = False
    show_progress: Literal["full", "minimal", "hidden"] = "full"
    show_progress_on: tuple[Block, ...] | None = None
    queue: bool = True
    batch: bool = False
    max_batch_size: int = 4
    preprocess: bool = True
    postprocess: bool = True
    #: Listeners that this one stops, by number.
    cancels: tuple[int, ...] = ()
    #: Seconds between two calls while the page is open.
    every: float | None = None
    trigger_mode: Literal["once", "multiple", "always_last"] = "once"
    js: str | None = None
    concurrency_limit: int | Literal["default"] | None = "default"
    concurrency_id: str | None = None
    #: Seconds that one run may take.
    time_limit: float | None = None
    #: Higher ones start first within their group.
    priority: int = 0
    #: How often it may be run again when the worker that ran it has died.
    retries: int = 0
    #: Seconds between two chunks of a streaming input.
    stream_every: float = 0.5
    #: The listener that looks at the inputs first: it takes the same, and fails when they may not pass.
    validator: Dependency | None = None
    #: The listener that says whether the answer is kept, so that the event need not wait: see kept_answers.py.
    kept: Dependency | None = None
    #: The listener whose end starts this one.
    trigger_after: int | None = None
    trigger_only_on_success: bool = False
    trigger_only_on_failure: bool = False
    #: What `fn` builds, when it is a function of gr.render: its result is then a part of the page.
    renders: Rendering | None = None
    #: The `render_id` of the part that it was declared in; None for a listener of the page itself.
    rendered_in: int | None = None
    #: What the visitor needs besides access to the page; only the guard knows what it means.
    permission: Any = None
    #: Path of the page that it was declared on; "" is the main one.
    page_path: str = ""
    #: Names `fn`, without what we have put around it: listeners of one function share its limit.
    function: FunctionKey | None = None

    @property
    def name(self) -> str:
        """How messages name the function."""
        return self.info.name if self.info is not None else self.api_name

    @property
    def has_first_look(self) -> bool:
        """Whether something looks at the inputs first."""
        return self.validator is not None or self.kept is not None

    @property
    def collects_event_data(self) -> bool:
        """True when the function asks for the event's data."""
        return self.info is not None and self.info.wants_event_data

    @property
    def is_generator(self) -> bool:
        """True when the answer comes in steps."""
        return (self.info is not None and self.info.is_generator) or self.every is not None

    @property
    def concurrency_key(self) -> Hashable:
        """Events with the same key share a limit: those of one `concurrency_id`, else of one function."""
        return self.concurrency_id if self.concurrency_id is not None else self.function

    @property
    def batch_key(self) -> Hashable:
        """Events with the same key may run together: those of one function that takes its inputs in the same way."""
        return self.function if not hasattr(self.fn, "_same_as") else (self.function, self.id)

    @property
    def measured_as(self) -> Hashable:
        """Runs with the same key share a mean duration: those of one listener, or of one place in the source."""
        if self.rendered_in is None:
            return self.id
        code = getattr(self.fn, "__code__", None)
        name = self.function.name if self.function is not None else self.name
        return (name, code.co_firstlineno) if code is not None else name


class ListeningRoot(Root, Protocol):
    """What new listeners belong to: a page, or a part of one that is made at run time."""

    dependencies: dict[int, Dependency]

    def next_fn_id(self, key: Any = None) -> int:
        """A number for a new listener; the one that a listener with this key had before."""

    def function_key(self, fn: Callable[..., Any]) -> FunctionKey:
        """What names a function of a listener here, in every process."""

    def add_dependency(self, dependency: Dependency) -> None:
        """Register a listener."""

    def free_api_name(self, wanted: str) -> str:
        """`wanted`, or with the first free suffix."""

    def rendering_number(self, key: Any) -> RenderNumber:
        """Numbers for a part that is made at run time."""


def listening_root(root: Root) -> ListeningRoot:
    """The same: whatever takes blocks takes listeners, which the tree of blocks does not know."""
    return cast("ListeningRoot", root)


def unload_listener(fn: Callable[..., Any]) -> Dependency:
    """What is run of a function of `Blocks.unload`: it takes nothing and gives nothing."""
    return Dependency(-1, (Target(None, "unload"),), fn, describe(fn, 0), (), ())
