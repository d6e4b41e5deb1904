"""The start page of operators: what runs, what fails, what is full, and where each of it is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from blocks_app.web.registry import all_mounts
from queue_app.cluster.reports import ProcessReport, others
from queue_app.execution.control import operating
from queue_app.execution.job import JobState
from queue_app.ids import process_name
from queue_app.operations import health
from queue_app.operations.admin import words
from queue_app.operations.admin.live_queue import ShownApp, expected_wait, shown_apps
from queue_app.records import event_log
from queue_app.records.event_models import Event, Minute

NEWEST = 200  # failed events that are looked at
SHOWN = 5  # lines of one part


class Line(NamedTuple):
    """One thing that is so: its words, where it is looked at, and what belongs to it."""

    text: str
    address: str = ""
    more: str = ""


@dataclass(slots=True)
class Overview:
    """The parts of the page; None for what this person may not see."""

    runs: list[Line] | None = None
    fails: list[Line] | None = None
    full: list[Line] | None = None
    problems: list[str] = field(default_factory=list)


def overview(request: HttpRequest) -> Overview:
    """What the page shows to this person."""
    page, user = Overview(), request.user
    if user.has_perm("queue_app.view_queue"):
        apps = _apps()
        page.runs, page.full, page.problems = _runs(apps), _full(apps), health.problems()
    if user.has_perm("queue_app.view_event"):
        page.fails = _fails()
    return page


def _apps() -> list[ShownApp]:
    try:
        mine = operating.snapshots()
    except TimeoutError:  # which the problems tell
        mine = []
    return shown_apps([ProcessReport(process_name(), mine), *others()])


def _runs(apps: list[ShownApp]) -> list[Line]:
    where = reverse("admin:queue_app_queue_changelist")
    return [
        Line(
            app.mount,
            f"{where}#{app.mount}",
            gettext("%(running)s running, %(waiting)s waiting") % {"running": app.running, "waiting": app.waiting},
        )
        for app in sorted(apps, key=lambda app: -app.running - app.waiting)[: 2 * SHOWN]
    ]


def _fails() -> list[Line]:
    """How many of the last hour's events, and which functions most often within a day."""
    now, events = timezone.now(), reverse("admin:queue_app_event_changelist")
    sums: Any = Minute.objects.filter(minute__gte=now - timedelta(hours=1)).aggregate(
        failed=Sum("failed"), done=Sum("done")
    )
    failed, ended = sums["failed"] or 0, (sums["failed"] or 0) + (sums["done"] or 0)
    found = []
    if failed:
        text = gettext("%(failed)s of %(ended)s in the last hour") % {"failed": failed, "ended": ended}
        found.append(Line(text, f"{events}?state__exact=failed&since=hour"))
    rows = Event.objects.filter(state=JobState.FAILED.value, submitted__gte=now - timedelta(days=1))
    counted: dict[tuple[str, str], list[str]] = {}
    for mount, name, error in rows.order_by("-submitted", "-id").values_list("mount", "fn_name", "error")[:NEWEST]:
        counted.setdefault((mount, name), []).append(error)
    for (mount, name), errors in sorted(counted.items(), key=lambda each: -len(each[1]))[:SHOWN]:
        query = urlencode({"state__exact": JobState.FAILED.value, "q": name, "mount": mount, "since": "day"})
        many = ngettext("%(name)s, %(many)s time", "%(name)s, %(many)s times", len(errors))
        found.append(
            Line(
                many % {"name": name, "many": len(errors)}, f"{events}?{query}", f"{mount}: {words.cut(errors[0], 120)}"
            )
        )
    return found


def _full(apps: list[ShownApp]) -> list[Line]:
    """Where somebody waits or is refused, and why."""
    where, found = reverse("admin:queue_app_queue_changelist"), []
    most = {each.key: each.blocks.queue_options.max_size for each in all_mounts()}
    for app in apps:
        address, largest = f"{where}#{app.mount}", most.get(app.mount)
        if largest is not None and app.waiting >= largest:
            text = gettext("%(app)s takes nothing new: %(waiting)s wait, as many as may")
            found.append(Line(text % {"app": app.mount, "waiting": app.waiting}, address))
        for shown in app.groups:
            if shown["group"].waiting:
                found.append(Line(shown["name"], address, _why(shown)))
    writer = event_log.current()
    if writer is not None and writer.dropped:
        text = gettext("The event log: %(dropped)s changes of state were not written")
        found.append(Line(text % {"dropped": writer.dropped}, where))
    return found[: 2 * SHOWN]


def _why(shown: dict[str, Any]) -> str:
    group = shown["group"]
    if group.paused:
        return gettext("%(waiting)s wait: paused") % {"waiting": group.waiting}
    if group.limit is not None and group.running >= group.limit:
        text = gettext("%(waiting)s wait: all slots are taken (%(limit)s); expected wait %(wait)s")
    else:
        text = gettext("%(waiting)s wait, %(running)s run; expected wait %(wait)s")
    values = {"waiting": group.waiting, "limit": group.limit, "running": group.running}
    return text % {**values, "wait": words.wait(expected_wait(group))}
