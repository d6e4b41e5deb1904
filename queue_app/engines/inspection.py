"""The queue and the workers of a whole site, asked and acted upon by a process that serves nothing: a command, a check.

Everything waits here, over connections of its own. Raises what the driver of Redis raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from blocks_app.web.registry import all_mounts
from queue_app import conf
from queue_app.engines import sending
from queue_app.engines.watching_over import Figures
from queue_app.engines.worker_registry import ENDING, QUEUE, ProcessInfo, drain, undrain
from queue_app.exceptions import CannotDo
from queue_app.execution import render_listeners
from queue_app.execution.engine import QueueSnapshot
from queue_app.redis_link import RedisLink, text_of
from queue_app.scheduling.redis_scheduler import RedisScheduler

if TYPE_CHECKING:
    from redis import Redis

    from blocks_app.web.registry import Mount

#: Seconds for which a setting of the site's broker may be asked.
PATIENCE = 3.0


class _Looking:
    """One app's queue, without an engine."""

    def __init__(self, mount: Mount, link: RedisLink) -> None:
        self.mount, self.blocks, self.stopped = mount, mount.blocks, False
        self.sessions: Any = ()  # those of no process
        self._send = sending.send
        sent = {"message": sending.message(mount.key), "queue": QUEUE}
        prefix, lease = f"blocks:{mount.key}:", conf.worker_timeout()
        self.scheduler = RedisScheduler(link, prefix, self._hand_on, lease=lease, **sent)
        self.scheduler.know(render_listeners.declared_by(mount.blocks), mount.blocks.queue_options.default_limit())

    def declare(self) -> None:
        """Tell Redis of the groups, as a web process would: nobody may have used the app yet."""
        options = self.blocks.queue_options
        self.scheduler.declare(
            render_listeners.declared_by(self.blocks),
            default_limit=options.default_limit(),
            max_size=options.max_size,
            max_threads=self.mount.options.max_threads,
            per_user=options.per_user_limit,
        )

    def _hand_on(self, work: str, queue: str) -> None:
        with suppress(Exception):  # whoever sweeps gives it again
            self._send(self.mount.key, work, queue)


def snapshots() -> list[QueueSnapshot]:
    """The queue of each app that this site declares, as Redis has it."""
    link = RedisLink(conf.redis_url())
    try:
        return [_snapshot(_Looking(each, link), link) for each in all_mounts()]
    finally:
        link.direct.close()


def _snapshot(looking: _Looking, link: RedisLink) -> QueueSnapshot:
    """What there is; of groups that nobody has used yet, what the app declares."""
    scheduler, found = looking.scheduler, Figures(looking).snapshot()
    used = {text_of(each) for each in cast(set[bytes], link.direct.smembers(f"{scheduler.prefix}groups"))}
    groups = (
        each if scheduler.group_key(each.fn) in used else replace(each, limit=scheduler.declared_limit(each.fn))
        for each in found.groups
    )
    return replace(found, groups=tuple(groups))


def change_group(mount: str, fn: int, action: str, limit: int | None) -> str:
    """Pause, resume, drain, reopen or limit a group in the whole site; the outcome in words. Raises CannotDo."""
    link = RedisLink(conf.redis_url())
    try:
        for each in all_mounts():
            if each.key == mount:
                looking = _Looking(each, link)
                looking.declare()
                return Figures(looking).change(fn, action, limit)
    finally:
        link.direct.close()
    raise CannotDo(f"This site has no app {mount}.")


def change_worker(info: ProcessInfo, action: str) -> str:
    """Drain, reopen or end a Celery worker with all of its processes; the outcome in words. Raises CannotDo."""
    if not info.node:
        raise CannotDo(f"{info.name} has not said which Celery worker it is.")
    with _redis() as client:
        if action == "drain":
            drain(info.node, client=client)
            return "drains: it takes nothing new, and ends what it runs"
        if action == "reopen":
            undrain(info.node, client)
            return "takes new events again"
        if action == "end":
            drain(info.node, ENDING, client)
            sending.site_app().control.broadcast("shutdown", destination=[info.node])
            return "ends when what it runs has ended; what starts it may start another"
    raise CannotDo(f"There is no action {action!r}.")


def handing_out() -> tuple[float | None, bool]:
    """After how many seconds Celery hands out again what nobody has acknowledged (None: its own choice), and whether
    that is done late."""
    chosen = sending.site_app().conf
    visible = (chosen.broker_transport_options or {}).get("visibility_timeout")
    return None if visible is None else float(visible), bool(chosen.task_acks_late)


@contextmanager
def _redis() -> Iterator[Redis]:
    from redis import Redis  # the driver is an extra

    with Redis.from_url(conf.redis_url(), socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as client:
        yield client
