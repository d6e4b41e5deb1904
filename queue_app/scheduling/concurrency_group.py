"""One concurrency group: who waits in it, in the order in which they start. Pure.

The order is fair between users and simple: each user's waiting events stand in rounds, one per round, and rounds are
served one after the other. A newcomer joins the round that is being served, so it waits for no more than one event of
each other user, however many those have. Higher priorities come first, each with rounds of its own. The list is kept in
this order, so ranks are places in it; joining and leaving cost O(log n).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Hashable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from blocks_app.running.request import RequestInfo
    from queue_app.scheduling.scheduler import Declared

_NEAR = 64  # rounds that are counted through for the rank of a newcomer; further away it is estimated

#: Minus the priority, and the round.
Turn = tuple[int, int]


class QueuedJob(Protocol):
    """What the scheduler needs to know of a job: which function, and for whom."""

    @property
    def event_id(self) -> str:
        """Its name."""

    @property
    def fn(self) -> int:
        """The number of its function."""

    @property
    def session_hash(self) -> str:
        """The session that it belongs to; its own name for one that belongs to none."""

    @property
    def identity_key(self) -> str | None:
        """Who submitted it; empty for somebody unknown."""

    @property
    def request(self) -> RequestInfo | None:
        """Where from."""

    @property
    def created(self) -> float:
        """`time.monotonic()` of its submission, which is shown."""


def waits_for(job: QueuedJob, alone: bool) -> Hashable:
    """A visitor who has logged in; else the tab. What belongs to no tab, as all direct calls, is its address's."""
    if job.identity_key:  # that of everybody who is not logged in is empty
        return job.identity_key
    is_of_tab = job.session_hash != job.event_id and not alone  # programs may name a new session in each call
    if is_of_tab or job.request is None or job.request.client is None:
        return job.session_hash
    return "address", job.request.client[0]


class QueueEntry:
    """A job's place in its lane: a link of the lane's list.

    Attributes:
        place: number in order of arrival; -1 while it does not wait.
        told: rank and queue size that its client knows.
        turn: where it stands.
        parked: whether it stands aside, because its user has as many events at work as one may.
    """

    __slots__ = ("after", "before", "declared", "job", "lane", "parked", "place", "told", "turn", "user")

    #: Whether it never runs together with others in a batch.
    alone = False
    #: The lane that it joined.
    lane: ConcurrencyGroup

    def __init__(self, job: QueuedJob) -> None:
        self.job = job
        #: For whom it waits, see `waits_for`.
        self.user: Hashable = waits_for(job, self.alone)
        #: What its listener says, when that is one of a single session; else the lanes know it.
        self.declared: Declared | None = None
        self.place = -1
        self.turn: Turn = (0, 0)
        self.parked = False
        self.before: QueueEntry | None = None
        self.after: QueueEntry | None = None
        self.told: tuple[int, int] | None = None


