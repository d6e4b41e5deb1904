"""The live queue in Django's admin: groups, charts of the last hour, and what an operator may do to a group."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from queue_app import ledger
from queue_app.admin_charts import last_hour, per_minute, short
from queue_app.admin_live import CannotDo, Group, audit, change_group, live
from queue_app.admin_paging import Admin
from queue_app.ledger import process_name

ACTIONS = ("pause", "resume", "drain", "reopen", "limit")


class QueueAdmin(Admin):
    """One page instead of a list of rows."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never; see `has_control_permission`."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_control_permission(self, request: HttpRequest) -> bool:
        """Whether this person may pause and drain groups and change their limits."""
        return bool(request.user.has_perm("queue_app.control_queue"))

    def get_urls(self) -> list[URLPattern]:
        """The page, and where its forms go."""
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name="queue_app_queue_changelist"),
            path("control/", view(self.control), name="queue_app_queue_control"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            apps, silent = live(), False
        except TimeoutError:
            apps, silent = [], True
        rates, writer = per_minute(), ledger.current()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Live queue",
            "apps": [
                {
                    "live": app,
                    "rate": short(rates.get(app.mount)),
                    "groups": [_shown(group) for group in app.groups],
                }
                for app in apps
            ],
            "silent": silent,
            "charts": last_hour(),
            "process": process_name(),
            "may_control": self.has_control_permission(request),
            "dropped": writer.dropped if writer is not None else None,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/queue_app/queue.html", context)

    def control(self, request: HttpRequest) -> HttpResponse:
        """Do one thing to one group, write down who did, and show the page again."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not (self.has_view_permission(request) and self.has_control_permission(request)):
            raise PermissionDenied
        sent = request.POST
        mount, action, limit = sent.get("mount", ""), sent.get("action", ""), sent.get("limit", "")
        number = sent.get("fn", "")

        def work() -> str:
            if action not in ACTIONS or not number.isdecimal():
                raise CannotDo("The form was not complete.")
            return change_group(mount, int(number), action, limit)

        target = f"group of function {number}" + (f", limit {limit or 'none'}" if action == "limit" else "")
        done, outcome = audit(request.user.get_username(), action[:50], target, mount, work)
        level = messages.SUCCESS if done else messages.ERROR
        messages.add_message(request, level, f"{mount}, {sent.get('name') or target}: {outcome}")
        return HttpResponseRedirect(reverse(f"{self.admin_site.name}:queue_app_queue_changelist"))


def _shown(group: Group) -> dict[str, Any]:
    """A group as the page tells it."""
    return {
        "group": group,
        "name": ", ".join(group.names),
        "average": short(group.average),
        "expected": short(group.expected),
        "oldest": short(group.oldest),
        "state": "paused" if group.paused else "draining" if group.draining else "open",
    }
