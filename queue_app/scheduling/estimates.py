"""Rank and expected wait of waiting jobs, and who must be told of them now. Pure: time is given, messages are returned.

A newcomer is told at once. When a lane moves, its first few are told at once (at most every GAP seconds per lane);
all others hear of a change on the next rounds, at most BOUND of them per round. So the cost of an event does not
grow with the number that wait.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from blocks_app.protocol import Estimation
from queue_app.scheduling.scheduler import ConcurrencyGroup, QueueEntry, Scheduler

FIRST_FEW = 4  # entries of a lane that are told at once
GAP = 0.05  # seconds between two notices to the first few of a lane
PACE = 0.5  # seconds between two rounds with the status update rate "auto"
BOUND = 500  # entries told in one round


@dataclass(slots=True)
class Mean:
    """A running mean of durations in seconds."""

    total: float = 0.0
    count: int = 0

    def add(self, seconds: float) -> None:
        """Take one more into account."""
        self.total += seconds
        self.count += 1

    @property
    def value(self) -> float | None:
        """The mean; None before the first."""
        return self.total / self.count if self.count else None


Notice = tuple[QueueEntry, Estimation]


class Estimates:
    """What the clients of waiting jobs know, and the run times from which waits are guessed."""

    def __init__(self, lanes: Scheduler, rate: float | str = "auto") -> None:
        """Watch over `lanes`.

        Args:
            rate: the queue's `status_update_rate`: "auto" tells whenever something changes, a number of seconds
                tells everybody that often and nothing in between.
        """
        self.lanes = lanes
        self.auto = rate == "auto"
        self.pace = PACE if self.auto else float(rate)
        self._by_fn: dict[Hashable, Mean] = {}
        self._by_lane: dict[Hashable, Mean] = {}
        self._told_at: dict[Hashable, float] = {}
        self._front_due: set[Hashable] = set()  # lanes whose first few must be told after GAP
        self._behind: set[Hashable] = set()  # lanes that moved since their last complete round
        self._walked_at = float("-inf")

    def ran(self, lane: ConcurrencyGroup, fn: Hashable, seconds: float, jobs: int = 1) -> None:
        """A work of `jobs` jobs took so long."""
        self._by_fn.setdefault(fn, Mean()).add(seconds)
        self._by_lane.setdefault(lane.key, Mean()).add(seconds / jobs)

    def average(self, fn: Hashable) -> float | None:
        """The mean run time of a function; None before its first run."""
        mean = self._by_fn.get(fn)
        return mean.value if mean else None

    def tidy(self, lane: ConcurrencyGroup) -> None:
        """Something has left a lane: forget one that was only there for it."""
        if not self.lanes.drop(lane):
            return
        self._by_lane.pop(lane.key, None)
        self._told_at.pop(lane.key, None)
        self._front_due.discard(lane.key)
        self._behind.discard(lane.key)

    def lane_average(self, lane: ConcurrencyGroup) -> float | None:
        """The mean run time per job of a lane; None before its first run."""
        mean = self._by_lane.get(lane.key)
        return mean.value if mean else None

    def eta(self, lane: ConcurrencyGroup, rank: int) -> float | None:
        """Seconds until the job at this rank has its answer: those before it and itself, `limit` at a time."""
        each = self.lane_average(lane)
        if each is None:
            return None
        width = max(1, min(lane.limit or self.lanes.cap, self.lanes.cap))
        busy = each if lane.running >= width else 0.0
        return each * (rank // width + 1) + busy

    def joined(self, entry: QueueEntry) -> Notice:
        """What the client of an entry that has just joined its lane hears."""
        return self._tell(entry, entry.lane.rank_of(entry))

    def moved(self, lane: ConcurrencyGroup, now: float) -> list[Notice]:
        """A lane moved (something started or left): the notices to send at once."""
        if not self.auto or lane.first is None:
            return []
        self._behind.add(lane.key)
        if now - self._told_at.get(lane.key, float("-inf")) < GAP:
            self._front_due.add(lane.key)
            return []
        return self._front(lane, now)

    def next_round(self, now: float) -> float | None:
        """Seconds until `round` should be called; None when nobody has to be told anything."""
        if not self.lanes.waiting:
            self._behind.clear()
            self._front_due.clear()
            return None
        if not self.auto:
            return self.pace
        if self._front_due:
            return GAP
        return max(GAP, self._walked_at + self.pace - now) if self._behind else None

    def round(self, now: float) -> list[Notice]:
        """The notices of one round, at most BOUND (and the first few of each lane)."""
        if not self.auto:
            return self._everybody()
        notices: list[Notice] = []
        for key in self._front_due:
            notices += self._front(self.lanes.by_key[key], now)
        self._front_due.clear()
        if now - self._walked_at >= self.pace - GAP / 2:
            self._walked_at = now
            share = max(1, BOUND // max(1, len(self._behind)))
            for key in list(self._behind):
                notices += self._walk(key, share)
        return notices

    def _walk(self, key: Hashable, share: int) -> list[Notice]:
        found, complete = self.lanes.by_key[key].walk(share)
        if complete:
            self._behind.discard(key)
        return [self._tell(entry, rank) for rank, entry in found if self._stale(entry, rank)]

    def _everybody(self) -> list[Notice]:
        busy = [lane for lane in self.lanes.by_key.values() if lane.first is not None]
        share = max(1, BOUND // max(1, len(busy)))
        return [self._tell(entry, rank) for lane in busy for rank, entry in lane.walk(share)[0]]

    def _front(self, lane: ConcurrencyGroup, now: float) -> list[Notice]:
        self._told_at[lane.key] = now
        front = enumerate(lane.head(FIRST_FEW))
        return [self._tell(entry, rank) for rank, entry in front if self._stale(entry, rank)]

    def _stale(self, entry: QueueEntry, rank: int) -> bool:
        return entry.told != (rank, entry.lane.size)

    def _tell(self, entry: QueueEntry, rank: int) -> Notice:
        lane = entry.lane
        entry.told = (rank, lane.size)
        return entry, Estimation(
            event_id=entry.job.event_id, rank=rank, queue_size=lane.size, rank_eta=self.eta(lane, rank)
        )
