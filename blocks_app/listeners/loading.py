"""Components whose value is a function: it is asked again at each page load, and whenever the component says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from blocks_app.functions.kinds import kind_of
from blocks_app.listeners.listener import BoundEvent, start_listening
from blocks_app.tree import context
from blocks_app.tree.iterables import several

if TYPE_CHECKING:
    from blocks_app.tree.component import Component


def attach(root: context.Root, load: BoundEvent) -> None:
    """Listen for the values of all blocks of `root` that have such a function; `load` is the page's event."""
    token = context.root.set(root)
    try:
        for block in list(root.blocks.values()):
            component: Any = block
            load_fn = getattr(component, "load_fn", None)
            if load_fn is None or getattr(component, "_load_attached", False):
                continue
            component._load_attached = True
            _listen_for_value(component, load_fn, load)
    finally:
        context.root.reset(token)


def _listen_for_value(component: Component, load_fn: Callable[..., Any], load: BoundEvent) -> None:
    inputs = component.inputs
    sources = several(inputs)
    triggers: list[Any] = [load, *(source.change for source in sources if hasattr(source, "change"))]
    every = component.every
    tick = getattr(every, "tick", None)
    if tick is not None:
        triggers.append(tick)
    seconds = every if isinstance(every, (int, float)) else None
    in_steps = kind_of(load_fn)[1]  # without the queue there would be the first step alone
    options = {
        "show_progress": "hidden",
        "queue": seconds is not None or in_steps,
        "every": seconds,
        "show_api": True,
        **({"concurrency_limit": None} if in_steps and seconds is None else {}),
    }
    start_listening(triggers, load_fn, inputs, component, options, what="load")
