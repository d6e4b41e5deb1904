"""What was done by hand, in Django's admin: who did what to what, and how it went."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from queue_app.operations.admin import words
from queue_app.operations.admin.paging import AgeFilter, BoundedAdmin, Filter
from queue_app.records.event_models import Audit

#: What is written down as an action, in the order of its filter.
ACTIONS = (
    "cancel", "retry", "end session", "delete state", "delete file", "delete flag", "export flags",
    "read conversation", "delete conversation", "pause", "resume", "drain", "reopen", "limit", "end",
)  # fmt: skip


class DoneFilter(AgeFilter):
    """By when it was done."""

    title = gettext_lazy("done")
    column = "when"


class ActionFilter(Filter):
    """By what was done. Asking the table which there are would read all of it."""

    title = gettext_lazy("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All that can be done."""
        return [(each, each) for each in ACTIONS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the chosen one."""
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(Audit)
class AuditAdmin(BoundedAdmin):
    """Who did what by hand."""

    list_display = ("at", "user", "action", "shown_target", "outcome")
    list_display_links = ("at",)
    list_filter = (ActionFilter, DoneFilter)
    sortable_by = ("at",)
    looked_up = ("user", "target")
    search_fields = ("user",)
    search_help_text = gettext_lazy("A whole user name or target.")
    fieldsets = ((None, {"fields": ("at", "user", "action", "target", "mount", "outcome")}),)

    @admin.display(description=gettext_lazy("when"), ordering="when")
    def at(self, row: Audit) -> str:
        """When, to the second."""
        return words.moment(row.when)

    @admin.display(description=gettext_lazy("target"))
    def shown_target(self, row: Audit) -> str:
        """To what, and of which app."""
        return words.below(row.target, row.mount)
