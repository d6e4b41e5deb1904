"""Events that block classes declare, and what listens to them: `btn.click(...)`, `.then(...)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeVar, Unpack, overload

from blocks_app.exceptions import ArgumentTypeError, NoContextError
from blocks_app.listeners.dependency import Dependency, Target, listening_root
from blocks_app.listeners.listening import listen
from blocks_app.options import ListenOptions
from blocks_app.tree import context
from blocks_app.tree.block import Block

if TYPE_CHECKING:
    from blocks_app.listeners.events import Events

Decorator = Literal["decorator"]
F = TypeVar("F", bound=Callable[..., Any])


class EventListener(str):
    """A happening that a block class declares as an attribute, and the method by which one listens to it.

    It is its name: `for event in gr.Textbox.EVENTS: getattr(box, event)(…)`.
    """

    is_block_event: ClassVar[bool] = True

    #: Flag set on a component that is listened to, so that the browser offers the affordance.
    flag: str | None
    show_progress: Literal["full", "minimal", "hidden"]
    #: How a second event is treated while the first is pending.
    trigger_mode: Literal["once", "multiple", "always_last"] | None

    def __new__(
        cls,
        name: str,
        flag: str | None = None,
        show_progress: Literal["full", "minimal", "hidden"] = "full",
        trigger_mode: Literal["once", "multiple", "always_last"] | None = None,
    ) -> Self:
        event = super().__new__(cls, name)
        event.flag, event.show_progress, event.trigger_mode = flag, show_progress, trigger_mode
        return event

    @property
    def name(self) -> str:
        """The same as plain text."""
        return str(self)

    @property
    def event_name(self) -> str:
        """Gradio's name of `name`."""
        return str(self)

    @overload
    def __get__(self, block: None, owner: type[Events]) -> EventListener: ...
    @overload
    def __get__(self, block: None, owner: type[Any]) -> UnboundEvent: ...
    @overload
    def __get__(self, block: Block, owner: type[Any]) -> BoundEvent: ...
    def __get__(self, block: Block | None, owner: type[Any]) -> Any:
        if block is not None:
            return BoundEvent(block, self)
        return self if getattr(owner, "lists_events", False) else UnboundEvent(self)

    def __repr__(self) -> str:
        return repr(str(self))


class UnboundEvent:
    """`gr.Button.click`: called with a button first, it is the button's own."""

    def __init__(self, event: EventListener) -> None:
        self.event = event

    def __call__(self, block: Block, *args: Any, **options: Unpack[ListenOptions]) -> Any:
        """Listen to the event of `block`; the rest as for `block.click(...)`."""
        if not isinstance(block, Block):
            raise ArgumentTypeError(_not_a_block(block, self.event.name))
        return BoundEvent(block, self.event)(*args, **options)


def _not_a_block(given: Any, event: str) -> str:
    if event == "load" and isinstance(given, str):
        return f"Loading an app by its name is gr.load({given!r}) now; .load of a class listens to a page."
    return f".{event} of a class takes the block that is listened to first, not {given!r}."


class _Listening:
    """A call that listens: as a method of its own, or as a decorator where the function is left out."""

    @overload
    def __call__(
        self,
        fn: Callable[..., Any] | None,
        inputs: Block | Iterable[Block] | None = None,
        outputs: Block | Iterable[Block] | None = None,
        *args: Any,
        **options: Unpack[ListenOptions],
    ) -> Listener: ...
    @overload
    def __call__(
        self,
        fn: Decorator = "decorator",
        inputs: Block | Iterable[Block] | None = None,
        outputs: Block | Iterable[Block] | None = None,
        *args: Any,
        **options: Unpack[ListenOptions],
    ) -> Callable[[F], F]: ...
    def __call__(
        self,
        fn: Callable[..., Any] | Decorator | None = "decorator",
        inputs: Block | Iterable[Block] | None = None,
        outputs: Block | Iterable[Block] | None = None,
        *args: Any,
        **options: Unpack[ListenOptions],
    ) -> Any:
        """Listen: when it happens call `fn` with the values of `inputs`, put its results into `outputs`.

        Args:
            fn: function, generator or their async kinds; None for `js` alone; left out to decorate a function.
            inputs: component, list, or a set (then `fn` takes one dict keyed by component).
            outputs: block or list of blocks that take the results.
            options: see ListenOptions; positions as in Gradio are accepted.

        Returns:
            A Listener with `.then`, `.success` and `.failure`; the function itself when used as a decorator.
        """
        trigger, what = self._trigger()
        return start_listening([trigger], fn, inputs, outputs, {**_by_position(args), **options}, what=what)

    def _trigger(self) -> tuple[BoundEvent | tuple[str, int], str]:
        """What is listened to, and how messages name it."""
        raise TypeError(f"{type(self).__name__} is no event.")


