"""The queue of all processes as operators see it, and what they change about a group. Asks Redis at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from queue_app.exceptions import CannotDo
from queue_app.execution.control import throughput
from queue_app.execution.engine import GroupSnapshot, QueueSnapshot

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.web.registry import Mount
    from queue_app.scheduling.redis_scheduler import RedisScheduler
    from queue_app.sessions.redis_directory import RedisSessionDirectory


class Watched(Protocol):
    """What is asked of the engine."""

    mount: Mount
    blocks: DeclaredPage
    scheduler: RedisScheduler
    sessions: RedisSessionDirectory
    stopped: bool


class Figures:
    """One app's queue in all processes; sessions are those of this one."""

    def __init__(self, engine: Watched) -> None:
        self._engine = engine

    def snapshot(self) -> QueueSnapshot:
        """See Engine.snapshot."""
        engine, key, now = self._engine, self._engine.mount.key, time.time()
        members: dict[str, list[int]] = {}
        for fn in engine.blocks.dependencies:
            if engine.scheduler.knows(fn):
                members.setdefault(engine.scheduler.group_key(fn), []).append(fn)
        waiting, running, direct, groups = engine.scheduler.figures([min(each) for each in members.values()])
        found = [
            GroupSnapshot(
                mount=key,
                fn=min(fns),
                names=tuple(dict.fromkeys(engine.blocks.dependencies[each].api_name for each in fns)),
                limit=(group := groups[min(fns)]).limit,
                running=group.running,
                waiting=group.waiting,
                average=group.average,
                expected=group.expected,
                oldest=None if group.created is None else max(0.0, now - float(group.created)),
                paused=group.paused,
                draining=group.draining,
                per_minute=throughput.per_minute(key, fns),
            )
            for fns in members.values()
        ]
        found.sort(key=lambda group: (-group.waiting - group.running, group.fn))
        title, many = str(engine.blocks.title), len(engine.sessions)
        return QueueSnapshot(key, title, tuple(found), waiting, running, direct, many, engine.stopped, True)

    def change(self, fn: int, action: str, limit: int | None) -> str:
        """See Engine.change_group."""
        scheduler = self._engine.scheduler
        if not scheduler.knows(fn):
            raise CannotDo(f"{self._engine.mount.key} has no function number {fn}.")
        outcomes = {
            "pause": "paused: nothing starts",
            "resume": "goes on",
            "drain": "drains: nothing new is taken",
            "reopen": "takes new events again",
            "limit": f"limit {'none' if limit is None else limit}",
        }
        if action not in outcomes:
            raise CannotDo(f"There is no action {action!r}.")
        scheduler.change(fn, action, limit)
        return outcomes[action]
