"""The Celery app of workers, and what a worker's process has: a loop for its engines.

    celery -A queue_app.engines.celery_app worker -Q blocks

A site with a Celery app of its own names it in `BLOCKS_CELERY_APP`; its workers serve Blocks, too.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any

from celery import Celery, shared_task
from celery.signals import worker_process_init, worker_process_shutdown, worker_ready, worker_shutdown
from django.conf import settings

from blocks_app.logs import quietly
from blocks_app.threads.readiness import get_ready
from blocks_app.web.registry import all_mounts
from queue_app import conf
from queue_app.engines.sending import TASK, made

if TYPE_CHECKING:
    from queue_app.engines.worker_engine import WorkerEngine

log = logging.getLogger("queue_app.engine")

#: The environment variable by which a module knows that it is imported in a worker.
ROLE = "BLOCKS_ROLE"
#: Seconds that running functions have when a worker ends.
GRACE = 10.0


def worker_app() -> Celery:
    """The app of a process that is a worker."""
    os.environ.setdefault(ROLE, "worker")
    return made(conf.redis_url())


def __getattr__(name: str) -> Celery:
    """`app`, which the command `celery` looks for; made when it does, as that needs the settings."""
    if name != "app":
        raise AttributeError(name)
    return worker_app()


@shared_task(name=TASK, ignore_result=True)  # type: ignore[untyped-decorator]
def run(mount: str, work: str) -> None:
    """Run one work of an app to its end."""
    _host().run(mount, work)


class WorkerHost:
    """The loop of a worker's process, in a thread of its own, and the engines on it."""

    def __init__(self) -> None:
        import_module(settings.ROOT_URLCONF)  # mounts the site's apps
        self._loop = asyncio.new_event_loop()
        self._engines: dict[str, WorkerEngine] = {}
        self._thread = threading.Thread(target=self._loop.run_forever, name="blocks-worker", daemon=True)
        self._thread.start()

    def run(self, mount: str, work: str) -> None:
        """Wait until it has run."""
        asyncio.run_coroutine_threadsafe(self._run(mount, work), self._loop).result()

    def prepare(self) -> None:
        """Begin to get ready, where an app has something to do first."""
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
        for each in all_mounts():
            fns = each.blocks.ready_fns
            if fns:
                try:
                    await get_ready(each.blocks, fns, self._engine(each.key).threads)
                except Exception:
                    quietly(log.exception, "worker.not_ready", extra={"mount": each.key})

    def close(self) -> None:
        """End the engines with the process."""

        async def close() -> None:
            await asyncio.gather(*(each.close(GRACE) for each in self._engines.values()))

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(3 * GRACE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(GRACE)


_hosts: dict[int, WorkerHost] = {}
#: Pools fork later: another process than this has one work at a time.
_LOADED_IN = os.getpid()
_lock = threading.Lock()


def _host() -> WorkerHost:
    """That of this process: pools fork."""
    with _lock:
        found = _hosts.get(os.getpid())
        if found is None:
            os.environ.setdefault(ROLE, "worker")
            found = _hosts[os.getpid()] = WorkerHost()
        return found


def end_process() -> None:
    """End this process of a pool, at once, with whatever runs in it; the pool starts another one."""
    os.kill(os.getpid(), signal.SIGKILL)


@worker_ready.connect  # type: ignore[untyped-decorator]
def _prepare_worker(sender: Any = None, **_: Any) -> None:
    """Get ready at the start of a worker whose functions run in itself."""
    pool = str(getattr(getattr(sender, "controller", None), "pool_cls", ""))
    if "prefork" not in pool:
        _host().prepare()


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _prepare_process(**_: Any) -> None:
    """The same in each process of a pool."""
    _host().prepare()


@worker_shutdown.connect  # type: ignore[untyped-decorator]
@worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def _close(**_: Any) -> None:
    found = _hosts.pop(os.getpid(), None)
    if found is not None:
        found.close()
