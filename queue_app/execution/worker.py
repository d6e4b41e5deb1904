"""From a job to its messages: drives blocks_app.running.runner and reports what happens to the session's outbox."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from blocks_app.exceptions import Error
from blocks_app.logs import quietly
from blocks_app.protocol import (
    ErrorOutput,
    Log,
    Output,
    ProcessCompleted,
    ProcessGenerating,
    ProcessStarts,
    payload,
)
from blocks_app.running import runner
from blocks_app.running.failures import Failure
from blocks_app.running.notifications import Report
from blocks_app.running.request import Request
from blocks_app.running.updates import NO_CHANGE
from queue_app.execution.changes import ids_of, record, tell_change, told
from queue_app.execution.job import Job, JobState
from queue_app.execution.lease import overdue, within
from queue_app.execution.reporter import Reporter
from queue_app.failing import PATIENCE, UNTOLD, write
from queue_app.scheduling.scheduler import QueueEntry

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from queue_app.delivery.outbox import Outbox
    from queue_app.execution.runtime import Runtime
    from queue_app.sessions.directory import LiveSession

log = logging.getLogger("queue_app.jobs")

_UNWANTED = (JobState.CANCELLED, JobState.FAILED)  # a function may see that it still runs in one of these

RUNS_ON = "The function cannot be interrupted, so it runs on in the background. Its result will be dropped."
ASKED = "The function was asked to stop. Until it does, it runs on in the background; its result will be dropped."
UNWRITABLE = "The result cannot be sent. The server's log tells why."
LEFT = "Stopped, because nobody was connected any more."


class RunningJob(QueueEntry):
    """One open event: its job, where its messages go, and how far it is.

    Attributes:
        dependency: the listener.
        session: whose outbox gets the messages.
        work: the run that it is part of; None while waiting.
        last: its last step, None before the first.
    """

    __slots__ = ("dependency", "engine", "last", "session", "work")

    job: Job

    def __init__(self, engine: Runtime, job: Job, dependency: Dependency, session: LiveSession) -> None:
        super().__init__(job)
        self.engine = engine
        self.dependency = dependency
        self.session = session
        self.work: JobRun | None = None
        self.last: runner.Step | None = None

    @property
    def outbox(self) -> Outbox:
        """Where its messages go."""
        return self.session.outbox

    def begin(self, now: float, eta: float | None) -> None:
        """It runs now."""
        job, outbox = self.job, self.outbox
        job.state = JobState.RUNNING
        job.started = now
        outbox.forget(job.event_id, "estimation")
        outbox.publish(ProcessStarts(event_id=job.event_id, eta=eta))
        record("job.started", self)

    def step(self, step: runner.Step, average: float | None) -> None:
        """It yielded: the complete values the first time, then what changed."""
        first, self.last = self.last is None, step
        edits = None if self.job.simple_format else not first and step.edits is not None
        values = msgspec.Raw(step.edits) if edits and step.edits is not None else None
        self.session.outbox.publish(
            ProcessGenerating(event_id=self.job.event_id, output=_output(step, average, values)), edits
        )
        step.edits = None  # they have been told

    def complete(self, state: JobState, output: Output | ErrorOutput, average: float | None = None) -> Failure | None:
        """Its end, told exactly once, whatever it says. Gives what went wrong when that cannot be told as it is."""
        job = self.job
        job.state = state
        job.finished = time.monotonic()
        success = isinstance(output, Output)
        title = None if isinstance(output, Output) else output.title
        self.engine.ended(self)
        completed = ProcessCompleted(
            event_id=job.event_id, output=output, success=success, title=title, avg_time=average
        )
        failure = None
        try:
            end = self.session.outbox.publish(completed)
        except Exception as error:  # what it says cannot be sent; that it ended must be told all the same
            failure = Failure(error if isinstance(error, Error) else Error(UNWRITABLE))
            if not failure.quiet:
                quietly(log.exception, "job.unwritable", extra=ids_of(self))
            job.state = JobState.FAILED
            output = ErrorOutput(error=failure.text)
            end = self.session.outbox.publish(
                ProcessCompleted(event_id=job.event_id, output=output, success=False, title=output.title)
            )
        self.engine.watches.ended(job.event_id, end)
        return failure

    def shown(self) -> Output:
        """Its last values, complete; "no change" for each output when there are none yet."""
        generating = self.last is not None and self.job.state is JobState.RUNNING
        return Output(data=_values(self.last or _nothing(self.dependency)), is_generating=generating)

    def rest(self) -> None:
        """Nothing of it runs any more. Without the circle its values go with it, not with the garbage collector.

        Until then they are kept: the end of a cancelled event says the last ones.
        """
        self.work = None

    def failing(self) -> None:
        """Its function has raised something, which is asked now what it says."""
        if self.work is not None:
            self.work.failing()

    def say_whether_it_runs_on(self) -> None:
        """It is about to be cancelled: a plain function cannot be stopped, and the visitor is told so."""
        info, every = self.dependency.info, self.dependency.every
        if self.is_running and info is not None and not info.is_async and not info.is_generator and every is None:
            self._say("Cancelled", ASKED if Request in info.injected.values() else RUNS_ON, "info")

    def say_that_nobody_was_here(self) -> None:
        """It is about to be dropped: whoever comes back later is told why there is no result."""
        if self.dependency.every is None:
            self._say("Stopped", LEFT, "warning")

    def _say(self, title: str, text: str, level: Literal["info", "warning"]) -> None:
        self.session.outbox.publish(Log(event_id=self.job.event_id, log=text, level=level, title=title))

    @property
    def is_running(self) -> bool:
        """Whether what its function says is still wanted."""
        return self.job.state is JobState.RUNNING


class JobRun:
    """One run of a function: for one event, or for a batch of them. Its events count as running from now on."""

    __slots__ = ("_began", "_slow", "engine", "events", "started", "task")

    def __init__(self, engine: Runtime, events: list[RunningJob]) -> None:
        self.engine = engine
        self.events = events
        self.task: asyncio.Task[None] | None = None
        self.started = time.monotonic()
        self._began = False
        self._slow: asyncio.TimerHandle | None = None
        eta = engine.estimates.average(events[0].dependency.measured_as)
        for event in events:
            event.work = self
            event.begin(self.started, eta)

    async def run(self) -> None:
        """Drive the runner to its end. Never raises, whatever user code does, and always gives its slot back."""
        engine, events = self.engine, self.events
        fn, lane = events[0].dependency.measured_as, events[0].lane
        self._began = True
        limit = events[0].dependency.time_limit
        timer = None if limit is None else engine.loop.call_later(limit, self._overdue, limit)
        try:
            if not self.abandoned:
                await self._follow()
        except BaseException as error:
            self._stop_waiting()
            if not (isinstance(error, asyncio.CancelledError) and self.abandoned):
                await self._fail(error)
        finally:
            self._stop_waiting()
            if timer is not None:
                timer.cancel()
            engine.estimates.ran(lane, fn, time.monotonic() - self.started, len(events))
            engine.release(lane, self)
            for event in events:
                event.rest()

    @property
    def abandoned(self) -> bool:
        """Whether nobody wants the result any more."""
        return not any(event.is_running for event in self.events)

    def abandon(self) -> None:
        """One of the events was cancelled; the run ends when no other is left."""
        # A task that is cancelled before its first step never runs at all, so it could not give its slot back.
        if self.abandoned and self._began and self.task is not None:
            self.task.cancel()

    def _overdue(self, limit: float) -> None:
        """The lease is over: the events fail, and the slot goes to the next, whatever the function does."""
        self._give_up(overdue(self.events[0].dependency, limit))

    def failing(self) -> None:
        """Its function has raised something: the slot is not held for one that takes long to say what."""
        if self._slow is None:
            self._slow = self.engine.loop.call_later(PATIENCE, self._give_up, Error(UNTOLD, print_exception=False))

    def _stop_waiting(self) -> None:
        if self._slow is not None:
            self._slow.cancel()

    def _give_up(self, error: Error) -> None:
        failure = Failure(error)
        for event in self.events:
            if event.is_running:
                quietly(write, "job.failed", failure, {**ids_of(event), "job_state": "failed"})
        self._end_failed(failure)
        self.abandon()

    async def _follow(self) -> None:
        engine, events = self.engine, self.events
        for event in events:
            await engine.load_state(event.job)
        calls = [call_of(engine, event) for event in events]
        steps = runner.run(engine.blocks, calls, engine.threads)
        try:
            async for batch in steps:
                engine.mailbox.drain()  # what the function told before this step is shown before it
                average = engine.estimates.average(events[0].dependency.measured_as)
                for event, step in zip(events, batch, strict=True):
                    if not event.is_running:
                        continue
                    if step.final or event.dependency.every is not None:
                        await engine.keep_state(event.job)
                    if step.final:
                        self._finish(event, step, average)
                    else:
                        event.step(step, average)
        finally:
            await close(steps)

    def _finish(self, event: RunningJob, step: runner.Step, average: float | None) -> None:
        if not event.is_running:  # it was cancelled while its values were written
            return
        event.last = step
        duration = step.duration if average is None else average
        unsent = event.complete(JobState.DONE, _output(step, duration), duration)
        if unsent is None:
            record("job.done", event)
        else:
            tell_change("job.failed", event, unsent)

    async def _fail(self, error: BaseException) -> None:
        self._end_failed(await told(self.engine.failing, error, [event for event in self.events if event.is_running]))

    def _end_failed(self, failure: Failure) -> None:
        """What has begun ends, and is told once: nothing of the user's runs here any more."""
        self.engine.mailbox.drain()
        output = describe(self.engine, failure)
        for event in self.events:
            if event.is_running:
                event.complete(JobState.FAILED, output)
                tell_change("job.failed", event, failure)


