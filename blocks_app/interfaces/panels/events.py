"""What happens in an Interface: its function runs when somebody submits, or with every change; stop and clear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blocks_app.diagnostics.mistakes import warn
from blocks_app.interfaces.panels.interface_types import InterfaceTypes
from blocks_app.listeners.events import on
from blocks_app.running.updates import update
from blocks_app.tree import context

if TYPE_CHECKING:
    from blocks_app.components import Button
    from blocks_app.interfaces.interface import Interface
    from blocks_app.interfaces.panels.layout import InterfaceLayout
    from blocks_app.listeners.listener import Listener
    from blocks_app.tree.component import Component


def listen(interface: Interface, layout: InterfaceLayout) -> tuple[Listener, Listener]:
    """Listen for everything that runs the function.

    Returns the listener that runs it, and the one whose end is the end of it all.
    """
    found = _listen_to_run(interface, layout)
    layout.clear.add(list(dict.fromkeys(interface.input_components + interface.output_components)))
    return found


def _listen_to_run(interface: Interface, layout: InterfaceLayout) -> tuple[Listener, Listener]:
    if interface.live and interface.interface_type is not InterfaceTypes.OUTPUT_ONLY:
        event = _while_changing(interface, layout)
        return event, event
    if any(getattr(each, "streaming", False) for each in interface.input_components):
        warn("Streaming components are only supported in live interfaces: add live=True.")
    assert layout.submit is not None  # all other kinds have it
    if interface.live:
        page: Any = context.root.get()
        getattr(page, "page", interface).load(interface.fn, None, interface.output_components, show_api=False)
    triggers = [layout.submit.click, *(each.submit for each in interface.input_components if hasattr(each, "submit"))]
    if layout.stop is None:
        event = on(triggers, interface.fn, interface.input_components, interface.output_components, **_run(interface))
        return event, event
    return _stoppable(interface, triggers, layout.submit, layout.stop)


def _run(interface: Interface) -> dict[str, Any]:
    """How the function runs."""
    options: dict[str, Any] = {
        "api_name": interface.api_name,
        "api_description": interface.api_description,
        "batch": interface.batch,
        "max_batch_size": interface.max_batch_size,
        "concurrency_limit": interface.concurrency_limit,
        "postprocess": not interface.api_mode,
        "preprocess": not interface.api_mode,
        "scroll_to_output": not interface.live,
        "show_progress": interface.show_progress,
        "time_limit": interface.time_limit,
        "retries": interface.retries,
        "validator": interface.validator,
    }
    if interface.api_visibility != "public":
        options["api_visibility"] = interface.api_visibility
    return options


def _while_changing(interface: Interface, layout: InterfaceLayout) -> Listener:
    """Each change runs it, or each piece of a stream. One run at a time, and the newest values are never left out."""
    unified = interface.interface_type is InterfaceTypes.UNIFIED
    triggers = [each for each in (_change_of(one, unified) for one in interface.input_components) if each is not None]
    if unified and layout.submit is not None:
        triggers.append(layout.submit.click)
    streams = any(each.event_name == "stream" for each in triggers)
    options = {**_run(interface), "trigger_mode": "always_last"}
    if streams:
        options |= {"show_progress": "hidden", "stream_every": interface.stream_every}
    return on(triggers, interface.fn, interface.input_components, interface.output_components, **options)


def _change_of(component: Component, by_visitor: bool) -> Any:
    """What is listened to; where inputs are outputs too, only what the visitor does: the answer must not ask again."""
    if component.stateful:
        return None  # it changes because the function has run
    if getattr(component, "streaming", False) and hasattr(component, "stream"):
        return component.stream
    if by_visitor and hasattr(component, "input"):
        return component.input
    return getattr(component, "change", None)


def _stoppable(interface: Interface, triggers: list[Any], submit: Button, stop: Button) -> tuple[Listener, Listener]:
    """While a generator runs, Stop stands in the place of Submit."""
    quiet: dict[str, Any] = {"queue": False, "show_api": False, "show_progress": "hidden"}

    async def running() -> Any:
        return update(visible=False), update(visible=True)

    async def ended() -> Any:
        return update(visible=True), update(visible=False)

    started = on(triggers, running, None, [submit, stop], **quiet)
    event = started.then(interface.fn, interface.input_components, interface.output_components, **_run(interface))
    end = event.then(ended, None, [submit, stop], **quiet)
    stop.click(ended, None, [submit, stop], cancels=event, **quiet)
    return event, end