class BoundEvent(_Listening):
    """`button.click`: call it to listen, or give it to `gr.on`."""

    def __init__(self, block: Block, event: EventListener) -> None:
        self.block = block
        self.event = event
        self.event_name = event.name

    def _trigger(self) -> tuple[BoundEvent, str]:
        return self, self.event_name


class _End(_Listening):
    """`listener.then`: listens for the end of another listener."""

    def __init__(self, kind: str, after: int) -> None:
        self._kind, self._after = kind, after

    def _trigger(self) -> tuple[tuple[str, int], str]:
        return (self._kind, self._after), self._kind


class Listener:
    """What a listening call returns: continue with `.then()`, or name it in another's `cancels`."""

    def __init__(self, dependency: Dependency) -> None:
        self.dependency = dependency

    @property
    def id(self) -> int:
        """Number of the listener in its Blocks."""
        return self.dependency.id

    @property
    def then(self) -> _End:
        """Listen for the end of this listener, whether it succeeded or failed. Arguments as for an event."""
        return _End("then", self.id)

    @property
    def success(self) -> _End:
        """Listen for the success of this listener."""
        return _End("success", self.id)

    @property
    def failure(self) -> _End:
        """Listen for the failure of this listener."""
        return _End("failure", self.id)


def start_listening(
    triggers: Sequence[BoundEvent | tuple[str, int]],
    fn: Callable[..., Any] | Decorator | None,
    inputs: Any,
    outputs: Any,
    options: dict[str, Any],
    what: str,
) -> Any:
    """Register the listener, or return the decorator that will."""
    root = context.root.get()
    if root is None:
        raise NoContextError(f"Cannot call {what} outside of a gradio.Blocks context.")
    if fn == "decorator":

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            start_listening(triggers, function, inputs, outputs, options, what)
            return function

        return decorate
    every = options.get("every")
    if every is not None and isinstance(getattr(every, "tick", None), BoundEvent):
        # a Timer: the page counts the time, and its ticks are triggers
        triggers, options = [*triggers, every.tick], {**options, "every": None}
    targets: list[Target] = []
    defaults: dict[str, Any] = {}
    for trigger in triggers:
        if isinstance(trigger, BoundEvent):
            _mark(trigger, options)
            defaults.setdefault("show_progress", trigger.event.show_progress)
            defaults.setdefault("trigger_mode", trigger.event.trigger_mode)
            targets.append(Target(trigger.block, trigger.event_name))
        else:
            kind, after = trigger
            defaults["trigger_after"] = after
            targets.append(Target(None, kind))
    dependency = listen(listening_root(root), tuple(targets), fn, inputs, outputs, {**defaults, **options})
    return Listener(dependency)


def _mark(trigger: BoundEvent, options: dict[str, Any]) -> None:
    if trigger.event.flag is not None:
        block: Any = trigger.block
        if trigger.event.flag == "streaming" and hasattr(block, "check_streamable"):
            block.check_streamable()
        pace = {name: options[name] for name in ("stream_every", "time_limit") if options.get(name) is not None}
        block._listener_flags = {**block._listener_flags, trigger.event.flag: True, **pace}


# Gradio lets these be given by position after fn, inputs and outputs.
_POSITIONS = (
    "api_name", "scroll_to_output", "show_progress", "queue", "batch", "max_batch_size", "preprocess", "postprocess",
    "cancels", "every", "trigger_mode", "js", "concurrency_limit", "concurrency_id", "show_api",
)  # fmt: skip


def _by_position(args: tuple[Any, ...]) -> dict[str, Any]:
    if len(args) > len(_POSITIONS):
        raise TypeError(f"A listener takes at most {len(_POSITIONS) + 3} positional arguments.")
    return dict(zip(_POSITIONS, args))