class Direct(QueueEntry):
    """An event whose answer is awaited: tells nothing on the way, and of a generator takes the first value.

    It runs at once, or waits for its turn first; see turns.py.
    """

    __slots__ = ("dependency", "engine", "turn_came")

    job: Job

    alone = True

    def __init__(self, engine: Runtime, job: Job, dependency: Dependency) -> None:
        super().__init__(job)
        self.engine = engine
        self.dependency = dependency
        #: Done when a slot was taken for it; None where it runs at once.
        self.turn_came: asyncio.Future[None] | None = None

    @property
    def outbox(self) -> None:
        """It has none: whoever waits for its answer gets no other message."""

    async def run(self) -> ProcessCompleted:
        """The end of the event. Raises nothing but the cancellation of its own task."""
        engine, job = self.engine, self.job
        job.state = JobState.RUNNING
        job.started = time.monotonic()
        record("job.started", self)
        output: Output | ErrorOutput
        try:
            output = await within(self.dependency, self._first())
            job.state = JobState.DONE
            record("job.done", self)
        except asyncio.CancelledError:
            job.state = JobState.CANCELLED
            record("job.cancelled", self)
            raise
        except BaseException as error:
            failure = await told(engine.failing, error, [self])
            output = describe(engine, failure)
            job.state = JobState.FAILED
            tell_change("job.failed", self, failure)
        finally:
            job.finished = time.monotonic()
            engine.estimates.ran(self.lane, self.dependency.measured_as, job.finished - job.started)
            engine.release(self.lane, entries=(self,))
        success = job.state is JobState.DONE
        return ProcessCompleted(event_id=job.event_id, output=output, success=success)

    async def _first(self) -> Output:
        engine = self.engine
        await engine.load_state(self.job)
        steps = runner.run(engine.blocks, [call_of(engine, self)], engine.threads)
        try:
            async for (step,) in steps:
                await engine.keep_state(self.job)
                return _output(step, engine.estimates.average(self.dependency.measured_as) or step.duration)
        finally:
            await close(steps)
        return Output(data=_values(_nothing(self.dependency)))


