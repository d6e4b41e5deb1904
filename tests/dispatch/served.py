"""An app of scenarios/ with the real queue behind it, whose functions answer when a step says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import blocks_app as gr
from tests.dispatch.declared import App

END = "end"


@dataclass(eq=False)
class Asked:
    """One run of a function: what it got, and what it is told to do."""

    listener: str
    data: list[Any]
    event_data: Any
    orders: asyncio.Queue[tuple[str, Any]] = field(default_factory=asyncio.Queue)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    ended: bool = False

    def tell(self, kind: str, given: Any) -> None:
        """Give it an order, from any loop: functions have one of their own."""
        self.loop.call_soon_threadsafe(self.orders.put_nowait, (kind, given))

    @property
    def reported(self) -> list[Any]:
        """As a scenario writes it."""
        return [self.listener, self.data, *([] if self.event_data is None else [self.event_data])]


class Served(App):
    """The app, and the runs of its functions in the order in which they began."""

    def __init__(self, scenario: dict[str, Any]) -> None:
        """Declare the app of a scenario."""
        self.asked: list[Asked] = []
        self.outputs = {name: given.get("outputs", []) for name, given in scenario["listeners"].items()}
        self._streams = {_name(step["yield"]) for step in scenario["steps"] if "yield" in step}
        super().__init__(scenario)

    def function(self, name: str, given: dict[str, Any]) -> Any:
        """A function that does as it is told; of a kind that can."""
        outputs = [self.blocks[each] for each in given.get("outputs", [])]
        states = [number for number, each in enumerate(given.get("inputs", [])) if _is_state(self.blocks[each])]

        async def answer(*data: Any) -> Any:
            return _result(outputs, await self._order(self._begin(name, data, states, None)))

        async def with_data(event: gr.EventData, *data: Any) -> Any:
            return _result(outputs, await self._order(self._begin(name, data, states, event._data)))

        async def stream(*data: Any) -> AsyncIterator[Any]:
            run = self._begin(name, data, states, None)
            while True:
                kind, given = await run.orders.get()
                if kind == END:
                    return
                if isinstance(given, Exception):
                    raise given
                yield _result(outputs, given)

        if given.get("event_data"):
            return with_data
        return stream if name in self._streams else answer

    def run(self, name: str) -> Asked:
        """The run that a step names: the oldest that has not ended, or "name 2", the second of all."""
        listener, _, nth = name.partition(" ")
        runs = [each for each in self.asked if each.listener == listener]
        return runs[int(nth) - 1] if nth else next(each for each in runs if not each.ended)

    def _begin(self, name: str, data: tuple[Any, ...], states: list[int], event_data: Any) -> Asked:
        shown = [None if number in states else value for number, value in enumerate(data)]
        run = Asked(name, shown, event_data)
        self.asked.append(run)
        return run

    async def _order(self, run: Asked) -> Any:
        _, given = await run.orders.get()
        if isinstance(given, Exception):
            raise given
        return given


def _name(run: str) -> str:
    return run.partition(" ")[0]


def _is_state(block: Any) -> bool:
    return isinstance(block, gr.State)


def _result(outputs: list[Any], data: list[Any]) -> Any:
    """What a function returns so that the page gets `data`; a State's place has its new value, or says to leave it."""
    values = [_written(each) for each in data] + [gr.skip()] * (len(outputs) - len(data))
    return values[0] if len(outputs) == 1 else values or None


def _written(value: Any) -> Any:
    if isinstance(value, dict) and value.get("__type__") == "update":
        return gr.update(**{name: given for name, given in value.items() if name != "__type__"})
    return value
