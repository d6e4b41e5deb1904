"""Watching: a second tab reads the messages of one event beside the page that has started it.

Who watches proves to be who started it. A visitor who has logged in does so by that. Anonymous visitors are told apart
by their session's name alone, so theirs must be said too; it never stands in a link. Of an event that was watched the
end is kept, so that a watcher who was cut off hears it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cachetools import FIFOCache
from django.utils.crypto import constant_time_compare

from queue_app.delivery.subscription import Attending, Subscription
from queue_app.exceptions import NothingToWatch

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from queue_app.delivery.outbox_store import OutboxChannel
    from queue_app.delivery.sequenced_message import SequencedMessage

_KEPT = 64  # watched events whose end is remembered


class ViewedSession(Protocol):
    """What a viewer needs of a session: its name and messages, and that it counts whoever reads them."""

    @property
    def hash(self) -> str:
        """Its name."""

    @property
    def outbox(self) -> OutboxChannel:
        """Its messages."""

    @property
    def is_kept(self) -> bool:
        """Whether it was not forgotten yet."""

    def attend(self) -> Attending:
        """A connection of it was opened."""


@dataclass(frozen=True, slots=True)
class ViewedEvent:
    """An event that somebody watches or has watched.

    Attributes:
        event_id, dependency: which event, of which listener.
        identity_key: who started it.
        session: whose outbox tells of it.
    """

    event_id: str
    dependency: Dependency
    identity_key: str | None
    session: ViewedSession


class Viewer(Subscription):
    """Reads the messages of one event and nothing else; what it reads is not forgotten for it.

    Attributes:
        event_id, fn, session_hash: which event it is, of which listener and session.
    """

    __slots__ = ("event_id", "fn", "session_hash")

    def __init__(self, watched: ViewedEvent, after: int) -> None:
        """Read what came after a number; begin with the first message of the event that is still kept."""
        outbox = watched.session.outbox
        super().__init__(outbox, min(max(after, outbox.before(watched.event_id)), outbox.number))
        outbox.keep_end(watched.event_id)
        outbox.join(self)
        self.event_id, self.fn, self.session_hash = watched.event_id, watched.dependency.id, watched.session.hash
        self.attendance = watched.session.attend()

    def take(self) -> list[SequencedMessage]:
        """Everything new of the event, without waiting; its end though the page has had it forgotten."""
        before = self.position
        batch = [entry for entry in self._outbox.since(before) if entry.event_id == self.event_id]
        self.position = max(before, self._outbox.number)
        end = self._outbox.end_of(self.event_id)
        if end is not None and end.number > before and not any(entry.number == end.number for entry in batch):
            batch.append(end)
        return batch

    @property
    def open(self) -> bool:
        """Whether the event waits or runs."""
        return self._outbox.is_open(self.event_id)


class Viewers:
    """The events of one app that are or were watched. Lives on the server's loop."""

    def __init__(self) -> None:
        self._all: FIFOCache[str, ViewedEvent] = FIFOCache(_KEPT)

    def find(
        self,
        opened: ViewedEvent | None,
        event_id: str,
        session_hash: str,
        identity_key: str | None,
        username: str | None,
    ) -> ViewedEvent:
        """The event of this id; `opened` is the one that waits or runs, if there is one.

        Raises:
            NothingToWatch: there is none of this visitor.
        """
        watched = self._all.get(event_id)
        if watched is not None and not watched.session.is_kept:
            del self._all[event_id]  # the session is over, and with it what its events said
            watched = None
        watched = watched or opened
        if watched is None or not _is_theirs(watched, session_hash, identity_key, username):
            raise NothingToWatch
        return watched

    def begin(self, watched: ViewedEvent, after: int) -> Viewer:
        """Look at an event that was found, and remember it. Raises NothingToWatch when its session has ended since."""
        if not watched.session.is_kept:
            raise NothingToWatch
        if watched.event_id not in self._all and len(self._all) >= _KEPT:
            _, oldest = self._all.popitem()
            oldest.session.outbox.drop_end(oldest.event_id)
        self._all[watched.event_id] = watched
        return Viewer(watched, after)


def _is_theirs(watched: ViewedEvent, session_hash: str, identity_key: str | None, username: str | None) -> bool:
    if watched.identity_key != identity_key:
        return False
    return username is not None or constant_time_compare(watched.session.hash, session_hash)
