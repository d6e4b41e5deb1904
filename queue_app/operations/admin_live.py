"""What an operator sees and does while it happens: the engines of this process, reached from Django's threads.

Everything here goes to the engine's own loop and comes back as plain data. An app that several processes serve has an
engine in each; what another process has is acted upon there: see `queue_app.cluster.commands`.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from blocks_app import jsonable
from blocks_app.running.request import RequestInfo
from blocks_app.web.registry import all_mounts
from queue_app.databases import rows, writing
from queue_app.exceptions import QueueError
from queue_app.execution.job import Job
from queue_app.execution.memory_engine import MemoryEngine
from queue_app.ids import process_name, text
from queue_app.operations import throughput
from queue_app.records.event_models import NAME, Audit, Event
from queue_app.records.event_models import Session as Row
from queue_app.sessions.directory import LiveSession

if TYPE_CHECKING:
    from blocks_app.listeners.dependency import Dependency

log = logging.getLogger("queue_app.admin")

T = TypeVar("T")
PATIENCE = 10.0  # seconds until a loop that does not answer is given up
_LOOKED_AT = 10_000  # objects counted of one value


class CannotDo(QueueError):
    """This cannot be done here and now."""


class NotHere(CannotDo):
    """This process does not have what it is about; another one may."""


@dataclass(frozen=True, slots=True)
class GroupReport:
    """One concurrency group. `fn` is the lowest number of its functions and names it; times in seconds."""

    mount: str
    fn: int
    names: tuple[str, ...]
    limit: int | None
    running: int
    waiting: int
    average: float | None
    expected: float | None
    oldest: float | None
    paused: bool
    draining: bool
    per_minute: float = 0.0


@dataclass(frozen=True, slots=True)
class Live:
    """One app that this process serves."""

    mount: str
    title: str
    groups: tuple[GroupReport, ...]
    waiting: int
    running: int
    direct: int
    sessions: int
    stopped: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """One value of gr.State: the component's number, the value's type and its size in bytes, roughly."""

    number: int
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class SessionNow:
    """A living session: its open connections, its events that wait or run, and what it keeps."""

    connections: int
    pending: int
    values: tuple[Kept, ...]


def engines() -> Iterator[MemoryEngine]:
    """The engines of this process whose loops run."""
    for mount in all_mounts():
        for loop, engine in list(mount.attachments.get("engines", {}).items()):
            if isinstance(engine, MemoryEngine) and loop.is_running() and not engine.stopped:
                yield engine


def engine_for(mount: str) -> MemoryEngine:
    """The engine of an app. Raises NotHere when this process serves none of this name."""
    for engine in engines():
        if engine.mount.key == mount:
            return engine
    raise NotHere(f"This process ({process_name()}) does not serve {mount} at the moment.")


def on_loop(engine: MemoryEngine, action: Callable[[MemoryEngine], T], patience: float = PATIENCE) -> T:
    """Call `action` on the engine's loop and wait for it. Raises what it raises, and TimeoutError."""
    if asyncio._get_running_loop() is engine.loop:
        return action(engine)

    async def run() -> T:
        return action(engine)

    return _wait(engine, run(), patience)


def _wait(engine: MemoryEngine, work: Coroutine[Any, Any, T], patience: float = PATIENCE) -> T:
    return asyncio.run_coroutine_threadsafe(work, engine.loop).result(patience)


def live(patience: float = PATIENCE) -> list[Live]:
    """What this process serves at this moment. Raises TimeoutError when a loop does not answer for so many seconds."""
    return [on_loop(engine, _look, patience) for engine in engines()]


def _look(engine: MemoryEngine) -> Live:
    members: dict[int, tuple[Any, list[Dependency]]] = {}
    lanes, now = engine.lanes, time.monotonic()
    for dependency in engine.blocks.dependencies.values():
        if lanes.knows(dependency.id):
            lane = lanes.lane_of(dependency.id)
            members.setdefault(id(lane), (lane, []))[1].append(dependency)
    groups = [
        GroupReport(
            engine.mount.key,
            min(each.id for each in found),
            tuple(dict.fromkeys(each.api_name for each in found)),
            lane.limit,
            lane.running,
            lane.size,
            engine.estimates.lane_average(lane),
            engine.estimates.eta(lane, lane.size),
            now - lane.first.job.created if lane.first is not None else None,
            lane.paused,
            lane.draining,
            throughput.per_minute(engine.mount.key, (each.id for each in found)),
        )
        for lane, found in members.values()
    ]
    groups.sort(key=lambda group: (-group.waiting - group.running, group.fn))
    return Live(
        engine.mount.key, str(engine.blocks.title), tuple(groups), lanes.waiting, lanes.at_work, lanes.direct.running,
        len(engine.sessions), engine.stopped,
    )  # fmt: skip


# What is done to a group


def change_group(mount: str, fn: int, action: str, limit: str = "") -> str:
    """Pause, resume, drain, reopen a group, or give it another limit; the outcome in words.

    Raises CannotDo: there is no such group here, or the limit makes no sense.
    """
    engine = engine_for(mount)
    number = _number(limit) if action == "limit" else None

    def change(engine: MemoryEngine) -> str:
        lanes = engine.lanes
        if not lanes.knows(fn):
            raise CannotDo(f"{mount} has no function number {fn}.")
        lane = lanes.lane_of(fn)
        match action:
            case "pause" | "resume":
                lanes.pause(lane, action == "pause")
                said = "paused: nothing starts" if lane.paused else "goes on"
            case "drain" | "reopen":
                lane.draining = action == "drain"
                said = "drains: nothing new is taken" if lane.draining else "takes new events again"
            case "limit":
                lanes.set_limit(lane.key, number)
                lane.pinned = True
                said = f"limit {'none' if number is None else number}"
            case _:
                raise CannotDo(f"There is no action {action!r}.")
        engine.reopen()
        return said

    return on_loop(engine, change)


