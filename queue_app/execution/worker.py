"""From a job to its messages: the one place that drives blocks_app.running.runner, whatever has started the event.

Events of pages, calls whose answer is awaited, validators and `unload` functions go the same way. What differs is where
their messages go, and their `Terms`.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Literal

import msgspec

from auth_app.visitors import users
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
from blocks_app.running.request import Request
from blocks_app.running.updates import NO_CHANGE
from blocks_app.threads.readiness import get_ready
from queue_app.execution.changes import ids_of, log_failure, record, send_change
from queue_app.execution.job import JobSpec, JobState, JobStatus
from queue_app.execution.reporter import Reporter, close, complete_whole, end_with_whole
from queue_app.execution.terms import EVENT, Answer, Terms, overdue
from queue_app.failing import PATIENCE, UNDESCRIBED, write
from queue_app.log_sentences import logger
from queue_app.scheduling.scheduler import QueueEntry
from queue_app.tasks import spawn

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.running.state import SessionState
    from queue_app.delivery.outbox_store import OutboxChannel
    from queue_app.exceptions import QueueError
    from queue_app.execution.runtime import Runtime
    from queue_app.sessions.directory import LiveSession

log = logger("queue_app.jobs")

RUNS_ON = "The function cannot be interrupted, so it runs on in the background. Its result will be dropped."
ASKED = "The function was asked to stop. Until it does, it runs on in the background; its result will be dropped."
UNWRITABLE = "The result cannot be sent. The server's log tells why."
LEFT = "Stopped, because nobody was connected any more."


class RunningJob(QueueEntry):
    """One open event: its job, where its messages go, and how far it is.

    Attributes:
        status: how far.
        dependency: the listener.
        session: whose outbox gets the messages; None when its end is awaited, which for a generator is its first value.
        sink: where its messages go: the session's outbox, or an `Answer`.
        terms: see Terms.
        state: what it sees of its session; None for what the session keeps when it starts.
        work: the run that it is part of; None while waiting.
        last: its last step, None before the first; of another process, where that had begun with it.
    """

    __slots__ = ("dependency", "engine", "last", "session", "sink", "state", "status", "terms", "work")

    job: JobSpec

    def __init__(
        self, engine: Runtime, job: JobSpec, dependency: Dependency, session: LiveSession | None, terms: Terms = EVENT
    ) -> None:
        super().__init__(job, session is None)
        self.status = JobStatus()
        self.engine = engine
        self.dependency = dependency
        self.session = session
        self.sink: OutboxChannel | Answer = Answer(engine.loop) if session is None else session.outbox
        self.terms = terms
        self.state: SessionState | None = None
        self.work: JobRun | None = None
        self.last: runner.Step | None = None

    @property
    def outbox(self) -> OutboxChannel | None:
        """Where its messages are kept; None when its end is awaited."""
        return None if self.session is None else self.session.outbox

    @property
    def is_endless(self) -> bool:
        """Whether it repeats for as long as somebody reads it."""
        return self.dependency.every is not None and not self.alone

    @property
    def failure(self) -> Failure | None:
        """Why it has failed, for whoever waited for its end."""
        return self.sink.failure if isinstance(self.sink, Answer) else None

    def begin(self, now: float, eta: float | None) -> None:
        """It runs now."""
        job, sink, status = self.job, self.sink, self.status
        status.state = JobState.RUNNING
        status.started = now
        sink.publish(ProcessStarts(event_id=job.event_id, eta=eta))
        if self.terms.counts:
            record("job.started", self)

    def step(self, step: runner.Step, average: float | None) -> None:
        """It yielded: the complete values the first time, then what changed."""
        first, self.last = self.last is None, step
        if self.engine.blocks.keeps_shown:
            self.engine.page_shows(self.job)
        edits = None if self.job.simple_format else not first and step.edits is not None
        values = msgspec.Raw(step.edits) if edits and step.edits is not None else None
        output = _output(step, average, values)
        self.sink.publish(ProcessGenerating(event_id=self.job.event_id, output=output), edits, step.encoded)
        step.edits = None  # they have been told

    def complete(self, state: JobState, output: Output | ErrorOutput, average: float | None = None) -> Failure | None:
        """Its end, told exactly once, whatever it says. Gives what went wrong when that cannot be told as it is."""
        job, status = self.job, self.status
        status.state = state
        status.finished = time.monotonic()
        success = isinstance(output, Output)
        title = None if isinstance(output, Output) else output.title
        self.engine.ended(self)
        completed = ProcessCompleted(
            event_id=job.event_id, output=output, success=success, title=title, avg_time=average
        )
        failure = None
        try:
            self.sink.publish(completed)
        except Exception as error:  # what it says cannot be sent; that it ended must be told all the same
            failure = Failure(error if isinstance(error, Error) else Error(UNWRITABLE))
            if not failure.quiet:
                quietly(log.exception, "job.unwritable", extra=ids_of(self))
            status.state = JobState.FAILED
            output = ErrorOutput(error=failure.text)
            self.sink.publish(ProcessCompleted(event_id=job.event_id, output=output, success=False, title=output.title))
        return failure

    async def answer(self) -> ProcessCompleted:
        """Wait for its end. Whoever waits no longer cancels it: nobody else would get its answer.

        Raises EventCancelled or QueueStopped when there is none.
        """
        assert isinstance(self.sink, Answer)
        try:
            return await self.sink.completed
        except asyncio.CancelledError:
            self.engine.stop(self)
            raise

    def refuse(self, why: QueueError) -> None:
        """Who waits for its answer hears why there is none; call it before `complete`, which tells all others."""
        if isinstance(self.sink, Answer):
            self.sink.refuse(why)

    def shown(self) -> Output:
        """Its last values, complete; "no change" for each output when there are none yet."""
        generating = self.last is not None and self.status.state is JobState.RUNNING
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
        self.sink.publish(Log(event_id=self.job.event_id, log=text, level=level, title=title))

    @property
    def is_running(self) -> bool:
        """Whether what its function says is still wanted."""
        return self.status.state is JobState.RUNNING


class JobRun:
    """One run of a function: for one event, or for a batch of them. Its events count as running from now on."""

    __slots__ = ("_began", "_ending", "_slow", "calls", "engine", "events", "started", "task")

    def __init__(self, engine: Runtime, events: list[RunningJob]) -> None:
        self.engine = engine
        self.events = events
        self.task: asyncio.Task[None] | None = None
        self.started = time.monotonic()
        self.calls: list[runner.Call] = []
        self._began = False
        self._ending = False  # what its function still gives is not wanted
        self._slow: asyncio.TimerHandle | None = None
        eta = engine.estimates.average(events[0].dependency.measured_as)
        for event in events:
            event.work = self
            event.begin(self.started, eta)

    async def run(self) -> None:
        """Drive the runner to its end. Never raises, whatever user code does, and always gives its slot back."""
        engine, events = self.engine, self.events
        fn, group = events[0].dependency.measured_as, events[0].group
        self._began = True
        limit, timer = events[0].dependency.time_limit, None
        try:
            if engine.blocks.ready_fns:
                await get_ready(engine.blocks, engine.blocks.ready_fns, engine.threads)
            timer = None if limit is None else engine.loop.call_later(limit, self._overdue, limit)
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
            if events[0].terms.counts:
                engine.estimates.ran(group, fn, time.monotonic() - self.started, len(events))
            engine.release(group, self)
            if self.in_pieces:
                await complete_whole(events[0], self.calls[0])
            for event in events:
                event.rest()

    @property
    def abandoned(self) -> bool:
        """Whether nobody wants the result any more."""
        return not any(event.is_running for event in self.events)

    @property
    def in_pieces(self) -> bool:
        """Whether its values are pieces, of which one is made when it ends before its time."""
        return any(call.pieces for call in self.calls)

    def abandon(self) -> None:
        """One of the events was cancelled; the run ends when no other is left."""
        # A task that is cancelled before its first step never runs at all, so it could not give its slot back.
        if self.abandoned and self._began and self.task is not None:
            self.task.cancel()

    def _overdue(self, limit: float) -> None:
        """The lease is over: the events fail, and the slot goes to the next, whatever the function does."""
        request = self.events[0].job.request
        self._give_up(overdue(self.events[0].dependency, limit, request.language if request else ""))

    def failing(self) -> None:
        """Its function has raised something: the slot is not held for one that takes long to say what."""
        if self._slow is None:
            self._slow = self.engine.loop.call_later(PATIENCE, self._give_up, Error(UNDESCRIBED, print_exception=False))

    def _stop_waiting(self) -> None:
        if self._slow is not None:
            self._slow.cancel()

    def _give_up(self, error: Error) -> None:
        failure = Failure(error)
        for event in self.events:
            if event.is_running:
                quietly(write, event.terms.failed, failure, {**ids_of(event), "job_state": "failed"})

        def end() -> None:
            self._end_failed(failure)
            self.abandon()

        if self.in_pieces:
            self._ending = True
            spawn(end_with_whole(self.events[0], self.calls[0], end))
        else:
            end()

    async def _follow(self) -> None:
        engine, events = self.engine, self.events
        for event in events:
            if event.state is None:
                await engine.load_state(event.job)
            info, job = event.dependency.info, event.job
            if info is not None and info.is_async and Request in info.injected.values():
                await users.ready(job.identity_key, job.username)
        self.calls = [call_of(engine, event) for event in events]
        alone = events[0].alone  # then its first value is its end
        steps = runner.run(engine.blocks, self.calls, engine.threads)
        try:
            async for batch in steps:
                engine.mailbox.drain()  # what the function told before this step is shown before it
                average = engine.estimates.average(events[0].dependency.measured_as)
                for event, step in zip(events, batch, strict=True):
                    if not event.is_running or self._ending:
                        continue
                    final = step.final or alone
                    if (final or event.dependency.every is not None) and event.terms.counts:
                        await engine.keep_state(event.job)
                    if final:
                        self._finish(event, step, average)
                    else:
                        event.step(step, average)
                if alone:
                    break
        finally:
            await close(steps)

    def _finish(self, event: RunningJob, step: runner.Step, average: float | None) -> None:
        if not event.is_running:  # it was cancelled while its values were written
            return
        event.last = step
        duration = step.duration if average is None else average
        unsent = event.complete(JobState.DONE, _output(step, duration), duration)
        if event.terms.counts and unsent is None:
            record("job.done", event)
        elif event.terms.counts:
            send_change("job.failed", event, unsent)

    async def _fail(self, error: BaseException) -> None:
        terms = self.events[0].terms
        if type(error) is Failure and terms.verdict is not None and type(error.error) is terms.verdict:
            self._end_failed(error)
            return
        running = [event for event in self.events if event.is_running]
        self._end_failed(await log_failure(self.engine.failing, error, running, terms.failed))

    def _end_failed(self, failure: Failure) -> None:
        """What has begun ends, and is told once: nothing of the user's runs here any more."""
        self.engine.mailbox.drain()
        output = describe(self.engine, failure)
        for event in self.events:
            if event.is_running:
                if isinstance(event.sink, Answer):
                    event.sink.failure = failure
                event.complete(JobState.FAILED, output)
                if event.terms.counts:
                    send_change("job.failed", event, failure)


def call_of(engine: Runtime, event: RunningJob) -> runner.Call:
    """The event as the runner takes it."""
    job = event.job
    info = job.request
    request = None
    if info is not None:
        request = Request(
            info, job.username, job.session_hash, users.of_key(job.identity_key, job.username), event.status.is_unwanted
        )
    return runner.Call(
        dependency=event.dependency,
        data=job.data,
        session=engine.state_of(job) if event.state is None else event.state,
        request=request,
        event_data=job.event_data,
        trigger_id=job.trigger_id,
        report=Reporter(event),
        files=engine.files_of(job) if event.state is None else None,
        differs=not job.simple_format and not event.alone,
        last=None if event.last is None else event.last.data,
    )


def describe(engine: Runtime, failure: Failure) -> ErrorOutput:
    """What the visitor is told of a failure."""
    return runner.describe_error(failure, engine.mount.options.shows_errors)


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
