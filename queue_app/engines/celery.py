"""The engine of a web process whose functions run in Celery workers; the queue is in Redis, for all processes.

It takes jobs, tells where they wait, and reads what workers have written. User functions run in workers alone: also
validators, parts of gr.render, what tidies up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec
from cachetools import FIFOCache

from auth_app.identity import Identity
from blocks_app.protocol import ProcessCompleted
from blocks_app.running.request import RequestInfo
from blocks_app.web.registry import revision
from queue_app import conf
from queue_app.delivery.subscription import Subscription
from queue_app.delivery.viewers import ViewedEvent, Viewer, Viewers
from queue_app.engines.asking import Asked, Facts, Kind, Reply, admitted, completed_of, raise_refusal
from queue_app.engines.ending import Elsewhere, Ending
from queue_app.engines.large_inputs import put_away
from queue_app.engines.places import Places
from queue_app.engines.shared_queue import SharedQueue
from queue_app.engines.watching_over import Figures
from queue_app.engines.worker_registry import newer, web_presence
from queue_app.exceptions import AppChanged, EventCancelled, NothingToWatch, QueueStopped, UnknownFunction
from queue_app.execution.changes import record
from queue_app.execution.control.inspection import rough_size
from queue_app.execution.engine import QueueSnapshot, SessionSnapshot, StateValue
from queue_app.execution.job import JobSpec, JobStatus, ListenerView
from queue_app.execution.job_factory import Submitter, build_job
from queue_app.execution.render_listeners import permits
from queue_app.ids import new_id
from queue_app.scheduling.redis_scheduler import Known, Place
from queue_app.scheduling.scheduler import Declared
from queue_app.sessions.presence import Attendance, PresenceRegistry, VisitorInfo
from queue_app.sessions.redis_directory import RedisSessionDirectory
from queue_app.sessions.session_directory import SessionView
from queue_app.sessions.state_keeping import stored_states
from queue_app.signals import AppRenewed, app_renewed
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from blocks_app.web.registry import Mount
    from queue_app.execution.job import AccessEnded, Listener

_KEPT = 4096  # listeners of other processes that are remembered


class CeleryEngine:
    """See Engine. The part of one app's queue that a web process has."""

    #: See `queue_app.execution.engine.shares_events`.
    shares_events = True

    def __init__(self, mount: Mount) -> None:
        """Create it inside the running loop; use `engine_of(mount)`."""
        self.mount = mount
        self.blocks = mount.blocks
        self.loop = asyncio.get_running_loop()
        self.stopped = False
        self.facts: FIFOCache[tuple[str, int], Facts] = FIFOCache(_KEPT)
        self.queue = SharedQueue(mount, lambda *event: self.ending.died(*event))
        self.places = Places(self.queue)
        self.ending = Ending(self, self.queue, self.places)
        self.queue.declare()
        self.scheduler, self.get_ready = self.queue.scheduler, self.queue.get_ready
        presence = PresenceRegistry(self.loop, self.blocks, conf.unload_grace(), self._unload)
        self.sessions = RedisSessionDirectory(
            self.loop,
            self.ending.abandon,
            presence,
            self.queue.outboxes,
            capacity=mount.options.state_session_capacity,
            grace=conf.session_grace(),
            endless_grace=conf.endless_grace(),
            lifetime=conf.session_lifetime(),
            owner=mount.key,
        )
        self.store = stored_states(self.blocks, mount.key)
        self.watches = Viewers()
        self._tasks = TaskGroup("engine")
        self._asking: set[Subscription] = set()
        self._presence = web_presence()
        self._presence.apps[mount.key] = revision(mount)
        self.queue.beat(self._say_present)

    @staticmethod
    def shortcomings() -> list[str]:
        """What a site lacks that runs its events so, a sentence each; for `manage.py check`."""
        found = []
        if conf.state_cache() is None:
            found.append(
                "BLOCKS_STATE_CACHE is not set: gr.State and parts of gr.render live in the worker that has made them, "
                "and the next event of a visitor may run in another one."
            )
        if not conf.redis_url().startswith(("redis://", "rediss://", "unix://")):
            found.append("BLOCKS_REDIS_URL is no address of a Redis.")
        return found

    async def _say_present(self) -> None:
        await self._presence.renew(self.queue.link, conf.worker_pause() / 2)
        own = revision(self.mount)
        if app_renewed.receivers and (found := newer(self.queue.living, self.mount.key, own)) is not None:
            app_renewed.send(AppRenewed(self.mount.key, found))
        await self.queue.offer_ends()

    # Submitting

    async def submit(self, job: JobSpec) -> None:
        """See Engine."""
        listener, facts = await self._meant(job)
        session = self.sessions.own(job.session_hash, job.identity_key)
        if job.channel != job.session_hash:
            session = self.sessions.own(job.channel, job.identity_key)
        if session.knows(job.event_id) and await self.queue.is_known(job.event_id):
            return  # else a process has died between opening and submitting it
        kept = listener.has_first_look and await self._look_first(job, listener)
        self._may_begin()
        channel = self.queue.outboxes.channel(session.hash)
        endless = facts.endless if facts is not None else getattr(listener, "every", None) is not None
        if endless:
            await self.ending.supersede(job, session)
        asked = await self._asked("event", job, listener, facts, endless)
        channel.open(job.event_id)
        session.touch()
        try:
            await self.queue.shipped()
            at = time.time()  # a worker may begin before this process hears that it is taken
            place = await self._admit(asked, job, not (kept or endless), facts, endless=endless)
        except Known:
            return
        except BaseException:
            channel.close(job.event_id)
            raise
        record("job.queued", Elsewhere(job, JobStatus(), listener), at)
        if place is not None:
            self.places.add(job.event_id, channel.name, place)
        self.queue.dispatch()

    async def run_direct(self, job: JobSpec, counted: bool = False) -> ProcessCompleted:
        """See Engine."""
        listener, facts = await self._meant(job)
        if job.session_hash != job.event_id:
            self.sessions.own(job.session_hash, job.identity_key)
        if listener.has_first_look and await self._look_first(job, listener, asks=counted):
            counted = False
        self._may_begin()
        try:
            asked = await self._asked("run", job, listener, facts)
            return completed_of(await self._ask(asked, job, counted, facts))
        except asyncio.CancelledError:
            self._tasks.start(self.ending.cancel(None, job.event_id, say=False))
            raise

    async def rendered(self, job: JobSpec) -> ListenerView:
        """See Engine."""
        self.sessions.own(job.session_hash, job.identity_key)
        answer = await self._ask(Asked("rendered", msgspec.Raw(job.to_json())), self._of_nobody(job))
        facts = self.facts[job.session_hash, job.fn] = msgspec.convert(answer, Facts)
        return facts.view

    def _may_begin(self) -> None:
        if self.stopped:
            raise QueueStopped

    async def _meant(self, job: JobSpec) -> tuple[Listener, Facts | None]:
        """The listener that a job was made for, and what a worker has told of it where it is a part's."""
        self._may_begin()
        self.queue.declare()
        if job.version and job.version != revision(self.mount):
            raise AppChanged
        found: Listener | None = self.blocks.dependencies.get(job.fn)
        facts = None
        if found is None:
            key = job.session_hash, job.fn
            if key not in self.facts:
                await self.rendered(job)
            facts = self.facts[key]
            found = facts.view
        elif getattr(found, "fn", None) is None:
            raise UnknownFunction(f"There is no function number {job.fn}.")
        if job.function is not None and found.function is not None and job.function.name != found.function.name:
            raise AppChanged
        return found, facts

    def _changed_by(self, fn: int, of_part: tuple[int, ...]) -> Iterable[int]:
        """The numbers of the blocks that a listener changes; those of a part's are known of its event."""
        listener = self.blocks.dependencies.get(fn)
        return of_part if listener is None else [block._id for block in listener.outputs]

    async def _asked(
        self, kind: Kind, job: JobSpec, listener: Listener, facts: Facts | None, endless: bool = False
    ) -> Asked:
        outputs = facts.outputs if facts is not None else len(getattr(listener, "outputs", ()))
        answer = "" if kind == "event" else f"answer:{new_id()}"
        kept, stored = await put_away(job)
        text = msgspec.Raw(kept.to_json())
        return Asked(kind, text, outputs, listener.name, answer, stored=stored, endless=endless)

    async def _admit(
        self, asked: Asked, job: JobSpec, counted: bool, facts: Facts | None = None, *, endless: bool = False
    ) -> Place | None:
        listener = self.blocks.dependencies.get(job.fn)
        event = admitted(asked, job, listener, facts, endless)
        if counted:
            return await self.scheduler.join(event, facts.declared() if facts is not None else None)
        await self.scheduler.admit(event, facts.declared() if facts is not None else Declared(job.fn, "direct"))
        return None

    async def _ask(self, asked: Asked, job: JobSpec, counted: bool = False, facts: Facts | None = None) -> Any:
        """What a worker answers. Raises what it refuses with, and QueueStopped when this engine closes meanwhile."""
        if not asked.answer:
            asked = msgspec.structs.replace(asked, answer=f"answer:{new_id()}")
        outboxes = self.queue.outboxes
        reader = outboxes.channel(asked.answer).subscribe()
        self._asking.add(reader)
        try:
            await self._admit(asked, job, counted, facts)
            self.queue.dispatch()
            async for batch in reader:
                for entry in batch:
                    if entry.kind == "reply":
                        reply = msgspec.json.decode(entry.message, type=Reply)
                        raise_refusal(reply)
                        return reply.value
            raise QueueStopped
        finally:
            self._asking.discard(reader)
            reader.close()
            outboxes.drop(asked.answer)

    async def _look_first(self, job: JobSpec, listener: Listener, asks: bool = True) -> bool:
        """Whether its answer is kept, after its validator; see validation.look_first."""
        kept, stored = await put_away(job)
        asked = Asked("look", msgspec.Raw(kept.to_json()), name=listener.name, number=int(asks), stored=stored)
        own = self._of_nobody(job)
        self.ending.looking[job.event_id] = own.event_id
        try:
            return bool(await self._ask(asked, own))
        finally:
            del self.ending.looking[job.event_id]

    def _of_nobody(self, job: JobSpec) -> JobSpec:
        """The job under a name of its own, for what is asked beside it."""
        return msgspec.structs.replace(job, event_id=new_id(), data=[])

    # Ending events

    async def cancel(self, session_hash: str | None, event_id: str) -> bool:
        """See Engine."""
        return await self.ending.cancel(session_hash, event_id, say=True)

    async def drop(self, ended: AccessEnded) -> None:
        """See Engine."""
        await self.ending.drop(ended)

    async def end_session(self, session_hash: str) -> int:
        """See Engine."""
        ended = await self.ending.end_all(session_hash)
        await self._forget(session_hash)
        self.sessions.forget(session_hash)
        return ended

    def forget_state(self, session_hash: str) -> None:
        """See Engine."""
        self.queue.outboxes.channel(session_hash).show_as_declared(())
        self._tasks.start(self._forget(session_hash))

    async def _forget(self, session_hash: str) -> None:
        found = self.sessions.look(session_hash)
        key = found.identity_key if found is not None else None
        job = build_job(Submitter(self.mount, Identity(key or "", None), RequestInfo()), -1, [], session_hash)
        await self._ask(Asked("forget", msgspec.Raw(job.to_json())), job)

    async def _unload(self, fn: Callable[..., Any], _state: Any, visitor: VisitorInfo) -> None:
        if not await self.sessions.is_alone(visitor.session_hash):
            return  # the page goes on at another process
        who = Submitter(self.mount, Identity(visitor.identity_key, visitor.username), visitor.request)
        job = build_job(who, -1, [], visitor.session_hash)
        number = self.blocks.unload_fns.index(fn)
        with suppress(QueueStopped, EventCancelled):
            await self._ask(Asked("unload", msgspec.Raw(job.to_json()), visitor=visitor, number=number), job)

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
        return self.scheduler.running(self.sessions.pending(session_hash))

    async def watch(self, event_id: str, visitor: VisitorInfo, after: int) -> Viewer:
        """See Engine."""
        opened, permitted = None, True
        index = await self.queue.index_of(event_id)
        if index is not None and index.kind == "event":
            listener: Any = self.blocks.dependencies.get(index.fn)
            if listener is None and (facts := self.facts.get((index.session, index.fn))) is not None:
                listener, permitted = facts.view, facts.view.permitted
            if listener is not None:
                session = self.sessions.get(index.channel)
                await self.queue.outboxes.known(index.channel)
                opened = ViewedEvent(event_id, listener, index.identity, session)
        watched = self.watches.find(opened, event_id, visitor.session_hash, visitor.identity_key, visitor.username)
        dependency: Dependency = watched.dependency
        if hasattr(dependency, "permission"):
            permitted = await permits(self.mount, dependency, visitor.identity_key, visitor.username)
        if not permitted:
            raise NothingToWatch
        return self.watches.begin(watched, after)

    def find_session(self, session_hash: str, identity_key: str | None) -> SessionView | None:
        """See Engine."""
        return self.sessions.find(session_hash, identity_key)

    def claim(self, session_hash: str, identity_key: str | None) -> SessionView:
        """See Engine."""
        return self.sessions.claim(session_hash, identity_key)

    def loaded(self, session_hash: str) -> None:
        """See Engine."""
        session, changed = self.sessions.get(session_hash), set[int]()
        for index in self.queue.indexes_now(session.pending):
            changed.update(self._changed_by(index.fn, index.changes))
        if self.blocks.keeps_shown:
            self.queue.outboxes.channel(session_hash).show_as_declared(changed)
        if self.store is not None:
            self.store.reset(session, changed)

    async def holds(self, session_hash: str) -> bool:
        """See Engine."""
        return self.store is None or await self.store.holds(self.sessions.get(session_hash))

    async def shown(self, session_hash: str, identity_key: str | None) -> str:
        """See Engine."""
        if self.find_session(session_hash, identity_key) is None:
            return "{}"
        found = await self.queue.outboxes.shown(session_hash)
        return "{" + ",".join(f'"{number}":{part}' for number, part in found.items()) + "}"

    def attend(self, session_hash: str, visitor: VisitorInfo) -> Attendance:
        """See Engine."""
        return self.sessions.attend(session_hash, visitor)

    def snapshot(self) -> QueueSnapshot:
        """See Engine."""
        return Figures(self).snapshot()

    def change_group(self, fn: int, action: str, limit: int | None = None) -> str:
        """See Engine."""
        outcome = Figures(self).change(fn, action, limit)
        self.queue.dispatch()
        return outcome

    def session_snapshot(self, session_hash: str) -> SessionSnapshot | None:
        """See Engine."""
        session = self.sessions.seen(session_hash)
        if session is None:
            return None
        values = self.store.values(session.hash, session.identity_key) if self.store is not None else []
        kept = tuple(StateValue(number, type(value).__name__, rough_size(value)) for number, value in values)
        return SessionSnapshot(session.connections, len(session.pending), kept)

    # Ending

    async def close(self, grace: float | None = None) -> None:
        """See Engine. What runs goes on in its worker, and what waits goes on waiting: another process tells of it."""
        self.stopped = True
        self.places.close()
        for reader in list(self._asking):
            reader.finish()
        self.sessions.close()
        await self.sessions.presence.close()
        await self.ending.close()
        await self._tasks.close()
        self._presence.apps.pop(self.mount.key, None)
        if not self._presence.apps:
            await self._presence.leave(self.queue.link)
        await self.queue.close()
        if self.store is not None:
            await self.store.close()
        self.sessions.clear()
