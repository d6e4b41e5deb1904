"""An app of scenarios/ as a simulated page: its config by names, and what goes to the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from queue_app.testing.controller import PageController
from queue_app.testing.dispatch import PageRun
from queue_app.testing.seen import Seen
from tests.dispatch.data import read

MODES: dict[str, str] = read("modes.json")
ROOT = 0


@dataclass(eq=False)
class Asked:
    """One run as the server sees it."""

    run: PageRun
    listener: str
    data: list[Any]
    event_data: Any
    ended: bool = False

    @property
    def reported(self) -> list[Any]:
        """As a scenario writes it."""
        return [self.listener, self.data, *([] if self.event_data is None else [self.event_data])]


class Page:
    """A page without a server: whoever drives it says what the server says."""

    def __init__(self, scenario: dict[str, Any]) -> None:
        """Open the page of a scenario."""
        self.controller = PageController(self)
        self.asked: list[Asked] = []
        self.cancelled: list[str] = []
        self._scenario = scenario
        self._blocks: dict[str, int] = {}
        self._listeners: list[str] = []
        self.open()

    def open(self) -> None:
        """The page is loaded, for the first time or anew."""
        self._listeners.clear()
        blocks = {self.id(name): _seen(block) for name, block in self._scenario["blocks"].items()}
        lasting = self.controller.lasting
        self.dependencies = self._declared(self._scenario["listeners"], None)
        self.controller.show(blocks, self.dependencies, ROOT)
        self.controller.resume(lasting)

    def id(self, name: str) -> int:
        """The number of a block."""
        return self._blocks.setdefault(name, len(self._blocks) + 1)

    def part(self, listener: str, part: dict[str, Any]) -> dict[str, Any]:
        """What a listener has built, as its message has it."""
        number = self._number(listener)
        run = next(each for each in self.controller.runs.values() if each.listener.id == number)
        (host,) = run.listener.outputs
        blocks = {name: _seen(block) for name, block in part.get("blocks", {}).items()}
        value = {name: {} if seen.value is None else {"value": seen.value} for name, seen in blocks.items()}
        return {
            "render_id": 1000 + number,
            "layout": {"id": host, "children": [{"id": self.id(name)} for name in blocks]},
            "components": [
                {"id": self.id(name), "type": seen.kind, "props": {**seen.props, **value[name]}}
                for name, seen in blocks.items()
            ],
            "dependencies": self._declared(part.get("listeners", {}), 1000 + number),
        }

    def run(self, name: str) -> Asked:
        """The run that a step names: the oldest that has not ended, or "name 2", the second of all."""
        listener, _, nth = name.partition(" ")
        runs = [each for each in self.asked if each.listener == listener]
        return runs[int(nth) - 1] if nth else next(each for each in runs if not each.ended)

    # What the page asks of its server

    def submit(self, run: PageRun, data: list[Any], event_data: Any) -> None:
        """Note what was asked."""
        self.asked.append(Asked(run, self._listeners[run.listener.id], data, event_data))

    def cancel(self, run: PageRun) -> None:
        """Note what was cancelled."""
        self.cancelled.append(self._listeners[run.listener.id])

    def settled(self) -> None:
        """Nobody waits."""

    # The config

    def _number(self, listener: str) -> int:
        return len(self._listeners) - 1 - self._listeners[::-1].index(listener)

    def _declared(self, listeners: dict[str, Any], part: int | None) -> list[dict[str, Any]]:
        first = len(self._listeners)
        listeners = _with_cancels(listeners)
        self._listeners += listeners
        return [self._config(first + i, name, given, part) for i, (name, given) in enumerate(listeners.items())]

    def _config(self, number: int, name: str, given: dict[str, Any], part: int | None) -> dict[str, Any]:
        chain = next((kind for kind in ("then", "success", "failure") if kind in given), None)
        on = given.get("on", [])
        targets = [[None, chain]] if chain else [self._target(each) for each in ([on] if isinstance(on, str) else on)]
        mode = "always_last" if given.get("renders") else MODES.get(targets[0][1] if targets else "", "once")
        progress_on = given.get("progress_on")
        return {
            "id": number,
            "targets": targets,
            "inputs": [self.id(each) for each in given.get("inputs", [])],
            "outputs": [self.id(each) for each in given.get("outputs", [])],
            "cancels": [self._number(each) for each in given.get("cancels", [])],
            "backend_fn": given.get("fn", True),
            "queue": given.get("queue", True),
            "api_name": None if name.endswith(" cancels") else given.get("api_name", name),
            "show_progress": given.get("progress", "full"),
            "show_progress_on": None if progress_on is None else [self.id(each) for each in progress_on],
            "collects_event_data": given.get("event_data", False),
            "every": given.get("every"),
            "trigger_after": self._number(given[chain]) if chain else None,
            "trigger_only_on_success": chain == "success",
            "trigger_only_on_failure": chain == "failure",
            "trigger_mode": given.get("mode", mode),
            "rendered_in": part,
            "render_id": 1000 + number if given.get("renders") else None,
        }

    def _target(self, trigger: str) -> list[Any]:
        block, _, event = trigger.partition(".")
        return [self.id(block), event] if event else [ROOT, block]


def _with_cancels(listeners: dict[str, Any]) -> dict[str, Any]:
    """`cancels` is a listener of its own on the same trigger, as in the config of an app."""
    found = {}
    for name, given in listeners.items():
        found[name] = {key: value for key, value in given.items() if key != "cancels"}
        if "cancels" in given:
            on = {key: given[key] for key in ("on", "then", "success", "failure") if key in given}
            found[f"{name} cancels"] = {**on, "cancels": given["cancels"], "fn": False, "queue": False, "mode": "once"}
    return found


def _seen(block: Any) -> Seen:
    given = {"type": block} if isinstance(block, str) else block
    return Seen(given["type"], dict(given.get("props", {})), given.get("value"))
