"""The live queue in Django's admin: groups, charts of the last hour, and what an operator may do to a group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from queue_app.cluster import commands
from queue_app.cluster.reports import ProcessReport, others
from queue_app.exceptions import CannotDo
from queue_app.execution.control import operating
from queue_app.execution.engine import GroupSnapshot, QueueSnapshot
from queue_app.ids import process_name
from queue_app.operations.admin import words
from queue_app.operations.admin.charts import ended_per_minute, last_hour
from queue_app.operations.admin.paging import UntouchedAdmin
from queue_app.operations.audits import audit
from queue_app.records import event_log
from queue_app.records.event_models import Queue

ACTIONS = ("pause", "resume", "drain", "reopen", "limit")


@admin.register(Queue)
class QueueAdmin(UntouchedAdmin):
    """One page instead of a list of rows; what may be done there says `has_control_permission`."""

    def has_control_permission(self, request: HttpRequest) -> bool:
        """Whether this person may pause and drain groups and change their limits."""
        return bool(request.user.has_perm("queue_app.control_queue"))

    def get_urls(self) -> list[URLPattern]:
        """The page, and where its forms go."""
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name="queue_app_queue_changelist"),
            path("now/", view(self.now), name="queue_app_queue_now"),
            path("control/", view(self.control), name="queue_app_queue_control"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The page; its script fetches `now/` to keep it fresh."""
        return self._answer(request, "admin/queue_app/live.html", extra_context or {})

    def now(self, request: HttpRequest) -> HttpResponse:
        """The part of the page that changes, without the frame of the admin."""
        return self._answer(request, "admin/queue_app/queue_now.html", {})

    def _answer(self, request: HttpRequest, template: str, more: dict[str, Any]) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        here, reports = process_name(), others()
        try:
            mine, silent = operating.snapshots(), False
        except TimeoutError:
            mine, silent = [], True
        writer = event_log.current()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Live queue"),
            "part": "admin/queue_app/queue_now.html",
            "source": reverse("admin:queue_app_queue_now"),
            "apps": shown_apps([ProcessReport(here, mine), *reports]),
            "processes": [here, *(each.name for each in reports)],
            "quiet": [each.name for each in reports if each.apps is None],
            "silent": silent,
            "charts": last_hour(),
            "process": here,
            "may_control": self.has_control_permission(request),
            "dropped": writer.dropped if writer is not None else None,
            **more,
        }
        return TemplateResponse(request, template, context)  # never cached: the admin says so

    def control(self, request: HttpRequest) -> HttpResponse:
        """Do one thing to one group, write down who did, and show the page again."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not (self.has_view_permission(request) and self.has_control_permission(request)):
            raise PermissionDenied
        sent = request.POST
        mount, action, limit = sent.get("mount", ""), sent.get("action", ""), sent.get("limit", "")
        number, process = sent.get("fn", ""), sent.get("process", "")

        def work() -> str:
            if action not in ACTIONS or not number.isdecimal():
                raise CannotDo(gettext("The form was not complete."))
            change = {"mount": mount, "fn": int(number), "change": action, "limit": limit}
            order = commands.change_group(process, bool(sent.get("everywhere")), change, commands.others())
            return order.finish(commands.deadline())

        name = sent.get("name", "")
        target = f"group {name}" if name else f"group of function {number}"
        target += f", limit {limit or 'none'}" if action == "limit" else ""
        where = " in every process" if sent.get("everywhere") else f" in {process}" if process else ""
        done, outcome = audit(request.user.get_username(), action[:50], target + where, mount, work)
        level = messages.SUCCESS if done else messages.ERROR
        messages.add_message(request, level, f"{mount}, {name or target}: {outcome}")
        return HttpResponseRedirect(reverse(f"{self.admin_site.name}:queue_app_queue_changelist"))


@dataclass(slots=True)
class ShownApp:
    """One app as the page tells it: sums over its processes, and the groups of each.

    Groups that are the whole site's are told once, and belong to no process.
    """

    mount: str
    title: str
    rate: str
    waiting: int
    running: int
    direct: int
    sessions: int
    processes: list[str]
    groups: list[dict[str, Any]]
    is_shared: bool = False


def shown_apps(reports: list[ProcessReport]) -> list[ShownApp]:
    """The apps of all processes; the groups of one name stand together."""
    by_mount: dict[str, list[tuple[str, QueueSnapshot]]] = {}
    for each in reports:
        for app in each.apps or ():
            by_mount.setdefault(app.mount, []).append((each.name, app))
    return [_shown_app(mount, found) for mount, found in by_mount.items()]


def _shown_app(mount: str, found: list[tuple[str, QueueSnapshot]]) -> ShownApp:
    shared = [app for _, app in found if app.shared]
    counted = [("", shared[0])] if shared else found
    each = sum(group.per_minute for _, app in found for group in app.groups)
    per_minute = ended_per_minute(mount) if shared else each
    return ShownApp(
        mount=mount,
        title=found[0][1].title,
        rate=words.number(round(per_minute, 1)),
        waiting=sum(app.waiting for _, app in counted),
        running=sum(app.running for _, app in counted),
        direct=sum(app.direct for _, app in counted),
        sessions=sum(app.sessions for _, app in found),
        processes=[process for process, _ in found],
        groups=_groups(counted),
        is_shared=bool(shared),
    )


def _groups(found: list[tuple[str, QueueSnapshot]]) -> list[dict[str, Any]]:
    rows = [(group, process) for process, app in found for group in app.groups]
    busy: dict[int, int] = {}
    for group, _ in rows:
        busy[group.fn] = busy.get(group.fn, 0) + group.waiting + group.running
    rows.sort(key=lambda row: (-busy[row[0].fn], row[0].fn))
    return [_shown(group, process) for group, process in rows]


def _shown(group: GroupSnapshot, process: str) -> dict[str, Any]:
    """A group as the page tells it."""
    return {
        "group": group,
        "process": process,
        "key": f"{group.mount} {group.fn} {process}",
        "rate": words.number(round(group.per_minute, 1)) if process else words.NOTHING,  # workers have counted it
        "name": ", ".join(group.names),
        "average": words.duration(group.average),
        "expected": words.wait(expected_wait(group)),
        "oldest": words.duration(group.oldest),
        "state": "paused" if group.paused else "draining" if group.draining else "open",
    }


def expected_wait(group: GroupSnapshot) -> float | None:
    """Seconds until a slot would be free for who comes now; the estimate itself goes on to the answer."""
    if group.expected is None or group.average is None:
        return None
    return max(0.0, group.expected - group.average)
