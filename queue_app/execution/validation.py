"""Runs the validator of a listener, before an event waits and outside every limit."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from blocks_app.listeners.validation import NotValid
from blocks_app.logs import quietly
from blocks_app.running import runner
from queue_app.exceptions import InvalidInputs, ValidatorFailed
from queue_app.execution.changes import told
from queue_app.execution.worker import Direct, call_of, close, describe

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from queue_app.execution.job import Job
    from queue_app.execution.runtime import Runtime
    from queue_app.sessions.directory import LiveSession

log = logging.getLogger("queue_app.jobs")


async def validate(engine: Runtime, job: Job, validator: Dependency | None, session: LiveSession | None = None) -> None:
    """Let the validator look at the inputs of a job; None passes everything, an event known already passes, too.

    Raises:
        InvalidInputs: it found fault with them.
        ValidatorFailed: it raised something itself, which the log tells.
    """
    if validator is None or (session is not None and session.knows(job.event_id)):
        return
    direct = Direct(engine, job, validator)
    try:
        await engine.load_state(job)
        steps = runner.run(engine.blocks, [call_of(engine, direct)], engine.threads)
        try:
            async for _ in steps:
                pass
        finally:
            await close(steps)
    except asyncio.CancelledError:
        raise
    except BaseException as error:
        if type(error) is runner.Failure and type(error.error) is NotValid:
            quietly(log.info, "job.invalid", extra={"event_id": job.event_id, "fn": job.fn})
            raise InvalidInputs(error.text, error.error.problems) from None
        failure = await told(engine.failing, error, [direct], "job.validator_failed")
        raise ValidatorFailed(describe(engine, failure).error) from None
