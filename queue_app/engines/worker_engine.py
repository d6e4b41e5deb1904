"""The engine of a worker's process: it runs what it is given as the embedded engine does, and decides nothing.

Order, limits and whose turn it is are Redis's matter; messages go to the channels in Redis. What it holds of sessions
are copies of what the State's cache has.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from blocks_app.logs import quietly
from blocks_app.protocol import Log, encode
from blocks_app.rendering.render_record import FIRST
from blocks_app.running.call import Step
from blocks_app.running.state import part_json
from blocks_app.web.registry import revision
from queue_app import conf
from queue_app.delivery import unread_bounds
from queue_app.delivery.redis_outboxes import Handles
from queue_app.engines.asking import Asked, Reply, facts_of, reply_of
from queue_app.engines.ending import failed_elsewhere
from queue_app.engines.large_inputs import LARGE, job_of
from queue_app.engines.shared_queue import SWEEP, SharedQueue
from queue_app.engines.worker_registry import Held
from queue_app.exceptions import QueueError, UnknownFunction
from queue_app.execution import render_listeners
from queue_app.execution.job import JobState
from queue_app.execution.memory_engine import MemoryEngine
from queue_app.execution.terms import CANCEL_DELAY, LOST, Answer
from queue_app.execution.unloading import run_unload
from queue_app.execution.validation import look_first
from queue_app.execution.worker import JobRun, RunningJob
from queue_app.log_sentences import logger
from queue_app.redis_link import text_of
from queue_app.scheduling.redis_scheduler import Died, Lease, Misrouted, RedisScheduler, group_text
from queue_app.scheduling.scheduler import Scheduler
from queue_app.sessions.directory import LiveSession
from queue_app.sessions.redis_directory import CopiedSessions
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.web.registry import Mount
    from queue_app.execution.job import JobSpec
    from queue_app.scheduling.scheduler import ConcurrencyGroup


log = logger("queue_app.engine")

ENDED = "The function has {:g} s to stop by itself. Then it is ended, and its result is dropped in any case."


def _is_plain(dependency: Dependency) -> bool:
    """Whether its function cannot be interrupted."""
    info = dependency.info
    return info is not None and not info.is_async and not info.is_generator and dependency.every is None


#: Gives a work to another worker; or gives the events that end, as there will be none.
HandOn = Callable[[RedisScheduler, str, str, Misrouted], Awaitable[list[Died]]]


class Decided(Scheduler):
    """What is given to a worker has been decided elsewhere."""

    def waits_for_others(self, fn: int) -> bool:
        """Perhaps it does: that is not known here."""
        return True


class WorkerEngine(MemoryEngine):
    """Runs works of one app. Lives on the loop of the worker's process."""

    def __init__(
        self, mount: Mount, node: str = "", end_process: Callable[[], None] | None = None, *, hand_on: HandOn
    ) -> None:
        """Create it inside the running loop, for a Celery node.

        `end_process` ends this process, where it runs one work at a time; `hand_on` finds another worker for what this
        one cannot run.
        """
        super().__init__(mount)
        self._node, self._end_process, self._hand_on = node, end_process, hand_on
        self.scheduler = Decided(render_listeners.declared_by(self.blocks))
        self.queue = SharedQueue(mount, lambda job, asked: failed_elsewhere(self.blocks, job, asked))
        self.queue.declare()
        self.sessions.close()
        self.sessions = CopiedSessions(
            self.loop,
            self._abandon,
            self.sessions.presence,
            Handles(self.queue.outboxes),
            capacity=mount.options.state_session_capacity,
            grace=conf.session_grace(),
            lifetime=conf.session_lifetime(),
            expired=self.expiry.expired,
            owner=mount.key,
        )
        self.sessions.let_go = self._let_go
        self._leases: dict[str, Lease] = {}
        #: What runs here now, by the name of its work.
        self.held: dict[str, Held] = {}
        self._of_work: dict[str, list[RunningJob]] = {}
        self._rights: dict[str, str] = {}  # by which its events are told of; see Lease
        self._runs: dict[JobRun, asyncio.Future[None]] = {}
        self._wished: set[str] = set()  # whose end was asked for: it is announced, and comes with each renewal
        self._unread: dict[RunningJob, float] = {}
        self._ending = TaskGroup("worker")
        self.queue.outboxes.announced.append(self._announced)
        self._ready = self.loop.create_task(self.queue.outboxes.listen())
        self.queue.beat(self._renew)

    async def run_work(self, work: str) -> None:
        """Run what was sent, unless it is somebody else's or over."""
        await self._ready
        mine = self.queue.outboxes.process
        lease = await self.queue.scheduler.claim(work, mine, self._node, revision(self.mount))
        if isinstance(lease, Misrouted):
            await self.queue.publish_ends(await self._hand_on(self.queue.scheduler, self.mount.key, work, lease))
            return
        if lease is None:
            return
        self._leases[work] = lease
        began, fn = time.monotonic(), ""
        measured, asked = False, list[Asked]()
        try:
            asked += [Asked.of(each) for each in lease.specs]
            if asked:
                self.held[work] = Held(asked[0].name, tuple(each.spec.event_id for each in asked), began)
            if asked and asked[0].kind == "event":
                measured, fn = await self._run_events(lease, asked)
            elif asked:
                measured, fn = await self._answer(lease, asked[0])
        finally:
            await self.queue.outboxes.flush()
            self._leases.pop(work, None)
            self.held.pop(work, None)
            events = self._of_work.pop(work, ())
            self._wished -= {each.job.event_id for each in events}
            self._rights = {event: fence for event, fence in self._rights.items() if fence != lease.fence}
            seconds = time.monotonic() - began if measured else None
            still_open = [each.job.event_id for each in events if each.status.finished is None]
            if await self.queue.scheduler.release(lease, seconds, fn, still_open):
                self.queue.forget_inputs(asked)
            self.queue.dispatch()
            if self._end_process is not None and self.threads.running():
                await self._end_function(self._end_process)

    async def _end_function(self, end_process: Callable[[], None]) -> None:
        """The work is over and its slot is free, but its function goes on, as nobody can interrupt it in its thread."""
        left = [asyncio.wrap_future(each) for each in self.threads.running()]
        _, going_on = await asyncio.wait(left, timeout=conf.cancel_grace())
        if going_on:
            quietly(log.warning, "function.ended", extra={"mount": self.mount.key})
            await self._ending.finish()
            await self.queue.outboxes.flush()
            end_process()

    async def _run_events(self, lease: Lease, asked: list[Asked]) -> tuple[bool, str]:
        events: list[RunningJob] = []
        for each in asked:
            job = each.spec
            try:
                job = await job_of(each)
                dependency = await self._meant(job)
                session = self.sessions.own(job.session_hash, job.identity_key)
                if job.channel != job.session_hash:
                    session = self.sessions.own(job.channel, job.identity_key)
            except QueueError as error:
                self.queue.refused(each, error, lease.fence)
                continue
            if (lost := self.events.get(job.event_id)) is not None:
                self._lose(lost)
            self.queue.outboxes.channel(job.channel).adopt(job.event_id, lease.fence)
            event = RunningJob(self, job, dependency, session)
            event.last = await self._seen_before(job) if lease.again else None
            self.events[job.event_id] = event
            if dependency.every is not None:
                session.endless.add(job.event_id)
            events.append(event)
        return await self._run(lease, events)

    async def _seen_before(self, job: JobSpec) -> Step | None:
        """What a worker that has died had shown of an event: this one says how its values differ from that."""
        text = await self.queue.link.client.hget(f"{self.queue.prefix}v:{job.channel}", job.event_id)
        return Step(msgspec.json.decode(text), True, False) if text else None

    async def _run(self, lease: Lease, events: list[RunningJob]) -> tuple[bool, str]:
        if not events:
            return False, ""
        self._of_work[lease.work] = events
        self._rights |= dict.fromkeys((event.job.event_id for event in events), lease.fence)
        for event in events:
            self.scheduler.admit(event)
        self._start(list(events))
        run = events[0].work
        assert run is not None
        ended = self._runs[run] = self.loop.create_future()
        await ended
        return lease.counted, group_text(events[0].dependency.measured_as)

    async def _answer(self, lease: Lease, asked: Asked) -> tuple[bool, str]:
        measured, fn = False, ""
        try:
            if asked.kind == "run":
                value, measured, fn = await self._run_for_answer(lease, await job_of(asked))
            else:
                value = await self._ask_here(asked)
            reply = Reply(event_id=None, value=value)
        except QueueError as error:
            reply = reply_of(error)
        if asked.answer:
            channel = self.queue.outboxes.channel(asked.answer)
            channel.publish(reply)
            channel.mark_ended(asked.spec.event_id, lease.fence)
            await self.queue.outboxes.flush()
            self.queue.outboxes.let_go(asked.answer)
        return measured, fn

    async def _run_for_answer(self, lease: Lease, job: JobSpec) -> tuple[Any, bool, str]:
        dependency = await self._meant(job)
        event = RunningJob(self, job, dependency, None)
        self.events[job.event_id] = event
        answer = asyncio.ensure_future(event.answer())
        measured, fn = await self._run(lease, [event])
        return msgspec.Raw(encode(await answer)), measured, fn

    async def _ask_here(self, asked: Asked) -> Any:
        job = await job_of(asked)
        match asked.kind:
            case "look":
                dependency = await self._meant(job)
                return await look_first(self, job, dependency, asks=bool(asked.number))
            case "rendered":
                view = await render_listeners.rendered(self, job)
                dependency = await self._meant(job)
                return facts_of(dependency, view, render_listeners.declared(dependency, job.session_hash), group_text)
            case "unload":
                assert asked.visitor is not None
                session = self.sessions.own(job.session_hash, job.identity_key)
                await self.store.load(session, None)
                await run_unload(self, self.blocks.unload_fns[asked.number], session.state, asked.visitor)
            case "forget":
                self.sessions.own(job.session_hash, job.identity_key)
                self.forget_state(job.session_hash)
                await self.store.settled()
                self.sessions.forget(job.session_hash)
        return None

    async def _meant(self, job: JobSpec) -> Dependency:
        if job.fn >= FIRST:
            self.sessions.own(job.session_hash, job.identity_key)
            with suppress(UnknownFunction):
                await render_listeners.rendered(self, job)
        return self._dependency(job)

    # Ending

    def release(self, group: ConcurrencyGroup, work: JobRun) -> None:
        """See Runtime: whoever waits for the run gives the slot back."""
        super().release(group, work)
        ended = self._runs.pop(work, None)
        if ended is not None and not ended.done():
            ended.set_result(None)

    def ended(self, event: RunningJob) -> None:
        """See Runtime. The run of an event that ends before its time may go on."""
        self._unread.pop(event, None)
        if event.terms is LOST:
            unread_bounds.freed(unread_bounds.weight(event.job.data))
            if self.events.get(event.job.event_id) is event:
                del self.events[event.job.event_id]
            return
        super().ended(event)
        if self.blocks.keeps_shown:
            self._ship_shown(event.job)
        if event.dependency.renders is not None:
            self._ending.start(self._stop_orphans(event.job))
        if event.terms.counts and event.status.state is not JobState.DONE:
            if event.session is not None and event.status.state is JobState.CANCELLED:
                self.queue.outboxes.channel(event.session.hash).ends_as(event.job.event_id, JobState.CANCELLED.value)
            self._ending.start(self._report_end(event.job.event_id, self._rights.get(event.job.event_id, "")))

    async def _report_end(self, event_id: str, fence: str) -> None:
        await self.queue.outboxes.flush()
        await self.queue.scheduler.ended(event_id, fence)

    def page_shows(self, job: JobSpec) -> None:
        """See Runtime. What is large is told at the end alone, and not again and again."""
        state = self.state_of(job)
        if sum(len(part) for part in state.shown.values() if part is not None) < LARGE:
            self._ship_shown(job)

    def _ship_shown(self, job: JobSpec) -> None:
        """What the page of this session shows belongs where all processes find it; here is only what is on its way."""
        state = self.state_of(job)
        if state.shown and job.session_hash != job.event_id:
            parts, state.shown = state.shown, {}
            texts = {str(number): part_json(part).decode() for number, part in parts.items()}
            self.queue.outboxes.channel(job.session_hash).show(job.event_id, texts)

    async def _stop_orphans(self, job: JobSpec) -> None:
        """A part was built anew: what repeats for the one before is stopped in other workers, too."""
        state, queue = self.state_of(job), self.queue
        events = [text_of(each) for each in await queue.link.client.hkeys(f"{queue.prefix}o:{job.session_hash}")]
        for event_id, index in zip(events, await queue.indexes(events)):
            if index is None or not index.endless or index.fn < FIRST or event_id in self.events:
                continue
            if state.renders is None or not state.renders.has(index.fn):
                await queue.announce(f"cancel {event_id} 0 0")

    def _abandon(self, session: LiveSession, only_endless: bool) -> None:
        """Who reads is not known here: web processes cancel what nobody reads."""

    async def _renew(self) -> None:
        held = list(self._leases.values())
        lost, cancelled = await self.queue.scheduler.renew(self.queue.outboxes.process, held)
        for work in lost:
            self._part_with(work)
        for how in cancelled:
            self._cancel_here(*how.split(" "))
        for event in [each for each in self.events.values() if each.is_endless]:
            if await self._is_followed(event.job.channel):
                self._unread.pop(event, None)
            elif time.monotonic() - self._unread.setdefault(event, time.monotonic()) > conf.endless_grace():
                self.stop(event)  # the process of its page has died, and nobody came back

    def _part_with(self, work: str) -> None:
        self._leases.pop(work, None)
        for event in self._of_work.get(work, ()):
            self._lose(event)

    def _lose(self, event: RunningJob) -> None:
        """It is another's: whatever it still says is dropped here, too, where it may run once more."""
        event.terms, event.sink = LOST, Answer(self.loop)
        self.stop(event)

    async def end(self, grace: float) -> None:
        """Its worker ends, and begins nothing new: what runs may end within so many seconds, and is parted with then.

        What repeats goes on in another worker at once.
        """
        self.queue.sweeps = False
        until = time.monotonic() + grace
        while self._leases:
            parted = False
            for work, lease in list(self._leases.items()):
                events = self._of_work.get(work, ())
                if time.monotonic() >= until or (events and all(each.is_endless for each in events)):
                    await self.queue.scheduler.expire(lease)
                    self._part_with(work)
                    parted = True
            if parted:
                await self.queue.announce(SWEEP)
            await asyncio.sleep(0.1)

    async def _is_followed(self, channel: str) -> bool:
        """Whether a process that lives hears of it."""
        prefix, there = self.queue.prefix, await self.queue.outboxes.followers(channel)
        return bool(there) and bool(await self.queue.link.client.exists(*(f"{prefix}alive:{each}" for each in there)))

    def _announced(self, text: str) -> None:
        what, _, rest = text.partition(" ")
        if what == "forgotten" and self.sessions.look(rest) is not None:
            self.sessions.forget(rest)
        if what == "cancel":
            self._cancel_here(*rest.split(" "))

    def _cancel_here(self, event_id: str, say: str, numbered: str) -> None:
        """Somebody wants an event to end: once, however often that is heard."""
        event = self.events.get(event_id)
        if event is None:  # its inputs are looked at; or it begins, and hears of it with the next renewal
            self._cancelling.cancel(None, event_id)
            return
        if event_id in self._wished:
            return
        self._wished.add(event_id)
        if event.session is not None:
            self.queue.outboxes.channel(event.session.hash).read_elsewhere(numbered == "1")
        if say == "1" and self._end_process is not None and _is_plain(event.dependency):
            text = ENDED.format(conf.cancel_grace())
            event.sink.publish(Log(event_id=event_id, log=text, level="info", title="Cancelled"))
            self._cancelling.stop(event, delay=0.0 if event.sink.is_numbered else CANCEL_DELAY)
        elif say == "1":
            self._cancelling.cancel(None, event_id)
        else:
            self.stop(event)

    async def close(self, grace: float | None = None) -> None:
        """See Engine."""
        await super().close(grace)
        await self._ending.finish()
        await self.queue.close()
