"""Celery by itself: a task that gives back what it gets. `python -m benchmarks.scale.noop SECONDS` calls it."""

from __future__ import annotations

import json
import os
import sys
import time

from celery import Celery

from benchmarks.load.__main__ import percentile
from benchmarks.scale import ready  # noqa: F401 - it tells when the worker takes tasks

_redis = os.environ["SCALE_REDIS"]
app = Celery("noop", broker=f"{_redis}/2", backend=f"{_redis}/3")
app.conf.update(task_default_queue="noop", worker_prefetch_multiplier=1, broker_connection_retry_on_startup=True)


@app.task(name="noop")
def noop(text: str) -> str:
    """Give back."""
    return text


def main() -> None:
    """Call it, one after the other, and wait for each answer; print how long that took."""
    seconds = float(sys.argv[1])
    noop.delay("x").get(timeout=30)
    taken, own, began = [], time.process_time(), time.perf_counter()
    while time.perf_counter() - began < seconds:
        asked = time.perf_counter()
        noop.delay("x").get(timeout=30)
        taken.append(time.perf_counter() - asked)
    cpu = time.process_time() - own
    figures = {"calls": len(taken), "p50_ms": percentile(taken, 0.5), "p99_ms": percentile(taken, 0.99)}
    print(json.dumps({**figures, "client_ms": 1000 * cpu / len(taken)}))


if __name__ == "__main__":
    main()
