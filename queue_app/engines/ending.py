"""Ends events before their time, wherever they wait or run; and tells of those that have ended elsewhere."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from blocks_app.protocol import Log
from queue_app.engines.asking import Asked, Facts
from queue_app.execution.changes import record, send_change
from queue_app.execution.job import JobState, JobStatus, ListenerView
from queue_app.execution.terms import CANCEL_DELAY
from queue_app.execution.worker import LEFT
from queue_app.redis_link import text_of
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    from cachetools import FIFOCache

    from blocks_app.declaration.declared_page import DeclaredPage
    from queue_app.engines.places import Places
    from queue_app.engines.shared_queue import SharedQueue
    from queue_app.execution.job import AccessEnded, JobSpec
    from queue_app.sessions.directory import LiveSession


@dataclass(slots=True)
class Elsewhere:
    """An event that runs in another process, as records are told of it; see changes.Changing."""

    job: JobSpec
    status: JobStatus
    dependency: Any
    alone: bool = False
    outbox: None = None


class KnowsListeners(Protocol):
    """What is asked of the engine."""

    blocks: DeclaredPage
    facts: FIFOCache[tuple[str, int], Facts]


class Ending:
    """The ends of one app's events, as a web process brings them about.

    Attributes:
        looking: of events at whose inputs a worker looks first, by what name that was asked.
    """

    def __init__(self, engine: KnowsListeners, queue: SharedQueue, places: Places) -> None:
        self.looking: dict[str, str] = {}
        self._delayed: dict[str, tuple[Asked, str]] = {}
        self._closed = False
        self._engine = engine
        self._queue = queue
        self._places = places
        self._tasks = TaskGroup("ending")

    async def close(self) -> None:
        """End what has begun, and tell what was to be told later."""
        await self._tasks.close()
        for delayed in list(self._delayed.values()):
            self._complete(*delayed)
        self._closed = True

    async def drop(self, ended: AccessEnded) -> None:
        """See Engine.drop."""
        for event_id, index in (await self._queue.open_events()).items():
            if ended.means(index.username, index.identity, index.login):
                await self.cancel(None, event_id, say=False)

    async def end_all(self, session_hash: str) -> int:
        """Cancel the events of a session: how many those were."""
        found = await self._queue.open_events()
        events = [each for each, index in found.items() if session_hash in (index.session, index.channel)]
        return sum([await self.cancel(None, each, say=True) for each in events])

    async def supersede(self, job: JobSpec, session: LiveSession) -> None:
        """Of a repeating event one per page is enough: after a reload the new one replaces the old."""
        for event_id, index in (await self._queue.open_events()).items():
            if index.endless and index.fn == job.fn and index.channel == session.hash:
                await self.cancel(None, event_id, say=False)
        session.endless.add(job.event_id)

    async def cancel(self, session_hash: str | None, event_id: str, *, say: bool) -> bool:
        """See Engine.cancel; with `say` the visitor is told where a function runs on."""
        name = self.looking.get(event_id, event_id)
        index = await self._queue.index_of(name)
        if index is None or session_hash not in (None, index.channel, index.session):
            return False
        reader = await self._queue.link.client.hget(f"{self._queue.prefix}m:{index.channel}", "reader")
        numbered = index.kind != "event" or text_of(reader or "").endswith("#")
        how = f"{event_id} {int(say)} {int(numbered)}"
        outcome = await self._queue.scheduler.cancel(name, how)
        self._places.remove(event_id)
        if outcome[0] == "waiting":
            self._cancelled(Asked.of(outcome[2]), outcome[3], at_once=numbered or not say)
        elif outcome[0] == "running":
            await self._queue.announce(f"cancel {how}")
        self._queue.dispatch()
        return outcome[0] != ""

    def abandon(self, session: LiveSession, only_endless: bool) -> None:
        """Nobody has read a session for a while: its events are dropped."""
        for event_id in list(session.endless) if only_endless else session.pending:
            if event_id not in session.endless:
                session.outbox.publish(Log(event_id=event_id, log=LEFT, level="warning", title="Stopped"))
            session.endless.discard(event_id)
            self._tasks.start(self.cancel(None, event_id, say=False))

    def died(self, job: JobSpec, asked: Asked) -> None:
        """An event has ended with its worker."""
        self._places.remove(job.event_id)
        failed_elsewhere(self._engine.blocks, job, asked, self._engine.facts.get((job.session_hash, job.fn)))

    def _cancelled(self, asked: Asked, fence: str, at_once: bool) -> None:
        if asked.kind == "event":
            job = asked.spec
            facts = self._engine.facts.get((job.session_hash, job.fn))
            record("job.cancelled", _elsewhere(self._engine.blocks, job, asked, JobState.CANCELLED, facts))
        if at_once:
            self._complete(asked, fence)
        else:  # a program that has asked for it does not take the end for an answer then
            self._delayed[asked.spec.event_id] = asked, fence
            asyncio.get_running_loop().call_later(CANCEL_DELAY, self._complete, asked, fence)

    def _complete(self, asked: Asked, fence: str) -> None:
        if self._delayed.pop(asked.spec.event_id, (asked, fence))[1] == fence and not self._closed:
            self._queue.cancelled(asked, fence)


def failed_elsewhere(blocks: DeclaredPage, job: JobSpec, asked: Asked, facts: Facts | None = None) -> None:
    """An event has ended with its worker, or there is none for it: the receivers of signals are told."""
    send_change("job.failed", _elsewhere(blocks, job, asked, JobState.FAILED, facts))


def _elsewhere(blocks: DeclaredPage, job: JobSpec, asked: Asked, state: JobState, facts: Facts | None) -> Elsewhere:
    listener: Any = blocks.dependencies.get(job.fn)
    if listener is None:
        listener = ListenerView(job.fn, asked.name, (), True, "", job.function, False, True)
        listener = facts.view if facts is not None else listener
    return Elsewhere(job, JobStatus(state, finished=time.monotonic()), listener, asked.kind != "event")
