"""Which processes of a site live, what each of them can run, and what it runs: they say so in Redis, again and again.

One hash has an entry for each process, web or worker, which counts as long as it was renewed lately by the clock of
Redis. Whoever has to know (the sweep, workers that hand on what they cannot run, operators, checks) reads all of them.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from queue_app import conf
from queue_app.ids import process_name
from queue_app.redis_link import text_of

if TYPE_CHECKING:
    from redis import Redis

    from queue_app.redis_link import RedisLink

#: The Celery queue of works that are not sent to another one.
QUEUE = "blocks"
#: Of each process what it says of itself, by name. Not among the keys of an app: it is the whole site's.
PROCESSES = "blocks.processes"
#: Celery nodes that take nothing new, and why: "drain" or "ending".
DRAINING = "blocks.draining"
ENDING = "ending"
#: Seconds after which a process that says nothing is struck off.
FORGOTTEN = 120.0
#: Works that a process tells of.
MOST = 100

Role = Literal["web", "worker"]


class WorkInfo(msgspec.Struct, frozen=True):
    """What runs in a worker: of which app, which function, for which events, since when (`time.time()`)."""

    app: str
    work: str
    function: str
    events: tuple[str, ...]
    since: float


@dataclass(frozen=True, slots=True)
class Held:
    """A work that runs in this process: of which function, for which events, and since when (`time.monotonic()`)."""

    function: str
    events: tuple[str, ...]
    began: float


class ProcessInfo(msgspec.Struct, frozen=True):
    """A process of the site, as it has said itself.

    Attributes:
        name: how rows and messages name it, too: host and process id.
        role: "web" or "worker".
        host, pid: where it is.
        node: the name of its Celery worker, which the processes of a prefork pool share; "" for web.
        queues: the Celery queues that it takes works from, beside that for its own code alone.
        pool: of Celery: "threads", "prefork", "solo" …; "" for web.
        slots: how many works it runs at once.
        running: how many it runs.
        works: which, as far as they are told.
        apps: the revision of each app that it serves.
        version: a short text for all of `apps`: the same code has the same.
        software: the release of this package.
        started: `time.time()` of its start.
        clock: by how many seconds its clock is ahead of Redis's.
        draining: "" or why it takes nothing new: "drain" (an operator), "ending".
        seen: when it said so, by Redis's clock.
    """

    name: str
    role: Role
    host: str
    pid: int
    node: str = ""
    queues: tuple[str, ...] = ()
    pool: str = ""
    slots: int = 0
    running: int = 0
    works: tuple[WorkInfo, ...] = ()
    apps: dict[str, str] = {}
    version: str = ""
    software: str = ""
    started: float = 0.0
    clock: float = 0.0
    draining: str = ""
    seen: float = 0.0

    @property
    def takes_works(self) -> bool:
        """Whether it begins new ones."""
        return self.role == "worker" and not self.draining


_decoder = msgspec.json.Decoder(ProcessInfo)


class Presence:
    """What this process says of itself."""

    def __init__(self, role: Role, *, node: str = "", pool: str = "", slots: int = 0) -> None:
        """See ProcessInfo."""
        self.role, self.node, self.pool, self.slots = role, node, pool, slots
        self.started = time.time()
        self.apps: dict[str, str] = {}
        self.queues: Callable[[], Iterable[str]] = tuple
        self.works: Callable[[], list[WorkInfo]] = list
        #: Why it takes nothing new, as Redis knows it.
        self.draining = ""
        self._renewed = 0.0

    @property
    def is_ending(self) -> bool:
        """Whether its worker was told to end."""
        return self.draining == ENDING

    async def renew(self, link: RedisLink, pause: float = 0.0) -> None:
        """Say it again, unless that was done within so many seconds."""
        if time.monotonic() - self._renewed < pause:
            return
        self._renewed = time.monotonic()
        asked = link.client.pipeline(transaction=False)
        asked.time()
        asked.hget(DRAINING, self.node)
        before = time.time()
        moment, draining = await asked.execute()
        now = _seconds(moment)
        self.draining = text_of(draining) if draining and self.node else ""
        info = self.info(clock=(before + time.time()) / 2 - now, seen=now)
        await link.client.hset(PROCESSES, info.name, msgspec.json.encode(info))

    def info(self, clock: float = 0.0, seen: float = 0.0) -> ProcessInfo:
        """It at this moment."""
        works, name = self.works(), process_name()
        host, _, pid = name.rpartition(":")
        return ProcessInfo(
            name, self.role, host, int(pid), self.node, tuple(self.queues()), self.pool, self.slots, len(works),
            tuple(works[:MOST]), dict(self.apps), version_of(self.apps), _software(), self.started, round(clock, 3),
            self.draining, seen,
        )  # fmt: skip

    async def leave(self, link: RedisLink) -> None:
        """It ends; should it begin again, it says so at once."""
        self._renewed = 0.0
        with suppress(*link.away):
            await link.client.hdel(PROCESSES, process_name())


def queue_of(group: str | None, app: str) -> str:
    """The Celery queue of a group of an app."""
    queues = conf.worker_queues()
    return str((queues.get(group) if group is not None else None) or queues.get(app) or QUEUE)


def version_of(apps: Mapping[str, str]) -> str:
    """A short text that tells the code of these apps from others."""
    return hashlib.blake2b(repr(sorted(apps.items())).encode(), digest_size=5).hexdigest() if apps else ""


def versioned(queue: str, version: str) -> str:
    """The Celery queue of works that only workers with this code take from `queue`."""
    return f"{queue}.{version}"


def lasting() -> float:
    """Seconds for which what a process has said counts."""
    return max(5.0, conf.worker_timeout())


async def processes(link: RedisLink) -> list[ProcessInfo]:
    """The processes that live, by name."""
    asked = link.client.pipeline(transaction=False)
    asked.time()
    asked.hgetall(PROCESSES)
    return _sorted_out(*await asked.execute())[0]


def processes_now(client: Redis | None = None) -> list[ProcessInfo]:
    """The same, and waits here; over a connection of its own unless one is given. Raises RedisError."""
    if client is None:
        with _connected() as own:
            return processes_now(own)
    living, gone = _sorted_out(client.time(), client.hgetall(PROCESSES))
    if gone:
        client.hdel(PROCESSES, *gone)
    return living


def silent_now(client: Redis, node: str) -> set[int]:
    """The process ids of a node that say nothing any more, and never took their leave."""
    now, found = _seconds(client.time()), client.hgetall(PROCESSES)
    entries = [_decoder.decode(text) for text in found.values()]
    return {each.pid for each in entries if each.node == node and now - each.seen > lasting()}


def served(found: Iterable[ProcessInfo], app: str) -> set[tuple[str, str]]:
    """By which queues an app is run, and in which revision."""
    return {(queue, each.apps[app]) for each in found if each.takes_works and app in each.apps for queue in each.queues}


def outdated(found: Iterable[ProcessInfo], app: str) -> list[str]:
    """The revisions of an app that web processes have, but no worker any more, as workers of newer code took over.

    One that no worker has yet is not among them: its web processes are the newer ones.
    """
    begun: dict[str, float] = {}
    at_work: dict[str, float] = {}
    for each in found:
        if app in each.apps:
            of_role = begun if each.role == "web" else at_work
            of_role[each.apps[app]] = max(of_role.get(each.apps[app], 0.0), each.started)
    newest = max(at_work.values(), default=0.0)
    return [revision for revision, started in begun.items() if revision not in at_work and started < newest]


def newer(found: Iterable[ProcessInfo], app: str, own: str) -> str | None:
    """The revision of an app that web processes have which were started after all that have `own`, if there is one."""
    begun: dict[str, float] = {}
    for each in found:
        if each.role == "web" and app in each.apps:
            begun[each.apps[app]] = max(begun.get(each.apps[app], 0.0), each.started)
    newest = max(begun, key=lambda revision: begun[revision], default=own)
    return newest if newest != own and own in begun else None


def drain(node: str, why: str = "drain", client: Redis | None = None) -> None:
    """A worker begins nothing new from now on: what comes to it is handed on. Waits here; raises RedisError."""
    if client is None:
        with _connected() as own:
            own.hset(DRAINING, node, why)
    else:
        client.hset(DRAINING, node, why)


def undrain(node: str, client: Redis | None = None) -> None:
    """It begins works again."""
    if client is None:
        with _connected() as own:
            own.hdel(DRAINING, node)
    else:
        client.hdel(DRAINING, node)


def _connected() -> Redis:
    from redis import Redis

    return Redis.from_url(conf.redis_url(), socket_timeout=3, socket_connect_timeout=3)


def _sorted_out(moment: Any, found: Mapping[Any, Any]) -> tuple[list[ProcessInfo], list[Any]]:
    """Who lives, and who can be struck off."""
    now, lasts = _seconds(moment), lasting()
    living, gone = [], []
    for name, text in found.items():
        try:
            info = _decoder.decode(text)
        except msgspec.DecodeError:  # another release of this program, far from ours
            continue
        if now - info.seen <= lasts:
            living.append(info)
        elif now - info.seen > FORGOTTEN:
            gone.append(name)
    return sorted(living, key=lambda each: each.name), gone


def _seconds(moment: Any) -> float:
    return float(moment[0]) + float(moment[1]) / 1_000_000


@cache
def _software() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("blocks-on-django")
    except PackageNotFoundError:  # run from its sources
        return ""


_web: Presence | None = None


def web_presence() -> Presence:
    """That of this process, where it is a web process."""
    global _web
    if _web is None:
        _web = Presence("web")
    return _web
