"""Spans of OpenTelemetry in a file that all processes of a site write to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult


class SpansFile(SpanExporter):
    """A line per span."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Append them."""
        with self._file.open("a") as lines:
            for each in spans:
                lines.write(json.dumps(told(each)) + "\n")
        return SpanExportResult.SUCCESS


def told(span: ReadableSpan) -> dict[str, Any]:
    """What a test asks of a span."""
    context, parent = span.get_span_context(), span.parent
    return {
        "trace": f"{context.trace_id:032x}",
        "id": f"{context.span_id:016x}",
        "parent": f"{parent.span_id:016x}" if parent is not None else "",
        "name": span.name,
        "state": (span.attributes or {}).get("blocks.state"),
        "failed": [event.name for event in span.events],
    }


def trace_into(file: Path) -> None:
    """From now on this process, and those that it forks, write what they trace there."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(SpansFile(file)))
    trace.set_tracer_provider(provider)
