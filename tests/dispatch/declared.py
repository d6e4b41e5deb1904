"""An app of scenarios/ as somebody writes it with blocks_app."""

from __future__ import annotations

from typing import Any

import blocks_app as gr
from blocks_app.listeners.events import Events


class Box(gr.Textbox):
    """Any component: it raises every event that the scenarios name."""

    select, upload, key_up, submit = Events.select, Events.upload, Events.key_up, Events.submit

    def preprocess(self, payload: Any) -> Any:
        """The function gets what is on the wire."""
        return payload

    def postprocess(self, value: Any) -> Any:
        """And gives it."""
        return value


class Press(gr.Button):
    """A button from which something can be chosen."""

    select = Events.select


KINDS: dict[str, Any] = {
    "box": Box, "textbox": gr.Textbox, "button": Press, "timer": gr.Timer, "state": gr.State, "column": gr.Column,
    "json": gr.JSON,
}  # fmt: skip
#: What the config says of a listener that the scenarios say, too.
CONFIG_KEYS = (
    "id", "targets", "inputs", "outputs", "backend_fn", "queue", "api_name", "show_progress", "show_progress_on",
    "cancels", "collects_event_data", "every", "trigger_after", "trigger_only_on_success", "trigger_only_on_failure",
    "trigger_mode",
)  # fmt: skip


class App:
    """The app of a scenario.

    Attributes:
        demo: the app.
        blocks: its blocks by name.
    """

    def __init__(self, scenario: dict[str, Any]) -> None:
        """Declare it."""
        self.blocks: dict[str, Any] = {}
        self._listeners: dict[str, Any] = {}
        with gr.Blocks() as self.demo:
            for name, given in scenario["blocks"].items():
                block = {"type": given} if isinstance(given, str) else given
                value = {"value": block["value"]} if "value" in block else {}
                self.blocks[name] = KINDS[block["type"]](**value, **block.get("props", {}))
            for name, given in scenario["listeners"].items():
                self._listeners[name] = self._listen(name, given)

    def function(self, name: str, given: dict[str, Any]) -> Any:
        """What a listener calls."""

        def work(*_: Any) -> None: ...
        def asking(data: gr.EventData, *_: Any) -> None: ...

        return asking if given.get("event_data") else work

    def dependencies(self) -> list[dict[str, Any]]:
        """What its config says of its listeners, with the numbers that its blocks have in the scenarios."""
        numbers = {self.demo._id: 0, **{block._id: number for number, block in enumerate(self.blocks.values(), 1)}}
        return [_renumbered(each, numbers) for each in self.demo.get_config_file()["dependencies"]]

    def _listen(self, name: str, given: dict[str, Any]) -> Any:
        blocks, listeners = self.blocks, self._listeners
        options: dict[str, Any] = {
            "inputs": [blocks[each] for each in given.get("inputs", [])],
            "outputs": [blocks[each] for each in given.get("outputs", [])],
            "cancels": [listeners[each] for each in given.get("cancels", [])] or None,
            "api_name": name,
            "show_progress": given.get("progress"),
            "show_progress_on": [blocks[each] for each in given["progress_on"]] if "progress_on" in given else None,
            "trigger_mode": given.get("mode"),
            "queue": given.get("queue", True),
            "every": given.get("every"),
            "js": f"() => {given['js']}" if "js" in given else None,
            "concurrency_limit": None,
        }
        options = {key: value for key, value in options.items() if key == "concurrency_limit" or value is not None}
        fn = None if given.get("fn") is False else self.function(name, given)
        for chain in ("then", "success", "failure"):
            if chain in given:
                return getattr(listeners[given[chain]], chain)(fn, **options)
        on = [given["on"]] if isinstance(given["on"], str) else given["on"]
        bound = [_event(self.demo, blocks, each) for each in on]
        return bound[0](fn, **options) if len(bound) == 1 else gr.on(bound, fn, **options)


def _event(demo: gr.Blocks, blocks: dict[str, Any], trigger: str) -> Any:
    block, _, event = trigger.partition(".")
    return getattr(blocks[block], event) if event else getattr(demo, block)


def _renumbered(config: dict[str, Any], numbers: dict[int, int]) -> dict[str, Any]:
    output = {key: config[key] for key in CONFIG_KEYS}
    if output["cancels"]:
        output["api_name"] = None  # nobody calls it
    output["targets"] = [[None if block is None else numbers[block], event] for block, event in output["targets"]]
    for key in ("inputs", "outputs", "show_progress_on"):
        output[key] = None if output[key] is None else [numbers[block] for block in output[key]]
    return output
