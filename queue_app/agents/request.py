"""One request of an agent, as its endpoint hands it on: who asks, for which app, and how it is told of progress."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from queue_app.cluster import call_names

if TYPE_CHECKING:
    from auth_app.identity import Identity
    from blocks_app.running.request import RequestInfo
    from blocks_app.web.registry import Mount
    from queue_app.asgi_types import Scope
    from queue_app.cluster.call_names import CallName

#: Tells progress: how far, of how much, in words.
Report = Callable[[float, float | None, str], Awaitable[None]]


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
        arguments: of what is called, where they are too large to be read twice.
    """

    mount: Mount
    identity: Identity
    request_info: RequestInfo
    scope: Scope
    wanted: str | None = None
    name: CallName | None = None
    report: Report | None = None
    arguments: dict[str, Any] | None = None

    def begin(self, event_id: str) -> None:
        """A job of this request waits or runs."""
        if self.name is not None:
            call_names.begin(self.mount, self.name, event_id)

    def end(self, event_id: str, *, complete: bool) -> None:
        """It is over for the agent; unless it is complete nobody waits for it any more."""
        if self.name is not None:
            call_names.end(self.mount, self.name, event_id)
        if not complete:
            call_names.give_up(self.mount, [event_id])
