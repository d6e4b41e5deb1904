"""Processes and workers in Django's admin: what each serves and runs, what is wrong with them, draining and ending."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from queue_app.databases import moment
from queue_app.engines.worker_registry import ProcessInfo
from queue_app.exceptions import CannotDo
from queue_app.ids import process_name
from queue_app.operations.admin import words
from queue_app.operations.admin.paging import UntouchedAdmin
from queue_app.operations.audits import audit
from queue_app.operations.processes import service
from queue_app.operations.processes.members import ACTIONS, Members, change, differing, members, queues_of
from queue_app.records.event_models import Worker

_SHOWN = 5  # works that are named of one process


@admin.register(Worker)
class WorkerAdmin(UntouchedAdmin):
    """One page instead of a list of rows; what may be done there says `has_control_permission`."""

    def has_control_permission(self, request: HttpRequest) -> bool:
        """Whether this person may drain and end processes."""
        return bool(request.user.has_perm("queue_app.control_worker"))

    def get_urls(self) -> list[URLPattern]:
        """The page, and where its forms go."""
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name="queue_app_worker_changelist"),
            path("now/", view(self.now), name="queue_app_worker_now"),
            path("control/", view(self.control), name="queue_app_worker_control"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The page; its script fetches `now/` to keep it fresh."""
        return self._answer(request, "admin/queue_app/live.html", extra_context or {})

    def now(self, request: HttpRequest) -> HttpResponse:
        """The part of the page that changes, without the frame of the admin."""
        return self._answer(request, "admin/queue_app/workers_now.html", {})

    def _answer(self, request: HttpRequest, template: str, more: dict[str, Any]) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = members(with_this=True)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Processes and workers"),
            "part": "admin/queue_app/workers_now.html",
            "source": reverse("admin:queue_app_worker_now"),
            "members": [_shown(each) for each in found.found],
            "problems": _problems(found),
            "may_control": self.has_control_permission(request),
            "may_see_events": request.user.has_perm("queue_app.view_event"),
            **more,
        }
        return TemplateResponse(request, template, context)

    def control(self, request: HttpRequest) -> HttpResponse:
        """Drain, reopen or end one, write down who did, and show the page again; ending is asked about first."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not (self.has_view_permission(request) and self.has_control_permission(request)):
            raise PermissionDenied
        name, action = request.POST.get("name", ""), request.POST.get("action", "")
        if action == "end" and "confirmed" not in request.POST:
            return self._ask(request, name)

        def work() -> str:
            try:
                return change(name, action)
            except OSError as error:
                raise CannotDo(str(error)) from error

        known = action if action in ACTIONS else "unknown"
        done, outcome = audit(request.user.get_username(), known, f"process {name}", "", work)
        messages.add_message(request, messages.SUCCESS if done else messages.ERROR, f"{name}: {outcome}")
        return HttpResponseRedirect(reverse(f"{self.admin_site.name}:queue_app_worker_changelist"))

    def _ask(self, request: HttpRequest, name: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("End this process?"),
            "consequence": gettext(
                "What it runs may end in time, the rest is told to its visitors. It comes back only where something "
                "starts it again."
            ),
            "rows": [name],
            "action": "end",
            "name": name,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/queue_app/confirm.html", context)


def _problems(found: Members) -> list[str]:
    """What keeps the site from running what it takes, and what is about to."""
    wrong = [*found.problems, *(each for each in service.problems() if each not in found.problems)]
    for mount, by in differing(found.found).items():
        where = "; ".join(", ".join(sorted(set(names))[:_SHOWN]) for names in by.values())
        wrong.append(gettext("%(app)s runs in different versions: %(where)s") % {"app": mount, "where": where})
    for each in found.found:
        if abs(each.clock) > service.CLOCKS:
            text = gettext("The clock of %(host)s is %(seconds)s s away from that of Redis.")
            wrong.append(text % {"host": each.host, "seconds": f"{each.clock:+.1f}"})
    return list(dict.fromkeys(wrong))


def _shown(info: ProcessInfo) -> dict[str, Any]:
    """One process as the page tells it."""
    events = reverse("admin:queue_app_event_changelist")
    state = "draining" if info.draining == "drain" else "ending" if info.draining else "open"
    works = [
        f"{each.function} ({each.app}), {words.duration(max(0.0, time.time() - each.since))}"
        for each in info.works[:_SHOWN]
    ]
    return {
        "info": info,
        "name": info.name,
        "is_here": info.name == process_name(),
        "role": gettext("worker") if info.role == "worker" else gettext("web"),
        "pool": info.pool,
        "queues": ", ".join(queues_of(info)),
        "load": f"{info.running} / {info.slots}"
        if info.slots
        else str(info.running)
        if info.running
        else words.NOTHING,
        "works": works,
        "events": f"{events}?{urlencode({'process': info.name})}",
        "failed": f"{events}?{urlencode({'process': info.name, 'state__exact': 'failed'})}",
        "apps": sorted(info.apps.items()),
        "state": state,
        "seen": _when(info.seen),
        "since": words.duration(max(0.0, time.time() - info.started)) if info.started else words.NOTHING,
        "can_drain": info.role == "worker" or bool(info.pool),
    }


def _when(seconds: float) -> str:
    when: datetime | None = moment(seconds) if seconds else None
    return words.moment(when)
