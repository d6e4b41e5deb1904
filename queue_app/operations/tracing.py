"""OpenTelemetry spans: one per event, from the click until a connection has written its completion.

Needs the extra `tracing` (opentelemetry-api, and an SDK that the site sets up) and BLOCKS_TRACING. The span's
children are `page` (from the click until the page sent the event, as the page measured it; only where it says so),
`wait` in the queue, `run` of the function, `deliver` to the reader. It continues the trace that the
submitting request names in its `traceparent` header. Spans are made when an event ends, so that the queue's own path
carries nothing; where workers run functions, by the worker, which has the trace with the request and no `deliver`.
"""

from __future__ import annotations

import time
from importlib.util import find_spec
from typing import Any

from cachetools import FIFOCache
from django.core.exceptions import ImproperlyConfigured

from queue_app.ids import is_worker
from queue_app.sessions.session_hash import logged
from queue_app.shutdown.hooks import Hooks
from queue_app.signals import JobChanged, job_changed, job_delivered

_UNREAD = 10_000  # ended events whose delivery is waited for

_tracing: Tracing | None = None
_hooks = Hooks()


def install(provider: Any = None) -> Tracing:
    """Make spans from now on, through the global tracer provider unless another is given."""
    global _tracing
    uninstall()
    _tracing = Tracing(provider)
    _hooks.callback(_tracing.close)
    _hooks.to_signal(job_changed, _tracing.note)
    _hooks.to_signal(job_delivered, _tracing.delivered)
    return _tracing


def uninstall() -> None:
    """Make no more spans; those still open end."""
    global _tracing
    _hooks.close()
    _tracing = None


class _Unread(FIFOCache[str, tuple[Any, int]]):
    """By event: its span, and when the event ended."""

    def popitem(self) -> tuple[str, tuple[Any, int]]:
        """Nobody will read this one's completion: its span ends with the event."""
        event_id, (span, ended) = super().popitem()
        span.end(ended)
        return event_id, (span, ended)


class Tracing:
    """Turns the times of jobs into spans."""

    def __init__(self, provider: Any = None) -> None:
        """Raises ImproperlyConfigured when opentelemetry-api is not installed."""
        if find_spec("opentelemetry") is None:
            raise ImproperlyConfigured("BLOCKS_TRACING needs opentelemetry-api: install blocks-on-django[tracing].")
        from opentelemetry import propagate, trace  # an extra

        self._trace = trace
        self._extract = propagate.extract
        self._tracer = trace.get_tracer("queue_app", tracer_provider=provider)
        self._unread = _Unread(_UNREAD)

    def note(self, change: JobChanged) -> None:
        """A job has changed its state; at its end its spans are made."""
        if change.action in ("job.queued", "job.started"):
            return
        trace, error = self._trace, change.error
        submitted, end = _wall(change.submitted), _wall(change.finished or change.at)
        clicked = _wall(change.submitted - change.waited)
        attributes = {
            "blocks.app": change.mount,
            "blocks.function": change.fn_name,
            "blocks.event_id": change.event_id,
            "blocks.session": logged(change.session),
            "blocks.state": change.state,
        }
        span = self._tracer.start_span(
            f"event {change.fn_name}",
            self._parent(change),
            kind=trace.SpanKind.SERVER,
            start_time=clicked,
            attributes=attributes,
        )
        if change.waited:
            self._child(span, "page", clicked, submitted)
        if error is not None:
            details = {
                "exception.type": error.kind,
                "exception.message": error.text,
                "exception.stacktrace": error.trace,
            }
            span.add_event("exception", details, timestamp=end)
            span.set_status(trace.Status(trace.StatusCode.ERROR, error.kind))
        started = end if change.started is None else _wall(change.started)
        self._child(span, "wait", submitted, started)
        if change.started is not None:
            self._child(span, "run", started, end)
        if change.awaited or is_worker():  # who reads its completion reads it elsewhere
            span.end(end)
            return
        self._unread[change.event_id] = (span, end)

    def delivered(self, event_id: str) -> None:
        """A connection has written the completion of an event."""
        found = self._unread.pop(event_id, None)
        if found is not None:
            span, ended = found
            now = max(ended, time.time_ns())
            self._child(span, "deliver", ended, now)
            span.end(now)

    def close(self) -> None:
        """End the spans of events whose completion nobody has read."""
        for span, ended in self._unread.values():
            span.end(ended)
        self._unread.clear()

    def _parent(self, change: JobChanged) -> Any:
        headers = dict(change.request.headers) if change.request is not None else {}
        return self._extract(headers) if "traceparent" in headers else None

    def _child(self, span: Any, name: str, start: int, end: int) -> None:
        context = self._trace.set_span_in_context(span)
        self._tracer.start_span(name, context, start_time=start).end(end)


def _wall(moment: float) -> int:
    """A moment in seconds since the epoch as nanoseconds."""
    return int(moment * 1e9)
