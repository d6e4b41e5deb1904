"""How many events each function has ended lately in this process: counted as they end, for the live queue's page."""

from __future__ import annotations

import time
from collections.abc import Iterable

from queue_app.signals import JobChanged, job_changed

STEP = 10.0  # seconds that are counted together
MINUTES = 5  # that a rate looks back
_STEPS = int(MINUTES * 60 / STEP)
_ENDS = frozenset(("job.done", "job.failed", "job.cancelled"))

#: By mount and function: events per step of time.
counts: dict[tuple[str, int], dict[int, int]] = {}


def install() -> None:
    """Count from now on."""
    job_changed.connect(note)


def note(change: JobChanged) -> None:
    """A job has changed its state. Called on the server's loop."""
    if change.action not in _ENDS:
        return
    steps = counts.setdefault((change.mount, change.fn), {})
    now = int(time.monotonic() / STEP)
    steps[now] = steps.get(now, 0) + 1
    if len(steps) > _STEPS:
        for old in [step for step in steps if step <= now - _STEPS]:
            del steps[old]


def per_minute(mount: str, functions: Iterable[int]) -> float:
    """Events per minute that these functions of an app have ended in the last minutes."""
    oldest = int(time.monotonic() / STEP) - _STEPS
    found = [counts.get((mount, fn), {}) for fn in functions]
    return sum(count for steps in found for step, count in list(steps.items()) if step > oldest) / MINUTES
