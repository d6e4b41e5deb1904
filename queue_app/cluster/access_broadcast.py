"""Changes of access are told to the site's other processes, which act as if they had happened there.

Logouts, closed accounts, changed passwords, sessions that were ended, permissions taken away: Django's signals tell of
them in one process only. What is told names a session by its digest or a visitor by its key, and decides nothing: each
process forgets what it remembers and asks its own guard about the connections that are meant.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from django.db import connection

from auth_app.visitors.signals import access_changed, notify

if TYPE_CHECKING:
    from queue_app.cluster.message_bus import MessageBus

KIND = "access"
MANY = 100  # changes in one moment, as when old sessions are swept, after which all is looked at instead


class AccessBroadcast:
    """Gathers changes for the messages of one bus, and acts upon those that come."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self._changes: deque[dict[str, Any]] = deque()
        bus.listeners[KIND] = self.receive
        bus.gatherers.append(self.gather)
        access_changed.connect(self.changed, dispatch_uid="queue_app.access_broadcast")

    def close(self) -> None:
        """Tell nothing any more."""
        access_changed.disconnect(dispatch_uid="queue_app.access_broadcast")

    def changed(
        self,
        session: str | None = None,
        identity_key: str | None = None,
        ended: bool = False,
        remote: bool = False,
        **_: Any,
    ) -> None:
        """Something has changed here, or (`remote`) elsewhere. Told when it is true for others too."""
        if remote:
            return
        change = {"session": session, "identity_key": identity_key, "ended": ended}
        if connection.in_atomic_block:
            connection.on_commit(lambda: self._put(change))
        else:
            self._put(change)

    def gather(self) -> tuple[str, dict[str, Any]] | None:
        """The body of the next message, if there is anything to send."""
        changes = [self._changes.popleft() for _ in range(len(self._changes))]
        if not changes:
            return None
        return KIND, {"changes": changes if len(changes) <= MANY else [{}]}

    @staticmethod
    def receive(body: dict[str, Any]) -> None:
        """Another process has told of changes."""
        for change in body["changes"]:
            notify(**change, remote=True)

    def _put(self, change: dict[str, Any]) -> None:
        self._changes.append(change)
        self._bus.wake()
