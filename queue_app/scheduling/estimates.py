"""Position and expected wait of waiting jobs, and who must be told of them now. Pure: time is given, messages are
returned.

A newcomer is told at once. When a group moves, its first few are told at once (at most every GAP seconds per group);
all others hear of a change on the next rounds, at most BOUND of them per round. So the cost of an event does not
grow with the number that wait.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from msgspec import UNSET

from blocks_app.protocol import Estimation
from queue_app.scheduling.scheduler import ConcurrencyGroup, QueueEntry, Scheduler

FIRST_FEW = 4  # entries of a group that are told at once
GAP = 0.05  # seconds between two notices to the first few of a group
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

    def __init__(self, scheduler: Scheduler, rate: float | str = "auto") -> None:
        """Watch over `scheduler`.

        Args:
            rate: the queue's `status_update_rate`: "auto" tells whenever something changes, a number of seconds
                tells everybody that often and nothing in between.
        """
        self.scheduler = scheduler
        self.auto = rate == "auto"
        self.pace = PACE if self.auto else float(rate)
        self._by_fn: dict[Hashable, Mean] = {}
        self.means: dict[Hashable, Mean] = {}
        self._notified_at: dict[Hashable, float] = {}
        self._front_due: set[Hashable] = set()  # groups whose first few must be told after GAP
        self._behind: set[Hashable] = set()  # groups that moved since their last complete round
        self._walked_at = float("-inf")

    def ran(self, group: ConcurrencyGroup, fn: Hashable, seconds: float, jobs: int = 1) -> None:
        """A work of `jobs` jobs took so long."""
        self._by_fn.setdefault(fn, Mean()).add(seconds)
        self.means.setdefault(group.key, Mean()).add(seconds / jobs)

    def average(self, fn: Hashable) -> float | None:
        """The mean run time of a function; None before its first run."""
        mean = self._by_fn.get(fn)
        return mean.value if mean else None

    def tidy(self, group: ConcurrencyGroup) -> None:
        """Something has left a group: forget one that was only there for it."""
        if not self.scheduler.drop(group):
            return
        self.means.pop(group.key, None)
        self._notified_at.pop(group.key, None)
        self._front_due.discard(group.key)
        self._behind.discard(group.key)

    def group_average(self, group: ConcurrencyGroup) -> float | None:
        """The mean run time per job of a group; None before its first run."""
        mean = self.means.get(group.key)
        return mean.value if mean else None

    def eta(self, group: ConcurrencyGroup, position: int) -> float | None:
        """Seconds until the job at this position has its answer: those before it and itself, `limit` at a time."""
        each = self.group_average(group)
        if each is None:
            return None
        width = max(1, min(group.limit or self.scheduler.cap, self.scheduler.cap))
        busy = each if group.running >= width else 0.0
        return each * (position // width + 1) + busy

    def joined(self, entry: QueueEntry) -> Notice:
        """What the client of an entry that has just joined its group hears."""
        return self._notice_for(entry, entry.group.position_of(entry))

    def moved(self, group: ConcurrencyGroup, now: float) -> list[Notice]:
        """A group moved (something started or left): the notices to send at once."""
        if not self.auto or group.first is None:
            return []
        self._behind.add(group.key)
        if now - self._notified_at.get(group.key, float("-inf")) < GAP:
            self._front_due.add(group.key)
            return []
        return self._front(group, now)

    def next_round(self, now: float) -> float | None:
        """Seconds until `round` should be called; None when nobody has to be told anything."""
        if not self.scheduler.waiting:
            self._behind.clear()
            self._front_due.clear()
            return None
        if not self.auto:
            return self.pace
        if self._front_due:
            return GAP
        return max(GAP, self._walked_at + self.pace - now) if self._behind else None

    def round(self, now: float) -> list[Notice]:
        """The notices of one round, at most BOUND (and the first few of each group)."""
        if not self.auto:
            return self._everybody()
        notices: list[Notice] = []
        for key in self._front_due:
            notices += self._front(self.scheduler.by_key[key], now)
        self._front_due.clear()
        if now - self._walked_at >= self.pace - GAP / 2:
            self._walked_at = now
            share = max(1, BOUND // max(1, len(self._behind)))
            for key in list(self._behind):
                notices += self._walk(key, share)
        return notices

    def _walk(self, key: Hashable, share: int) -> list[Notice]:
        found, complete = self.scheduler.by_key[key].walk(share)
        if complete:
            self._behind.discard(key)
        return [self._notice_for(entry, position) for position, entry in found if self._stale(entry, position)]

    def _everybody(self) -> list[Notice]:
        busy = [group for group in self.scheduler.by_key.values() if group.first is not None]
        share = max(1, BOUND // max(1, len(busy)))
        return [self._notice_for(entry, position) for group in busy for position, entry in group.walk(share)[0]]

    def _front(self, group: ConcurrencyGroup, now: float) -> list[Notice]:
        self._notified_at[group.key] = now
        front = enumerate(group.head(FIRST_FEW))
        return [self._notice_for(entry, position) for position, entry in front if self._stale(entry, position)]

    def _stale(self, entry: QueueEntry, position: int) -> bool:
        return entry.last_notice != (position, entry.group.size, entry.group.paused)

    def _notice_for(self, entry: QueueEntry, position: int) -> Notice:
        group = entry.group
        entry.last_notice = (position, group.size, group.paused)
        return entry, Estimation(
            event_id=entry.job.event_id,
            rank=position,
            queue_size=group.size,
            rank_eta=self.eta(group, position),
            paused=group.paused or UNSET,
        )
