"""Events in Django's admin: who asked for what, how it went, and what may still be done about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from queue_app.cluster import commands
from queue_app.execution.job import JobState
from queue_app.operations.admin import tracebacks, words
from queue_app.operations.admin.acting import ActingAdmin, PageAction, done_for
from queue_app.operations.admin.paging import AgeFilter, Filter, MountFilter, SessionFilter
from queue_app.records.event_models import Event
from queue_app.records.model_words import STATES
from queue_app.sessions.session_hash import partly

_OF = SessionFilter.parameter_name
_OPEN = (JobState.QUEUED.value, JobState.RUNNING.value)
_AGAIN = (JobState.FAILED.value, JobState.CANCELLED.value)


class StateFilter(Filter):
    """By how it stands."""

    title = gettext_lazy("state")
    parameter_name = "state__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All there are."""
        return [(each.value, str(STATES[each.value]).capitalize()) for each in JobState]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the chosen one."""
        return queryset.filter(state=self.value()) if self.value() else queryset


class ProcessFilter(Filter):
    """By the process that has it; without a state those that wait or run, which are few."""

    title = gettext_lazy("process")
    parameter_name = "process"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Nothing to choose from; a link on another page has chosen."""
        return [(self.value() or "", self.value() or "")] if self.value() else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the chosen one."""
        if not self.value():
            return queryset
        queryset = queryset.filter(process=self.value())
        return queryset if StateFilter.parameter_name in request.GET else queryset.filter(state__in=_OPEN)


class SinceFilter(AgeFilter):
    """By when it was submitted."""

    title = gettext_lazy("submitted")
    column = "submitted"


@admin.register(Event)
class EventAdmin(ActingAdmin):
    """Who asked for which function, when, and how it ended."""

    list_display = (
        "what",
        "who",
        "shown_state",
        "at",
        "waited",
        "took",
        "short_error",
    )
    list_filter = (StateFilter, MountFilter, SinceFilter, SessionFilter, ProcessFilter)
    sortable_by = ("at",)
    looked_up = ("event_id", "session", "username", "fn_name")
    search_fields = ("event_id",)
    search_help_text = gettext_lazy("A whole id, session, user name or function name.")
    actions = ("cancel", "retry")
    fieldsets = (
        (None, {"fields": ("short_id", "mount", "fn_name", "shown_state", "messages", "process", "retried")}),
        (gettext_lazy("Who"), {"fields": ("who", "address", "shown_session")}),
        (gettext_lazy("When"), {"fields": ("at", "began", "ended", "waited", "took")}),
        (gettext_lazy("Error"), {"fields": ("shown_traceback",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Lists leave out the long texts."""
        return super().get_queryset(request).defer("traceback", "inputs")

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        """Whether this person may cancel events."""
        return bool(request.user.has_perm("queue_app.cancel_event"))

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Whether this person may try events again."""
        return bool(request.user.has_perm("queue_app.retry_event"))

    @admin.action(description=gettext_lazy("Cancel the chosen events"), permissions=["cancel"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        """Stop what waits or runs, in whichever process."""
        self.each(request, queryset, "cancel", commands.cancel, done_for("cancel"))

    @admin.action(description=gettext_lazy("Submit the chosen failed or cancelled events again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        """Run them again with the same inputs, in the same session."""
        self.each(request, queryset, "retry", commands.retry, done_for("retry"))

    def page_actions(self, row: Event) -> Iterable[PageAction]:
        """To stop it while it is open, and to run it again when it went wrong."""
        if row.state in _OPEN:
            yield PageAction("cancel", gettext("Cancel this event"))
        elif row.state in _AGAIN and row.inputs and not row.retried_as:
            yield PageAction("retry", gettext("Submit this event again"))

    @admin.display(description=gettext_lazy("id"))
    def short_id(self, row: Event) -> str:
        """Enough of the id to tell it from the others of a page."""
        return partly(row.event_id)

    @admin.display(description=gettext_lazy("function"))
    def what(self, row: Event) -> SafeString:
        """The function, its app, and enough of the id to tell it from the others of a page."""
        return words.below(row.fn_name, f"{row.mount} · {partly(row.event_id)}")

    @admin.display(description=gettext_lazy("submitted"), ordering="submitted")
    def at(self, row: Event) -> str:
        """When it was submitted, to the second."""
        return words.moment(row.submitted)

    @admin.display(description=gettext_lazy("started"))
    def began(self, row: Event) -> str:
        """When it was started."""
        return words.moment(row.started)

    @admin.display(description=gettext_lazy("finished"))
    def ended(self, row: Event) -> str:
        """When it ended."""
        return words.moment(row.finished)

    @admin.display(description=gettext_lazy("error"))
    def short_error(self, row: Event) -> str:
        """How its error begins."""
        return words.cut(row.error, 60)

    @admin.display(description=gettext_lazy("user"))
    def who(self, row: Event) -> str:
        """The user's name; anonymous visitors have none."""
        return row.username or words.NOTHING

    @admin.display(description=gettext_lazy("state"), ordering=None)
    def shown_state(self, row: Event) -> SafeString:
        """The state, in a colour."""
        return words.state(row.state)

    @admin.display(description=gettext_lazy("wait"))
    def waited(self, row: Event) -> str:
        """From submission to start."""
        return words.duration(row.wait)

    @admin.display(description=gettext_lazy("run"))
    def took(self, row: Event) -> str:
        """From start to end."""
        return words.duration(row.duration)

    @admin.display(description=gettext_lazy("session"))
    def shown_session(self, row: Event) -> SafeString | str:
        """The session, with a link to all its events."""
        address = reverse("admin:queue_app_event_changelist") + f"?{_OF}=event-{row.pk}"
        return format_html('<a href="{}">{}</a>', address, partly(row.session)) if row.session else words.NOTHING

    @admin.display(description=gettext_lazy("tried again"))
    def retried(self, row: Event) -> SafeString | str:
        """The event that tries this one again, and how it stands."""
        if not row.retried_as:
            return words.NOTHING
        again = Event.objects.filter(event_id=row.retried_as).only("pk", "event_id", "state").first()
        if again is None:
            return gettext("as %(id)s, which is not written yet") % {"id": partly(row.retried_as)}
        address = reverse("admin:queue_app_event_change", args=[again.pk])
        return format_html('<a href="{}">{}</a> {}', address, partly(again.event_id), words.state(again.state))

    @admin.display(description=gettext_lazy("error"))
    def shown_traceback(self, row: Event) -> SafeString | str:
        """What went wrong, the lines of the site's own code, and the traceback."""
        return tracebacks.shown(row.traceback, row.error) if row.traceback else row.error or words.NOTHING
