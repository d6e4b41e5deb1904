"""What listeners of a loaded app run: each sends its event to the app that was loaded, and gives what comes back."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Any

from blocks_app.exceptions import Error
from blocks_app.listeners.event_data import EventData
from blocks_app.remote.connection import RemoteApp, explained
from blocks_app.remote.dialects import Dialect
from blocks_app.remote.wire_files import Arriving, sent
from blocks_app.running.request import Request
from blocks_app.running.updates import skip, update
from blocks_app.tree.block import Block
from blocks_app.tree.component import Component


class RemoteFunction:
    """A listener of the app elsewhere.

    Attributes:
        number: its number there.
        inputs, outputs: the blocks here that stand for those there.
        numbers: the number there of each block here.
        dialects: how the app has the values of some components.
    """

    def __init__(
        self,
        connection: RemoteApp,
        number: int,
        inputs: Sequence[Component],
        outputs: Sequence[Block],
        numbers: dict[Block, int],
        dialects: dict[Block, Dialect],
    ) -> None:
        self.connection = connection
        self.number = number
        self.inputs = inputs
        self.outputs = outputs
        self.numbers = numbers
        self.dialects = dialects

    async def steps(
        self, data: Sequence[Any], session: str | None, event: EventData | None = None
    ) -> AsyncGenerator[Any, None]:
        """The results one after the other, as a listener that does no postprocessing returns them."""
        client = await asyncio.to_thread(self._client)
        values = [
            None if component.stateful else await asyncio.to_thread(self._sent, value, component)
            for component, value in zip(self.inputs, data)
        ]
        target = self.numbers.get(event.target) if event is not None and event.target is not None else None
        with explained():
            job = client.send(
                self.number,
                values,
                session=self.connection.session(session),
                event_data=event._data if event is not None else None,
                trigger_id=target,
            )
        arriving = Arriving(self.connection)
        try:
            async with aclosing(self.connection.events(job)) as events:
                async for step in events:
                    yield await asyncio.to_thread(self._taken, step, arriving, job.changed_states)
        finally:
            arriving.close()

    def _client(self) -> Any:
        with explained():
            return self.connection.client

    def _sent(self, value: Any, component: Component) -> Any:
        dialect = self.dialects.get(component)
        return sent(value if dialect is None else dialect.sent(value), component)

    def _taken(self, step: Any, arriving: Arriving, changed: list[int]) -> Any:
        if not isinstance(step, list) or len(step) < len(self.outputs):
            raise Error("The app behind this page gave less than was asked of it.", print_exception=False)
        values = [self._value(block, value, arriving, changed) for block, value in zip(self.outputs, step)]
        return values[0] if len(values) == 1 else values

    def _value(self, block: Block, value: Any, arriving: Arriving, changed: list[int]) -> Any:
        if isinstance(block, Component) and block.stateful:
            # The value itself stays there; here it only matters that it has changed.
            return os.urandom(8).hex() if self.numbers[block] in changed else skip()
        if arriving.is_under_way(value):
            return skip()
        if isinstance(value, dict) and value.get("__type__") == "update":
            changes = {name: given for name, given in value.items() if name in block.known_options() or name == "value"}
            if "value" in changes:
                changes["value"] = self._shown(block, changes["value"])
            return update(**{name: arriving.taken(given) for name, given in changes.items()})
        return arriving.taken(self._shown(block, value)) if isinstance(block, Component) else skip()

    def _shown(self, block: Block, value: Any) -> Any:
        dialect = self.dialects.get(block)
        return value if dialect is None else dialect.shown(value)


def listener_of(function: RemoteFunction, name: str, is_generator: bool, asks_for_event: bool) -> Callable[..., Any]:
    """What a listener runs, of the kind that its original is: a function or a generator, told of the event or not."""
    steps = function.steps

    async def stream(request: Request, *data: Any) -> AsyncGenerator[Any, None]:
        async with aclosing(steps(data, _session(request))) as results:
            async for each in results:
                yield each

    async def stream_event(request: Request, event: EventData, *data: Any) -> AsyncGenerator[Any, None]:
        async with aclosing(steps(data, _session(request), event)) as results:
            async for each in results:
                yield each

    async def call(request: Request, *data: Any) -> Any:
        return await _last(steps(data, _session(request)))

    async def call_event(request: Request, event: EventData, *data: Any) -> Any:
        return await _last(steps(data, _session(request), event))

    if is_generator:
        chosen: Callable[..., Any] = stream_event if asks_for_event else stream
    else:
        chosen = call_event if asks_for_event else call
    chosen.__name__ = chosen.__qualname__ = name
    return chosen


def constant(values: list[Any], name: str) -> Callable[[], Any]:
    """What stands for a script that only sets values, as that of a button which clears does."""

    def give() -> Any:
        made = [
            update(**{key: each for key, each in value.items() if key != "__type__"})
            if isinstance(value, dict) and value.get("__type__") == "update"
            else value
            for value in values
        ]
        return made[0] if len(made) == 1 else made

    give.__name__ = give.__qualname__ = name
    return give


async def _last(results: AsyncGenerator[Any, None]) -> Any:
    found: Any = None
    async for each in results:
        found = each
    return found


def _session(request: Any) -> str | None:
    return getattr(request, "session_hash", None)
