"""Prometheus metrics: what happened to events, and how the queue of this process stands when it is asked.

Each process counts for itself, unless PROMETHEUS_MULTIPROC_DIR names a folder where all of them count together.

Needs the extra `metrics` (prometheus-client). Counting begins with `install`, which queue_app.urls calls.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from cachetools import FIFOCache

from queue_app.execution.control.operating import snapshots
from queue_app.execution.engine import QueueSnapshot, shares_events
from queue_app.ids import is_worker
from queue_app.records import event_log
from queue_app.shutdown.hooks import Hooks
from queue_app.signals import JobChanged, job_changed, job_delivered

#: Upper bounds in seconds of the histograms' buckets.
BUCKETS = (0.005, 0.02, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)
_UNREAD = 10_000  # ended events whose delivery is waited for
_CHILDREN = 5_000  # combinations of labels kept at hand

_metrics: Metrics | None = None
_hooks = Hooks()


def available() -> bool:
    """Whether prometheus-client is installed."""
    return find_spec("prometheus_client") is not None


def install() -> Metrics:
    """Count from now on; the same metrics when that was done before."""
    global _metrics
    if _metrics is None:
        _metrics = Metrics()
        _hooks.to_signal(job_changed, _metrics.note)
        _hooks.to_signal(job_delivered, _metrics.delivered)
    return _metrics


def uninstall() -> None:
    """Count no more."""
    global _metrics
    _hooks.close()
    _metrics = None


class Metrics:
    """The counters of this process in a registry of their own."""

    def __init__(self) -> None:
        """Declare them."""
        from prometheus_client import CollectorRegistry, Counter, Histogram  # an extra

        self.registry = CollectorRegistry()
        self._ended = Counter(
            "blocks_events", "Events that ended, by how.", ("app", "function", "state"), registry=self.registry
        )
        self._submitted = Counter("blocks_events_submitted", "Events taken.", ("app",), registry=self.registry)
        seconds: dict[str, Any] = {"registry": self.registry, "buckets": BUCKETS}
        self._page = Histogram(
            "blocks_event_page_seconds", "From the click to its sending, as pages say.", ("app",), **seconds
        )
        self._wait = Histogram("blocks_event_wait_seconds", "From submission to start.", ("app",), **seconds)
        self._run = Histogram("blocks_event_run_seconds", "From start to end.", ("app", "function"), **seconds)
        self._deliver = Histogram(
            "blocks_event_delivery_seconds", "From its end until a connection has written it.", ("app",), **seconds
        )
        self._whole = Histogram(
            "blocks_event_whole_seconds",
            "From the click, or the submission, until the end is written.",
            ("app",),
            **seconds,
        )
        self._unread: FIFOCache[str, tuple[str, float | None, float]] = FIFOCache(_UNREAD)
        self._shared = shares_events()
        self.registry.register(_Live())

    def note(self, change: JobChanged) -> None:
        """A job has changed its state."""
        mount, started = change.mount, change.started
        if change.action == "job.queued":
            self._of(self._submitted, mount).inc()
            if change.waited:
                self._of(self._page, mount).observe(change.waited)
            if self._shared:  # it ends in a worker, and is delivered here
                self._unread[change.event_id] = (mount, None, time.monotonic() - change.waited)
            return
        if change.action == "job.started":
            if started is not None:
                self._of(self._wait, mount).observe(started - change.submitted)
            return
        self._of(self._ended, mount, change.fn_name, change.state).inc()
        if started is not None:
            self._of(self._run, mount, change.fn_name).observe((change.finished or change.at) - started)
        if not change.awaited and not is_worker():
            now = time.monotonic()
            clicked = now - (change.at - change.submitted) - change.waited
            self._unread[change.event_id] = (mount, now, clicked)

    def delivered(self, event_id: str) -> None:
        """A connection has written the completion of an event; the first one counts."""
        found = self._unread.pop(event_id, None)
        if found is not None:
            mount, ended, clicked = found
            now = time.monotonic()
            if ended is not None:
                self._of(self._deliver, mount).observe(now - ended)
            self._of(self._whole, mount).observe(now - clicked)

    def page(self) -> tuple[bytes, str]:
        """All of it as Prometheus reads it, and its content type."""
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest  # an extra

        registry = self.registry
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            from prometheus_client.multiprocess import MultiProcessCollector

            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            registry.register(_Live(str(os.getpid())))
        return generate_latest(registry), CONTENT_TYPE_LATEST

    @staticmethod
    @lru_cache(_CHILDREN)
    def _of(metric: Any, *labels: str) -> Any:
        """The counter for these labels; looking it up in the metric itself is dear."""
        return metric.labels(*labels)


class _Live:
    """What is asked for only when somebody scrapes: the queue as it stands.

    Where several processes count together the figures are still those of the one that answers, so they name it.
    """

    def __init__(self, process: str | None = None) -> None:
        self._names = () if process is None else ("process",)
        self._values = () if process is None else (process,)

    def describe(self) -> list[Any]:
        """Nothing: the values cost a visit to each loop, and registering asks."""
        return []

    def collect(self) -> Iterator[Any]:
        """One gauge per figure."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily  # an extra

        apps = snapshots()
        per_app: dict[str, Callable[[QueueSnapshot], float]] = {
            "sessions": lambda app: app.sessions,
            "direct": lambda app: app.direct,
        }
        for name, value in per_app.items():
            gauge = GaugeMetricFamily(
                f"blocks_{name}", f"{name.capitalize()} at this moment.", labels=["app", *self._names]
            )
            for app in apps:
                gauge.add_metric([app.mount, *self._values], value(app))
            yield gauge
        for name in ("running", "waiting", "limit", "paused"):
            gauge = GaugeMetricFamily(f"blocks_group_{name}", f"Groups: {name}.", labels=["app", "group", *self._names])
            for group in (group for app in apps for group in app.groups):
                number = getattr(group, name)
                figure = float("inf") if number is None else float(number)
                gauge.add_metric([group.mount, str(group.fn), *self._values], figure)
            yield gauge
        writer = event_log.current()
        if writer is not None:
            waiting = GaugeMetricFamily("blocks_ledger_waiting", "State changes not yet written.", labels=self._names)
            waiting.add_metric(self._values, len(writer))
            yield waiting
            dropped = CounterMetricFamily("blocks_ledger_dropped", "State changes never written.", labels=self._names)
            dropped.add_metric(self._values, writer.dropped)
            yield dropped
