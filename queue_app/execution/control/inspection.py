"""The embedded engine as operators see it, and what they change about a group. On the engine's loop."""

from __future__ import annotations

import sys
import time
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from queue_app.exceptions import CannotDo
from queue_app.execution.control import throughput
from queue_app.execution.engine import GroupSnapshot, QueueSnapshot, SessionSnapshot, StateValue

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency
    from queue_app.execution.runtime import Runtime

_LOOKED_AT = 10_000  # objects counted of one value


def queue_snapshot(engine: Runtime) -> QueueSnapshot:
    """The queue at this moment, the busiest groups first."""
    members: dict[Hashable, tuple[Any, list[Dependency]]] = {}
    scheduler, now, key = engine.scheduler, time.time(), engine.mount.key
    for dependency in engine.blocks.dependencies.values():
        if scheduler.knows(dependency.id):
            group = scheduler.group_of(dependency.id)
            members.setdefault(group.key, (group, []))[1].append(dependency)
    groups = [
        GroupSnapshot(
            mount=key,
            fn=min(each.id for each in found),
            names=tuple(dict.fromkeys(each.api_name for each in found)),
            limit=group.limit,
            running=group.running,
            waiting=group.size,
            average=engine.estimates.group_average(group),
            expected=engine.estimates.eta(group, group.size),
            oldest=max(0.0, now - group.first.job.created_at) if group.first is not None else None,
            paused=group.paused,
            draining=group.draining,
            per_minute=throughput.per_minute(key, (each.id for each in found)),
        )
        for group, found in members.values()
    ]
    groups.sort(key=lambda group: (-group.waiting - group.running, group.fn))
    return QueueSnapshot(
        mount=key,
        title=str(engine.blocks.title),
        groups=tuple(groups),
        waiting=scheduler.waiting,
        running=scheduler.at_work,
        direct=scheduler.direct.running,
        sessions=len(engine.sessions),
        stopped=engine.stopped,
    )


def change_group(engine: Runtime, fn: int, action: str, limit: int | None) -> str:
    """See Engine.change_group."""
    scheduler = engine.scheduler
    if not scheduler.knows(fn):
        raise CannotDo(f"{engine.mount.key} has no function number {fn}.")
    group = scheduler.group_of(fn)
    match action:
        case "pause" | "resume":
            scheduler.pause(group, action == "pause")
            engine.left_waiting(group)  # who waits in it hears why, or that it goes on
            outcome = "paused: nothing starts" if group.paused else "goes on"
        case "drain" | "reopen":
            group.draining = action == "drain"
            outcome = "drains: nothing new is taken" if group.draining else "takes new events again"
        case "limit":
            scheduler.set_limit(group.key, limit)
            group.pinned = True
            outcome = f"limit {'none' if limit is None else limit}"
        case _:
            raise CannotDo(f"There is no action {action!r}.")
    engine.reopen()
    return outcome


def session_snapshot(engine: Runtime, session_hash: str) -> SessionSnapshot | None:
    """What a session has and keeps. May be asked from another thread."""
    session = engine.sessions.look(session_hash)
    if session is None:
        return None
    values = list(session.state.values.items()) if session.has_state else []
    kept = tuple(StateValue(number, type(value).__name__, rough_size(value)) for number, value in values)
    return SessionSnapshot(session.connections, session.open_events, kept)


async def end_session(engine: Runtime, session_hash: str) -> int:
    """See Engine.end_session."""
    names = ((each.job.channel, each.job.session_hash, each.job.event_id) for each in engine.open_events())
    pending = {event_id for channel, of, event_id in names if session_hash in (channel, of)}
    for event_id in pending:
        await engine.cancel(session_hash, event_id)
    engine.forget_state(session_hash)
    engine.sessions.forget(session_hash)
    return len(pending)


def rough_size(value: object) -> int:
    """Bytes of a value with what its lists, dicts and attributes hold; stops counting after some thousand objects."""
    seen: set[int] = set()
    total, waiting = 0, [value]
    while waiting and len(seen) < _LOOKED_AT:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        total += getattr(each, "nbytes", 0) or sys.getsizeof(each, 0)
        try:
            if isinstance(each, dict):
                waiting += [*each.keys(), *each.values()]
            elif isinstance(each, list | tuple | set | frozenset):
                waiting += each
            elif hasattr(each, "__dict__") and not isinstance(each, type):
                waiting.append(vars(each))
        except RuntimeError:  # a function changes it at this moment
            continue
    return total
