"""Job: one submitted event as data."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from blocks_app.running.request import RequestInfo


class JobState(Enum):
    """Where a job stands; the last three are final and each job reaches exactly one of them."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True, eq=False)
class Job:
    """One event on its way: names its function by mount and number and carries JSON, never a closure or a connection.

    Attributes:
        event_id: 32 hex digits, made by the door or by the browser.
        mount_key: which mounted app.
        fn: id of the dependency in that app.
        data: wire values, one per input component.
        session_hash: the session whose state the function sees.
        identity_key: who submitted it, as `Identity.key`; None where everybody may enter.
        username: for `gr.Request.username`.
        request: headers, query and address of the submitting request, as plain data.
        event_data: what the event carried (a selection, a key).
        trigger_id: the component that fired.
        simple_format: yields are sent complete, never as differences.
        channel: the address of the outbox that gets the messages; the session unless a door reads one event alone.
        state: see JobState.
        created, started, finished: `time.monotonic()` seconds; the latter two None until then.
        created_at: `time.time()` of the submission.
        waited: seconds from the click until the page sent it, as the page says; for figures only.
        messages: how many were published for it; known at its end.
        user: the live Django user, if any; not part of what another process would get.
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
    state: JobState = JobState.QUEUED
    created: float = field(default_factory=time.monotonic)
    created_at: float = field(default_factory=time.time)
    started: float | None = None
    finished: float | None = None
    waited: float = 0.0
    messages: int = 0
    user: Any = None

    def __post_init__(self) -> None:
        if not self.channel:
            self.channel = self.session_hash


def seconds_running(jobs: Iterable[Job]) -> dict[str, float]:
    """For how long those of the jobs that run have been running, by id."""
    now = time.monotonic()
    return {job.event_id: now - job.started for job in jobs if job.started is not None}
