"""How a run differs from that of an event of a page: it goes the same way, with another receiver or on other terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from blocks_app.exceptions import AnswerKept, Error, NotValid
from blocks_app.protocol import Message, ProcessCompleted
from blocks_app.web.languages import speaking

if TYPE_CHECKING:
    import asyncio

    from blocks_app.listeners.dependency import Dependency
    from blocks_app.running.failures import Failure
    from queue_app.delivery.outbox_store import Values
    from queue_app.delivery.sequenced_message import Diff
    from queue_app.exceptions import QueueError


#: Seconds from a cancel to its completion on streams without numbers: Gradio's Python clients wait for the end of
#: their own cancelling first, and would otherwise take the completion for a result.
CANCEL_DELAY = 0.5
#: Seconds that it may take to make one file of what came in pieces before its end.
JOINING = 10.0


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms something is run.

    Attributes:
        failed: what the log calls its failure.
        counts: whether the log and the receivers of signals are told of it, its time is measured and its State kept.
        verdict: the error by which it answers, which is no failure.
    """

    failed: str = "job.failed"
    counts: bool = True
    verdict: type[Error] | None = None


EVENT = Terms()
VALIDATION = Terms("job.validator_failed", counts=False, verdict=NotValid)
ASKING = Terms("job.kept_answer_failed", counts=False, verdict=AnswerKept)
UNLOAD = Terms("unload.failed", counts=False)
#: Of an event that another process has taken over: what it still says here is dropped.
LOST = Terms(counts=False)


class Answer:
    """In place of a session's outbox: takes the end of one event, and drops what is told on the way.

    Attributes:
        completed: done with the end of the event, or with the QueueError that says why there is none.
        failure: why the event has failed, when a function of the app did.
    """

    __slots__ = ("completed", "failure")

    #: Nothing is read here that the end of a cancelled event could be taken for.
    is_numbered = True

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.completed: asyncio.Future[ProcessCompleted] = loop.create_future()
        self.failure: Failure | None = None

    def publish(self, message: Message, diff: Diff = False, values: Values | None = None) -> None:
        """Take a message of the event."""
        if type(message) is ProcessCompleted and not self.completed.done():
            self.completed.set_result(message)

    def refuse(self, error: QueueError) -> None:
        """The event ends without an answer."""
        if not self.completed.done():
            self.completed.set_exception(error)


def overdue(dependency: Dependency, limit: float, language: str = "") -> Error:
    """What is told, in the visitor's language, when a run has taken longer than the `time_limit` of its listener."""
    with speaking(language):
        text = gettext("%(name)s took longer than its time limit of %(limit)s s and was stopped.")
    text %= {"name": dependency.name, "limit": format(limit, "g")}
    return Error(text, print_exception=False)
