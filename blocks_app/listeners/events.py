"""The events by name, and one listener for several of them: `gr.on(...)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar, Unpack, overload

from blocks_app.exceptions import DeclarationError, NoContextError
from blocks_app.listeners.listener import BoundEvent, Decorator, EventListener, Listener, start_listening
from blocks_app.options import ListenOptions
from blocks_app.tree import context
from blocks_app.tree.block import Block
from blocks_app.tree.iterables import read_once, several

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

    change = EventListener("change", trigger_mode="always_last")
    input = EventListener("input")
    click = EventListener("click")
    double_click = EventListener("double_click")
    submit = EventListener("submit")
    stop = EventListener("stop")
    edit = EventListener("edit")
    clear = EventListener("clear")
    play = EventListener("play")
    pause = EventListener("pause")
    end = EventListener("end")
    start_recording = EventListener("start_recording")
    pause_recording = EventListener("pause_recording")
    stop_recording = EventListener("stop_recording")
    focus = EventListener("focus")
    blur = EventListener("blur")
    upload = EventListener("upload")
    release = EventListener("release")
    select = EventListener("select", flag="_selectable")
    stream = EventListener("stream", flag="streaming", show_progress="hidden")
    like = EventListener("like", flag="likeable")
    example_select = EventListener("example_select")
    option_select = EventListener("option_select")
    load = EventListener("load")
    unload = EventListener("unload")
    key_up = EventListener("key_up", trigger_mode="always_last")
    apply = EventListener("apply")
    delete = EventListener("delete")
    tick = EventListener("tick", show_progress="hidden")
    undo = EventListener("undo", flag="_undoable")
    retry = EventListener("retry", flag="_retryable")
    expand = EventListener("expand")
    collapse = EventListener("collapse")
    download = EventListener("download")
    copy = EventListener("copy")
    preview_open = EventListener("preview_open")
    preview_close = EventListener("preview_close")
