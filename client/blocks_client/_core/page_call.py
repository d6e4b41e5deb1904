"""Events as an app's own page sends them: wire values of all inputs, and of all outputs back. No network here."""

from __future__ import annotations

from collections import deque
from typing import Any
from urllib.parse import urlsplit

from blocks_client._core.api import App, Endpoint
from blocks_client._core.call import Call
from blocks_client._core.event_stream import Item
from blocks_client._core.session import Session
from blocks_client._core.status import StatusUpdate
from blocks_client._exceptions import ArgumentError

#: Values and notices that nobody has taken yet; older ones are not worth more memory.
_KEPT = 100


class PageEndpoint(Endpoint):
    """A function as its page calls it: nothing is left out, and nothing filled in."""

    def with_states(self, values: list[Any]) -> list[Any]:
        """The values as they are; a State's is null already."""
        return list(values)

    def shown(self, data: list[Any]) -> list[Any]:
        """All values as one."""
        return [data]


class PageCall(Call):
    """One event of a page.

    Attributes:
        untaken: for whoever shows it: values of all outputs and what was said meanwhile, in order.
        changed_states: ids of the States that it has changed.
    """

    def __init__(
        self,
        app: App,
        fn_index: int,
        data: list[Any],
        session: Session,
        event_data: Any = None,
        trigger_id: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        known = app.endpoints.get(fn_index)
        if known is None:
            raise ArgumentError(f"Invalid function index: {fn_index}.")
        endpoint = PageEndpoint(fn_index, known.dependency, {})
        # A page is known by where it comes from: what an app keeps for its page is open to this one.
        super().__init__(endpoint, data, session, {**(headers or {}), "origin": _origin(app.src)})
        self.extra = {"event_data": event_data, "trigger_id": trigger_id}
        self.untaken: deque[list[Any] | StatusUpdate] = deque(maxlen=_KEPT)
        self.changed_states: list[int] = []

    def read(self, item: Item | Exception) -> list[Any] | None:
        """Take a message into account, and keep what it says for the page."""
        if not isinstance(item, Exception):
            output = item.message.get("output")
            if isinstance(output, dict):
                self.changed_states = output.get("changed_state_ids") or self.changed_states
        before = self.status
        data = super().read(item)
        if self.status is not before:
            self.untaken.append(self.status)
            self.updated()
        return data

    def add(self, data: list[Any], value: Any) -> None:
        """A value of a generator; only the newest is kept besides those that wait to be shown."""
        self.outputs[:] = [value]
        self.untaken.append(value)
        self.updated()

    def finish(self, value: Any) -> None:
        """The final values."""
        self.outputs[:] = [value]
        super().finish(value)


def _origin(address: str) -> str:
    """What a browser calls the origin of a page there."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
