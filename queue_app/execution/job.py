"""JobSpec: one submitted event as data. JobStatus: how far it is, where it runs. AccessEnded: which of them end.
ListenerView: what whoever submits needs to know of a listener that its engine has."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

import msgspec
from django.conf import settings

from auth_app.visitors import known
from blocks_app.functions.naming import FunctionKey
from blocks_app.running.request import Request, RequestInfo

if TYPE_CHECKING:
    from typing import TypeAlias

    from blocks_app.listeners.dependency import Dependency

    #: What an event may be made for: a listener of the page, which every process has, or one that its engine has.
    Listener: TypeAlias = "Dependency | ListenerView"


class JobState(Enum):
    """Where a job stands; the last three are final and each job reaches exactly one of them."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobSpec(msgspec.Struct, frozen=True):
    """One event on its way, for this process or another: nothing but data, and never changed.

    Attributes:
        event_id: 32 hex digits, made by the endpoint or by the browser; who cancels the event names it so.
        mount_key: which mounted app.
        fn: id of the dependency in that app.
        data: wire values, one per input component.
        session_hash: the session whose state the function sees; the event's own id for one without a session.
        identity_key: who submitted it, as `Identity.key`; None where everybody may enter. The user is found by it.
        username: for `gr.Request.username`.
        request: headers, query and address of the submitting request, as plain data.
        event_data: what the event carried (a selection, a key).
        trigger_id: the component that fired.
        simple_format: yields are sent complete, never as differences.
        channel: the address of the outbox that gets the messages; the session unless an endpoint reads one event alone.
        created_at: `time.time()` of the submission.
        waited: seconds from the click until the page sent it, as the page says; for figures only.
        function: what `fn` meant to whoever submitted it; None where that was not known yet.
        version: the revision of the app that it was submitted to; "" fits every one.
    """

    event_id: str
    mount_key: str
    fn: int
    data: list[Any]
    session_hash: str
    identity_key: str | None = None
    username: str | None = None
    request: RequestInfo | None = None
    event_data: Any = None
    trigger_id: int | None = None
    simple_format: bool = False
    channel: str = ""
    created_at: float = msgspec.field(default_factory=time.time)
    waited: float = 0.0
    function: FunctionKey | None = None
    version: str = ""

    def __post_init__(self) -> None:
        if not self.channel:
            msgspec.structs.force_setattr(self, "channel", self.session_hash)

    def to_json(self) -> bytes:
        """It as JSON. What a site's own kind of address captured, other than UUIDs and dates, travels as text."""
        request = self.request
        if request is not None and request.path_params:
            named = tuple((name, _tagged(value)) for name, value in request.path_params)
            return _encoder.encode(msgspec.structs.replace(self, request=replace(request, path_params=named)))
        return _encoder.encode(self)

    @classmethod
    def from_json(cls, text: bytes | str) -> Self:
        """The job of `to_json`. Raises ValueError for anything else."""
        job = msgspec.json.decode(text, type=cls)
        request = job.request
        if request is not None and request.path_params:
            named = tuple((name, _untagged(value)) for name, value in request.path_params)
            return msgspec.structs.replace(job, request=replace(request, path_params=named))
        return job


@dataclass(slots=True, eq=False)
class JobStatus:
    """How far a job is, in the process that runs it.

    Attributes:
        state: see JobState.
        started, finished: `time.monotonic()` seconds; None until then.
        messages: how many were published for it; known at its end.
    """

    state: JobState = JobState.QUEUED
    started: float | None = None
    finished: float | None = None
    messages: int = 0

    def is_unwanted(self) -> bool:
        """Whether nobody waits for its result any more, though its function may still run."""
        return self.state is JobState.CANCELLED or self.state is JobState.FAILED


class AccessEnded(msgspec.Struct, frozen=True):
    """A visitor, or one login, may not go on. Events of people who are not logged in have nothing to lose.

    Attributes:
        identity_key: whose events end; None when it is about one login.
        session: the digest of the session cookie with which the events came; None when it is about a visitor.
    """

    identity_key: str | None = None
    session: str | None = None

    def concerns(self, job: JobSpec) -> bool:
        """Whether an event ends by it."""
        if job.username is None:
            return False
        if self.identity_key is not None and job.identity_key == self.identity_key:
            return True
        return self.session is not None and login_of(job) == self.session

    def means(self, username: str | None, identity_key: str | None, login: str | None) -> bool:
        """The same, of what is kept of an event elsewhere."""
        if username is None:
            return False
        return identity_key == self.identity_key is not None or (self.session is not None and login == self.session)


class InputView(msgspec.Struct, frozen=True):
    """One input: whether it is no part of the API, as State is not."""

    skip_api: bool


class ListenerView(msgspec.Struct, frozen=True):
    """A listener that gr.render has made for one session.

    Attributes:
        id, name, inputs, queue, visibility, function: as Dependency has them.
        has_first_look: whether something looks at the inputs first, which may take long.
        permitted: whether the visitor who asks may start it, as the process says that knows what it requires.
    """

    id: int
    name: str
    inputs: tuple[InputView, ...]
    queue: bool
    visibility: str
    function: FunctionKey | None
    has_first_look: bool
    permitted: bool


_encoder = msgspec.json.Encoder(enc_hook=str)
_KINDS: dict[str, type[Any]] = {"uuid": UUID, "datetime": datetime, "date": date, "decimal": Decimal}


def _tagged(value: Any) -> Any:
    for name, kind in _KINDS.items():
        if isinstance(value, kind):
            return {name: value.isoformat() if isinstance(value, date) else str(value)}
    return value if isinstance(value, str | int | float | None) else str(value)


def _untagged(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    [(name, text)] = value.items()
    kind = _KINDS[name]
    return kind.fromisoformat(text) if issubclass(kind, date) else kind(text)


def login_of(job: JobSpec) -> str | None:
    """The digest of the cookie with which an event came; a session that ends or gets a new key takes it along."""
    key = Request(job.request).cookies.get(settings.SESSION_COOKIE_NAME) if job.request is not None else None
    return known.digest(key) if key else None
