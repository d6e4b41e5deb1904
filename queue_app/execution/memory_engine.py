"""The embedded engine: everything in this process, on the server's event loop, woken by events and never polling."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from blocks_app.files.file_data import FileContext
from blocks_app.protocol import ProcessCompleted
from blocks_app.running.state import SessionState
from blocks_app.threads.call_threads import Threads, loop_inbox
from queue_app import conf
from queue_app.delivery import unread_bounds
from queue_app.delivery.subscription import Subscription
from queue_app.delivery.viewers import ViewedEvent, Viewer, Viewers
from queue_app.exceptions import NotYours, QueueStopped, UnknownFunction
from queue_app.execution.changes import record
from queue_app.execution.closing import Closing
from queue_app.execution.control.inspection import change_group, end_session, queue_snapshot, session_snapshot
from queue_app.execution.direct_slots import Turns
from queue_app.execution.engine import QueueSnapshot, SessionSnapshot
from queue_app.execution.event_files import EventFiles
from queue_app.execution.job import Job, JobState, seconds_running
from queue_app.execution.render_listeners import declared, declared_by, listener_of, orphans, rendered
from queue_app.execution.unloading import run_unload
from queue_app.execution.validation import validate
from queue_app.execution.worker import Direct, JobRun, RunningJob
from queue_app.failing import Failing
from queue_app.scheduling.estimates import Estimates, Notice
from queue_app.scheduling.scheduler import ConcurrencyGroup, QueueEntry, Scheduler
from queue_app.sessions.directory import LiveSession, SessionDirectory
from queue_app.sessions.presence import Attendance, PresenceRegistry
from queue_app.sessions.state_expiry import StateExpiry
from queue_app.sessions.state_store import CacheStore, LiveStore, StateStore

if TYPE_CHECKING:
    from auth_app.identity import Identity
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.running.request import Request
    from blocks_app.web.registry import Mount

#: Seconds from a cancel to its completion on streams without numbers: Gradio's Python clients wait for the end of
#: their own cancelling first, and would otherwise take the completion for a result.
CANCEL_DELAY = 0.5


class MemoryEngine:
    """The queue of one mounted app."""

    def __init__(self, mount: Mount) -> None:
        """Create it inside the running loop; use `engine_of(mount)`."""
        self.mount = mount
        self.blocks = mount.blocks
        self.loop = asyncio.get_running_loop()
        self.mailbox = loop_inbox()
        self.threads = Threads(mount.options.max_threads)
        self.failing = Failing()
        self.events: dict[str, RunningJob] = {}
        self.stopped = False
        options = self.blocks.queue_options
        self.lanes = Scheduler(
            declared_by(self.blocks),
            default_limit=options.default_limit(),
            max_size=options.max_size,
            max_threads=mount.options.max_threads,
            per_user=options.per_user_limit,
        )
        self.estimates = Estimates(self.lanes, options.status_update_rate)
        self.store = self._store()
        self.expiry = StateExpiry(self.loop, self.blocks, self.threads.plain.submit, self.store)
        self.sessions = SessionDirectory(
            self.loop,
            self._abandon,
            PresenceRegistry(self.loop, self.blocks, conf.unload_grace(), partial(run_unload, self)),
            capacity=mount.options.state_session_capacity,
            grace=conf.session_grace(),
            endless_grace=conf.endless_grace(),
            lifetime=conf.session_lifetime(),
            expired=self.expiry.expired,
            owner=mount.key,
        )
        self.sessions.let_go = self._let_go
        unread_bounds.observers.append(self.expiry.trimming.freed)
        self.watches = Viewers()
        self.turns = Turns(self)
        self._version = self.blocks.version
        self.works: set[JobRun] = set()
        self._closing = Closing(self)
        self._files = EventFiles(self.mount)
        self._round: asyncio.TimerHandle | None = None

    # Submitting

    async def submit(self, job: Job) -> None:
        """See Engine."""
        dependency = self._dependency(job)
        session = self.sessions.claim(job.session_hash, job.identity_key)
        if job.channel != job.session_hash:
            session = self.sessions.claim(job.channel, job.identity_key)
        await validate(self, job, dependency.validator, session)
        if session.knows(job.event_id):
            return
        if job.event_id in self.events:
            raise NotYours("An event of another session has this id.")
        event = RunningJob(self, job, dependency, session)
        if dependency.every is not None:
            self._open(event)
            self._supersede(event)
            self.lanes.admit(event)
            self._start([event])
            return
        if dependency.rendered_in is not None:
            event.declared = declared(dependency, job.session_hash)
        self.lanes.join(event)
        self._open(event)
        self._pump()
        if event.place >= 0:  # one that starts at once need not hear where it would have stood
            self._tell([self.estimates.joined(event)])

    async def rendered(self, job: Job) -> Dependency:
        """See Engine."""
        return await rendered(self, job)

    async def run_direct(self, job: Job, counted: bool = False) -> ProcessCompleted:
        """See Engine."""
        dependency = self._dependency(job)
        if job.session_hash != job.event_id:
            self.sessions.claim(job.session_hash, job.identity_key)
        await validate(self, job, dependency.validator)
        direct = Direct(self, job, dependency)
        await self.turns.take(direct, counted)
        return await self._closing.attended(direct)  # begun at once, so that it gives its slot back

    def _dependency(self, job: Job) -> Dependency:
        if self.stopped:
            raise QueueStopped
        if self._version != self.blocks.version:
            self._version = self.blocks.version
            self.lanes.declare(declared_by(self.blocks), self.blocks.queue_options.default_limit())
        dependency = listener_of(self, job)
        if dependency is None or dependency.fn is None:
            raise UnknownFunction(f"There is no function number {job.fn}.")
        return dependency

    def _open(self, event: RunningJob) -> None:
        job, session = event.job, event.session
        self.events[job.event_id] = event
        session.outbox.open(job.event_id, event.shown)
        session.touch()
        record("job.queued", event)

    def _supersede(self, event: RunningJob) -> None:
        """Of a repeating event one per page is enough: after a reload the new one replaces the old."""
        session, fn = event.session, event.job.fn
        for event_id in list(session.endless):
            other = self.events.get(event_id)
            if other is not None and other.job.fn == fn:
                self._stop(other, delay=0.0)
        session.endless.add(event.job.event_id)

    # Running

    def _pump(self) -> None:
        """Start everything that may start."""
        take = self.lanes.take
        while (entries := take()) is not None:
            self._start(entries)
            lane = entries[0].lane
            if lane.first is not None:
                self._tell(self.estimates.moved(lane, time.monotonic()))
        self._plan_round()

    def _start(self, entries: list[QueueEntry]) -> None:
        if isinstance(first := entries[0], Direct):
            self.turns.begin(first)
            return
        work = JobRun(self, entries)  # type: ignore[arg-type] # every other entry here is a RunningJob
        self.works.add(work)
        work.task = self.loop.create_task(work.run())  # owned by its work, which reports its end through release

    def release(self, lane: ConcurrencyGroup, work: JobRun | None = None, entries: Sequence[QueueEntry] = ()) -> None:
        """A work, or what has run without one, has ended: its slot goes to the next."""
        if work is not None:
            self.works.discard(work)
        self.lanes.release(lane, work.events if work is not None else entries)
        if self.lanes.waiting:
            self._pump()
        self.estimates.tidy(lane)
        self._closing.look()

    def ended(self, event: RunningJob) -> None:
        """An event is complete; its completion is published next."""
        job, session = event.job, event.session
        self.events.pop(job.event_id, None)
        job.messages = session.outbox.close(job.event_id) + 1  # with the completion
        session.remember(job.event_id)
        unread_bounds.freed(unread_bounds.weight(job.data))
        session.endless.discard(job.event_id)
        if event.dependency.renders is not None:
            for other in orphans(self, session):
                self._stop(other, delay=0.0)

    def state_of(self, job: Job) -> SessionState:
        """What the session keeps; a fresh one that nobody keeps for an event without a session."""
        if job.session_hash == job.event_id:
            return SessionState()
        return self.sessions.get(job.session_hash).state

    async def load_state(self, job: Job) -> None:
        """An event is about to use what its session keeps."""
        if job.session_hash != job.event_id:
            session = self.sessions.get(job.session_hash)
            self.sessions.used(session)
            await self.store.load(session, listener_of(self, job))

    async def keep_state(self, job: Job) -> None:
        """The event may have set values: they are kept, and count towards the capacity."""
        if job.session_hash != job.event_id:
            session = self.sessions.get(job.session_hash)
            self.sessions.hold(session)
            self.expiry.watch(session)
            await self.store.keep(session)

    def _store(self) -> StateStore:
        alias = conf.state_cache()
        if alias is None:
            return LiveStore()
        return CacheStore(alias, self.blocks, self.mount.key)

    def _let_go(self, ended: list[SessionState | None]) -> None:
        with suppress(RuntimeError):  # the app closes
            self.threads.plain.submit(ended.clear)

    def forget_state(self, session: LiveSession) -> None:
        """See Engine."""
        self.expiry.expired(session, forced=True)

    def files_of(self, job: Job) -> FileContext:
        """For whom the event reads and stores files."""
        return self._files.of(job)

    def reopen(self) -> None:
        """A lane was opened or widened from outside: start what may start now."""
        self._pump()

    # Cancelling

    async def cancel(self, session_hash: str | None, event_id: str) -> bool:
        """See Engine."""
        event = self.events.get(event_id)
        if event is None or session_hash not in (None, event.session.hash, event.job.session_hash):
            return False
        numbered = event.session.outbox.is_numbered
        if numbered:
            event.say_whether_it_runs_on()
        self._stop(event, delay=0.0 if numbered else CANCEL_DELAY)
        return True

    async def drop(self, chosen: Callable[[Job], bool]) -> None:
        """See Engine."""
        for event in list(self.events.values()):
            if chosen(event.job):
                self._stop(event, delay=0.0)
        self.turns.drop(chosen)

    def drop_waiting_calls(self) -> None:
        """The calls of programs that still wait for a slot end."""
        self.turns.drop(lambda job: True)

    def left_waiting(self, lane: ConcurrencyGroup) -> None:
        """One that waited has gone: the places of others are told."""
        self._tell(self.estimates.moved(lane, time.monotonic()))
        self._plan_round()
        self.estimates.tidy(lane)

    def _stop(self, event: RunningJob, delay: float) -> None:
        job = event.job
        if job.state is JobState.CANCELLED:
            return
        lane = event.lane
        waiting = self.lanes.cancel(event)
        job.state = JobState.CANCELLED
        record("job.cancelled", event)
        if waiting:
            self.left_waiting(lane)
        elif event.work is not None:
            event.work.abandon()
        if delay:
            self.loop.call_later(delay, self.complete_cancelled, event)
        else:
            self.complete_cancelled(event)

    def complete_cancelled(self, event: RunningJob) -> None:
        """A cancelled event ends, unless it has."""
        if event.job.event_id in self.events:
            event.complete(JobState.CANCELLED, event.shown())

    def _abandon(self, session: LiveSession, only_endless: bool) -> None:
        """Nobody has read a session for a while: its events are dropped."""
        for event_id in list(session.endless) if only_endless else session.pending:
            event = self.events.get(event_id)
            if event is not None:
                event.say_that_nobody_was_here()
                self._stop(event, delay=0.0)

    # Telling

    def _tell(self, notices: list[Notice]) -> None:
        for entry, message in notices:
            if isinstance(entry, RunningJob):
                entry.session.outbox.publish(message)

    def _plan_round(self) -> None:
        if self._round is None and self.lanes.waiting:
            delay = self.estimates.next_round(time.monotonic())
            self._round = None if delay is None else self.loop.call_later(delay, self._tell_round)

    def _tell_round(self) -> None:
        self._round = None
        self._tell(self.estimates.round(time.monotonic()))
        self._plan_round()

    # Reading

    def subscribe(
        self,
        session_hash: str,
        after: int = 0,
        *,
        takeover: bool = True,
        plain: bool = False,
        visitor: Request | None = None,
    ) -> Subscription:
        """See Engine."""
        return self.sessions.get(session_hash).subscribe(after, takeover, plain, visitor)

    def running(self, session: LiveSession) -> dict[str, float]:
        """See Engine."""
        found = [self.events[event_id].job for event_id in session.pending if event_id in self.events]
        return seconds_running(found)

    def watch(self, event_id: str, session_hash: str, identity: Identity, after: int) -> Viewer:
        """See Engine."""
        opened = None
        if (event := self.events.get(event_id)) is not None:
            opened = ViewedEvent(event_id, event.dependency, event.job.identity_key, event.session)
        return self.watches.begin(opened, event_id, session_hash, identity, after)

    def session(self, session_hash: str) -> LiveSession:
        """See Engine."""
        return self.sessions.get(session_hash)

    def find_session(self, session_hash: str, identity_key: str | None) -> LiveSession | None:
        """See Engine."""
        return self.sessions.find(session_hash, identity_key)

    def claim(self, session_hash: str, identity_key: str | None) -> LiveSession:
        """See Engine."""
        return self.sessions.claim(session_hash, identity_key)

    def loaded(self, session: LiveSession) -> None:
        """See Engine."""
        open_events = [self.events[event_id] for event_id in session.pending if event_id in self.events]
        self.store.reset(session, {block._id for event in open_events for block in event.dependency.outputs})

    def attend(self, session_hash: str, visitor: Request) -> Attendance:
        """See Engine."""
        return self.sessions.get(session_hash).attend(visitor)

    def snapshot(self) -> QueueSnapshot:
        """See Engine."""
        return queue_snapshot(self)

    def change_group(self, fn: int, action: str, limit: int | None = None) -> str:
        """See Engine."""
        return change_group(self, fn, action, limit)

    def session_snapshot(self, session: LiveSession) -> SessionSnapshot:
        """See Engine."""
        return session_snapshot(session)

    async def end_session(self, session: LiveSession) -> int:
        """See Engine."""
        return await end_session(self, session)

    # Ending

    async def close(self, grace: float | None = None) -> None:
        """See Engine."""
        if self._round is not None:
            self._round.cancel()
        await self._closing.close(grace)
