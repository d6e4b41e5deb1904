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
from queue_app.engines.worker_registry import Presence, WorkInfo
from queue_app.log_sentences import logger
from queue_app.redis_link import RedisLink, is_ending
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    from queue_app.engines.worker_engine import WorkerEngine

log = logger("queue_app.engine")

#: Seconds that running functions have when a worker ends.
GRACE = 10.0
#: Pools fork later: another process than this has one work at a time.
_LOADED_IN = os.getpid()


class WorkerHost:
    """The engines of a worker's process."""

    def __init__(self, presence: Presence) -> None:
        """Load the site's apps."""
        import_module(settings.ROOT_URLCONF)  # mounts them
        self.presence = presence
        presence.apps = {each.key: revision(each) for each in all_mounts()}
        presence.works = self._works
        self._loop = asyncio.new_event_loop()
        self._engines: dict[str, WorkerEngine] = {}
        self._link: RedisLink | None = None
        self._tasks = TaskGroup("worker host")
        self._thread = threading.Thread(target=self._loop.run_forever, name="blocks-worker", daemon=True)
        self._thread.start()

    def run(self, mount: str, work: str) -> None:
        """Wait until it has run."""
        asyncio.run_coroutine_threadsafe(self._run(mount, work), self._loop).result()

    def prepare(self) -> None:
        """Begin to get ready, where an app has something to do first, and to say what this process is."""
        asyncio.run_coroutine_threadsafe(self._prepare(), self._loop)

    async def _run(self, mount: str, work: str) -> None:
        await self._engine(mount).run_work(work)

    def _engine(self, mount: str) -> WorkerEngine:
        engine = self._engines.get(mount)
        if engine is None:
            from queue_app.engines.worker_engine import WorkerEngine

            found = [each for each in all_mounts() if each.key == mount]
            if not found:
                raise LookupError(f"This worker has no app {mount}: does it run the site's code, and its settings?")
            engine = self._engines[mount] = WorkerEngine(found[0], end_process if os.getpid() != _LOADED_IN else None)
        return engine

    async def _prepare(self) -> None:
        self._tasks.start(self._beat())
        for each in all_mounts():
            fns = each.blocks.ready_fns
            if fns:
                try:
                    await get_ready(each.blocks, fns, self._engine(each.key).threads)
                except Exception:
                    quietly(log.exception, "worker.not_ready", extra={"mount": each.key})

    async def _beat(self) -> None:
        self._link = RedisLink(conf.redis_url())
        while not is_ending():
            with suppress(*self._link.away):  # it is said again
                await self.presence.renew(self._link)
            if not is_ending():
                await asyncio.sleep(conf.worker_pause())

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
            if self._link is not None:
                await self.presence.leave(self._link)
                await self._link.close()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(3 * GRACE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(GRACE)


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
            found = _hosts[os.getpid()] = WorkerHost(_presence(consumer, node))
        return found


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
    presence.queues = lambda: sorted(map(str, list(app.amqp.queues.consume_from)))
    return presence
