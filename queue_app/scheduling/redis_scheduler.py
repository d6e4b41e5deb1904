"""Admission for all processes of a site: the rules of scheduler.py in one script, and leases for what runs.

Each command is one step in Redis and leaves a whole state, so no process is special: whoever submits, finishes or
sweeps gets the works that may start by it, and hands them to `send`. A work is one run, for an event or a batch.
Whoever runs it holds a lease with a number; a lease that is not renewed ends the work, and what was told under its
number is told no more. What was given and never begun is given again, as nothing of it has run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from queue_app.exceptions import NotYours, QueueDraining, QueueFull
from queue_app.redis_link import RedisLink, RedisScript, text_of
from queue_app.scheduling.concurrency_group import QueuedJob, waits_for
from queue_app.scheduling.scheduler import Declared, limits

_ADMISSION = RedisScript(Path(__file__).with_name("admission.lua"))
#: Seconds that a lease lasts unless it is renewed.
LEASE = 8.0
#: Seconds for which it is known that an event has ended, as admission.lua and ship.lua have it.
REMEMBERED = 600
_packed = msgspec.msgpack.Encoder()


@dataclass(frozen=True, slots=True)
class Admitted:
    """An event as it waits: its job as text, and what has to be known of it by whoever ends it elsewhere."""

    job: QueuedJob
    spec: str
    channel: str
    index: str
    queue: str = ""
    version: str = ""
    outputs: int = 0
    retries: int = 0
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event waits: its position, how many wait in its group, in how many seconds it may have its answer.

    `paused`: nothing of its group starts.
    """

    position: int
    size: int
    wait: float | None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to run a work: what is told under a number that is over is dropped."""

    work: str
    fence: str
    specs: tuple[str, ...]
    counted: bool
    again: bool = False


@dataclass(frozen=True, slots=True)
class Misrouted:
    """A work that another worker has to run: its Celery queue, the version of its app, and whether that is ours."""

    queue: str
    version: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Died:
    """An event whose worker has not renewed its lease; `again` where it waits to be run once more.

    `why` there was no worker: "unserved", nobody can run it; "outdated", those who could are gone for good. Or
    "cancelled": its end was asked for, and whoever did has not told it. Or "told": it has told the end before it died,
    so that nothing is left to be told. `fence`: the right to tell its end.
    """

    event_id: str
    channel: str
    spec: str
    again: bool
    why: str = ""
    fence: str = ""


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group at this moment; see GroupSnapshot."""

    limit: int | None
    running: int
    waiting: int
    average: float | None
    expected: float | None
    created: float | None
    paused: bool
    draining: bool


class Known(Exception):
    """This very event was submitted before."""


