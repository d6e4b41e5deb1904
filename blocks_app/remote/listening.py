"""From the dependencies of an app elsewhere to listeners of this one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from blocks_app.diagnostics.mistakes import warn
from blocks_app.listeners.events import on
from blocks_app.listeners.listener import BoundEvent, Listener, start_listening
from blocks_app.remote.building import Builder
from blocks_app.remote.connection import RemoteApp
from blocks_app.remote.functions import RemoteFunction, constant, listener_of
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component

#: Options of a listener that mean the same here.
_TAKEN = ("scroll_to_output", "show_progress", "queue", "trigger_mode", "stream_every")
#: A script that gives the same values whatever was entered.
_CONSTANT = re.compile(r"\s*(?:async\s*)?\(\s*\)\s*=>\s*(\[.*\])\s*;?\s*", re.DOTALL)


class Listening:
    """Declares the listeners of an app, one after the other.

    Attributes:
        functions: what calls the app, by the name for programs here.
    """

    def __init__(self, connection: RemoteApp, page: Block, page_number: int | None, builder: Builder) -> None:
        made = builder.made
        self._dialects = builder.dialects
        self._connection = connection
        self._page, self._page_number = page, page_number
        self._made = made
        self._numbers: dict[Block, int] = {}
        self._listeners: dict[int, Listener] = {}
        self._left_out: list[str] = []
        self.functions: dict[str, RemoteFunction] = {}

    def declare(self, dependencies: list[dict[str, Any]]) -> None:
        """Declare all that can be; what cannot is told in one warning."""
        self._numbers.update({block: number for number, block in self._made.items()})
        for place, dependency in enumerate(dependencies):
            number = dependency.get("id", place)
            problem = self._declare(number, dependency)
            if problem:
                self._left_out.append(f"{dependency.get('api_name') or number} ({problem})")
        if self._left_out:
            warn(f"gr.load leaves out listeners of the app: {', '.join(self._left_out)}.")

    def _declare(self, number: int, dependency: dict[str, Any]) -> str | None:
        if dependency.get("render_id") is not None or dependency.get("rendered_in") is not None:
            return "parts that are built at run time stay there"
        inputs = [self._made.get(each) for each in dependency.get("inputs") or ()]
        outputs = [self._made.get(each) for each in dependency.get("outputs") or ()]
        if None in inputs or None in outputs or not all(isinstance(each, Component) for each in inputs):
            return "it names what is not on the page"
        triggers = [found for target in dependency.get("targets") or () for found in self._triggers(target, dependency)]
        calls, fn, problem = None, None, None
        if dependency.get("backend_fn"):
            calls = RemoteFunction(self._connection, number, inputs, outputs, self._numbers, self._dialects)  # type: ignore[arg-type]
            types = dependency.get("types") or {}
            is_generator = bool(types.get("generator") or types.get("continuous"))
            fn = listener_of(
                calls, _name(number, dependency), is_generator, bool(dependency.get("collects_event_data"))
            )
            problem = "without its script" if dependency.get("js") else None
        elif dependency.get("js"):
            fn = _constant(dependency, len(outputs))
            if fn is None:
                return "a script"
        cancels = [self._listeners[each] for each in dependency.get("cancels") or () if each in self._listeners]
        if not triggers and not dependency.get("api_name"):
            return "its event does not exist here"
        if fn is None and not cancels and not triggers:
            return None
        listener = self._listen(triggers, fn, inputs, outputs, self._options(dependency, calls is not None), cancels)
        self._listeners[number] = listener
        if calls is not None:
            self.functions[listener.dependency.api_name] = calls
        return problem

    def _listen(
        self, triggers: list[Any], fn: Any, inputs: Any, outputs: Any, options: dict[str, Any], cancels: list[Listener]
    ) -> Listener:
        if fn is None:
            inputs = outputs = []
        given = {**options, **({"cancels": cancels} if cancels else {})}
        if triggers and isinstance(triggers[0], BoundEvent):
            found: Listener = on(triggers, fn, inputs, outputs, **given)
            return found
        made: Listener = start_listening(triggers, fn, inputs, outputs, given, what="load")
        return made

    def _options(self, dependency: dict[str, Any], calls: bool) -> dict[str, Any]:
        taken = {name: dependency[name] for name in _TAKEN if dependency.get(name) is not None}
        if not calls:
            return {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        name, visibility = dependency.get("api_name"), dependency.get("api_visibility")
        if visibility is None:
            visibility = (
                "private" if name is False else "public" if dependency.get("show_api", True) else "undocumented"
            )
        shown = [self._made[each] for each in dependency.get("show_progress_on") or () if each in self._made]
        return {
            **taken,
            **({"show_progress_on": shown} if shown else {}),
            "api_name": name or None,
            "api_visibility": visibility,
            "api_description": dependency.get("api_description") or False,
            "preprocess": False,
            "postprocess": False,
            "concurrency_limit": None,  # the app there has its own queue
        }

    def _triggers(self, target: Any, dependency: dict[str, Any]) -> list[BoundEvent | tuple[str, int]]:
        number, event = target
        if number is None:
            after = self._listeners.get(dependency.get("trigger_after"))  # type: ignore[arg-type]
            return [(event, after.id)] if after is not None and event in ("then", "success", "failure") else []
        block = self._page if number == self._page_number else self._made.get(number)
        found = getattr(block, str(event), None) if not str(event).startswith("_") else None
        return [found] if isinstance(found, BoundEvent) else []


def _name(number: int, dependency: dict[str, Any]) -> str:
    return str(dependency.get("api_name") or f"function_{number}")


def _constant(dependency: dict[str, Any], outputs: int) -> Callable[..., Any] | None:
    """The function that does what a script does which only gives constants; None for any other script."""
    found = _CONSTANT.fullmatch(str(dependency["js"]))
    if found is None or dependency.get("inputs"):
        return None
    try:
        values = json.loads(found[1])
    except ValueError:
        return None
    return constant(values, "clear") if len(values) == outputs else None
