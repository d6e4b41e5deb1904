"""One request of an agent, as its endpoint hands it on: who asks, for which app, and how it is told of progress."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from queue_app.execution.engine import engine_of
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    from auth_app.identity import Identity
    from blocks_app.running.request import RequestInfo
    from blocks_app.web.registry import Mount
    from queue_app.asgi_types import Scope

_ATTACHMENT = "agent_calls"
_cancelling = TaskGroup("calls that agents have given up")

#: Tells progress: how far, of how much, in words.
Report = Callable[[float, float | None, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class CallName:
    """How an agent names a call of its own, later, to cancel it: within its session, and never another visitor's."""

    identity: str
    session: str
    request: str


@dataclass(frozen=True, slots=True)
class AgentRequest:
    """What is known of one request; it submits jobs as any caller does.

    Attributes:
        mount: the app.
        identity: who asks.
        request_info: what functions may ask about the request.
        scope: of the connection, by which its rate is counted.
        wanted: the tools that the address names, as it was written; None for all.
        name: for cancelling; None where the agent has no session.
        report: tells progress; None where nobody listens.
    """

    mount: Mount
    identity: Identity
    request_info: RequestInfo
    scope: Scope
    wanted: str | None = None
    name: CallName | None = None
    report: Report | None = None

    def begin(self, event_id: str) -> None:
        """A job of this request waits or runs."""
        if self.name is not None:
            _open(self.mount)[self.name] = event_id

    def end(self, event_id: str, *, complete: bool) -> None:
        """It is over for the agent; unless it is complete nobody waits for it any more."""
        if self.name is not None and _open(self.mount).get(self.name) == event_id:
            del _open(self.mount)[self.name]
        if not complete:
            _give_up(self.mount, [event_id])


def cancel(mount: Mount, name: CallName) -> None:
    """The agent does not want the answer of a call any more. One that is unknown here changes nothing."""
    if (event_id := _open(mount).get(name)) is not None:
        _give_up(mount, [event_id])


def cancel_all(mount: Mount, identity: str, session: str) -> None:
    """An agent's session has ended, and with it all of its calls."""
    calls = _open(mount).items()
    _give_up(mount, [event_id for name, event_id in calls if (name.identity, name.session) == (identity, session)])


def _give_up(mount: Mount, event_ids: Iterable[str]) -> None:
    for event_id in event_ids:
        _cancelling.start(engine_of(mount).cancel(event_id, event_id))


def _open(mount: Mount) -> dict[CallName, str]:
    found: dict[CallName, str] = mount.attachments.setdefault(_ATTACHMENT, {})
    return found


def name_of(identity: Identity, session: str | None, request: Any) -> CallName | None:
    """The name of a call. 1 and "1" are two requests."""
    return CallName(identity.key, session, repr(request)) if session is not None else None
