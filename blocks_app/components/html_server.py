"""Functions that the page itself may call, as the script of a gr.HTML does: each is a listener that no event starts.

Programs may not ask for them. They take the road of every event without a queue, so access, limits and threads are
those of any other function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from blocks_app.components.json import plain_data
from blocks_app.components.validation import refusal, shown
from blocks_app.exceptions import CallError
from blocks_app.functions.signatures import describe
from blocks_app.listeners import oauth
from blocks_app.listeners.dependency import Dependency, listening_root
from blocks_app.listeners.event_data import EventData
from blocks_app.listeners.listener import Listener, start_listening
from blocks_app.running.progress import Progress
from blocks_app.running.request import Request
from blocks_app.tree.component import Component


class Served(Component):
    """Carries arguments in and a result out: plain JSON, never drawn."""

    skip_api: ClassVar[bool] = True

    def __init__(self, *, render: bool = True) -> None:
        super().__init__(None, render=render)
        self.listeners: dict[str, Dependency] = {}

    def preprocess(self, payload: Any) -> list[Any]:
        """The arguments. Raises Error for anything but a list."""
        if not isinstance(payload, list):
            raise refusal(self, f"a list of arguments is needed, not {shown(payload)}.")
        return payload

    def postprocess(self, value: Any) -> Any:
        """The result as JSON data."""
        return plain_data(value)

    def api_info(self) -> dict[str, Any]:
        return {"type": "array", "items": {}}

    def numbers(self) -> dict[str, int]:
        """Number of each function's listener by its name; looked up, since pages that move in elsewhere renumber."""
        listeners = listening_root(self._root).dependencies.values() if self._root is not None else ()
        return {each.name: each.id for each in listeners if self in each.inputs}


def serve(functions: Sequence[Callable[..., Any]]) -> Served:
    """Make the functions available to the page that is being declared."""
    carrier = Served()
    for function in functions:
        listen_for(carrier, _taking_a_list(function))
    return carrier


def listen_for(carrier: Served, function: Callable[..., Any]) -> None:
    """Let the page that is being declared call a function that takes what the carrier makes of its arguments."""
    options = {"queue": False, "show_progress": "hidden", "api_visibility": "private", "trigger_mode": "multiple"}
    made = start_listening([], function, carrier, carrier, options, what="server_functions")
    assert isinstance(made, Listener)


def _taking_a_list(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with one list in place of its arguments, and the visitor's request where it asks for it."""
    info = describe(function)

    def arguments(given: list[Any], request: Request) -> tuple[Sequence[Any], dict[str, Any]]:
        if not info.takes_any and not info.required <= len(given) <= len(info.parameters):
            raise CallError(f"The server function {info.name} does not take {len(given)} arguments.")
        return info.arranged(given, lambda wanted, optional: _inject(wanted, optional, request))

    async def answer_later(given: list[Any], request: Request) -> Any:
        args, named = arguments(given, request)
        return await function(*args, **named)

    def answer(given: list[Any], request: Request) -> Any:
        args, named = arguments(given, request)
        return function(*args, **named)

    answer.__name__ = answer_later.__name__ = info.name
    return answer_later if info.is_async and not info.is_generator else answer


def _inject(wanted: Any, optional: bool, request: Request) -> Any:
    if oauth.is_read(wanted):
        return oauth.read(wanted, request, optional)
    if isinstance(wanted, Progress):
        return wanted.for_call()
    return request if issubclass(wanted, Request) else EventData(None, None)
