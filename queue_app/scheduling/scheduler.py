"""Admission: which waiting job may start now. Pure; every operation costs the same with 10 or 10,000 waiting.

Jobs wait in lanes (concurrency groups). A lane is fair between users (see lane.py) and has its own limit; lanes with
something to start take turns, so no lane blocks another. A global cap bounds the works (a job or a batch) going on at
once, and a quarter of it is kept for lanes that have nothing at work, so that one lane cannot starve the others.

With a limit per user, the waiting events of a user who has reached it are deferred, one after the other as their turn
comes, and come back one by one when an event of that user ends. So nobody walks over them again and again.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict, deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from queue_app.exceptions import QueueDraining, QueueFull
from queue_app.scheduling.concurrency_group import ConcurrencyGroup, QueuedJob, QueueEntry

__all__ = ["DEFAULT", "ConcurrencyGroup", "Declared", "QueueEntry", "Scheduler", "limits"]

#: Stands for "use the queue's default limit".
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a dependency says about its place in the queue.

    Attributes:
        fn: id of the dependency.
        key: its group: the `concurrency_id`, or what stands for the identity of its function.
        limit: how many may run at once; None without limit, "default" the queue's own.
        batch: how many jobs one run may take; 1 for functions that do not batch.
        mates: equal for dependencies whose jobs one batch may hold together; the dependency's own unless given.
        priority: events of a higher one start first within the group.
    """

    fn: int
    key: Hashable
    limit: int | str | None = DEFAULT
    batch: int = 1
    mates: Hashable | None = None
    priority: int = 0


def limits(declared: Iterable[Declared], default: int | None) -> dict[Hashable, int | None]:
    """The limit of each group: the lowest number that any of its members declares.

    Members that say "default" follow the others; a group of nothing else gets `default`. None counts only where no
    member names a number.
    """
    named: dict[Hashable, list[int]] = {}
    unlimited: set[Hashable] = set()
    for each in declared:
        numbers = named.setdefault(each.key, [])
        if isinstance(each.limit, int):
            numbers.append(each.limit)
        elif each.limit is None:
            unlimited.add(each.key)
    return {key: min(numbers) if numbers else (None if key in unlimited else default) for key, numbers in named.items()}


