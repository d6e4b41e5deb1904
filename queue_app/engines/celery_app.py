"""The Celery app of workers.

    celery -A queue_app.engines.celery_app worker -Q blocks

A site with a Celery app of its own names it in `BLOCKS_CELERY_APP`; its workers serve Blocks, too.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, shared_task, signals

from queue_app import conf
from queue_app.engines.consuming import ConsumingStep
from queue_app.engines.sending import TASK, made
from queue_app.engines.worker_host import close_host, end_host, host_of

#: The environment variable by which a module knows that it is imported in a worker.
ROLE = "BLOCKS_ROLE"


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
    host_of().run(mount, work)


@signals.worker_init.connect  # type: ignore[untyped-decorator]
def _add_step(sender: Any = None, **_: Any) -> None:
    """Whichever app a worker has, it looks after its queues."""
    sender.app.steps["consumer"].add(ConsumingStep)


@signals.worker_ready.connect  # type: ignore[untyped-decorator]
def _prepare_worker(sender: Any = None, **_: Any) -> None:
    """Get ready at the start of a worker whose functions run in itself."""
    os.environ.setdefault(ROLE, "worker")
    pool = str(getattr(getattr(sender, "controller", None), "pool_cls", ""))
    if "prefork" not in pool:
        host_of(sender).prepare()


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def _prepare_process(sender: Any = None, **_: Any) -> None:
    """The same in each process of a pool."""
    os.environ.setdefault(ROLE, "worker")
    host_of(node=str(sender or "")).prepare()


@signals.worker_shutting_down.connect  # type: ignore[untyped-decorator]
def _begin_to_end(sender: Any = None, **_: Any) -> None:
    """SIGTERM: what runs may end, and nothing new begins."""
    if (consuming := ConsumingStep.all.get(str(sender))) is not None:
        consuming.end()
    end_host()


@signals.worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def _close_process(**_: Any) -> None:
    close_host()


@signals.worker_shutdown.connect  # type: ignore[untyped-decorator]
def _close_worker(**_: Any) -> None:
    close_host()
    for each in ConsumingStep.all.values():
        each.forget()
