"""Events and listeners: `btn.click(...)`, `gr.on(...)`, `.then(...)`, and the data that an event carries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Unpack, cast

from blocks_app.exceptions import DeclarationError, NoContextError
from blocks_app.files import file_data
from blocks_app.functions.annotations import asked_for
from blocks_app.listeners.dependency import Dependency, Target
from blocks_app.listeners.listening import listen
from blocks_app.options import ListenOptions
from blocks_app.tree import context
from blocks_app.tree.iterables import read_once, several

if TYPE_CHECKING:
    from blocks_app.tree.block import Block
    from blocks_app.tree.component import Component

Decorator = Literal["decorator"]


@dataclass(frozen=True)
class Event:
    """A happening that a block class declares, and the method by which one listens to it."""

    name: str
    #: Flag set on a component that is listened to, so that the browser offers the affordance.
    flag: str | None = None
    show_progress: Literal["full", "minimal", "hidden"] = "full"
    #: How a second event is treated while the first is pending.
    trigger_mode: Literal["once", "multiple", "always_last"] | None = None

    def __get__(self, block: Block | None, owner: type[Any]) -> Any:
        if owner is Events:
            return self
        if block is None:
            return lambda block, *args, **kwargs: BoundEvent(block, self)(*args, **kwargs)
        return BoundEvent(block, self)

    def __str__(self) -> str:
        return self.name


class BoundEvent:
    """`button.click`: call it to listen, or give it to `gr.on`."""

    def __init__(self, block: Block, event: Event) -> None:
        self.block = block
        self.event = event
        self.event_name = event.name

    def __call__(
        self,
        fn: Callable[..., Any] | Decorator | None = "decorator",
        inputs: Any = None,
        outputs: Any = None,
        *args: Any,
        **options: Unpack[ListenOptions],
    ) -> Any:
        """Listen: when the event happens call `fn` with the values of `inputs`, put its results into `outputs`.

        Args:
            fn: function, generator or their async kinds; None for `js` alone; left out to decorate a function.
            inputs: component, list, or a set (then `fn` takes one dict keyed by component).
            outputs: block or list of blocks that take the results.
            options: see ListenOptions; positions as in Gradio are accepted.

        Returns:
            A Listener with `.then`, `.success` and `.failure`; the function itself when used as a decorator.
        """
        return start_listening([self], fn, inputs, outputs, {**_by_position(args), **options}, what=self.event_name)


class Listener:
    """What a listening call returns: continue with `.then()`, or name it in another's `cancels`."""

    def __init__(self, dependency: Dependency) -> None:
        self.dependency = dependency

    @property
    def id(self) -> int:
        """Number of the listener in its Blocks."""
        return self.dependency.id

    def then(self, *args: Any, **options: Any) -> Any:
        """Listen for the end of this listener, whether it succeeded or failed. Arguments as for an event."""
        return self._follow("then", args, options)

    def success(self, *args: Any, **options: Any) -> Any:
        """Listen for the success of this listener."""
        return self._follow("success", args, options)

    def failure(self, *args: Any, **options: Any) -> Any:
        """Listen for the failure of this listener."""
        return self._follow("failure", args, options)

    def _follow(self, kind: str, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        names = ("fn", "inputs", "outputs")
        given = dict(zip(names, args)) | _by_position(args[3:]) | options
        fn = given.pop("fn", "decorator")
        inputs, outputs = given.pop("inputs", None), given.pop("outputs", None)
        return start_listening([(kind, self.id)], fn, inputs, outputs, given, what=kind)


def on(
    triggers: BoundEvent | Sequence[BoundEvent] | None = None,
    fn: Callable[..., Any] | Decorator | None = "decorator",
    inputs: Any = None,
    outputs: Any = None,
    **options: Unpack[ListenOptions],
) -> Any:
    """Listen to several events with one function; without triggers, to the change of every input.

    Args:
        triggers: events such as `button.click`, one or a list.
        fn: as for one event; left out to decorate a function.
        inputs: component, list, or a set (then `fn` takes one dict keyed by component).
        outputs: block or list of blocks that take the results.
        options: see ListenOptions.
    """
    if context.root.get() is None:
        raise NoContextError("Cannot call on() outside of a gradio.Blocks context.")
    if triggers is None:
        inputs = read_once(inputs)
        components = several(inputs)
        triggers = [component.change for component in components if hasattr(component, "change")]
        if not triggers:
            raise DeclarationError("gr.on() without triggers listens to its inputs: name inputs that can change.")
    chosen = [triggers] if isinstance(triggers, BoundEvent) else list(triggers)
    for trigger in chosen:
        if not isinstance(trigger, BoundEvent):
            raise DeclarationError(f"gr.on() takes events such as button.click as triggers, not {trigger!r}.")
    return start_listening(chosen, fn, inputs, outputs, dict(options), what="on")


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
    dependency = listen(root, tuple(targets), fn, inputs, outputs, {**defaults, **options})
    return Listener(dependency)


def _mark(trigger: BoundEvent, options: dict[str, Any]) -> None:
    if trigger.event.flag is not None:
        block: Any = trigger.block
        pace = {"stream_every": options["stream_every"]} if options.get("stream_every") is not None else {}
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


class Events:
    """All events by name, for the `events` of a component class."""

    change = Event("change", trigger_mode="always_last")
    input = Event("input")
    click = Event("click")
    double_click = Event("double_click")
    submit = Event("submit")
    stop = Event("stop")
    edit = Event("edit")
    clear = Event("clear")
    play = Event("play")
    pause = Event("pause")
    end = Event("end")
    start_recording = Event("start_recording")
    pause_recording = Event("pause_recording")
    stop_recording = Event("stop_recording")
    focus = Event("focus")
    blur = Event("blur")
    upload = Event("upload")
    release = Event("release")
    select = Event("select", flag="_selectable")
    stream = Event("stream", flag="streaming", show_progress="hidden")
    like = Event("like", flag="likeable")
    example_select = Event("example_select")
    option_select = Event("option_select")
    load = Event("load")
    unload = Event("unload")
    key_up = Event("key_up", trigger_mode="always_last")
    apply = Event("apply")
    delete = Event("delete")
    tick = Event("tick", show_progress="hidden")
    undo = Event("undo", flag="_undoable")
    retry = Event("retry", flag="_retryable")
    expand = Event("expand")
    collapse = Event("collapse")
    download = Event("download")
    copy = Event("copy")
    preview_open = Event("preview_open")
    preview_close = Event("preview_close")


@asked_for
class EventData:
    """What happened, for a function that asks for it by annotation (`evt: gr.EventData`).

    `target` is the block that it happened to; what else the event carries are attributes, too. `_data` (in the classes
    for one kind of event `data`) is all of it as the browser sent it.
    """

    _is_injected = True
    _wants_event_data = True

    def __init__(self, target: Block | None, _data: Any) -> None:
        """Args: target: the block that the event happened to. _data: what the browser sent with it."""
        self.target = target
        self._data = _data

    def __getattr__(self, name: str) -> Any:
        data = self.__dict__.get("_data")
        if isinstance(data, dict) and not name.startswith("_") and name in data:  # T37: never a private name
            return data[name]
        raise AttributeError(f"{type(self).__name__} has no {name!r}. The event carried: {data!r}")


@asked_for
class SelectData(EventData):
    """A selection: `index`, `value`, `selected`."""

    def __init__(self, target: Block | None, data: Any) -> None:
        super().__init__(target, data)
        self.index: Any = data["index"]
        self.value: Any = data["value"]
        self.row_value: Any = data.get("row_value")
        self.col_value: Any = data.get("col_value")
        self.selected: bool = data.get("selected", True)


@asked_for
class KeyUpData(EventData):
    """A key released in an input: `key`, `input_value`."""

    def __init__(self, target: Block | None, data: Any) -> None:
        super().__init__(target, data)
        self.key: str = data["key"]
        self.input_value: str = data["input_value"]


@asked_for
class LikeData(EventData):
    """A thumb up or down: `index`, `value`, `liked`."""

    def __init__(self, target: Block | None, data: Any) -> None:
        super().__init__(target, data)
        self.index: Any = data["index"]
        self.value: Any = data["value"]
        self.liked: bool | str = data.get("liked", True)


@asked_for
class DeletedFileData(EventData):
    """A file taken out of a list: `file`, with `path`, `orig_name` and `size`."""

    def __init__(self, target: Block | None, data: Any) -> None:
        super().__init__(target, data)
        self.file = file_data.sent(data, cast("Component", target))
