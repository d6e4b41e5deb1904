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
    def created_at(self) -> float:
        """`time.time()` of its submission, which is shown."""


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
        deferred: whether it is deferred, because its user has as many events at work as one may.
    """

    __slots__ = ("after", "alone", "before", "declared", "deferred", "job", "lane", "place", "told", "turn", "user")

    #: The lane that it joined.
    lane: ConcurrencyGroup

    def __init__(self, job: QueuedJob, alone: bool = False) -> None:
        self.job = job
        #: Whether it never runs together with others in a batch.
        self.alone = alone
        #: For whom it waits, see `waits_for`.
        self.user: Hashable = waits_for(job, alone)
        #: What its listener says, when that is one of a single session; else the lanes know it.
        self.declared: Declared | None = None
        self.place = -1
        self.turn: Turn = (0, 0)
        self.deferred = False
        self.before: QueueEntry | None = None
        self.after: QueueEntry | None = None
        self.told: tuple[int, int] | None = None


class ConcurrencyGroup:
    """The waiting entries as a linked list, and the number of works going on.

    `cursor` walks along the list, a few entries at a time; `cursor_rank` stays its exact rank while others come and
    leave. While `paused` nothing starts; while `draining` nothing joins; `pinned` keeps a limit that an operator set.
    `size` counts those that are deferred, too.
    """

    __slots__ = (
        "_counts",
        "_of_user",
        "_rounds",
        "_tails",
        "_turns",
        "arrivals",
        "batches",
        "cursor",
        "cursor_rank",
        "draining",
        "ephemeral",
        "first",
        "in_line",
        "key",
        "last",
        "limit",
        "paused",
        "pinned",
        "running",
        "size",
    )  # fmt: skip

    def __init__(self, key: Hashable, limit: int | None = None) -> None:
        self.key = key
        self.limit = limit
        self.size = 0
        self.running = 0
        self.arrivals = 0
        self.first: QueueEntry | None = None
        self.last: QueueEntry | None = None
        self.batches: dict[Hashable, OrderedDict[QueueEntry, None]] = {}  # per batching function, its waiting entries
        self.paused = self.draining = self.pinned = False
        self.ephemeral = False  # made for the listeners of one session; goes when nothing waits or runs in it
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

    def append(self, entry: QueueEntry, priority: int = 0) -> None:
        """Put an entry behind its user's others, at the end of its round."""
        level = -priority
        own = self._of_user.get((level, entry.user))
        now = self._rounds.get(level, 0)
        if own:
            now = max(now, next(reversed(own)).turn[1] + 1)
        entry.turn = (level, now)
        self._number(entry)
        self._link(entry, self._end_of(entry.turn))
        self._tails[entry.turn] = entry

    def readmit(self, entry: QueueEntry) -> None:
        """Put an entry that was deferred before its user's others, no earlier than the round that is being served."""
        level = entry.turn[0]
        entry.turn = (level, self._rounds.get(level, 0))
        entry.deferred = False
        self.size -= 1
        own = self._of_user.get((level, entry.user))
        following = next(iter(own)) if own else None
        self._number(entry)
        self._of_user[level, entry.user].move_to_end(entry, last=False)
        if following is not None and following.turn == entry.turn:
            self._counts[entry.turn] += 1
            entry.place = following.place  # equal is as good as before: the cursor compares with "less"
            self._link(entry, following.before)
        else:
            self._link(entry, self._end_of(entry.turn))
            self._tails[entry.turn] = entry

    def remove(self, entry: QueueEntry) -> None:
        """Take a waiting entry out, wherever it stands."""
        before, after, cursor = entry.before, entry.after, self.cursor
        if before is None:
            self.first = after
        else:
            before.after = after
        if after is None:
            self.last = before
        else:
            after.before = before
        if cursor is entry:
            self.cursor = after
        elif cursor is not None and (entry.turn, entry.place) < (cursor.turn, cursor.place):
            self.cursor_rank -= 1
        self._leave_round(entry, before)
        entry.before = entry.after = None
        entry.place = -1
        self.size -= 1

    def started(self, entry: QueueEntry) -> None:
        """An entry that has left the list starts: its round is the one that is being served."""
        level, number = entry.turn
        self._rounds[level] = max(number, self._rounds.get(level, 0))

    def rank_of(self, entry: QueueEntry) -> int:
        """The rank of an entry at the end of its round; estimated where many rounds are before and behind it."""
        turns, counts = self._turns, self._counts
        if entry is self.last:
            return self.size - 1
        index = bisect_left(turns, entry.turn)
        if index <= _NEAR:
            return sum(counts[turn] for turn in turns[: index + 1]) - 1
        if len(turns) - index <= _NEAR:
            return self.size - 1 - sum(counts[turn] for turn in turns[index + 1 :])
        return self.size * index // len(turns)

    def head(self, count: int) -> list[QueueEntry]:
        """The first entries, at most `count`."""
        entries: list[QueueEntry] = []
        entry = self.first
        while entry is not None and len(entries) < count:
            entries.append(entry)
            entry = entry.after
        return entries

    def walk(self, count: int) -> tuple[list[tuple[int, QueueEntry]], bool]:
        """The next entries along the list with their ranks, and whether the end was reached; then it starts anew."""
        if self.cursor is None:
            self.cursor, self.cursor_rank = self.first, 0
        found: list[tuple[int, QueueEntry]] = []
        entry, rank = self.cursor, self.cursor_rank
        while entry is not None and len(found) < count:
            found.append((rank, entry))
            entry = entry.after
            rank += 1
        self.cursor, self.cursor_rank = entry, rank
        return found, entry is None

    # The list and its rounds

    def _number(self, entry: QueueEntry) -> None:
        self.arrivals += 1
        entry.place = self.arrivals
        self._of_user.setdefault((entry.turn[0], entry.user), OrderedDict())[entry] = None

    def _end_of(self, turn: Turn) -> QueueEntry | None:
        """The entry behind which the next one of a round stands; None for the very front. Counts the next one."""
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

    def _link(self, entry: QueueEntry, before: QueueEntry | None) -> None:
        after = self.first if before is None else before.after
        entry.before, entry.after = before, after
        if before is None:
            self.first = entry
        else:
            before.after = entry
        if after is None:
            self.last = entry
        else:
            after.before = entry
        self.size += 1
        cursor = self.cursor
        if cursor is not None and (entry.turn, entry.place) <= (cursor.turn, cursor.place):
            self.cursor_rank += 1

    def _leave_round(self, entry: QueueEntry, before: QueueEntry | None) -> None:
        turn = entry.turn
        key = (turn[0], entry.user)
        own = self._of_user[key]
        del own[entry]
        if not own:
            del self._of_user[key]
        self._counts[turn] -= 1
        if not self._counts[turn]:
            del self._counts[turn], self._tails[turn]
            del self._turns[bisect_left(self._turns, turn)]
        elif self._tails[turn] is entry:
            assert before is not None  # somebody of the round is left, and stands before its last
            self._tails[turn] = before
