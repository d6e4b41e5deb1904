"""What a worker's process has: a loop for its engines in a thread of its own, and what it says of itself."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings

from blocks_app.logs import quietly
from blocks_app.threads.readiness import get_ready
from blocks_app.web.registry import all_mounts, revision
from queue_app import conf
from queue_app.engines.sending import send
from queue_app.engines.worker_registry import (
    ENDING,
    Presence,
    ProcessInfo,
    WorkInfo,
    outdated,
    processes,
    version_of,
    versioned,
)
from queue_app.execution.engine import READY
from queue_app.log_sentences import logger
from queue_app.redis_link import RedisLink, is_ending
from queue_app.scheduling.redis_scheduler import Died, Misrouted, RedisScheduler
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    from queue_app.engines.worker_engine import WorkerEngine

log = logger("queue_app.engine")

#: Seconds that what is left has when a worker ends.
GRACE = 10.0
_PAUSE = 0.1  # seconds that a work waits before it is handed on by a worker that may get it again
_NAMED = 5  # processes in one message


class WorkerHost:
    """The engines of a worker's process."""

    def __init__(self, presence: Presence, is_of_pool: bool) -> None:
        """Load the site's apps. One `is_of_pool` whose process has one work at a time, and is begun again."""
        self._is_of_pool = is_of_pool
        import_module(settings.ROOT_URLCONF)  # mounts them
        self.presence = presence
        presence.apps = {each.key: revision(each) for each in all_mounts()}
        presence.works = self._works
        self._loop = asyncio.new_event_loop()
        self._engines: dict[str, WorkerEngine] = {}
        self._misrouted: set[tuple[str, str]] = set()
        self._tasks = TaskGroup("worker host")
        self._thread = threading.Thread(target=self._loop.run_forever, name="blocks-worker", daemon=True)
        self._thread.start()
        self._link = asyncio.run_coroutine_threadsafe(_connected(), self._loop).result()

    def run(self, mount: str, work: str) -> None:
        """Wait until it has run."""
        asyncio.run_coroutine_threadsafe(self._run(mount, work), self._loop).result()

    def prepare(self) -> None:
        """Begin to get ready, where an app has something to do first, and to say what this process is."""
        asyncio.run_coroutine_threadsafe(self._prepare(), self._loop)

    def end(self) -> None:
        """The worker was told to end: nothing new begins, and what runs may end, for some seconds."""
        self.presence.draining = ENDING
        asyncio.run_coroutine_threadsafe(self._end(), self._loop)

    async def _run(self, mount: str, work: str) -> None:
        engine = self._engine(mount)
        if engine is not None:
            await engine.run_work(work)
            return
        scheduler = RedisScheduler(self._link, f"blocks:{mount}:", lambda *what: due.append(what))
        due: list[tuple[str, str]] = []
        found = await scheduler.claim(work, "", self.presence.node, "-")
        if isinstance(found, Misrouted):
            await self._hand_on(scheduler, mount, work, found)
            for each in due:
                await asyncio.to_thread(send, mount, *each)

    def _engine(self, mount: str) -> WorkerEngine | None:
        engine = self._engines.get(mount)
        if engine is None:
            from queue_app.engines.passing_time import follow
            from queue_app.engines.worker_engine import WorkerEngine

            found = [each for each in all_mounts() if each.key == mount]
            if not found:
                return None
            end = end_process if self._is_of_pool else None
            engine = self._engines[mount] = WorkerEngine(found[0], self.presence.node, end, hand_on=self._hand_on)
            follow(engine)
        return engine

    async def _hand_on(self, scheduler: RedisScheduler, mount: str, work: str, found: Misrouted) -> list[Died]:
        """Give a work that this worker cannot run to one that can; or end it, where none ever will."""
        living = await processes(self._link)
        if found.is_ours:  # it came to a worker that takes nothing new, and may do so again
            await asyncio.sleep(_PAUSE)
        elif (mount, found.version) not in self._misrouted:
            self._misrouted.add((mount, found.version))
            quietly(log.error, "worker.misrouted", extra={"mount": mount, "what": self._lack(mount)})
        for each in living:
            if each.takes_works and each.apps.get(mount) == found.version and found.queue in each.queues:
                await scheduler.hand_on(work, versioned(found.queue, each.version))
                return []
        return await scheduler.refuse(work) if found.version in outdated(living, mount) else []

    async def _prepare(self) -> None:
        self._tasks.start(self._beat())
        for at, each in enumerate(all_mounts()):
            fns = each.blocks.ready_fns
            if not fns and at >= READY:
                continue
            try:
                engine = self._engine(each.key)
                assert engine is not None
                await engine.queue.get_ready()
                if fns:
                    await get_ready(each.blocks, fns, engine.threads)
            except Exception:
                quietly(log.exception, "worker.not_ready", extra={"mount": each.key})

    async def _beat(self) -> None:
        compared = False
        while not is_ending():
            with suppress(*self._link.away):  # it is said again
                was_ending = self.presence.is_ending
                await self.presence.renew(self._link)
                if self.presence.is_ending and not was_ending:  # told to its parent
                    self._tasks.start(self._end())
                if not compared:
                    self._compare(await processes(self._link))
                    compared = True
            if not is_ending():
                await asyncio.sleep(conf.worker_pause())

    def _compare(self, living: list[ProcessInfo]) -> None:
        """Say at the start where web processes have other code, once for all processes of a pool."""
        own, here = self.presence.apps, self.presence.info()
        if min((each.pid for each in living if each.node == here.node), default=here.pid) != here.pid:
            return
        for app in sorted({app for each in living if each.role == "web" for app in each.apps}):
            mine = own.get(app)
            others = [each.name for each in living if each.role == "web" and each.apps.get(app, mine) != mine]
            if others:
                fields = {"mount": app, "what": self._lack(app), "others": ", ".join(others[:_NAMED])}
                quietly(log.error, "worker.other_code", extra=fields)

    def _lack(self, mount: str) -> str:
        return "has another version of the app" if mount in self.presence.apps else "lacks the app"

    async def _end(self) -> None:
        await asyncio.gather(*(each.end(conf.worker_grace()) for each in self._engines.values()))

    def _works(self) -> list[WorkInfo]:
        now = time.time() - time.monotonic()
        return [
            WorkInfo(key, work, run.function, run.events, now + run.began)
            for key, engine in list(self._engines.items())
            for work, run in list(engine.held.items())
        ]

    def close(self) -> None:
        """End the engines with the process."""

        async def close() -> None:
            await asyncio.gather(*(each.close(GRACE) for each in self._engines.values()))
            await self._tasks.close()
            await self.presence.leave(self._link)
            await self._link.close()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(3 * GRACE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(GRACE)


async def _connected() -> RedisLink:
    return RedisLink(conf.redis_url())


def end_process() -> None:
    """End this process of a pool, at once, with whatever runs in it; the pool starts another one."""
    os.kill(os.getpid(), signal.SIGKILL)


_hosts: dict[int, WorkerHost] = {}
_lock = threading.Lock()


def host_of(consumer: Any = None, node: str = "") -> WorkerHost:
    """That of this process, as pools fork; `consumer` is Celery's, where functions run in the worker itself."""
    with _lock:
        found = _hosts.get(os.getpid())
        if found is None:
            found = _hosts[os.getpid()] = WorkerHost(_presence(consumer, node), consumer is None)
        return found


def end_host() -> None:
    """The worker was told to end; called within a signal's handler."""
    found = _hosts.get(os.getpid())
    if found is not None:
        found.end()


def close_host() -> None:
    """The process ends."""
    found = _hosts.pop(os.getpid(), None)
    if found is not None:
        found.close()


def _presence(consumer: Any, node: str) -> Presence:
    from celery import current_app

    app = current_app if consumer is None else consumer.app
    controller = getattr(consumer, "controller", None)
    pool = str(getattr(controller, "pool_cls", "")) if consumer is not None else "prefork"
    name = pool.partition("celery.concurrency.")[2].partition(":")[0].partition(".")[0] or pool
    slots = 1 if consumer is None else int(getattr(controller, "concurrency", None) or 1)
    presence = Presence("worker", node=node or str(getattr(consumer, "hostname", "")), slots=slots)
    presence.pool = "threads" if name == "thread" else name  # as `celery worker -P` takes it

    def queues() -> list[str]:
        taken = set(map(str, list(app.amqp.queues.consume_from)))
        return sorted(taken - {versioned(each, version_of(presence.apps)) for each in taken})

    presence.queues = queues
    return presence