def _number(limit: str) -> int | None:
    if limit.strip().lower() in ("", "none"):
        return None
    if not limit.strip().isdecimal() or not 1 <= int(limit) <= 10_000:
        raise CannotDo("A limit is a whole number from 1 to 10,000, or empty for none.")
    return int(limit)


# What is done to an event


def cancel(row: Event) -> str:
    """Cancel an event. Raises NotHere when it has ended or is another process's."""
    for engine in engines():
        event = engine.events.get(row.event_id)
        if event is not None and engine.mount.key == row.mount:
            if _wait(engine, engine.cancel(event.job.session_hash, row.event_id)):
                return "cancelled"
            break
    raise NotHere(f"It has ended, or was lost with process {row.process}, which had it.")


def retry(row: Event, name: str) -> str:
    """Submit a failed or cancelled event again, as a new one of this name (32 hex digits).

    Raises CannotDo with the reason why not.
    """
    if row.retried_as:
        return _tried_before(row, name)
    if row.state not in ("failed", "cancelled"):
        raise CannotDo("Only failed and cancelled events can be tried again.")
    if not row.inputs:
        raise CannotDo("Its inputs were not kept: see BLOCKS_LEDGER_INPUTS.")
    engine = engine_for(row.mount)
    dependency = engine.blocks.dependencies.get(row.fn)
    if dependency is None or dependency.name != row.fn_name:
        raise CannotDo(f"The app has changed: its function number {row.fn} is not {row.fn_name} any more.")
    job = Job(
        name,
        row.mount,
        row.fn,
        jsonable.loads(row.inputs),
        name if row.session == row.event_id else row.session,
        identity_key=row.identity,
        username=row.username or None,
        request=RequestInfo(
            headers=(),
            query_string="",
            client=(row.address, 0) if row.address else None,
            path="/",
            method="POST",
            scheme="http",
            root="",
        ),
    )
    if not _mark(row, "", name):
        row.refresh_from_db(fields=["retried_as"])
        return _tried_before(row, name)
    try:
        _wait(engine, engine.submit(job))
    except (QueueError, CannotDo) as error:
        _mark(row, name, "")
        raise CannotDo(str(error)) from error
    return _AGAIN.format(name)


_AGAIN = "submitted again as {}"


def _mark(row: Event, before: str, after: str) -> bool:
    """Note as what an event is tried again, before it is: of all who press at the same moment one succeeds."""
    with writing(Event):
        return rows(Event).filter(pk=row.pk, retried_as=before).update(retried_as=after) == 1


def _tried_before(row: Event, name: str) -> str:
    if row.retried_as == name:  # the same order, which came twice
        return _AGAIN.format(name)
    raise CannotDo(f"It was tried again already, as {row.retried_as}.")


# What is done to a session


def find_session(row: Row) -> tuple[MemoryEngine, LiveSession] | None:
    """The living session of a row, if this process has it. Only to be read from another thread."""
    for engine in engines():
        if engine.mount.key == row.mount:
            session = engine.sessions.find(row.hash, row.identity)
            if session is not None:
                return engine, session
    return None


def has_session(mount: str, hash: str, identity: str) -> bool:
    """Whether this process has a session that lives."""
    return find_session(Row(mount=mount, hash=hash, identity=identity)) is not None


def session_now(row: Row) -> SessionNow | None:
    """What a session has and keeps; None when this process does not have it."""
    found = find_session(row)
    if found is None:
        return None
    session = found[1]
    return SessionNow(session.connections, session.open_events, tuple(kept_values(session)))


def kept_values(session: LiveSession) -> list[Kept]:
    """The values that a session keeps."""
    if not session.has_state:
        return []
    values = list(session.state.values.items())
    return [Kept(number, type(value).__name__, rough_size(value)) for number, value in values]


def delete_state(row: Row) -> str:
    """Forget what a session keeps; its delete callbacks run. Raises NotHere when it is not here."""
    engine, session = _found(row)

    def forget(engine: MemoryEngine) -> str:
        engine.forget_state(session)
        return "state deleted"

    return on_loop(engine, forget)


def end_session(row: Row) -> str:
    """Cancel a session's events, forget its state and end its connections. Raises NotHere when it is not here."""
    engine, session = _found(row)

    async def end() -> str:
        pending = session.pending
        for event_id in pending:
            await engine.cancel(session.hash, event_id)
        engine.forget_state(session)
        engine.sessions.forget(session.hash)
        return f"ended, with {len(pending)} pending events"

    return _wait(engine, end())


def _found(row: Row) -> tuple[MemoryEngine, LiveSession]:
    found = find_session(row)
    if found is None:
        raise NotHere(f"It is over: no process has it. It was last seen by {row.process}.")
    return found


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


def audit(user: str, action: str, target: str, mount: str, work: Callable[[], str]) -> tuple[bool, str]:
    """Do something and write down who did it and how it went; whether it could be done, and the outcome in words."""
    try:
        done, outcome = True, work()
    except CannotDo as error:
        done, outcome = False, str(error)
    except TimeoutError:
        done, outcome = False, "The server's loop does not answer."
    with writing(Audit):
        more = {"target": text(target, 500), "outcome": text(outcome, 500)}
        rows(Audit).create(user=text(user, NAME), action=action, mount=text(mount, NAME), **more)
    log.info("admin.action", extra={"user": user, "action": action, "target": target, "mount": mount, "done": done})
    return done, outcome
