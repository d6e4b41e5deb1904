"""Admission: which waiting job may start now. Pure; every operation costs the same with 10 or 10,000 waiting.

Jobs wait in lanes (concurrency groups). A lane is first in, first out, and has its own limit; lanes with something
to start take turns, so no lane blocks another. A global cap bounds the works (a job or a batch) going on at once,
and a quarter of it is kept for lanes that have nothing at work, so that one lane cannot starve the others.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from queue_app.exceptions import QueueDraining, QueueFull
from queue_app.job import Job

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
    """

    fn: int
    key: Hashable
    limit: int | str | None = DEFAULT
    batch: int = 1
    mates: Hashable | None = None


class Ticket:
    """A job's place in its lane: a link of the lane's list."""

    __slots__ = ("after", "before", "job", "lane", "place", "told")

    #: The lane that it joined.
    lane: Lane

    def __init__(self, job: Job) -> None:
        self.job = job
        self.place = -1  # number in order of arrival; -1 while not waiting
        self.before: Ticket | None = None
        self.after: Ticket | None = None
        self.told: tuple[int, int] | None = None  # rank and queue size that its client knows


class Lane:
    """One concurrency group: the waiting tickets as a linked list, and the number of works going on.

    `cursor` walks along the list, a few tickets at a time; `cursor_rank` stays its exact rank while others leave.
    While `paused` nothing starts; while `draining` nothing joins; `pinned` keeps a limit that an operator has set.
    """

    __slots__ = (
        "arrivals", "batches", "cursor", "cursor_rank", "draining", "first", "in_line", "key", "last", "limit",
        "paused", "pinned", "running", "size",
    )  # fmt: skip

    def __init__(self, key: Hashable, limit: int | None = None) -> None:
        self.key = key
        self.limit = limit
        self.size = 0
        self.running = 0
        self.arrivals = 0
        self.first: Ticket | None = None
        self.last: Ticket | None = None
        self.batches: dict[Hashable, OrderedDict[Ticket, None]] = {}  # per batching function, its waiting tickets
        self.paused = self.draining = self.pinned = False
        self.in_line = False  # whether the lane stands among those that may start something
        self.cursor: Ticket | None = None
        self.cursor_rank = 0

    @property
    def open(self) -> bool:
        """Whether something waits and the limit allows it to start."""
        return self.first is not None and not self.paused and (self.limit is None or self.running < self.limit)

    def append(self, ticket: Ticket) -> None:
        """Put a ticket at the end."""
        self.arrivals += 1
        ticket.place = self.arrivals
        ticket.before = last = self.last
        if last is None:
            self.first = ticket
        else:
            last.after = ticket
        self.last = ticket
        self.size += 1

    def remove(self, ticket: Ticket) -> None:
        """Take a waiting ticket out, wherever it stands."""
        before, after, cursor = ticket.before, ticket.after, self.cursor
        if before is None:
            self.first = after
        else:
            before.after = after
        if after is None:
            self.last = before
        else:
            after.before = before
        if cursor is ticket:
            self.cursor = after
        elif cursor is not None and ticket.place < cursor.place:
            self.cursor_rank -= 1
        ticket.before = ticket.after = None
        ticket.place = -1
        self.size -= 1

    def head(self, count: int) -> list[Ticket]:
        """The first tickets, at most `count`."""
        tickets: list[Ticket] = []
        ticket = self.first
        while ticket is not None and len(tickets) < count:
            tickets.append(ticket)
            ticket = ticket.after
        return tickets

    def walk(self, count: int) -> tuple[list[tuple[int, Ticket]], bool]:
        """The next tickets along the list with their ranks, and whether the end was reached; then it starts anew."""
        if self.cursor is None:
            self.cursor, self.cursor_rank = self.first, 0
        found: list[tuple[int, Ticket]] = []
        ticket, rank = self.cursor, self.cursor_rank
        while ticket is not None and len(found) < count:
            found.append((rank, ticket))
            ticket = ticket.after
            rank += 1
        self.cursor, self.cursor_rank = ticket, rank
        return found, ticket is None


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
    return {
        key: min(numbers) if numbers else (None if key in unlimited else default) for key, numbers in named.items()
    }


