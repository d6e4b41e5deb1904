"""gr.render: a part of the page that a function builds at run time, for each visitor anew.

    with gr.Blocks() as demo:
        words = gr.Textbox()

        @gr.render(inputs=words)
        def show(text):
            for word in text.split():
                gr.Textbox(word, key=word)

Here it is declared. render_record.py is what such a function builds into, render_runs.py runs it and says what a
session keeps of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from blocks_app.exceptions import DeclarationError, NoContextError
from blocks_app.functions.signatures import describe
from blocks_app.layouts import Column, Row
from blocks_app.listeners.dependency import Rendering, listening_root
from blocks_app.listeners.listener import BoundEvent, start_listening
from blocks_app.tree import context
from blocks_app.tree.block import Block
from blocks_app.tree.container import Container
from blocks_app.tree.iterables import has_items, read_once, several

#: Each part of the page itself numbers its blocks in a range of its own; more ranges do not fit into 31 bits.
MOST = 2_000


def render(
    inputs: Any = None,
    triggers: BoundEvent | Sequence[BoundEvent] | None = None,
    *,
    queue: bool = True,
    trigger_mode: Literal["once", "multiple", "always_last"] | None = "always_last",
    concurrency_limit: int | Literal["default"] | None = None,
    concurrency_id: str | None = None,
    show_progress: Literal["full", "minimal", "hidden"] = "full",
    key: int | str | tuple[int | str, ...] | None = None,
    retries: int = 0,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a function that builds components, layouts and listeners while the page is open.

    What it builds stands where it is declared and takes the place of what it had built before. Listeners inside may use
    every component of the page; those outside cannot use what is inside. A component with a `key` that is built again
    is the same one: what the visitor or a function has changed of it since, it keeps (see `preserved_by_key`).

    Args:
        inputs: component, list, or a set (then the function takes one dict keyed by component).
        triggers: events upon which it runs; left out, the load of the page and the change of each input.
        queue: False runs it outside the queue.
        trigger_mode: how a second event is treated while the first is pending.
        concurrency_limit: how many runs may go on at once, for all visitors together; None is no limit.
        concurrency_id: runs and events with the same share the limit.
        show_progress: how the page shows that it runs.
        key: names a gr.render inside another one, so that it is the same when that one runs again.
        retries: how often a run begins anew whose worker has died; see ListenOptions. Not in Gradio.

    Raises:
        NoContextError: not inside a Blocks.
        DeclarationError: the function is async or a generator, or there are too many such functions.
    """
    inputs = read_once(inputs)
    if inputs is not None and not isinstance(inputs, Block) and (callable(inputs) or not has_items(inputs)):
        raise DeclarationError(
            f"gr.render takes components as inputs, not {inputs!r}: write @gr.render() with parentheses."
        )
    root, parent = context.root.get(), context.parent.get()
    if root is None or parent is None:
        raise NoContextError("gr.render builds a part of a page: use it inside `with gr.Blocks():`.")
    chosen = _triggers(root, inputs, triggers)

    def decorate(fn: Callable[..., Any]) -> Callable[..., Any]:
        _check(fn)
        number = listening_root(root).rendering_number(key)
        if number.space >= MOST:
            raise DeclarationError(f"A page has room for {MOST} functions of gr.render.")
        options: dict[str, Any] = {
            "api_name": "apply",
            "show_api": False,
            "queue": queue,
            "trigger_mode": trigger_mode,
            "concurrency_limit": concurrency_limit,
            "concurrency_id": concurrency_id,
            "show_progress": show_progress,
            "retries": retries,
            "renders": Rendering(_container(root, parent, key), number, _run),
        }
        start_listening(chosen, fn, inputs, options["renders"].container, options, what="render")
        return fn

    return decorate


def _run(page: Any, call: Any) -> Any:
    from blocks_app.rendering.render_runs import run  # what runs functions is not needed to declare them

    return run(page, call)


def _triggers(root: context.Root, inputs: Any, given: Any) -> list[BoundEvent]:
    if given is None:
        return [root.page.load, *(source.change for source in several(inputs) if hasattr(source, "change"))]
    chosen = [given] if isinstance(given, BoundEvent) else list(given)
    for trigger in chosen:
        if not isinstance(trigger, BoundEvent):
            raise DeclarationError(f"gr.render() takes events such as button.click as triggers, not {trigger!r}.")
    return chosen


def _check(fn: Any) -> None:
    if not callable(fn):
        raise DeclarationError(f"gr.render decorates a function, not {fn!r}.")
    info = describe(fn)
    if info.is_async or info.is_generator:
        raise DeclarationError(
            f"{info.name} is async or a generator, but gr.render needs a plain function: what it builds must be "
            "complete when it returns. Listeners that it declares may be of any kind."
        )


def _container(root: context.Root, parent: Container, key: Any) -> Container:
    """Where the part stands: a Row inside a Row, else a Column."""
    tokens = context.root.set(root), context.parent.set(parent)
    try:
        if isinstance(parent, Row):
            return Row(show_progress=True, key=key)
        return Column(show_progress=True, key=key)
    finally:
        context.parent.reset(tokens[1])
        context.root.reset(tokens[0])
