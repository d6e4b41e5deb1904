"""What is done to rows from their list, or from the page of one; what cannot be undone is asked about first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar, NamedTuple

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from queue_app.cluster import commands
from queue_app.cluster.commands import Command
from queue_app.operations.admin.paging import BoundedAdmin
from queue_app.operations.audits import audit

MOST_AT_ONCE = 500  # rows that one action takes
_NAMED = 5  # rows of which it is said why nothing was done
_CONFIRMED = "confirmed"
_LARGEST = 2**63 - 1  # of a row's number


class PageAction(NamedTuple):
    """A button on the page of one row."""

    action: str
    label: str
    is_dangerous: bool = False


class ActingAdmin(BoundedAdmin):
    """A list whose actions are offered on the page of each row, too: for those who may, and where they make sense."""

    def page_actions(self, row: Any) -> Iterable[PageAction]:
        """The buttons that make sense for a row as it is now."""
        return ()

    def get_urls(self) -> list[URLPattern]:
        """Django's, with where the buttons of a page go."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        view = self.admin_site.admin_view(self.act)
        return [path("<int:number>/act/<slug:action>/", view, name=name), *super().get_urls()]

    def act(self, request: HttpRequest, number: int, action: str) -> HttpResponse:
        """Do one thing to one row, and show its page again."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        found: Any = self.get_actions(request).get(action)
        if found is None or not self.has_view_permission(request):
            raise PermissionDenied
        queryset = self.get_queryset(request).filter(pk=number)
        if number > _LARGEST or not queryset.exists():
            raise Http404
        done: Any = found.func if hasattr(found, "func") else found[0]  # an Action from Django 6.1 on, before a tuple
        answer: HttpResponse | None = done(self, request, queryset)
        if answer is not None:
            return answer
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}"
        if not queryset.exists():
            return HttpResponseRedirect(reverse(f"{name}_changelist"))
        return HttpResponseRedirect(reverse(f"{name}_change", args=[number]))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page of a row, with its buttons."""
        row = context.get("original")
        allowed = self.get_actions(request) if row is not None else {}
        context["page_actions"] = [
            (each, reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_act", args=[row.pk, each.action]))
            for each in (self.page_actions(row) if row is not None else ())
            if each.action in allowed
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    def confirmation(
        self, request: HttpRequest, queryset: QuerySet[Any], action: str, question: str, consequence: str
    ) -> HttpResponse | None:
        """A page that asks whether this is meant; None when that was answered."""
        if _CONFIRMED in request.POST:
            return None
        rows = list(queryset.order_by("pk")[: MOST_AT_ONCE + 1])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": question,
            "consequence": consequence,
            "rows": rows[:MOST_AT_ONCE],
            "most": MOST_AT_ONCE if len(rows) > MOST_AT_ONCE else None,
            "action": action,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/queue_app/confirm.html", context)

    def each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        action: str,
        give: Callable[[Any, list[str]], Command],
        done_text: Callable[[int], str],
    ) -> None:
        """Do something to each chosen row, write down who did, and tell how it went."""
        done, shown = 0, 0
        user, to = request.user.get_username(), commands.others()
        given = [(row, give(row, to)) for row in queryset.order_by("pk")[:MOST_AT_ONCE]]
        until = commands.deadline()
        for row, order in given:
            well, outcome = audit(user, action, str(row), row.mount, partial(order.finish, until))
            done += well
            if not well and shown < _NAMED:
                shown += 1
                self.message_user(request, f"{row}: {outcome}", messages.ERROR)
        if done:
            self.message_user(request, done_text(done), messages.SUCCESS)


class DeletingAdmin(ActingAdmin):
    """A list whose rows can be deleted, with what belongs to them; asked about first, and written down."""

    delete_action: ClassVar[str]

    def get_actions(self, request: HttpRequest, action_location: Any = None) -> Any:
        """Ours in place of Django's, which would collect all that matches, and knows nothing of what belongs to it.

        Django asks from 6.1 on where the actions are to stand.
        """
        where = {} if action_location is None else {"action_location": action_location}
        actions = super().get_actions(request, **where)
        actions.pop("delete_selected", None)
        return actions

    def delete_each(self, request: HttpRequest, queryset: QuerySet[Any]) -> int:
        """Delete the chosen rows; how many."""
        rows = list(queryset.order_by("pk")[:MOST_AT_ONCE])
        for row in rows:
            self.delete_model(request, row)
        return len(rows)


def done_for(action: str) -> Callable[[int], str]:
    """What is said after something was done to so many rows."""
    return lambda done: gettext("%(action)s: done for %(done)s.") % {"action": action.capitalize(), "done": done}
