"""Sessions in Django's admin: tabs and programs, what they have now, and their end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy, ngettext

from queue_app.cluster import commands
from queue_app.operations.admin import words
from queue_app.operations.admin.acting import ActingAdmin, PageAction, done_for
from queue_app.operations.admin.paging import MountFilter, SessionFilter
from queue_app.records.event_models import Session
from queue_app.sessions.session_hash import partly

_OF = SessionFilter.parameter_name


@admin.register(Session)
class SessionAdmin(ActingAdmin):
    """Tabs and programs: who, where from, and what they keep."""

    list_display = ("short_hash", "who_where", "at", "now", "events_now", "state_now")
    list_filter = (MountFilter,)
    sortable_by = ("at",)
    looked_up = ("hash", "username")
    search_fields = ("hash",)
    search_help_text = gettext_lazy("A whole session or user name.")
    actions = ("end", "delete_state")
    fieldsets = (
        (None, {"fields": ("short_hash", "who", "address", "agent", "process")}),
        (gettext_lazy("When"), {"fields": ("began", "at")}),
        (gettext_lazy("Now"), {"fields": ("now", "events_now", "state_values", "files", "events")}),
    )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Session | None:
        """One session, as the process that has it tells of it."""
        row: Session | None = super().get_object(request, object_id, from_field)
        if row is not None:
            commands.look_at([row])
        return row

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """A page of sessions, as the processes that have them tell of them."""
        changes = super().get_changelist_instance(request)
        commands.look_at(list(changes.result_list))
        return changes

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Whether this person may end sessions."""
        return bool(request.user.has_perm("queue_app.end_session"))

    def has_delete_state_permission(self, request: HttpRequest) -> bool:
        """Whether this person may delete what sessions keep."""
        return bool(request.user.has_perm("queue_app.delete_session_state"))

    @admin.action(description=gettext_lazy("End the chosen sessions"), permissions=["end"])
    def end(self, request: HttpRequest, queryset: QuerySet[Session]) -> HttpResponse | None:
        """Cancel their events, forget their state, close their streams."""
        asked = self.confirmation(
            request,
            queryset,
            "end",
            gettext("End these sessions?"),
            gettext("Their events are cancelled, what they keep is deleted, and their pages are disconnected."),
        )
        if asked is None:
            self.each(request, queryset, "end session", commands.end_session, done_for("end session"))
        return asked

    @admin.action(description=gettext_lazy("Delete the state of the chosen sessions"), permissions=["delete_state"])
    def delete_state(self, request: HttpRequest, queryset: QuerySet[Session]) -> HttpResponse | None:
        """Forget what they keep; their next events start afresh."""
        asked = self.confirmation(
            request,
            queryset,
            "delete_state",
            gettext("Delete the state of these sessions?"),
            gettext("What they keep is deleted; their next events start with what the app declares."),
        )
        if asked is None:
            self.each(request, queryset, "delete state", commands.delete_state, done_for("delete state"))
        return asked

    def page_actions(self, row: Session) -> Iterable[PageAction]:
        """What a session that is over has is gone already."""
        if commands.session_now(row) is not None or row.connections:
            yield PageAction("end", gettext("End this session"), True)
            yield PageAction("delete_state", gettext("Delete its state"), True)

    @admin.display(description=gettext_lazy("session"))
    def short_hash(self, row: Session) -> SafeString:
        """Enough of the hash to tell it from the others of a page, and the app."""
        return words.below(partly(row.hash), row.mount)

    @admin.display(description=gettext_lazy("last seen"), ordering="seen")
    def at(self, row: Session) -> str:
        """Its last sign of life, to the second."""
        return words.moment(row.seen)

    @admin.display(description=gettext_lazy("begun"))
    def began(self, row: Session) -> str:
        """When its first event came."""
        return words.moment(row.created)

    @admin.display(description=gettext_lazy("user"))
    def who(self, row: Session) -> str:
        """The user's name; anonymous visitors have none."""
        return row.username or words.NOTHING

    @admin.display(description=gettext_lazy("user"))
    def who_where(self, row: Session) -> SafeString:
        """The user's name, and the address."""
        return words.below(self.who(row), row.address)

    @admin.display(description=gettext_lazy("connections"))
    def now(self, row: Session) -> int:
        """Open connections: as they are when it is known, else as they were last noted."""
        found = commands.session_now(row)
        return found.connections if found is not None else row.connections

    @admin.display(description=gettext_lazy("pending"))
    def events_now(self, row: Session) -> str:
        """Events that wait or run."""
        found = commands.session_now(row)
        return str(found.pending) if found is not None else words.NOTHING

    @admin.display(description=gettext_lazy("state"))
    def state_now(self, row: Session) -> str:
        """How much it keeps."""
        found = commands.session_now(row)
        values = found.values if found is not None else ()
        return (
            ngettext("%(count)s value, %(size)s", "%(count)s values, %(size)s", len(values))
            % {"count": len(values), "size": words.size(sum(value.size for value in values))}
            if values
            else words.NOTHING
        )

    @admin.display(description=gettext_lazy("state"))
    def state_values(self, row: Session) -> SafeString | str:
        """Each value's key, type and size."""
        found = commands.session_now(row)
        if found is None:
            return gettext("No process has the session any more, or process %(process)s did not answer.") % {
                "process": row.process
            }
        values = found.values
        lines = (
            (gettext("State %(number)s") % {"number": value.number}, value.kind, words.size(value.size))
            for value in values
        )
        return format_html_join(mark_safe("<br>"), "{}: {}, {}", lines) if values else gettext("Nothing.")

    @admin.display(description=gettext_lazy("files"))
    def files(self, row: Session) -> SafeString | str:
        """Where to find the files of its user, or those of the session of somebody unknown."""
        address = reverse("admin:queue_app_storedfile_changelist")
        address += "?" + (urlencode({"q": row.identity}) if row.username else f"{_OF}=session-{row.pk}")
        text = (
            gettext("Files of %(user)s") % {"user": row.username} if row.username else gettext("Files of this session")
        )
        return format_html('<a href="{}">{}</a>', address, text)

    @admin.display(description=gettext_lazy("events"))
    def events(self, row: Session) -> SafeString:
        """Where to find its events."""
        address = reverse("admin:queue_app_event_changelist") + f"?{_OF}=session-{row.pk}"
        return format_html('<a href="{}">{}</a>', address, gettext("Events of this session"))