class Lanes:
    """All lanes of one app. Not thread-safe: lives on the server's event loop.

    Attributes:
        waiting: tickets waiting in all lanes.
        at_work: works going on under the cap.
        direct: the lane of events that do not queue: no limit, outside the cap, never waiting.
    """

    def __init__(
        self,
        declared: Iterable[Declared],
        *,
        default_limit: int | None = 1,
        max_size: int | None = None,
        max_threads: int = 40,
    ) -> None:
        """Lay out the lanes of an app.

        Args:
            declared: one per dependency.
            default_limit: limit of groups that name none.
            max_size: how many may wait in all lanes together; None without bound.
            max_threads: how many works may go on at once in all lanes together.
        """
        self.by_key: dict[Hashable, Lane] = {}
        self.direct = Lane("direct")
        self.max_size = max_size
        self.cap = max_threads
        self.waiting = 0
        self.at_work = 0
        self._by_fn: dict[int, Lane] = {}
        self._batch: dict[int, int] = {}
        self._mates: dict[int, Hashable] = {}
        self._line: deque[Lane] = deque()
        self._idle = 0
        self._kept = max_threads // 4
        self.declare(declared, default_limit)

    def declare(self, declared: Iterable[Declared], default_limit: int | None = 1) -> None:
        """Take in what an app declares, all of it; may be called again after the app has grown."""
        declared = list(declared)
        for key, limit in limits(declared, default_limit).items():
            lane = self.by_key.get(key)
            if lane is None:
                self.by_key[key] = Lane(key, limit)
                self._idle += 1
            elif not lane.pinned:
                self.set_limit(key, limit)
        self._by_fn = {each.fn: self.by_key[each.key] for each in declared}
        self._batch = {each.fn: each.batch for each in declared if each.batch > 1}
        self._mates = {each.fn: each.fn if each.mates is None else each.mates for each in declared if each.batch > 1}

    def knows(self, fn: int) -> bool:
        """Whether this function was declared."""
        return fn in self._by_fn

    def lane_of(self, fn: int) -> Lane:
        """The lane in which events of this function wait."""
        return self._by_fn[fn]

    def submit(self, job: Job) -> Ticket:
        """Let a job wait in its lane; returns its place."""
        return self.join(Ticket(job))

    def join(self, ticket: Ticket) -> Ticket:
        """Let a ticket wait in the lane of its job.

        Raises:
            QueueFull: as many wait already as may.
            QueueDraining: the lane takes nothing new.
        """
        if self.max_size is not None and self.waiting >= self.max_size:
            raise QueueFull(self.max_size, self.waiting)
        fn = ticket.job.fn
        lane = ticket.lane = self._by_fn[fn]
        if lane.draining:
            raise QueueDraining
        lane.append(ticket)
        if fn in self._batch:
            lane.batches.setdefault(self._mates[fn], OrderedDict())[ticket] = None
        self.waiting += 1
        self._enter(lane)
        return ticket

    def admit(self, ticket: Ticket) -> None:
        """Let a ticket's job start at once, outside all limits. To be given back by release."""
        self.direct.running += 1
        ticket.lane = self.direct

    def take(self) -> list[Ticket] | None:
        """The next work that may start, a batch or a single job; None when nothing may. To be given back by release."""
        if self.at_work >= self.cap:
            return None
        line = self._line
        for _ in range(len(line)):
            lane = line.popleft()
            if not lane.open:
                lane.in_line = False
            elif lane.running and self.cap - self.at_work <= min(self._idle, self._kept):
                line.append(lane)  # what is free is kept for lanes with nothing at work
            else:
                return self._start(lane)
        return None

    def cancel(self, ticket: Ticket) -> bool:
        """Take a ticket out of its lane; False when it does not wait (any more)."""
        if ticket.place < 0:
            return False
        self._leave(ticket)
        return True

    def release(self, lane: Lane) -> None:
        """A work of this lane has ended: its slot is free again."""
        lane.running -= 1
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

    def pause(self, lane: Lane, paused: bool = True) -> None:
        """Let nothing of a lane start, or (False) let it go on; works going on are not stopped."""
        lane.paused = paused
        self._enter(lane)

    def _start(self, lane: Lane) -> list[Ticket]:
        head = lane.first
        assert head is not None  # the lane is open
        count = self._batch.get(head.job.fn, 1)
        if count == 1:
            tickets = [head]
        else:
            mates = iter(lane.batches[self._mates[head.job.fn]])
            tickets = [ticket for ticket, _ in zip(mates, range(count), strict=False)]
        for ticket in tickets:
            self._leave(ticket)
        if not lane.running:
            self._idle -= 1
        lane.running += 1
        self.at_work += 1
        lane.in_line = False
        self._enter(lane)
        return tickets

    def _leave(self, ticket: Ticket) -> None:
        mates = ticket.lane.batches.get(self._mates.get(ticket.job.fn))
        if mates is not None:
            mates.pop(ticket, None)
        ticket.lane.remove(ticket)
        self.waiting -= 1

    def _enter(self, lane: Lane) -> None:
        if not lane.in_line and lane.open:
            lane.in_line = True
            self._line.append(lane)
