"""Which Celery queues a worker takes works from, looked at again and again in its main process.

Beside those that it was started with it takes from one for its own code, into which workers with other code put what
they cannot run; and from none while it drains. Of a prefork pool it ends processes that give no sign of life.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import Any, ClassVar

from celery import bootsteps

from blocks_app.logs import quietly
from queue_app import conf
from queue_app.engines.worker_registry import (
    DRAINING,
    ENDING,
    QUEUE,
    drain,
    processes_now,
    silent_now,
    undrain,
    versioned,
)
from queue_app.log_sentences import logger

log = logger("queue_app.engine")

_LOOKS = 3  # in a row that find a process silent before it is ended


class Consuming:
    """The queues of one worker. Called by its timer, in the thread that reads them."""

    def __init__(self, consumer: Any) -> None:
        """`consumer` is Celery's."""
        from redis import Redis
        from redis.exceptions import RedisError

        self._consumer, self._node = consumer, str(consumer.hostname)
        self._away = RedisError, OSError
        self._client: Any = Redis.from_url(conf.redis_url(), socket_timeout=1, socket_connect_timeout=1)
        self._left: set[str] = set()  # queues that it has left to drain
        self._added: set[str] = set()
        self._silent: dict[int, int] = {}

    def look(self) -> None:
        """Take from those queues that it should."""
        try:
            mine = [each for each in processes_now(self._client) if each.node == self._node]
            draining = self._client.hget(DRAINING, self._node) is not None
            silent = silent_now(self._client, self._node)
        except self._away:
            return
        taken = set(map(str, self._consumer.app.amqp.queues.consume_from))
        base = (taken | self._left) & {QUEUE, *conf.worker_queues().values()}
        versions = {each.version for each in mine if each.version}
        wanted = set() if draining else base | {versioned(queue, each) for queue in base for each in versions}
        ours = taken & (base | self._added)
        self._left = base if draining else set()
        for queue in sorted(wanted - taken):
            self._consumer.add_task_queue(queue)
            self._added.add(queue)
        for queue in sorted(ours - wanted):
            self._consumer.cancel_task_queue(queue)
        self._end_silent(silent)

    def _end_silent(self, silent: set[int]) -> None:
        """A function that never lets go of its process hears of no cancel: its process has given no sign of life."""
        children = {each.pid for each in getattr(getattr(self._consumer.pool, "_pool", None), "_pool", None) or ()}
        self._silent = {pid: self._silent.get(pid, 0) + 1 for pid in silent & children}
        for pid, looks in list(self._silent.items()):
            if looks >= _LOOKS:
                quietly(log.error, "worker.silent", extra={"pid": pid, "node": self._node})
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def end(self) -> None:
        """The worker was told to end: what comes to it is for others. Within a signal's handler."""
        with suppress(*self._away):
            drain(self._node, ENDING, self._client)

    def forget(self) -> None:
        """Nothing is known of a worker of this name that would keep it from taking works."""
        with suppress(*self._away):
            undrain(self._node, self._client)


class ConsumingStep(bootsteps.StartStopStep):  # type: ignore[misc]
    """A part of Celery's consumer: begun with it, and anew with each of its connections."""

    requires: ClassVar = {"celery.worker.consumer:Tasks"}
    #: By the node that it is of.
    all: ClassVar[dict[str, Consuming]] = {}

    def start(self, c: Any) -> None:
        """The consumer has begun to read."""
        found = self.all.get(c.hostname)
        if found is None:
            found = self.all[c.hostname] = Consuming(c)
            found.forget()
        c.timer.call_repeatedly(conf.worker_pause(), found.look)
