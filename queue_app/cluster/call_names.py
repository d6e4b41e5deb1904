"""Calls that a program names itself, within a session of its own, and may cancel by that name in any process.

Who cancels a call comes to whichever process a proxy chooses. The one that has it looks it up; else the others hear it.
A name means nothing to anybody else: it holds the visitor and a digest of a session that only the program knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.crypto import salted_hmac

from blocks_app.web.registry import all_mounts
from queue_app.cluster import message_bus
from queue_app.execution.control import operating
from queue_app.execution.engine import engine_of
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blocks_app.web.registry import Mount
    from queue_app.cluster.message_bus import MessageBus

KIND = "call"
_ATTACHMENT = "named_calls"
_LIFETIME = 20.0  # seconds in which another process may find a call
_cancelling = TaskGroup("calls that are not wanted any more")


@dataclass(frozen=True, slots=True)
class CallName:
    """The name of a call: whose, in which session (a digest), and which there; "" is every one of the session."""

    identity: str
    session: str
    request: str

    @property
    def whole_session(self) -> CallName:
        """Every call of the same session."""
        return CallName(self.identity, self.session, "")

    def means(self, other: CallName) -> bool:
        """Whether a call of that name is meant."""
        same = (self.identity, self.session) == (other.identity, other.session)
        return same and self.request in ("", other.request)


def name_of(identity: str, session: str, request: Any) -> CallName:
    """The name of a call of this visitor. 1 and "1" are two requests."""
    named = salted_hmac("queue_app.call_names", session, algorithm="sha256").hexdigest()
    return CallName(identity, named, repr(request))


def connect(bus: MessageBus) -> None:
    """Hear of calls that are cancelled where another process was asked."""
    bus.listeners[KIND] = _receive


def begin(mount: Mount, name: CallName, event_id: str) -> None:
    """A call waits or runs here, as this event."""
    _open(mount)[name] = event_id


def end(mount: Mount, name: CallName, event_id: str) -> None:
    """It has ended."""
    if _open(mount).get(name) == event_id:
        del _open(mount)[name]


def cancel(mount: Mount, name: CallName) -> None:
    """Cancel what a name means, here or in the other processes. One that nobody knows changes nothing."""
    found = _meant(mount, name)
    give_up(mount, found)
    bus = message_bus.current()
    if bus is not None and (not found or not name.request):
        body = {"mount": mount.key, "identity": name.identity, "session": name.session, "request": name.request}
        bus.send(KIND, body, lifetime=_LIFETIME)


def give_up(mount: Mount, event_ids: Iterable[str]) -> None:
    """Cancel events that have an outbox of their own."""
    for event_id in event_ids:
        _cancelling.start(engine_of(mount).cancel(event_id, event_id))


def _receive(body: dict[str, Any]) -> None:
    """Another process was asked; called in the bus's thread."""
    name = CallName(body["identity"], body["session"], body["request"])
    for mount in all_mounts():
        if mount.key == body["mount"]:
            for event_id in _meant(mount, name):
                operating.cancel(mount.key, event_id)


def _meant(mount: Mount, name: CallName) -> list[str]:
    return [event_id for known, event_id in list(_open(mount).items()) if name.means(known)]


def _open(mount: Mount) -> dict[CallName, str]:
    found: dict[CallName, str] = mount.attachments.setdefault(_ATTACHMENT, {})
    return found