class RedisScheduler:
    """See Scheduler. All groups of one app, for all its processes."""

    def __init__(
        self,
        link: RedisLink,
        prefix: str,
        send: Callable[[str, str], object],
        *,
        lease: float = LEASE,
        message: str = "",
        queue: str = "",
    ) -> None:
        """Keep groups under names that begin with `prefix`; `send` gets each work that may start, and its queue.

        With a `message` Redis itself sends it to workers, to `queue` where a work names none; see admission.lua.
        """
        self.prefix = prefix
        self._link = link
        self._send = send
        self._lease = int(lease * 1000)
        self._message = (message, queue)
        self._default: int | None = 1
        self._by_fn: dict[int, Declared] = {}
        self._limits: dict[str, int | None] = {}
        self._declared: tuple[Any, ...] = ()

    def declare(
        self,
        declared: Iterable[Declared],
        *,
        default_limit: int | None = 1,
        max_size: int | None = None,
        max_threads: int = 40,
        per_user: int | None = None,
    ) -> None:
        """Take in what an app declares, all of it; see Scheduler. Waits for Redis."""
        self.know(declared, default_limit)
        groups = [[key, _plain(limit)] for key, limit in self._limits.items()]
        self._declared = (max_threads, _plain(max_size), _plain(per_user), groups)
        self._now("declare", *self._declared)

    def know(self, declared: Iterable[Declared], default_limit: int | None = 1) -> None:
        """Note what an app declares, for questions alone: Redis is told nothing."""
        self._by_fn = {each.fn: each for each in declared}
        self._default = default_limit
        self._limits = {group_text(key): limit for key, limit in limits(self._by_fn.values(), default_limit).items()}

    def knows(self, fn: int) -> bool:
        """Whether this function was declared."""
        return fn in self._by_fn

    async def join(self, event: Admitted, declared: Declared | None = None) -> Place | None:
        """Let an event wait in its group; where it stands, None for one that starts at once.

        Raises:
            Known: it waits, runs or has ended already.
            NotYours: one of this id has another channel.
            QueueFull: as many wait already as may.
            QueueDraining: the group takes nothing new.
        """
        outcome = await self._do("submit", self._entry(event, declared))
        if outcome[0] == "undeclared":  # Redis has forgotten everything
            await self._do("declare", *self._declared)
            outcome = await self._do("submit", self._entry(event, declared))
        _refuse_known(event, outcome)
        match outcome[0]:
            case "full":
                raise QueueFull(outcome[1], outcome[2])
            case "draining":
                raise QueueDraining
            case _:
                return _place(outcome[1])

    async def admit(self, event: Admitted, declared: Declared | None = None) -> None:
        """Let an event start at once, outside all limits. Raises Known and NotYours as `join`."""
        _refuse_known(event, await self._do("direct", self._entry(event, declared)))

    async def claim(self, work: str, process: str, node: str = "", version: str = "") -> Lease | Misrouted | None:
        """Begin a work that was sent; None where somebody else has, or it is over.

        `node` and `version` say which worker this is, and what it has of the app: "" of any, "-" nothing.
        """
        found = await self._do("claim", work, process, node, version)
        if not found:
            return None
        if not found[0]:
            return Misrouted(*found[1:])
        return Lease(work, found[0], tuple(found[1] or ()), found[2], found[3])

    async def hand_on(self, work: str, queue: str) -> None:
        """Send a work that was not begun to others."""
        await self._do("hand_on", work, queue)

    async def refuse(self, work: str) -> list[Died]:
        """End a work that nobody will ever begin."""
        return [Died(*each) for each in await self._do("refuse", work) or ()]

    async def expire(self, lease: Lease) -> None:
        """Part with a work before its time, as its worker ends: others find out what becomes of its events."""
        await self._do("expire", lease.work, lease.fence)

    async def renew(self, process: str, leases: Sequence[Lease]) -> tuple[list[str], list[str]]:
        """Go on with works; gives those that this process has lost, and how events of the others were cancelled."""
        lost, cancelled = await self._do("renew", process, [[each.work, each.fence] for each in leases])
        return list(lost or ()), list(cancelled or ())

    async def ended(self, event_id: str, fence: str) -> None:
        """An event is complete; the run that it was part of may go on. One that was lost before is somebody else's."""
        await self._do("ended", event_id, fence)

    async def release(
        self, lease: Lease, seconds: float | None = None, fn: Hashable = "", still_open: Sequence[str] = ()
    ) -> bool:
        """A work has ended after so many seconds (None where that says nothing): its slot is free again.

        False where it was lost before, and others have it.

        Of the events `still_open` the end is told later, and `ended` called then.
        """
        took = "" if seconds is None else seconds
        return bool(await self._do("finish", lease.work, lease.fence, took, group_text(fn), list(still_open)))

    async def cancel(self, event_id: str, how: str = "") -> tuple[str, ...]:
        """Take an event out that nobody has begun: "waiting" with channel, spec and the right to tell its end, which is
        told by others if it is not for a while; "running" for one that somebody has, who is told `how` when the lease
        is renewed; "" for one that is neither."""
        return tuple(await self._do("cancel", event_id, how))

    async def sweep(
        self,
        served: Iterable[tuple[str, str]] | None = None,
        outdated: Iterable[str] = (),
        wait: float = 0.0,
    ) -> tuple[list[Died], list[tuple[str, str]]]:
        """End what nobody renews any more, what nobody can begin, and what has ended and was not told.

        Args:
            served: the queues and versions that workers serve; None where that is not known.
            outdated: versions of which there will be no worker any more.
            wait: seconds until an event ends that no worker can run.

        Returns:
            The events; and the queues and versions that lack a worker since now.
        """
        known = served is not None and [list(each) for each in served]
        died, missing = await self._do("sweep", known, list(outdated), int(wait * 1000))
        return [Died(*each) for each in died or ()], [(queue, version) for queue, version in missing or ()]

    async def ranks(self, events: Sequence[str]) -> list[Place | None]:
        """Where events wait; None for those that do not."""
        return [_place(each) for each in await self._do("ranks", list(events)) or ()]

    def change(self, fn: int, action: str, limit: int | None) -> None:
        """Pause, resume, drain, reopen or limit the group of a function. Waits for Redis."""
        self._now("change", group_text(self._by_fn[fn].key), action, _plain(limit))

    def running(self, events: Sequence[str]) -> dict[str, float]:
        """For how many seconds those of these events run that do. Waits for Redis."""
        found = self._now("running", list(events)) or [] if events else []
        return {event: seconds for event, seconds in zip(events, found) if seconds is not None}

    def figures(self, fns: Sequence[int]) -> tuple[int, int, int, dict[int, GroupFigures]]:
        """How many wait, run, and run outside of groups; and the groups of these functions. Waits for Redis."""
        keys = [group_text(self._by_fn[each].key) for each in fns]
        waiting, running, direct, groups = self._now("snapshot", keys)
        return waiting, running, direct, {fn: GroupFigures(*each) for fn, each in zip(fns, groups or ())}

    def group_key(self, fn: int) -> str:
        """What tells the group of a function from others."""
        return group_text(self._by_fn[fn].key)

    def declared_limit(self, fn: int) -> int | None:
        """The limit that an app declares for the group of a function."""
        return self._limits.get(self.group_key(fn), self._default)

    def _entry(self, event: Admitted, declared: Declared | None) -> dict[str, Any]:
        job = event.job
        own, ephemeral = declared or self._by_fn[job.fn], declared is not None
        user = group_text(waits_for(job, event.alone))
        mates: Hashable = own.fn if own.mates is None else own.mates
        if ephemeral:
            mates = ("ephemeral", mates, job.session_hash)
        elif own.personal:
            mates = (mates, user, job.username)
        if event.version:
            mates = (mates, event.version)
        key = group_text(own.key)
        limit = self._limits.get(key, self._default if isinstance(own.limit, str) else own.limit)
        return {
            "event": job.event_id,
            "spec": event.spec,
            "group": key,
            "limit": _plain(limit),
            "ephemeral": ephemeral and key not in self._limits,
            "priority": own.priority,
            "user": user,
            "mates": group_text(mates),
            "batch": own.batch,
            "alone": event.alone,
            "queue": event.queue,
            "version": event.version,
            "retries": event.retries,
            "session": job.session_hash,
            "channel": event.channel,
            "outputs": event.outputs,
            "created": job.created_at,
            "index": event.index,
        }

    async def _do(self, command: str, *arguments: Any) -> Any:
        return self._answer(await self._link.run(_ADMISSION, *self._arguments(command, arguments)))

    def _now(self, command: str, *arguments: Any) -> Any:
        return self._answer(self._link.run_now(_ADMISSION, *self._arguments(command, arguments)))

    def _arguments(self, command: str, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        return self.prefix, self._lease, command, _packed.encode(arguments), *self._message

    def _answer(self, found: bytes | str) -> Any:
        answer, started = json.loads(text_of(found))
        for work, queue, _ in started or ():
            self._send(str(work), queue)
        return answer


def _refuse_known(event: Admitted, outcome: list[Any]) -> None:
    if outcome[0] == "known":
        if outcome[1] != event.channel:
            raise NotYours("An event of another session has this id.")
        raise Known


def _place(found: list[Any] | None) -> Place | None:
    return None if found is None else Place(*found)


def _plain(limit: int | None) -> int | str:
    return "" if limit is None else limit


def group_text(key: Hashable) -> str:
    """A key that means the same in every process, as text."""
    return (key if isinstance(key, str) else repr(key)).replace("\0", "")
