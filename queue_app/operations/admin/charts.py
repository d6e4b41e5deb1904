"""Charts of the last hour as plain SVG, drawn on the server from the sums per minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext

from queue_app.databases import local
from queue_app.operations.admin import words
from queue_app.records.event_models import Minute

MINUTES = 60
AVERAGED = 5  # minutes
WIDTH, HEIGHT = 600, 96  # of the drawing's own units; the page scales it
_STEP = WIDTH / MINUTES
_SUMS = ("submitted", "started", "done", "failed", "cancelled", "waited", "ran")


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One minute: where its bar stands, how high it is, and what a pointer over it is told."""

    x: float
    y: float
    height: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. `kind` chooses the colour, `top` is the highest value, `summary` says it in words."""

    kind: str
    title: str
    top: str
    summary: str
    bars: tuple[ChartBar, ...]
    width: int = WIDTH
    height: int = HEIGHT
    bar_width: float = _STEP - 2


def last_hour(now: datetime | None = None) -> list[Chart]:
    """Throughput, wait and errors of all apps, minute by minute. Reads 60 rows per app at most."""
    first = (now or timezone.now()).replace(second=0, microsecond=0) - timedelta(minutes=MINUTES - 1)
    sums: dict[str, Any] = {f"n_{name}": Sum(name) for name in _SUMS}
    rows: Any = Minute.objects.filter(minute__gte=first).values("minute").annotate(**sums)
    found = {row["minute"]: row for row in rows}
    minutes = [first + timedelta(minutes=number) for number in range(MINUTES)]

    def values(*names: str) -> list[float]:
        return [float(sum(found[at][f"n_{name}"] for name in names)) if at in found else 0.0 for at in minutes]

    ended, errors = values("done", "failed", "cancelled"), values("failed")
    waits = [waited / started if started else 0.0 for waited, started in zip(values("waited"), values("started"))]
    total, failed, longest = int(sum(ended)), int(sum(errors)), max(waits)
    most = gettext("at most %(longest)s") % {"longest": words.duration(longest)}
    return [
        _chart(
            "ended",
            gettext("Throughput, events per minute"),
            minutes,
            ended,
            "",
            _hour(total),
        ),
        _chart(
            "wait",
            gettext("Wait, seconds on average"),
            minutes,
            waits,
            " s",
            most,
        ),
        _chart(
            "failed",
            gettext("Errors, events per minute"),
            minutes,
            errors,
            "",
            _hour(failed),
        ),
    ]


def ended_per_minute(mount: str, now: datetime | None = None) -> float:
    """How many events of an app have ended in a minute, on average of the last whole ones, in whichever process."""
    until = (now or timezone.now()).replace(second=0, microsecond=0)
    rows = Minute.objects.filter(mount=mount, minute__gte=until - timedelta(minutes=AVERAGED), minute__lt=until)
    sums: Any = rows.aggregate(**{name: Sum(name) for name in ("done", "failed", "cancelled")})
    return sum(value or 0 for value in sums.values()) / AVERAGED


def _chart(kind: str, title: str, minutes: list[datetime], values: list[float], unit: str, summary: str) -> Chart:
    top = max(values)
    full = max(top, 1.0)  # of one event or one second; a wait of a millisecond is no mountain
    bars = tuple(
        ChartBar(
            round(number * _STEP + 1, 1),
            round(HEIGHT - max(1.5, HEIGHT * value / full), 1),
            round(max(1.5, HEIGHT * value / full), 1),
            f"{local(at):%H:%M}: {words.number(value)}{unit}",
        )
        for number, (at, value) in enumerate(zip(minutes, values))
        if value
    )
    return Chart(kind, title, f"{words.number(top)}{unit}", summary, bars)


def _hour(total: int) -> str:
    return gettext("%(total)s in the last hour") % {"total": f"{total:,}"}
