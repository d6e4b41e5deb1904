"""Admission: which waiting job may start now. Pure; every operation costs the same with 10 or 10,000 waiting.

Jobs wait in concurrency groups. A group is fair between users (see concurrency_group.py) and has its own limit; groups
with something to start take turns, so no group blocks another. A global cap bounds the works (a job or a batch) going
on at once, and a quarter of it is kept for groups that have nothing at work, so that one group cannot starve the
others.

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
        personal: whether its function asks who has started it, so that a batch may hold jobs of one visitor only.
    """

    fn: int
    key: Hashable
    limit: int | str | None = DEFAULT
    batch: int = 1
    mates: Hashable | None = None
    priority: int = 0
    personal: bool = False


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
    """All groups of one app. Not thread-safe: lives on the server's event loop.

    Attributes:
        waiting: entries waiting in all groups.
        at_work: works going on under the cap.
        idle: groups in which nothing runs.
        direct: the group of events that no limit counts: outside the cap, never waiting.
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
        """Lay out the groups of an app.

        Args:
            declared: one per dependency.
            default_limit: limit of groups that name none.
            max_size: how many may wait in all groups together; None without bound.
            max_threads: how many works may go on at once in all groups together.
            per_user: how many jobs of one user may be at work at once in all groups together; None without bound.
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
        self._personal: frozenset[int] = frozenset()
        self._priority: dict[int, int] = {}
        self._busy: dict[Hashable, int] = {}  # with a limit per user, the jobs of each at work
        self._deferred: dict[Hashable, dict[ConcurrencyGroup, OrderedDict[QueueEntry, None]]] = {}
        self._line: deque[ConcurrencyGroup] = deque()
        self.idle = 0
        self._kept = max_threads // 4
        self.declare(declared, default_limit)

    def declare(self, declared: Iterable[Declared], default_limit: int | None = 1) -> None:
        """Take in what an app declares, all of it; may be called again after the app has grown."""
        declared = list(declared)
        self._default = default_limit
        for key, limit in limits(declared, default_limit).items():
            group = self.by_key.get(key)
            if group is None:
                self.by_key[key] = ConcurrencyGroup(key, limit)
                self.idle += 1
            elif not group.pinned:
                group.ephemeral = False
                self.set_limit(key, limit)
        self._by_fn = {each.fn: self.by_key[each.key] for each in declared}
        self._priority = {each.fn: each.priority for each in declared if each.priority}
        self._batch = {each.fn: each.batch for each in declared if each.batch > 1}
        self._personal = frozenset(each.fn for each in declared if each.personal)
        self._mates = {each.fn: each.fn if each.mates is None else each.mates for each in declared if each.batch > 1}

    def knows(self, fn: int) -> bool:
        """Whether this function was declared."""
        return fn in self._by_fn

    def group_of(self, fn: int) -> ConcurrencyGroup:
        """The group in which events of this function wait."""
        return self._by_fn[fn]

    def waits_for_others(self, fn: int) -> bool:
        """Whether an event of this function that joined now would wait for others to end; not for an operator."""
        group = self._by_fn.get(fn)
        if group is None or group.paused or group.draining:
            return False
        full = group.limit is not None and group.running >= group.limit
        return full or group.first is not None or self.at_work >= self.cap

    def drop(self, group: ConcurrencyGroup) -> bool:
        """Forget an ephemeral group in which nothing waits or runs any more; False for any other."""
        if not group.ephemeral or group.size or group.running or self.by_key.get(group.key) is not group:
            return False
        del self.by_key[group.key]
        self.idle -= 1
        return True

    def _group_for(self, declared: Declared) -> ConcurrencyGroup:
        """The group of a listener that only one session has: an existing one of its key, else an ephemeral one."""
        group = self.by_key.get(declared.key)
        if group is None:
            limit = self._default if isinstance(declared.limit, str) else declared.limit
            group = self.by_key[declared.key] = ConcurrencyGroup(declared.key, limit)
            group.ephemeral = True
            self.idle += 1
        elif (
            group.ephemeral
            and isinstance(declared.limit, int)
            and (group.limit is None or declared.limit < group.limit)
        ):
            group.limit = declared.limit
        return group

    def submit(self, job: QueuedJob) -> QueueEntry:
        """Let a job wait in its group; returns its place."""
        return self.join(QueueEntry(job))

    def join(self, entry: QueueEntry) -> QueueEntry:
        """Let an entry wait in the group of its job.

        Raises:
            QueueFull: as many wait already as may.
            QueueDraining: the group takes nothing new.
        """
        if self.max_size is not None and self.waiting >= self.max_size:
            raise QueueFull(self.max_size, self.waiting)
        fn, declared = entry.job.fn, entry.declared
        group = entry.group = self._by_fn[fn] if declared is None else self._group_for(declared)
        if group.draining:
            raise QueueDraining
        group.append(entry, self._priority.get(fn, 0) if declared is None else declared.priority)
        self._join_mates(entry)
        self.waiting += 1
        self._enter(group)
        return entry

    def admit(self, entry: QueueEntry) -> None:
        """Let an entry's job start at once, outside all limits. To be given back by release."""
        self.direct.running += 1
        entry.group = self.direct

    def take(self) -> list[QueueEntry] | None:
        """The next work that may start, a batch or a single job; None when nothing may. To be given back by release."""
        if self.at_work >= self.cap:
            return None
        line = self._line
        for _ in range(len(line)):
            group = line.popleft()
            if self.per_user is not None and group.open:
                self._defer(group)
            if not group.open:
                group.in_line = False
            elif group.running and self.cap - self.at_work <= min(self.idle, self._kept):
                line.append(group)  # what is free is kept for groups with nothing at work
            else:
                return self._start(group)
        return None

    def cancel(self, entry: QueueEntry) -> bool:
        """Take an entry out of its group; False when it does not wait (any more)."""
        if entry.deferred:
            self._drop_deferred(entry)
        elif entry.place >= 0:
            self._leave(entry)
        else:
            return False
        return True

    def release(self, group: ConcurrencyGroup, entries: Iterable[QueueEntry] = ()) -> None:
        """A work of this group has ended: its slot is free again. `entries` are what `take` gave."""
        group.running -= 1
        if self.per_user is not None and group is not self.direct:
            for entry in entries:
                self._ended(entry)
            self._let_back({entry.user: None for entry in entries})
        if group is self.direct:
            return
        self.at_work -= 1
        if not group.running:
            self.idle += 1
        self._enter(group)

    def set_limit(self, key: Hashable, limit: int | None) -> None:
        """Change the limit of a group; works going on are not stopped."""
        group = self.by_key[key]
        group.limit = limit
        self._enter(group)

    def pause(self, group: ConcurrencyGroup, paused: bool = True) -> None:
        """Let nothing of a group start, or (False) let it go on; works going on are not stopped."""
        group.paused = paused
        self._enter(group)

    def _start(self, group: ConcurrencyGroup) -> list[QueueEntry]:
        head = group.first
        assert head is not None  # the group is open
        entries = self._batch_of(group, head)
        for entry in entries:
            self._leave(entry)
            group.started(entry)
            if self.per_user is not None:
                self._busy[entry.user] = self._busy.get(entry.user, 0) + 1
        if not group.running:
            self.idle -= 1
        group.running += 1
        self.at_work += 1
        group.in_line = False
        self._enter(group)
        return entries

    def _batch_of(self, group: ConcurrencyGroup, head: QueueEntry) -> list[QueueEntry]:
        """The head of the group, and what may run together with it."""
        declared = head.declared
        count = self._batch.get(head.job.fn, 1) if declared is None else declared.batch
        entries = [head]
        if count == 1 or head.alone:
            return entries
        room = {head.user: self._room_of(head) - 1}
        for entry in group.batches[self._mates_of(head)]:
            if len(entries) == count:
                break
            left = room.setdefault(entry.user, self._room_of(entry))
            if entry is not head and left > 0:
                room[entry.user] -= 1
                entries.append(entry)
        return entries

    def _join_mates(self, entry: QueueEntry) -> None:
        declared = entry.declared
        if not entry.alone and (entry.job.fn in self._batch if declared is None else declared.batch > 1):
            entry.group.batches.setdefault(self._mates_of(entry), OrderedDict())[entry] = None

    def _mates_of(self, entry: QueueEntry) -> Hashable | None:
        declared, job = entry.declared, entry.job
        if declared is not None:
            return "ephemeral", declared.mates, job.session_hash
        mates = self._mates.get(job.fn)
        return (mates, entry.user, job.username) if job.fn in self._personal else mates

    def _leave(self, entry: QueueEntry) -> None:
        key = self._mates_of(entry)
        mates = entry.group.batches.get(key)
        if mates is not None:
            mates.pop(entry, None)
            if not mates and (entry.declared is not None or entry.job.fn in self._personal):
                del entry.group.batches[key]
        entry.group.remove(entry)
        self.waiting -= 1

    def _enter(self, group: ConcurrencyGroup) -> None:
        if not group.in_line and group.open:
            group.in_line = True
            self._line.append(group)

    # The limit per user

    def _room_of(self, entry: QueueEntry) -> int:
        """How many more of this user's jobs may start."""
        return self.cap if self.per_user is None else self.per_user - self._busy.get(entry.user, 0)

    def _defer(self, group: ConcurrencyGroup) -> None:
        """Defer those at the front of a group whose users have as much at work as they may."""
        while (entry := group.first) is not None and self._room_of(entry) <= 0:
            self._leave(entry)
            entry.deferred = True
            group.size += 1  # it still waits
            self.waiting += 1
            self._deferred.setdefault(entry.user, {}).setdefault(group, OrderedDict())[entry] = None

    def _ended(self, entry: QueueEntry) -> None:
        left = self._busy.get(entry.user, 0) - 1
        if left > 0:
            self._busy[entry.user] = left
        else:
            self._busy.pop(entry.user, None)

    def _let_back(self, users: Iterable[Hashable]) -> None:
        """In each group the first of these users' deferred jobs may start again."""
        for user in users:
            for group, entries in list(self._deferred.get(user, {}).items()):
                first = list(itertools.islice(entries, self._room_of(next(iter(entries)))))
                for entry in reversed(first):  # each is put before the others of its user
                    self._forget_deferred(entry)
                    group.readmit(entry)
                    self._join_mates(entry)
                self._enter(group)

    def _drop_deferred(self, entry: QueueEntry) -> None:
        """One that is deferred leaves for good."""
        self._forget_deferred(entry)
        entry.deferred = False
        entry.group.size -= 1
        self.waiting -= 1

    def _forget_deferred(self, entry: QueueEntry) -> None:
        groups = self._deferred[entry.user]
        entries = groups[entry.group]
        del entries[entry]
        if not entries:
            del groups[entry.group]
        if not groups:
            del self._deferred[entry.user]
