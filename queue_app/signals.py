"""What happens in the queue, told as plain data to whoever wants to know: records, metrics, traces, a site's own code.

Receivers are called on the server's loop, one after the other, and must be quick; what one raises is logged and stays
with it. Nothing is built while nobody listens. What is told could as well come from another process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from queue_app.observing import notify

if TYPE_CHECKING:
    from blocks_app.running.failures import Failure
    from blocks_app.running.request import RequestInfo

T = TypeVar("T")


class Signal(Generic[T]):
    """Tells its receivers of one kind of thing. Not thread-safe: connect while the apps get ready, or on the loop."""

    __slots__ = ("receivers",)

    def __init__(self) -> None:
        #: Ask it for truth before building what would be sent.
        self.receivers: list[Callable[[T], None]] = []

    def connect(self, receiver: Callable[[T], None]) -> None:
        """Call `receiver` from now on, once for each thing."""
        if receiver not in self.receivers:
            self.receivers.append(receiver)

    def disconnect(self, receiver: Callable[[T], None]) -> None:
        """Call it no more."""
        if receiver in self.receivers:
            self.receivers.remove(receiver)

    def send(self, what: T) -> None:
        """Tell all receivers. Never raises what they raise."""
        notify(self.receivers, what)


class JobChanged(msgspec.Struct, frozen=True, eq=False):
    """A job has changed its state: everything that is known of it at that moment. Times in epoch seconds.

    Attributes:
        action: what the log calls it: job.queued, job.started, job.done, job.failed or job.cancelled.
        at: when it was told.
        event_id, mount, fn, fn_name: which event, of which app and function.
        session, identity, username, request: for whom; see `JobSpec`.
        state: of `JobState`, as text.
        submitted, started, finished: the latter two None until then.
        messages: how many were published for it; known at its end.
        waited: seconds from the click until the page sent it, as the page says.
        awaited: whether its answer is returned to whoever submitted it, so that no connection delivers it later.
        error: what went wrong, without the exception itself.
        data: its inputs, for another try; only of what failed or was cancelled, and never with a password in it.
    """

    action: str
    at: float
    event_id: str
    mount: str
    fn: int
    fn_name: str
    session: str
    identity: str | None
    username: str | None
    request: RequestInfo | None
    state: str
    submitted: float
    started: float | None = None
    finished: float | None = None
    messages: int = 0
    waited: float = 0.0
    awaited: bool = False
    error: Failure | None = None
    data: list[Any] | None = None


class SessionChanged(msgspec.Struct, frozen=True):
    """Somebody began ("attached") or ended ("left") reading a session, or it was "forgotten"."""

    what: str
    at: float
    mount: str
    hash: str
    identity: str | None
    connections: int


class AppRenewed(msgspec.Struct, frozen=True):
    """Beside this process there is one that serves a newer version of an app: its revision. Told again and again."""

    mount: str
    revision: str


class EventEnd(msgspec.Struct, frozen=True):
    """How an event has ended, and when (`time.time()`): a state of `JobState` as text, "" where nobody knows it."""

    state: str
    at: float


class EndsKnown(msgspec.Struct, frozen=True):
    """An engine whose events run in other processes knows how they have ended, also where such a process has died.

    Attributes:
        mount: of which app.
        ask: gives the ends of events, by their ids; None of those that go on, or have only just ended. Called from any
            thread, waits, and raises what the driver of the engine's store raises.
    """

    mount: str
    ask: Callable[[Sequence[str]], list[EventEnd | None]]


job_changed: Signal[JobChanged] = Signal()
#: Told now and then by one process of a site, for whoever keeps records.
ends_known: Signal[EndsKnown] = Signal()
session_changed: Signal[SessionChanged] = Signal()
app_renewed: Signal[AppRenewed] = Signal()
#: With an event's id: a connection has written its completion.
job_delivered: Signal[str] = Signal()
