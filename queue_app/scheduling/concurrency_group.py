"""One concurrency group: who waits in it, in the order in which they start. Pure.

The order is fair between users and simple: each user's waiting events stand in rounds, one per round, and rounds are
served one after the other. A newcomer joins the round that is being served, so it waits for no more than one event of
each other user, however many those have. Higher priorities come first, each with rounds of its own. The list is kept in
this order, so positions are places in it; joining and leaving cost O(log n).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Hashable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from blocks_app.running.request import RequestInfo
    from queue_app.scheduling.scheduler import Declared

_NEAR = 64  # rounds that are counted through for the position of a newcomer; further away it is estimated

#: Minus the priority, and the round.
RoundKey = tuple[int, int]


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
    def username(self) -> str | None:
        """Their name; None for somebody unknown."""

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
    """A job's place in its group: a link of the group's list.

    Attributes:
        place: number in order of arrival; -1 while it does not wait.
        last_notice: position and queue size that its client knows, and whether it knows of a pause.
        round_key: where it stands.
        deferred: whether it is deferred, because its user has as many events at work as one may.
    """

    __slots__ = (
        "after",
        "alone",
        "before",
        "declared",
        "deferred",
        "group",
        "job",
        "last_notice",
        "place",
        "round_key",
        "user",
    )

    #: The group that it joined.
    group: ConcurrencyGroup

    def __init__(self, job: QueuedJob, alone: bool = False) -> None:
        self.job = job
        #: Whether it never runs together with others in a batch.
        self.alone = alone
        #: For whom it waits, see `waits_for`.
        self.user: Hashable = waits_for(job, alone)
        #: What its listener says, when that is one of a single session; else the groups know it.
        self.declared: Declared | None = None
        self.place = -1
        self.round_key: RoundKey = (0, 0)
        self.deferred = False
        self.before: QueueEntry | None = None
        self.after: QueueEntry | None = None
        self.last_notice: tuple[int, int, bool] | None = None


class ConcurrencyGroup:
    """The waiting entries as a linked list, and the number of works going on.

    `cursor` walks along the list, a few entries at a time; `cursor_position` stays its exact position while others come
    and leave. While `paused` nothing starts; while `draining` nothing joins; `pinned` keeps a limit that an operator
    set. `size` counts those that are deferred, too.
    """

    __slots__ = (
        "_counts",
        "_of_user",
        "_round_keys",
        "_rounds",
        "_tails",
        "arrivals",
        "batches",
        "cursor",
        "cursor_position",
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
        self.in_line = False  # whether the group stands among those that may start something
        self.cursor: QueueEntry | None = None
        self.cursor_position = 0
        self._rounds: dict[int, int] = {}  # per priority, the round that is being served
        self._round_keys: list[RoundKey] = []  # those in which somebody stands, sorted
        self._tails: dict[RoundKey, QueueEntry] = {}
        self._counts: dict[RoundKey, int] = {}
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
            now = max(now, next(reversed(own)).round_key[1] + 1)
        entry.round_key = (level, now)
        self._number(entry)
        self._link(entry, self._end_of(entry.round_key))
        self._tails[entry.round_key] = entry

    def readmit(self, entry: QueueEntry) -> None:
        """Put an entry that was deferred before its user's others, no earlier than the round that is being served."""
        level = entry.round_key[0]
        entry.round_key = (level, self._rounds.get(level, 0))
        entry.deferred = False
        self.size -= 1
        own = self._of_user.get((level, entry.user))
        following = next(iter(own)) if own else None
        self._number(entry)
        self._of_user[level, entry.user].move_to_end(entry, last=False)
        if following is not None and following.round_key == entry.round_key:
            self._counts[entry.round_key] += 1
            entry.place = following.place  # equal is as good as before: the cursor compares with "less"
            self._link(entry, following.before)
        else:
            self._link(entry, self._end_of(entry.round_key))
            self._tails[entry.round_key] = entry

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
        elif cursor is not None and (entry.round_key, entry.place) < (cursor.round_key, cursor.place):
            self.cursor_position -= 1
        self._leave_round(entry, before)
        entry.before = entry.after = None
        entry.place = -1
        self.size -= 1

    def started(self, entry: QueueEntry) -> None:
        """An entry that has left the list starts: its round is the one that is being served."""
        level, number = entry.round_key
        self._rounds[level] = max(number, self._rounds.get(level, 0))

    def position_of(self, entry: QueueEntry) -> int:
        """The position of an entry at the end of its round; estimated where many rounds are before and behind it."""
        round_keys, counts = self._round_keys, self._counts
        if entry is self.last:
            return self.size - 1
        index = bisect_left(round_keys, entry.round_key)
        if index <= _NEAR:
            return sum(counts[round_key] for round_key in round_keys[: index + 1]) - 1
        if len(round_keys) - index <= _NEAR:
            return self.size - 1 - sum(counts[round_key] for round_key in round_keys[index + 1 :])
        return self.size * index // len(round_keys)

    def head(self, count: int) -> list[QueueEntry]:
        """The first entries, at most `count`."""
        entries: list[QueueEntry] = []
        entry = self.first
        while entry is not None and len(entries) < count:
            entries.append(entry)
            entry = entry.after
        return entries

    def walk(self, count: int) -> tuple[list[tuple[int, QueueEntry]], bool]:
        """The next entries along the list with their positions, and whether the end was reached; then it starts
        anew."""
        if self.cursor is None:
            self.cursor, self.cursor_position = self.first, 0
        found: list[tuple[int, QueueEntry]] = []
        entry, position = self.cursor, self.cursor_position
        while entry is not None and len(found) < count:
            found.append((position, entry))
            entry = entry.after
            position += 1
        self.cursor, self.cursor_position = entry, position
        return found, entry is None

    # The list and its rounds

    def _number(self, entry: QueueEntry) -> None:
        self.arrivals += 1
        entry.place = self.arrivals
        self._of_user.setdefault((entry.round_key[0], entry.user), OrderedDict())[entry] = None

    def _end_of(self, round_key: RoundKey) -> QueueEntry | None:
        """The entry behind which the next one of a round stands; None for the very front. Counts the next one."""
        if round_key in self._counts:
            self._counts[round_key] += 1
            return self._tails[round_key]
        self._counts[round_key] = 1
        round_keys = self._round_keys
        if not round_keys or round_keys[-1] < round_key:
            round_keys.append(round_key)
            return self.last
        index = bisect_left(round_keys, round_key)
        round_keys.insert(index, round_key)
        return self._tails[round_keys[index - 1]] if index else None

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
        if cursor is not None and (entry.round_key, entry.place) <= (cursor.round_key, cursor.place):
            self.cursor_position += 1

    def _leave_round(self, entry: QueueEntry, before: QueueEntry | None) -> None:
        round_key = entry.round_key
        key = (round_key[0], entry.user)
        own = self._of_user[key]
        del own[entry]
        if not own:
            del self._of_user[key]
        self._counts[round_key] -= 1
        if not self._counts[round_key]:
            del self._counts[round_key], self._tails[round_key]
            del self._round_keys[bisect_left(self._round_keys, round_key)]
        elif self._tails[round_key] is entry:
            assert before is not None  # somebody of the round is left, and stands before its last
            self._tails[round_key] = before
