"""What looks at the inputs of an event before it waits, outside of every limit but the listener's time limit."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from blocks_app.exceptions import AnswerKept, NotValid
from blocks_app.logs import quietly
from blocks_app.protocol import ErrorOutput
from queue_app.exceptions import InvalidInputs, ValidatorFailed
from queue_app.execution.terms import ASKING, VALIDATION
from queue_app.execution.worker import RunningJob

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from queue_app.execution.job import JobSpec
    from queue_app.execution.runtime import Runtime
    from queue_app.sessions.directory import LiveSession

log = logging.getLogger("queue_app.jobs")


async def validate(
    engine: Runtime, job: JobSpec, validator: Dependency | None, session: LiveSession | None = None
) -> None:
    """Let the validator look at the inputs of a job; None passes everything, an event known already passes, too.

    Raises:
        InvalidInputs: it found fault with them.
        ValidatorFailed: it raised something itself, which the log tells, or took too long.
        EventCancelled, QueueStopped: it was stopped, and so the event is.
    """
    if validator is None or (session is not None and session.knows(job.event_id)):
        return
    event = RunningJob(engine, job, validator, None, VALIDATION)
    engine.validating.add(event)
    engine.start_now(event)
    completed = await event.answer()
    if not isinstance(completed.output, ErrorOutput):
        return
    failure = event.failure
    if failure is not None and type(failure.error) is NotValid:
        quietly(log.info, "job.invalid", extra={"event_id": job.event_id, "fn": job.fn})
        raise InvalidInputs(failure.text, failure.error.problems)
    raise ValidatorFailed(completed.output.error)


async def has_kept_answer(
    engine: Runtime, job: JobSpec, dependency: Dependency, session: LiveSession | None = None
) -> bool:
    """Whether the answer to a job is kept, so that it may start at once. Asked only where it would wait.

    Raises EventCancelled, QueueStopped: it was stopped meanwhile, and so the event is.
    """
    asking = dependency.kept
    if asking is None or not engine.scheduler.waits_for_others(job.fn):
        return False
    if session is not None and session.knows(job.event_id):
        return False
    event = RunningJob(engine, job, asking, None, ASKING)
    engine.validating.add(event)
    engine.start_now(event)
    await event.answer()
    failure = event.failure
    return failure is not None and type(failure.error) is AnswerKept
