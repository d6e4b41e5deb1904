"""What looks at the inputs of an event before it waits, outside of every limit but the listener's time limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blocks_app.exceptions import AnswerKept, NotValid
from blocks_app.logs import quietly
from blocks_app.protocol import ErrorOutput
from queue_app.exceptions import InvalidInputs, ValidatorFailed
from queue_app.execution.terms import ASKING, VALIDATION, Terms
from queue_app.execution.worker import RunningJob
from queue_app.log_sentences import logger

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from queue_app.execution.job import JobSpec
    from queue_app.execution.runtime import Runtime
    from queue_app.sessions.directory import LiveSession

log = logger("queue_app.jobs")


async def look_first(
    engine: Runtime, job: JobSpec, dependency: Dependency, session: LiveSession | None = None, asks: bool = True
) -> bool:
    """Let the validator look at the inputs of a job; then, whether its answer is kept, so that it need not wait.

    An event that is known already passes. Whether there is an answer is asked only where the event would wait, and not
    without `asks`.

    Raises:
        InvalidInputs: the validator found fault with them.
        ValidatorFailed: it raised something itself, which the log tells, or took too long.
        EventCancelled, QueueStopped: what looked was stopped, and so the event is.
    """
    if dependency.validator is not None and not (session is not None and session.knows(job.event_id)):
        await _validate(engine, job, dependency.validator)
    if dependency.kept is None or not asks or not engine.scheduler.waits_for_others(job.fn):
        return False
    if session is not None and session.knows(job.event_id):
        return False
    event = await _looked(engine, job, dependency.kept, ASKING)
    failure = event.failure
    return failure is not None and type(failure.error) is AnswerKept


async def _looked(engine: Runtime, job: JobSpec, looking: Dependency, terms: Terms) -> RunningJob:
    event = RunningJob(engine, job, looking, None, terms)
    engine.validating.add(event)
    engine.start_now(event)
    await event.answer()
    return event


async def _validate(engine: Runtime, job: JobSpec, validator: Dependency) -> None:
    event = await _looked(engine, job, validator, VALIDATION)
    completed = await event.answer()
    if not isinstance(completed.output, ErrorOutput):
        return
    failure = event.failure
    if failure is not None and type(failure.error) is NotValid:
        quietly(log.info, "job.invalid", extra={"event_id": job.event_id, "fn": job.fn})
        raise InvalidInputs(failure.text, failure.error.problems)
    raise ValidatorFailed(completed.output.error)
