"""The embedded engine: everything in this process, on the server's event loop, woken by events and never polling."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from blocks_app.protocol import ProcessCompleted
from blocks_app.running.call import FileContext
from blocks_app.running.state import SessionState, shown_json
from blocks_app.threads.call_threads import Threads, loop_inbox
from queue_app import conf
from queue_app.delivery import unread_bounds
from queue_app.delivery.subscription import Subscription
from queue_app.delivery.viewers import ViewedEvent, Viewer, Viewers
from queue_app.exceptions import NothingToWatch, NotYours, QueueStopped
from queue_app.execution import render_listeners
from queue_app.execution.cancelling import Cancelling
from queue_app.execution.changes import record
from queue_app.execution.closing import Closing
from queue_app.execution.control.inspection import change_group, end_session, queue_snapshot, session_snapshot
from queue_app.execution.engine import QueueSnapshot, SessionSnapshot
from queue_app.execution.event_files import EventFiles
from queue_app.execution.job import JobSpec, ListenerView
from queue_app.execution.unloading import run_unload
from queue_app.execution.validation import look_first
from queue_app.execution.worker import JobRun, RunningJob
from queue_app.failing import Failing
from queue_app.scheduling.estimates import Estimates, Notice
from queue_app.scheduling.scheduler import ConcurrencyGroup, QueueEntry, Scheduler
from queue_app.sessions.directory import LiveSession, MemorySessionDirectory
from queue_app.sessions.presence import Attendance, PresenceRegistry, VisitorInfo
from queue_app.sessions.session_directory import SessionView
from queue_app.sessions.state_expiry import StateExpiry
from queue_app.sessions.state_keeping import LiveStates, StateKeeping, stored_states

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.web.registry import Mount
    from queue_app.execution.job import AccessEnded


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
        self.validating: set[RunningJob] = set()
        self._cancelling = Cancelling(self)
        self.stopped = False
        options = self.blocks.queue_options
        self.scheduler = Scheduler(
            render_listeners.declared_by(self.blocks),
            default_limit=options.default_limit(),
            max_size=options.max_size,
            max_threads=mount.options.max_threads,
            per_user=options.per_user_limit,
        )
        self.estimates = Estimates(self.scheduler, options.status_update_rate)
        self.store = self._store()
        self.expiry = StateExpiry(self.loop, self.blocks, self.threads.plain.submit, self.store)
        self.sessions = MemorySessionDirectory(
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
        self._version = self.blocks.version
        self.works: set[JobRun] = set()
        self._closing = Closing(self)
        self._files = EventFiles(self.mount)
        self.round_timer: asyncio.TimerHandle | None = None

    # Submitting

    async def submit(self, job: JobSpec) -> None:
        """See Engine."""
        dependency = self._dependency(job)
        session = self.sessions.own(job.session_hash, job.identity_key)
        if job.channel != job.session_hash:
            session = self.sessions.own(job.channel, job.identity_key)
        kept = await look_first(self, job, dependency, session)
        if session.knows(job.event_id):
            return
        self._may_begin(job)
        event = RunningJob(self, job, dependency, session)
        if kept or dependency.every is not None:
            self._open(event, session)
            if not kept:
                self._supersede(event, session)
            self.start_now(event)
            return
        self._join(event)
        self._open(event, session)
        self.pump()
        if event.place >= 0:  # one that starts at once need not hear where it would have stood
            self._send_notices([self.estimates.joined(event)])

    async def rendered(self, job: JobSpec) -> ListenerView:
        """See Engine."""
        return await render_listeners.rendered(self, job)

    async def run_direct(self, job: JobSpec, counted: bool = False) -> ProcessCompleted:
        """See Engine."""
        dependency = self._dependency(job)
        if job.session_hash != job.event_id:
            self.sessions.own(job.session_hash, job.identity_key)
        counted = not await look_first(self, job, dependency, asks=counted) and counted
        self._may_begin(job)
        event = RunningJob(self, job, dependency, None)
        if counted:
            self._join(event)
        self.events[job.event_id] = event
        if counted:
            self.pump()
        else:
            self.start_now(event)
        return await event.answer()

    def _may_begin(self, job: JobSpec) -> None:
        """What has held it up is over; raises QueueError when it cannot begin now."""
        if self.stopped:
            raise QueueStopped
        if job.event_id in self.events:
            raise NotYours("An event of another session has this id.")

    def _join(self, event: RunningJob) -> None:
        if event.dependency.rendered_in is not None:
            event.declared = render_listeners.declared(event.dependency, event.job.session_hash)
        self.scheduler.join(event)

    def _dependency(self, job: JobSpec) -> Dependency:
        if self.stopped:
            raise QueueStopped
        if self._version != self.blocks.version:
            self._version = self.blocks.version
            self.scheduler.declare(render_listeners.declared_by(self.blocks), self.blocks.queue_options.default_limit())
        return render_listeners.listener_meant(self, job)

    def _open(self, event: RunningJob, session: LiveSession) -> None:
        job = event.job
        self.events[job.event_id] = event
        session.outbox.open(job.event_id)
        session.touch()
        record("job.queued", event)

    def _supersede(self, event: RunningJob, session: LiveSession) -> None:
        """Of a repeating event one per page is enough: after a reload the new one replaces the old."""
        fn = event.job.fn
        for event_id in list(session.endless):
            other = self.events.get(event_id)
            if other is not None and other.job.fn == fn:
                self.stop(other)
        session.endless.add(event.job.event_id)

    # Running

    def pump(self) -> None:
        """Start everything that may start."""
        take = self.scheduler.take
        while (entries := take()) is not None:
            self._start(entries)
            group = entries[0].group
            if group.first is not None:
                self._send_notices(self.estimates.moved(group, time.monotonic()))
        self._plan_round()

    def start_now(self, event: RunningJob) -> None:
        """Start it at once, outside of all limits."""
        self.scheduler.admit(event)
        self._start([event])

    def _start(self, entries: list[QueueEntry]) -> None:
        work = JobRun(self, entries)  # type: ignore[arg-type] # every entry here is a RunningJob
        self.works.add(work)
        work.task = self.loop.create_task(work.run())  # owned by its work, which reports its end through release

    def release(self, group: ConcurrencyGroup, work: JobRun) -> None:
        """A work has ended: its slot goes to the next."""
        self.works.discard(work)
        self.scheduler.release(group, work.events)
        if self.scheduler.waiting:
            self.pump()
        self.estimates.tidy(group)
        self._closing.look()

    def ended(self, event: RunningJob) -> None:
        """An event is complete; its completion is published next."""
        if not event.terms.counts:
            self.validating.discard(event)
            return
        job, session = event.job, event.session
        self.events.pop(job.event_id, None)
        if session is not None:
            event.status.messages = session.outbox.close(job.event_id) + 1  # with the completion
            session.remember(job.event_id)
            session.endless.discard(job.event_id)
        unread_bounds.freed(unread_bounds.weight(job.data))
        if event.dependency.renders is not None:
            for other in render_listeners.orphans(self, job):
                self.stop(other)

    def state_of(self, job: JobSpec) -> SessionState:
        """What the session keeps; a fresh one that nobody keeps for an event without a session."""
        if job.session_hash == job.event_id:
            return SessionState()
        return self.sessions.get(job.session_hash).state

    async def load_state(self, job: JobSpec) -> None:
        """An event is about to use what its session keeps."""
        if job.session_hash != job.event_id:
            session = self.sessions.get(job.session_hash)
            self.sessions.used(session)
            await self.store.load(session, render_listeners.listener_of(self, job))

    async def keep_state(self, job: JobSpec) -> None:
        """The event may have set values: they are kept, and count towards the capacity."""
        if job.session_hash != job.event_id:
            session = self.sessions.get(job.session_hash)
            self.sessions.hold(session)
            self.expiry.watch(session)
            await self.store.keep(session)

    def _store(self) -> StateKeeping:
        return stored_states(self.blocks, self.mount.key) or LiveStates()

    def _let_go(self, ended: list[SessionState | None]) -> None:
        with suppress(RuntimeError):  # the app closes
            self.threads.plain.submit(ended.clear)

    def forget_state(self, session_hash: str) -> None:
        """See Engine."""
        if (session := self.sessions.look(session_hash)) is not None:
            self.expiry.expired(session, forced=True)

    def files_of(self, job: JobSpec) -> FileContext:
        """For whom the event reads and stores files."""
        return self._files.of(job)

    def page_shows(self, job: JobSpec) -> None:
        """See Runtime: it is kept where it is."""

    def reopen(self) -> None:
        """A group was opened or widened from outside: start what may start now."""
        self.pump()

    # Cancelling

    async def cancel(self, session_hash: str | None, event_id: str) -> bool:
        """See Engine."""
        return self._cancelling.cancel(session_hash, event_id)

    async def drop(self, ended: AccessEnded) -> None:
        """See Engine."""
        self._cancelling.drop(ended)

    def stop(self, event: RunningJob) -> None:
        """Cancel an event, unless it has ended."""
        self._cancelling.stop(event)

    def complete_cancelled(self, event: RunningJob) -> None:
        """A cancelled event ends, unless it has."""
        self._cancelling.complete(event)

    def open_events(self) -> list[RunningJob]:
        """Everything that waits or runs for somebody, with the validators of what does not wait yet."""
        return [*self.events.values(), *self.validating]

    def left_waiting(self, group: ConcurrencyGroup) -> None:
        """One that waited has gone: the places of others are told."""
        self._send_notices(self.estimates.moved(group, time.monotonic()))
        self._plan_round()
        self.estimates.tidy(group)

    def _abandon(self, session: LiveSession, only_endless: bool) -> None:
        """Nobody has read a session for a while: its events are dropped."""
        for event_id in list(session.endless) if only_endless else session.pending:
            event = self.events.get(event_id)
            if event is not None:
                event.say_that_nobody_was_here()
                self.stop(event)

    # Telling

    def _send_notices(self, notices: list[Notice]) -> None:
        for entry, message in notices:
            if isinstance(entry, RunningJob):
                entry.sink.publish(message)

    def _plan_round(self) -> None:
        if self.round_timer is None and self.scheduler.waiting:
            delay = self.estimates.next_round(time.monotonic())
            self.round_timer = None if delay is None else self.loop.call_later(delay, self._send_round)

    def _send_round(self) -> None:
        self.round_timer = None
        self._send_notices(self.estimates.round(time.monotonic()))
        self._plan_round()

    # Reading

    def subscribe(
        self,
        session_hash: str,
        after: int = 0,
        *,
        takeover: bool = True,
        plain: bool = False,
        visitor: VisitorInfo | None = None,
    ) -> Subscription:
        """See Engine."""
        return self.sessions.get(session_hash).subscribe(after, takeover, plain, visitor)

    def running(self, session_hash: str) -> dict[str, float]:
        """See Engine."""
        now, found = time.monotonic(), {}
        for event_id in self.sessions.pending(session_hash):
            if (event := self.events.get(event_id)) is not None and event.status.started is not None:
                found[event_id] = now - event.status.started
        return found

    async def watch(self, event_id: str, visitor: VisitorInfo, after: int) -> Viewer:
        """See Engine."""
        opened = None
        if (event := self.events.get(event_id)) is not None and event.session is not None:
            opened = ViewedEvent(event_id, event.dependency, event.job.identity_key, event.session)
        watched = self.watches.find(opened, event_id, visitor.session_hash, visitor.identity_key, visitor.username)
        if not await render_listeners.permits(self.mount, watched.dependency, visitor.identity_key, visitor.username):
            raise NothingToWatch
        return self.watches.begin(watched, after)

    def session(self, session_hash: str) -> LiveSession:
        """The session itself, as only this process has it; created on first use."""
        return self.sessions.get(session_hash)

    def find_session(self, session_hash: str, identity_key: str | None) -> SessionView | None:
        """See Engine."""
        return self.sessions.find(session_hash, identity_key)

    def claim(self, session_hash: str, identity_key: str | None) -> SessionView:
        """See Engine."""
        return self.sessions.claim(session_hash, identity_key)

    def loaded(self, session_hash: str) -> None:
        """See Engine."""
        session, events = self.sessions.get(session_hash), self.events
        self.store.reset(session, {b._id for e in session.pending if e in events for b in events[e].dependency.outputs})

    async def holds(self, session_hash: str) -> bool:
        """See Engine."""
        return await self.store.holds(self.sessions.get(session_hash))

    async def shown(self, session_hash: str, identity_key: str | None) -> str:
        """See Engine."""
        session = self.sessions.owned(session_hash, identity_key)
        return shown_json(session.state.shown if session is not None and session.has_state else {}).decode()

    def attend(self, session_hash: str, visitor: VisitorInfo) -> Attendance:
        """See Engine."""
        return self.sessions.attend(session_hash, visitor)

    def snapshot(self) -> QueueSnapshot:
        """See Engine."""
        return queue_snapshot(self)

    def change_group(self, fn: int, action: str, limit: int | None = None) -> str:
        """See Engine."""
        return change_group(self, fn, action, limit)

    def session_snapshot(self, session_hash: str) -> SessionSnapshot | None:
        """See Engine."""
        return session_snapshot(self, session_hash)

    async def end_session(self, session_hash: str) -> int:
        """See Engine."""
        return await end_session(self, session_hash)

    async def close(self, grace: float | None = None) -> None:
        """See Engine."""
        if self.round_timer is not None:
            self.round_timer.cancel()
        await self._closing.close(grace)
