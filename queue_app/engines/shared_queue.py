"""What web processes and workers of one app have in common: its Redis, and what each of them does now and then.

Every process says that it lives, and ends what belonged to one that has died.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from blocks_app.logs import quietly
from blocks_app.outages import Outage, Unavailable
from blocks_app.protocol import ErrorOutput, Estimation, Log, Output, ProcessCompleted, payload
from blocks_app.running.updates import NO_CHANGE
from blocks_app.threads.pool import Pool
from queue_app import conf
from queue_app.delivery.redis_outboxes import RedisOutboxStore
from queue_app.engines.asking import ENDED_HERE, Asked, EventIndex, reply_of
from queue_app.engines.large_inputs import drop
from queue_app.engines.sending import message, send
from queue_app.engines.worker_registry import QUEUE, ProcessInfo, outdated, processes, served
from queue_app.exceptions import AppChanged, EventCancelled, QueueError, QueueStopped
from queue_app.execution import render_listeners
from queue_app.execution.job import JobState
from queue_app.log_sentences import logger
from queue_app.redis_link import PATIENCE, RedisLink, is_ending, text_of
from queue_app.scheduling.redis_scheduler import REMEMBERED, Died, Place, RedisScheduler
from queue_app.signals import EndsKnown, EventEnd, ends_known
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    from blocks_app.web.registry import Mount
    from queue_app.execution.job import JobSpec

log = logger("queue_app.engine")

#: Seconds for which a sign of life of a process holds that has pages; one of a worker's holds as long as its leases.
ALIVE = 10
#: How many worker timeouts pass until ends are offered to records once more.
_LOOKS = 4
_ENDED = {
    "": "worker.died", "told": "worker.died", "outdated": "worker.outdated", "unserved": "worker.unserved",
    "cancelled": "cancel.untold",
}  # fmt: skip
#: Announced by who has parted with works.
SWEEP = "sweep"
AWAY = "The site's queue does not answer. Try again in a moment."
AGAIN = "The worker that ran this has died. It waits to be run again."
#: Why an event ends that runs nowhere; see Died.
WHY = {
    "": QueueStopped(ENDED_HERE),
    "outdated": AppChanged(),
    "unserved": QueueStopped("No worker is there that can run this. Try again in some minutes."),
}


class SharedQueue:
    """The queue of one app, as one event loop of one process has it."""

    def __init__(self, mount: Mount, died: Callable[[JobSpec, Asked], None]) -> None:
        """Connect; `died` is told of events that have ended with their worker."""
        self.died = died
        #: False in a process that ends: what it has parted with is told by others.
        self.sweeps = True
        #: The processes of the site, as the last sweep has found them.
        self.living: list[ProcessInfo] = []
        self.mount = mount
        self.link = RedisLink(conf.redis_url())
        self.prefix = f"blocks:{mount.key}:"
        self.outboxes = RedisOutboxStore(self.link, self.prefix)
        patience = conf.worker_timeout()
        due = self._due = list[tuple[str, str]]()
        sent = {"message": message(mount.key), "queue": QUEUE}
        self.scheduler = RedisScheduler(self.link, self.prefix, lambda *work: due.append(work), lease=patience, **sent)
        self.tasks = TaskGroup("shared queue")
        self.outboxes.announced.append(self._announced)
        self._sender = Pool(1, "blocks-send")  # in order, and not on the loop
        self._version: int | None = None
        self._offered = time.monotonic()

    def declare(self) -> None:
        """Tell the scheduler what the page declares, where that has changed."""
        blocks = self.mount.blocks
        if self._version == blocks.version:
            return
        self._version, options = blocks.version, blocks.queue_options
        self.scheduler.declare(
            render_listeners.declared_by(blocks),
            default_limit=options.default_limit(),
            max_size=options.max_size,
            max_threads=self.mount.options.max_threads,
            per_user=options.per_user_limit,
        )

    def dispatch(self) -> None:
        """Hand works that may start to the workers, where Redis has not done it."""
        while self._due:
            self._sender.submit(self._try_to_send, *self._due.pop(0))

    def _try_to_send(self, work: str, queue: str) -> None:
        try:
            send(self.mount.key, work, queue)
        except Exception:  # whoever sweeps gives it again
            quietly(log.exception, "work.unsent")

    async def get_ready(self) -> None:
        """Connect, hear of the other processes, and send the scripts, before the first event comes."""
        await self.outboxes.listen()
        await self.outboxes.known("")
        self.outboxes.let_go("")
        await self.scheduler.ranks([])

    async def shipped(self) -> None:
        """What was written is there. Raises Unavailable when Redis does not answer for some seconds."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self.outboxes.flush()
        except TimeoutError:
            raise Unavailable(Outage(503, AWAY)) from None

    async def index_of(self, event_id: str) -> EventIndex | None:
        """Where an event belongs that waits or runs."""
        found = await self.link.client.hget(f"{self.prefix}jobs", event_id)
        return EventIndex.of(found) if found else None

    async def indexes(self, events: Sequence[str]) -> list[EventIndex | None]:
        """The same of several."""
        found = await self.link.client.hmget(f"{self.prefix}jobs", list(events)) if events else []
        return [EventIndex.of(each) if each else None for each in found]

    def indexes_now(self, events: Sequence[str]) -> list[EventIndex]:
        """Those that are there. Waits for Redis."""
        found = self.link.direct.hmget(f"{self.prefix}jobs", list(events)) if events else []
        return [EventIndex.of(each) for each in found if each]

    async def is_known(self, event_id: str) -> bool:
        """Whether an event waits, runs or has ended."""
        return bool(await self.link.client.exists(f"{self.prefix}job:{event_id}", f"{self.prefix}done:{event_id}"))

    async def open_events(self) -> dict[str, EventIndex]:
        """All that wait or run, in all processes."""
        found = await self.link.client.hgetall(f"{self.prefix}jobs")
        return {text_of(event): EventIndex.of(text) for event, text in found.items()}

    async def offer_ends(self) -> None:
        """Now and then, in one process of the site, whoever keeps records may ask what became of events."""
        pause = _LOOKS * conf.worker_timeout()
        if not ends_known.receivers or time.monotonic() < self._offered + pause:
            return
        self._offered = time.monotonic()
        if await self.link.client.set(f"{self.prefix}offered", 1, nx=True, px=int(pause * 1000)):
            ends_known.send(EndsKnown(self.mount.key, self.ends_of))

    def ends_of(self, events: Sequence[str]) -> list[EventEnd | None]:
        """See EndsKnown.ask."""
        asked, now = self.link.direct.pipeline(transaction=False), time.time()
        for event in events:
            asked.exists(f"{self.prefix}job:{event}")
            asked.get(f"{self.prefix}done:{event}")
            asked.ttl(f"{self.prefix}done:{event}")
        found = asked.execute() if events else []
        return [_end_known(*each, now) for each in zip(found[::3], found[1::3], found[2::3])]

    async def announce(self, text: str) -> None:
        """Tell all processes of the app."""
        await self.link.client.publish(f"{self.prefix}all", text)

    def forget_inputs(self, ended: Iterable[Asked]) -> None:
        """Nobody begins these any more."""
        for each in ended:
            if each.stored:
                self._sender.submit(drop, each.stored)

    def cancelled(self, asked: Asked, fence: str) -> None:
        """An event was cancelled that runs nowhere. `fence` as of Died."""
        completed = _end_of(asked, nothing_new(asked.outputs))
        self._complete(asked, EventCancelled(), completed, JobState.CANCELLED, fence)

    def refused(self, asked: Asked, why: QueueError, fence: str) -> None:
        """An event ends that runs nowhere, or not any more."""
        self._complete(asked, why, _end_of(asked, ErrorOutput(error=str(why))), JobState.FAILED, fence)

    def _complete(self, asked: Asked, why: QueueError, end: ProcessCompleted, state: JobState, fence: str) -> None:
        job = asked.spec
        self.forget_inputs([asked])
        if asked.kind == "event":
            self.outboxes.channel(job.channel).publish_end(end, state.value, fence)
            return
        channel = self.outboxes.channel(asked.answer or f"answer:{job.event_id}")
        if asked.answer:
            channel.publish(reply_of(why))
        channel.mark_ended(job.event_id, fence)

    def beat(self, more: Callable[[], Any] | None = None) -> None:
        """Begin to say that this process lives, and to look for those that do not; `more` is awaited each time."""
        self.tasks.start(self._beat(more))

    async def _beat(self, more: Callable[[], Any] | None) -> None:
        while not is_ending():
            try:
                await self.link.client.set(f"{self.prefix}alive:{self.outboxes.process}", 1, ex=ALIVE)
                if more is not None:
                    await more()
                if self.sweeps:
                    await self.sweep()
            except self.link.away:
                pass  # it is asked again
            if not is_ending():  # which the driver may have taken for a command that was not answered
                await asyncio.sleep(conf.worker_pause())

    async def sweep(self) -> None:
        """End what nobody renews any more, and what nobody can run."""
        app = self.mount.key
        found = self.living = await processes(self.link)
        died, missing = await self.scheduler.sweep(served(found, app), outdated(found, app), conf.worker_wait())
        for queue, version in missing:
            fields = {"queue": queue, "mount": app, "revision": version, "wait": f"{conf.worker_wait():g}"}
            quietly(log.error, "queue.unserved", extra=fields)
        await self.publish_ends(died)

    def _announced(self, text: str) -> None:
        if text == SWEEP and self.sweeps:
            self.tasks.start(self._sweep_now())

    async def _sweep_now(self) -> None:
        with suppress(*self.link.away):
            await self.sweep()

    async def publish_ends(self, died: Iterable[Died]) -> None:
        """Tell of events that their workers run no more."""
        again = []
        for each in died:
            asked = Asked.of(each.spec)
            job = asked.spec
            extra = {"event_id": each.event_id, "mount": job.mount_key, "fn": job.fn, "again": each.again}
            quietly(log.warning, _ENDED[each.why], extra=extra)
            if each.again:
                again += [job] if asked.kind == "event" and not asked.endless else []
                continue
            if each.why == "told":
                self.forget_inputs([asked])
                continue
            if each.why == "cancelled":
                self.cancelled(asked, each.fence)
                continue
            self.refused(asked, WHY[each.why], each.fence)
            if asked.kind in ("event", "run"):
                self.died(job, asked)
        if again:
            await self._publish_waits(again)
        self.dispatch()

    async def _publish_waits(self, jobs: list[JobSpec]) -> None:
        """Events wait again: their visitors are told why, and where they stand."""
        places = await self.scheduler.ranks([job.event_id for job in jobs])
        for job, place in zip(jobs, places):
            channel = self.outboxes.channel(job.channel)
            channel.publish(Log(event_id=job.event_id, log=AGAIN, level="warning", title="Waiting"))
            if place is not None:
                channel.publish(estimation(job.event_id, place))

    async def close(self) -> None:
        """End what is done now and then, ship what was written, and part."""
        await self.tasks.close()
        await self.outboxes.close()
        self.dispatch()
        self._sender.shutdown(wait=False)
        await self.link.close()


def estimation(event_id: str, place: Place) -> Estimation:
    """Where an event waits, as its page is told."""
    return Estimation(
        event_id=event_id,
        rank=place.position,
        queue_size=place.size,
        rank_eta=place.wait,
        paused=place.paused or UNSET,
    )


def _end_known(is_open: int, ended: bytes | None, left: int, now: float) -> EventEnd | None:
    if is_open:
        return None
    if ended is None:
        return EventEnd("", now)
    ago = REMEMBERED - left
    return EventEnd(text_of(ended).partition("\n")[0], now - ago) if ago > 2 * conf.worker_timeout() else None


def _end_of(asked: Asked, output: Output | ErrorOutput) -> ProcessCompleted:
    title = None if isinstance(output, Output) else output.title
    success = isinstance(output, Output)
    return ProcessCompleted(event_id=asked.spec.event_id, output=output, success=success, title=title)


def nothing_new(outputs: int) -> Output:
    """The values of an event that has none."""
    return Output(data=payload([NO_CHANGE] * outputs), is_generating=False)
