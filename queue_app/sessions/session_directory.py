"""Which sessions there are, whose they are and who is there: the interface, by the sessions' names.

Callers say names and get plain data. In this process `MemorySessionDirectory` (directory.py) answers; where several
processes serve one app, a directory that they share would. Why its methods do not wait is told in
docs/decisions/stores.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from queue_app.sessions.presence import Attendance, VisitorInfo


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session at one moment.

    Attributes:
        hash: its name, chosen by the client.
        identity_key: whose it is; None until somebody has come.
        life: which session of its name it is, to tell it from one that was forgotten; never used twice.
        number: the number of its last message; 0 before the first.
        unread: how many messages are kept for it.
        pending: the ids of its events that wait or run, in the order in which they came.
        connections: how many of its connections are open.
    """

    hash: str
    identity_key: str | None
    life: int
    number: int
    unread: int
    pending: tuple[str, ...]
    connections: int


class SessionDirectory(Protocol):
    """All sessions of one app. Called on the server's event loop; `find` only looks, and may be asked elsewhere."""

    def claim(self, hash: str, identity_key: str | None) -> SessionView:
        """The session of this visitor, begun on first use: it belongs to whoever opens it, until it is forgotten.

        Raises:
            NotYours: it belongs to somebody else.
        """

    def find(self, hash: str, identity_key: str | None) -> SessionView | None:
        """An existing session of this visitor; None for unknown ones and for those of others."""

    def pending(self, hash: str) -> list[str]:
        """The ids of the events that wait or run, in the order in which they came; none for unknown sessions."""

    def attend(self, hash: str, visitor: VisitorInfo | None = None) -> Attendance:
        """A connection of a session was opened; the session is begun on first use.

        While one is open the session is not forgotten and its events go on. After the last the grace times begin.

        Args:
            hash: the session.
            visitor: the request, where a page or program keeps the connection as long as it is there: it makes a visit,
                whose end `unload` functions hear of.
        """

    def forget(self, hash: str) -> None:
        """Drop a session with all that it has; its readers end. Unknown names are harmless."""