class Scheduler:
    """All lanes of one app. Not thread-safe: lives on the server's event loop.

    Attributes:
        waiting: entries waiting in all lanes.
        at_work: works going on under the cap.
        direct: the lane of events that no limit counts: outside the cap, never waiting.
    """

    def __init__(
        self,
        declared: Iterable[Declared],
        *,
        default_limit: int | None = 1,
        max_size: int | None = None,
        max_threads: int = 40,
        per_user: int | None = None,
    ) -> None:
        """Lay out the lanes of an app.

        Args:
            declared: one per dependency.
            default_limit: limit of groups that name none.
            max_size: how many may wait in all lanes together; None without bound.
            max_threads: how many works may go on at once in all lanes together.
            per_user: how many jobs of one user may be at work at once in all lanes together; None without bound.
        """
        self.by_key: dict[Hashable, ConcurrencyGroup] = {}
        self.direct = ConcurrencyGroup("direct")
        self.max_size = max_size
        self.cap = max_threads
        self.per_user = per_user
        self.waiting = 0
        self.at_work = 0
        self._by_fn: dict[int, ConcurrencyGroup] = {}
        self._batch: dict[int, int] = {}
        self._mates: dict[int, Hashable] = {}
        self._priority: dict[int, int] = {}
        self._busy: dict[Hashable, int] = {}  # with a limit per user, the jobs of each at work
        self._deferred: dict[Hashable, dict[ConcurrencyGroup, OrderedDict[QueueEntry, None]]] = {}
        self._line: deque[ConcurrencyGroup] = deque()
        self._idle = 0
        self._kept = max_threads // 4
        self.declare(declared, default_limit)

    def declare(self, declared: Iterable[Declared], default_limit: int | None = 1) -> None:
        """Take in what an app declares, all of it; may be called again after the app has grown."""
        declared = list(declared)
        self._default = default_limit
        for key, limit in limits(declared, default_limit).items():
            lane = self.by_key.get(key)
            if lane is None:
                self.by_key[key] = ConcurrencyGroup(key, limit)
                self._idle += 1
            elif not lane.pinned:
                lane.ephemeral = False
                self.set_limit(key, limit)
        self._by_fn = {each.fn: self.by_key[each.key] for each in declared}
        self._priority = {each.fn: each.priority for each in declared if each.priority}
        self._batch = {each.fn: each.batch for each in declared if each.batch > 1}
        self._mates = {each.fn: each.fn if each.mates is None else each.mates for each in declared if each.batch > 1}

    def knows(self, fn: int) -> bool:
        """Whether this function was declared."""
        return fn in self._by_fn

    def lane_of(self, fn: int) -> ConcurrencyGroup:
        """The lane in which events of this function wait."""
        return self._by_fn[fn]

    def drop(self, lane: ConcurrencyGroup) -> bool:
        """Forget an ephemeral lane in which nothing waits or runs any more; False for any other."""
        if not lane.ephemeral or lane.size or lane.running or self.by_key.get(lane.key) is not lane:
            return False
        del self.by_key[lane.key]
        self._idle -= 1
        return True

    def _lane_for(self, own: Declared) -> ConcurrencyGroup:
        """The lane of a listener that only one session has: an existing one of its key, else an ephemeral one."""
        lane = self.by_key.get(own.key)
        if lane is None:
            limit = self._default if isinstance(own.limit, str) else own.limit
            lane = self.by_key[own.key] = ConcurrencyGroup(own.key, limit)
            lane.ephemeral = True
            self._idle += 1
        elif lane.ephemeral and isinstance(own.limit, int) and (lane.limit is None or own.limit < lane.limit):
            lane.limit = own.limit
        return lane

    def submit(self, job: QueuedJob) -> QueueEntry:
        """Let a job wait in its lane; returns its place."""
        return self.join(QueueEntry(job))

    def join(self, entry: QueueEntry) -> QueueEntry:
        """Let an entry wait in the lane of its job.

        Raises:
            QueueFull: as many wait already as may.
            QueueDraining: the lane takes nothing new.
        """
        if self.max_size is not None and self.waiting >= self.max_size:
            raise QueueFull(self.max_size, self.waiting)
        fn, own = entry.job.fn, entry.declared
        lane = entry.lane = self._by_fn[fn] if own is None else self._lane_for(own)
        if lane.draining:
            raise QueueDraining
        lane.append(entry, self._priority.get(fn, 0) if own is None else own.priority)
        self._join_mates(entry)
        self.waiting += 1
        self._enter(lane)
        return entry

    def admit(self, entry: QueueEntry) -> None:
        """Let an entry's job start at once, outside all limits. To be given back by release."""
        self.direct.running += 1
        entry.lane = self.direct

    def take(self) -> list[QueueEntry] | None:
        """The next work that may start, a batch or a single job; None when nothing may. To be given back by release."""
        if self.at_work >= self.cap:
            return None
        line = self._line
        for _ in range(len(line)):
            lane = line.popleft()
            if self.per_user is not None and lane.open:
                self._defer(lane)
            if not lane.open:
                lane.in_line = False
            elif lane.running and self.cap - self.at_work <= min(self._idle, self._kept):
                line.append(lane)  # what is free is kept for lanes with nothing at work
            else:
                return self._start(lane)
        return None

    def cancel(self, entry: QueueEntry) -> bool:
        """Take an entry out of its lane; False when it does not wait (any more)."""
        if entry.deferred:
            self._drop_deferred(entry)
        elif entry.place >= 0:
            self._leave(entry)
        else:
            return False
        return True

    def release(self, lane: ConcurrencyGroup, entries: Iterable[QueueEntry] = ()) -> None:
        """A work of this lane has ended: its slot is free again. `entries` are what `take` gave."""
        lane.running -= 1
        if self.per_user is not None and lane is not self.direct:
            for entry in entries:
                self._ended(entry)
            self._let_back({entry.user: None for entry in entries})
        if lane is self.direct:
            return
        self.at_work -= 1
        if not lane.running:
            self._idle += 1
        self._enter(lane)

    def set_limit(self, key: Hashable, limit: int | None) -> None:
        """Change the limit of a group; works going on are not stopped."""
        lane = self.by_key[key]
        lane.limit = limit
        self._enter(lane)

    def pause(self, lane: ConcurrencyGroup, paused: bool = True) -> None:
        """Let nothing of a lane start, or (False) let it go on; works going on are not stopped."""
        lane.paused = paused
        self._enter(lane)

    def _start(self, lane: ConcurrencyGroup) -> list[QueueEntry]:
        head = lane.first
        assert head is not None  # the lane is open
        entries = self._batch_of(lane, head)
        for entry in entries:
            self._leave(entry)
            lane.started(entry)
            if self.per_user is not None:
                self._busy[entry.user] = self._busy.get(entry.user, 0) + 1
        if not lane.running:
            self._idle -= 1
        lane.running += 1
        self.at_work += 1
        lane.in_line = False
        self._enter(lane)
        return entries

    def _batch_of(self, lane: ConcurrencyGroup, head: QueueEntry) -> list[QueueEntry]:
        """The head of the lane, and what may run together with it."""
        own = head.declared
        count = self._batch.get(head.job.fn, 1) if own is None else own.batch
        entries = [head]
        if count == 1 or head.alone:
            return entries
        room = {head.user: self._room_of(head) - 1}
        for entry in lane.batches[self._mates_of(head)]:
            if len(entries) == count:
                break
            left = room.setdefault(entry.user, self._room_of(entry))
            if entry is not head and left > 0:
                room[entry.user] -= 1
                entries.append(entry)
        return entries

    def _join_mates(self, entry: QueueEntry) -> None:
        own = entry.declared
        if not entry.alone and (entry.job.fn in self._batch if own is None else own.batch > 1):
            entry.lane.batches.setdefault(self._mates_of(entry), OrderedDict())[entry] = None

    def _mates_of(self, entry: QueueEntry) -> Hashable | None:
        own = entry.declared
        return self._mates.get(entry.job.fn) if own is None else ("ephemeral", own.mates, entry.job.session_hash)

    def _leave(self, entry: QueueEntry) -> None:
        key = self._mates_of(entry)
        mates = entry.lane.batches.get(key)
        if mates is not None:
            mates.pop(entry, None)
            if not mates and entry.declared is not None:
                del entry.lane.batches[key]
        entry.lane.remove(entry)
        self.waiting -= 1

    def _enter(self, lane: ConcurrencyGroup) -> None:
        if not lane.in_line and lane.open:
            lane.in_line = True
            self._line.append(lane)

    # The limit per user

    def _room_of(self, entry: QueueEntry) -> int:
        """How many more of this user's jobs may start."""
        return self.cap if self.per_user is None else self.per_user - self._busy.get(entry.user, 0)

    def _defer(self, lane: ConcurrencyGroup) -> None:
        """Defer those at the front of a lane whose users have as much at work as they may."""
        while (entry := lane.first) is not None and self._room_of(entry) <= 0:
            self._leave(entry)
            entry.deferred = True
            lane.size += 1  # it still waits
            self.waiting += 1
            self._deferred.setdefault(entry.user, {}).setdefault(lane, OrderedDict())[entry] = None

    def _ended(self, entry: QueueEntry) -> None:
        left = self._busy.get(entry.user, 0) - 1
        if left > 0:
            self._busy[entry.user] = left
        else:
            self._busy.pop(entry.user, None)

    def _let_back(self, users: Iterable[Hashable]) -> None:
        """In each lane the first of these users' deferred jobs may start again."""
        for user in users:
            for lane, entries in list(self._deferred.get(user, {}).items()):
                first = list(itertools.islice(entries, self._room_of(next(iter(entries)))))
                for entry in reversed(first):  # each is put before the others of its user
                    self._forget_deferred(entry)
                    lane.readmit(entry)
                    self._join_mates(entry)
                self._enter(lane)

    def _drop_deferred(self, entry: QueueEntry) -> None:
        """One that is deferred leaves for good."""
        self._forget_deferred(entry)
        entry.deferred = False
        entry.lane.size -= 1
        self.waiting -= 1

    def _forget_deferred(self, entry: QueueEntry) -> None:
        lanes = self._deferred[entry.user]
        entries = lanes[entry.lane]
        del entries[entry]
        if not entries:
            del lanes[entry.lane]
        if not lanes:
            del self._deferred[entry.user]
