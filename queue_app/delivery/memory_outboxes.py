"""The store of channels within one process: an outbox for each, kept as long as its session."""

from __future__ import annotations

from queue_app.delivery.outbox import Outbox
from queue_app.delivery.outbox_store import OutboxStore
from queue_app.delivery.unread_bounds import freed


class MemoryOutboxStore(OutboxStore):
    """See OutboxStore. What is published can be read at once, so nothing has to be shipped and nobody waits."""

    def __init__(self) -> None:
        self._all: dict[str, Outbox] = {}

    def channel(self, name: str) -> Outbox:
        """See OutboxStore."""
        found = self._all.get(name)
        if found is None:
            found = self._all[name] = Outbox()
        return found

    def drop(self, name: str) -> None:
        """See OutboxStore."""
        found = self._all.pop(name, None)
        if found is not None:
            found.finish()
            freed(found.size)

    async def close(self) -> None:
        """See OutboxStore."""
        for each in self._all.values():
            each.finish()
        self._all.clear()
