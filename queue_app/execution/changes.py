"""State changes of jobs are told here: to the log, and as plain data to `queue_app.signals.job_changed`."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from blocks_app.logs import quietly
from queue_app.execution.job import JobState
from queue_app.log_sentences import logger
from queue_app.sessions.session_hash import partly
from queue_app.signals import JobChanged, job_changed

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.running.failures import Failure
    from queue_app.delivery.outbox_store import OutboxChannel
    from queue_app.execution.job import JobSpec, JobStatus
    from queue_app.failing import Failing

log = logger("queue_app.jobs")


class Changing(Protocol):
    """Whatever stands for a job on its way: what it tells of itself."""

    @property
    def job(self) -> JobSpec:
        """The job."""

    @property
    def status(self) -> JobStatus:
        """How far it is."""

    @property
    def dependency(self) -> Dependency:
        """Its listener."""

    @property
    def alone(self) -> bool:
        """Whether its answer is awaited, so that no outbox gets messages of it."""

    @property
    def outbox(self) -> OutboxChannel | None:
        """Where its messages go."""


_OPEN = (JobState.QUEUED, JobState.RUNNING)
_TRIED_AGAIN = (JobState.FAILED, JobState.CANCELLED)


def record(action: str, event: Changing, at: float | None = None) -> None:
    """One log record per state change, and the receivers of the signal are told; `at` where it was not just now."""
    send_change(action, event, at=at)
    if log.isEnabledFor(logging.INFO):
        quietly(log.info, action, extra=ids_of(event))


def send_change(action: str, event: Changing, failure: Failure | None = None, at: float | None = None) -> None:
    """Tell the receivers alone: the log knows of it already."""
    if not job_changed.receivers:
        return
    job, status, dependency, now = event.job, event.status, event.dependency, time.time()
    zero, final = now - time.monotonic(), status.state not in _OPEN
    job_changed.send(
        JobChanged(
            action,
            at or now,
            job.event_id,
            job.mount_key,
            dependency.id,
            dependency.name,
            job.session_hash,
            job.identity_key,
            job.username,
            job.request,
            status.state.value,
            job.created_at,
            None if status.started is None else max(job.created_at, zero + status.started),
            zero + status.finished if status.finished is not None else (now if final else None),
            _messages(event) if final else 0,
            job.waited,
            event.alone,
            None if failure is None else failure.detached(),
            _inputs(job, dependency) if status.state in _TRIED_AGAIN else None,
        )
    )


async def log_failure(
    failing: Failing, error: BaseException, events: Sequence[Changing], action: str = "job.failed"
) -> Failure:
    """What went wrong as plain data, logged as `action` for each of these events. Never raises."""
    return await failing.logged(error, action, [{**ids_of(event), "job_state": "failed"} for event in events])


def ids_of(event: Changing) -> dict[str, Any]:
    """What a log record tells of an event."""
    job = event.job
    return {
        "event_id": job.event_id,
        "session": partly(job.session_hash),
        "mount": job.mount_key,
        "fn": job.fn,
        "fn_name": event.dependency.name,
        "job_state": event.status.state.value,
    }


def _inputs(job: JobSpec, dependency: Dependency) -> list[Any] | None:
    if any(getattr(component, "type", None) == "password" for component in dependency.inputs):
        return None
    return job.data


def _messages(event: Changing) -> int:
    """How many messages an event had; one that is being cancelled still gets its completion."""
    job = event.job
    if event.status.messages or event.outbox is None:
        return event.status.messages
    return event.outbox.published(job.event_id) + 1 if event.outbox.is_open(job.event_id) else 0
