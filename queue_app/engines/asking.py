"""What a web process asks of a worker, and what it is answered: plain data, the same after a way through JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from blocks_app.protocol import ErrorOutput, Message, Output, ProcessCompleted
from queue_app import exceptions
from queue_app.engines.worker_registry import queue_of
from queue_app.exceptions import InvalidInputs, QueueError, QueueFull, QueueStopped
from queue_app.execution.job import JobSpec, ListenerView, login_of
from queue_app.scheduling.redis_scheduler import Admitted
from queue_app.scheduling.scheduler import Declared
from queue_app.sessions.presence import VisitorInfo

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency

#: "event" is told to its channel, all others are answered.
Kind = Literal["event", "run", "look", "rendered", "unload", "forget"]
_GOES_ON = 10  # workers after whose end an event that repeats goes on in another one
ENDED_HERE = "The worker that ran this has died. Run it again."


class Asked(msgspec.Struct, frozen=True):
    """What a worker is to do.

    Attributes:
        kind: "event": run it for its channel; "run": run it and answer with its end; "look": look at its inputs first;
            "rendered": tell of a listener that gr.render has made; "unload", "forget": tidy up after a session.
        job: the event, as JobSpec.to_json writes it.
        outputs: how many values it gives.
        name: of its function, for those who tell of it without running it.
        answer: the channel that gets the answer; "" for none.
        endless: whether it repeats as long as its page is open.
        stored: where its inputs lie, which are not with the job then; see large_inputs.py.
        visitor, number: of "unload", who has left, and which function; of "look", whether kept answers count.
    """

    kind: Kind
    job: msgspec.Raw
    outputs: int = 0
    name: str = ""
    answer: str = ""
    visitor: VisitorInfo | None = None
    number: int = 0
    stored: str = ""
    endless: bool = False

    @property
    def spec(self) -> JobSpec:
        """The event."""
        return JobSpec.from_json(bytes(self.job))

    def text(self) -> str:
        """It as it is kept."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def of(cls, text: str) -> Asked:
        """The one of `text`."""
        return msgspec.json.decode(text, type=cls)


class Facts(msgspec.Struct, frozen=True):
    """What a web process has to know of a listener that only a worker has.

    Attributes:
        view: what endpoints ask.
        outputs: how many values it gives.
        changes: the numbers of the blocks that these are for.
        endless: whether it repeats as long as the page is open.
        key, mates: what tells its group, and who may run in one batch with it.
        limit, batch, priority, personal: see Declared.
        group, retries: its `concurrency_id`; how often it may be run again.
    """

    view: ListenerView
    outputs: int
    changes: tuple[int, ...]
    endless: bool
    key: str
    mates: str
    limit: int | str | None
    batch: int
    priority: int
    personal: bool
    group: str | None = None
    retries: int = 0

    def declared(self) -> Declared:
        """As schedulers take it."""
        return Declared(self.view.id, self.key, self.limit, self.batch, self.mates, self.priority, self.personal)


def facts_of(dependency: Dependency, view: ListenerView, declared: Declared, text: Any) -> Facts:
    """Of a listener of this process; `text` writes keys."""
    return Facts(
        view,
        len(dependency.outputs),
        tuple(block._id for block in dependency.outputs),
        dependency.every is not None,
        text(declared.key),
        text(declared.mates),
        declared.limit,
        declared.batch,
        declared.priority,
        declared.personal,
        dependency.concurrency_id,
        dependency.retries,
    )


class EventIndex(msgspec.Struct, frozen=True):
    """What is looked up of an event that waits or runs: where it belongs, and by whom it was started.

    `changes` are the blocks that a listener of a part changes; of others the page says it.
    """

    kind: Kind
    fn: int
    session: str
    channel: str
    identity: str | None
    username: str | None
    login: str | None
    endless: bool = False
    changes: tuple[int, ...] = ()

    @classmethod
    def meaning(cls, kind: Kind, job: JobSpec, endless: bool, changes: tuple[int, ...]) -> EventIndex:
        """That of an event."""
        known = job.identity_key, job.username, login_of(job)
        return cls(kind, job.fn, job.session_hash, job.channel, *known, endless, changes)

    def text(self) -> str:
        """It as it is kept."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def of(cls, text: bytes | str) -> EventIndex:
        """The one of `text`."""
        return msgspec.json.decode(text, type=cls)


def admitted(asked: Asked, job: JobSpec, listener: Dependency | None, facts: Facts | None, endless: bool) -> Admitted:
    """What is asked as it waits, of a listener of the page, or one that only `facts` are known of."""
    channel = job.channel if asked.kind == "event" else asked.answer
    index = EventIndex.meaning(asked.kind, job, endless, facts.changes if facts is not None else ())
    group, retries = None, 0
    if facts is not None:
        group, retries = facts.group, facts.retries
    elif listener is not None and asked.kind in ("event", "run"):
        group, retries = listener.concurrency_id, listener.retries
    return Admitted(
        job,
        asked.text(),
        channel,
        index.text(),
        queue=queue_of(group, job.mount_key),
        version=job.version,
        outputs=asked.outputs,
        retries=max(retries, _GOES_ON) if endless else retries,
        alone=asked.kind != "event",
    )


class Reply(Message, tag="reply", kw_only=True, frozen=True):
    """The answer to what was asked, or the refusal: its class, text and details."""

    value: Any = None
    error: str = ""
    text: str = ""
    detail: Any = None


def reply_of(error: QueueError) -> Reply:
    """A refusal on its way."""
    detail = error.problems if isinstance(error, InvalidInputs) else None
    return Reply(event_id=None, error=type(error).__name__, text=str(error), detail=detail)


def raise_refusal(reply: Reply) -> None:
    """Raise what was refused elsewhere."""
    if not reply.error:
        return
    kind = getattr(exceptions, reply.error, QueueError)
    if kind is InvalidInputs:
        raise InvalidInputs(reply.text, reply.detail)
    if not (isinstance(kind, type) and issubclass(kind, QueueError)) or kind is QueueFull:
        kind = QueueStopped
    raise kind(reply.text)


def completed_of(value: Any) -> ProcessCompleted:
    """The end of an event that has come as plain data."""
    plain = value.pop("output")
    output = msgspec.convert(plain, Output) if value["success"] else msgspec.convert(plain, ErrorOutput)
    value.pop("msg", None)
    return ProcessCompleted(output=output, **value)