class ConcurrencyGroup:
    """The waiting tickets as a linked list, and the number of works going on.

    `cursor` walks along the list, a few tickets at a time; `cursor_rank` stays its exact rank while others come and
    leave. While `paused` nothing starts; while `draining` nothing joins; `pinned` keeps a limit that an operator set.
    `size` counts those that stand aside, too.
    """

    __slots__ = (
        "_counts", "_of_user", "_rounds", "_tails", "_turns", "arrivals", "batches", "cursor", "cursor_rank",
        "draining", "first", "in_line", "key", "last", "limit", "passing", "paused", "pinned", "running", "size",
    )  # fmt: skip

    def __init__(self, key: Hashable, limit: int | None = None) -> None:
        self.key = key
        self.limit = limit
        self.size = 0
        self.running = 0
        self.arrivals = 0
        self.first: QueueEntry | None = None
        self.last: QueueEntry | None = None
        self.batches: dict[Hashable, OrderedDict[QueueEntry, None]] = {}  # per batching function, its waiting tickets
        self.paused = self.draining = self.pinned = False
        self.passing = False  # made for the listeners of one session; goes when nothing waits or runs in it
        self.in_line = False  # whether the lane stands among those that may start something
        self.cursor: QueueEntry | None = None
        self.cursor_rank = 0
        self._rounds: dict[int, int] = {}  # per priority, the round that is being served
        self._turns: list[Turn] = []  # those in which somebody stands, sorted
        self._tails: dict[Turn, QueueEntry] = {}
        self._counts: dict[Turn, int] = {}
        self._of_user: dict[tuple[int, Hashable], OrderedDict[QueueEntry, None]] = {}

    @property
    def open(self) -> bool:
        """Whether something waits and the limit allows it to start."""
        return self.first is not None and not self.paused and (self.limit is None or self.running < self.limit)

    def append(self, ticket: QueueEntry, priority: int = 0) -> None:
        """Put a ticket behind its user's others, at the end of its round."""
        level = -priority
        own = self._of_user.get((level, ticket.user))
        now = self._rounds.get(level, 0)
        if own:
            now = max(now, next(reversed(own)).turn[1] + 1)
        ticket.turn = (level, now)
        self._number(ticket)
        self._link(ticket, self._end_of(ticket.turn))
        self._tails[ticket.turn] = ticket

    def readmit(self, ticket: QueueEntry) -> None:
        """Put a ticket that stood aside before its user's others, no earlier than the round that is being served."""
        level = ticket.turn[0]
        ticket.turn = (level, self._rounds.get(level, 0))
        ticket.parked = False
        self.size -= 1
        own = self._of_user.get((level, ticket.user))
        following = next(iter(own)) if own else None
        self._number(ticket)
        self._of_user[level, ticket.user].move_to_end(ticket, last=False)
        if following is not None and following.turn == ticket.turn:
            self._counts[ticket.turn] += 1
            ticket.place = following.place  # equal is as good as before: the cursor compares with "less"
            self._link(ticket, following.before)
        else:
            self._link(ticket, self._end_of(ticket.turn))
            self._tails[ticket.turn] = ticket

    def remove(self, ticket: QueueEntry) -> None:
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
        elif cursor is not None and (ticket.turn, ticket.place) < (cursor.turn, cursor.place):
            self.cursor_rank -= 1
        self._leave_round(ticket, before)
        ticket.before = ticket.after = None
        ticket.place = -1
        self.size -= 1

    def started(self, ticket: QueueEntry) -> None:
        """A ticket that has left the list starts: its round is the one that is being served."""
        level, number = ticket.turn
        self._rounds[level] = max(number, self._rounds.get(level, 0))

    def rank_of(self, ticket: QueueEntry) -> int:
        """The rank of a ticket at the end of its round; estimated where many rounds are before and behind it."""
        turns, counts = self._turns, self._counts
        if ticket is self.last:
            return self.size - 1
        index = bisect_left(turns, ticket.turn)
        if index <= _NEAR:
            return sum(counts[turn] for turn in turns[: index + 1]) - 1
        if len(turns) - index <= _NEAR:
            return self.size - 1 - sum(counts[turn] for turn in turns[index + 1 :])
        return self.size * index // len(turns)

    def head(self, count: int) -> list[QueueEntry]:
        """The first tickets, at most `count`."""
        tickets: list[QueueEntry] = []
        ticket = self.first
        while ticket is not None and len(tickets) < count:
            tickets.append(ticket)
            ticket = ticket.after
        return tickets

    def walk(self, count: int) -> tuple[list[tuple[int, QueueEntry]], bool]:
        """The next tickets along the list with their ranks, and whether the end was reached; then it starts anew."""
        if self.cursor is None:
            self.cursor, self.cursor_rank = self.first, 0
        found: list[tuple[int, QueueEntry]] = []
        ticket, rank = self.cursor, self.cursor_rank
        while ticket is not None and len(found) < count:
            found.append((rank, ticket))
            ticket = ticket.after
            rank += 1
        self.cursor, self.cursor_rank = ticket, rank
        return found, ticket is None

    # The list and its rounds

    def _number(self, ticket: QueueEntry) -> None:
        self.arrivals += 1
        ticket.place = self.arrivals
        self._of_user.setdefault((ticket.turn[0], ticket.user), OrderedDict())[ticket] = None

    def _end_of(self, turn: Turn) -> QueueEntry | None:
        """The ticket behind which the next one of a round stands; None for the very front. Counts the next one."""
        if turn in self._counts:
            self._counts[turn] += 1
            return self._tails[turn]
        self._counts[turn] = 1
        turns = self._turns
        if not turns or turns[-1] < turn:
            turns.append(turn)
            return self.last
        index = bisect_left(turns, turn)
        turns.insert(index, turn)
        return self._tails[turns[index - 1]] if index else None

    def _link(self, ticket: QueueEntry, before: QueueEntry | None) -> None:
        after = self.first if before is None else before.after
        ticket.before, ticket.after = before, after
        if before is None:
            self.first = ticket
        else:
            before.after = ticket
        if after is None:
            self.last = ticket
        else:
            after.before = ticket
        self.size += 1
        cursor = self.cursor
        if cursor is not None and (ticket.turn, ticket.place) <= (cursor.turn, cursor.place):
            self.cursor_rank += 1

    def _leave_round(self, ticket: QueueEntry, before: QueueEntry | None) -> None:
        turn = ticket.turn
        key = (turn[0], ticket.user)
        own = self._of_user[key]
        del own[ticket]
        if not own:
            del self._of_user[key]
        self._counts[turn] -= 1
        if not self._counts[turn]:
            del self._counts[turn], self._tails[turn]
            del self._turns[bisect_left(self._turns, turn)]
        elif self._tails[turn] is ticket:
            assert before is not None  # somebody of the round is left, and stands before its last
            self._tails[turn] = before
