"""The events by name, and one listener for several of them: `gr.on(...)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, Unpack, overload

from blocks_app.exceptions import DeclarationError, NoContextError
from blocks_app.listeners.listener import BoundEvent, Decorator, Event, Listener, start_listening
from blocks_app.options import ListenOptions
from blocks_app.tree import context
from blocks_app.tree.iterables import read_once, several

if TYPE_CHECKING:
    from blocks_app.tree.block import Block

F = TypeVar("F", bound=Callable[..., Any])


@overload
def on(
    triggers: BoundEvent | Iterable[BoundEvent] | None,
    fn: Callable[..., Any] | None,
    inputs: Block | Iterable[Block] | None = None,
    outputs: Block | Iterable[Block] | None = None,
    **options: Unpack[ListenOptions],
) -> Listener: ...
@overload
def on(
    triggers: BoundEvent | Iterable[BoundEvent] | None = None,
    *,
    fn: Callable[..., Any] | None,
    inputs: Block | Iterable[Block] | None = None,
    outputs: Block | Iterable[Block] | None = None,
    **options: Unpack[ListenOptions],
) -> Listener: ...
@overload
def on(
    triggers: BoundEvent | Iterable[BoundEvent] | None = None,
    fn: Decorator = "decorator",
    inputs: Block | Iterable[Block] | None = None,
    outputs: Block | Iterable[Block] | None = None,
    **options: Unpack[ListenOptions],
) -> Callable[[F], F]: ...
def on(
    triggers: BoundEvent | Iterable[BoundEvent] | None = None,
    fn: Callable[..., Any] | Decorator | None = "decorator",
    inputs: Block | Iterable[Block] | None = None,
    outputs: Block | Iterable[Block] | None = None,
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


class Events:
    """All events by name: a component class takes those that it raises, as in `change = Events.change`."""

    lists_events: ClassVar[bool] = True

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