def call_of(engine: Runtime, event: RunningJob | Direct) -> runner.Call:
    """The event as the runner takes it."""
    job = event.job
    info = job.request
    request = None
    if info is not None:
        request = Request(info, job.username, job.session_hash, job.user, lambda: job.state in _UNWANTED)
    return runner.Call(
        dependency=event.dependency,
        data=job.data,
        session=engine.state_of(job),
        request=request,
        event_data=job.event_data,
        trigger_id=job.trigger_id,
        report=Reporter(event) if isinstance(event, RunningJob) else Report(),
        files=engine.files_of(job),
        differs=isinstance(event, RunningJob) and not job.simple_format,
    )


async def close(steps: AsyncIterator[Any]) -> None:
    """Close the generator in which user code may still run; what goes wrong there was told or is not wanted."""
    try:
        await steps.aclose()  # type: ignore[attr-defined]
    except Exception:
        quietly(log.warning, "job.close_failed", exc_info=True)


def describe(engine: Runtime, failure: Failure) -> ErrorOutput:
    """What the visitor is told of a failure."""
    return runner.describe_error(failure, engine.mount.options.tells_errors)


def _nothing(dependency: Dependency) -> runner.Step:
    return runner.Step([NO_CHANGE] * len(dependency.outputs))


def _values(step: runner.Step) -> msgspec.Raw:
    return step.encoded.raw() if step.encoded is not None else payload(step.data)


def _output(step: runner.Step, average: float | None, values: msgspec.Raw | None = None) -> Output:
    return Output(
        data=_values(step) if values is None else values,
        is_generating=step.is_generating,
        duration=step.duration,
        average_duration=step.duration if average is None else average,
        render_config=step.render_config,
        changed_state_ids=step.changed_state_ids,
    )
