"""The queue in Django's admin: events, sessions, files, flags, the live queue, and what was done by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy, ngettext

from queue_app.cluster import commands
from queue_app.cluster.commands import Command
from queue_app.databases import local
from queue_app.operations.admin_charts import short
from queue_app.operations.admin_files import StoredFileAdmin
from queue_app.operations.admin_flags import FlagAdmin
from queue_app.operations.admin_paging import AgeFilter, BoundedAdmin, MountFilter, SessionFilter
from queue_app.operations.admin_queue import QueueAdmin
from queue_app.operations.audits import audit
from queue_app.records.event_models import Audit, Event, Queue, Session, StoredFile
from queue_app.records.flag_models import Flag
from queue_app.records.model_words import STATES
from queue_app.sessions.session_hash import partly

MOST_AT_ONCE = 500  # rows that one action takes
_NOTHING = "–"
_OF = SessionFilter.parameter_name


class SinceFilter(AgeFilter):
    """By when it was submitted."""

    title = gettext_lazy("submitted")
    column = "submitted"


@admin.register(Event)
class EventAdmin(BoundedAdmin):
    """Who asked for which function, when, and how it ended."""

    list_display = (
        "short_id",
        "what",
        "who",
        "shown_state",
        "at",
        "waited",
        "took",
        "messages",
        "short_error",
    )
    list_filter = ("state", MountFilter, SinceFilter, SessionFilter)
    sortable_by = ("at",)
    looked_up = ("event_id", "session", "username", "fn_name")
    search_fields = ("event_id",)
    search_help_text = gettext_lazy("A whole id, session, user name or function name.")
    actions = ("cancel", "retry")
    fieldsets = (
        (None, {"fields": ("short_id", "mount", "shown_function", "shown_state", "messages", "process", "retried")}),
        (gettext_lazy("Who"), {"fields": ("who", "address", "shown_session")}),
        (gettext_lazy("When"), {"fields": ("submitted", "started", "finished", "waited", "took")}),
        (gettext_lazy("Error"), {"fields": ("error", "shown_traceback")}),
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
        _each(self, request, queryset, "cancel", commands.cancel)

    @admin.action(description=gettext_lazy("Submit the chosen failed or cancelled events again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        """Run them again with the same inputs, in the same session."""
        _each(self, request, queryset, "retry", commands.retry)

    @admin.display(description=gettext_lazy("id"))
    def short_id(self, row: Event) -> str:
        """Enough of the id to tell it from the others of a page."""
        return partly(row.event_id)

    @admin.display(description=gettext_lazy("function"))
    def what(self, row: Event) -> SafeString:
        """The function, and its app."""
        return _below(row.fn_name, row.mount)

    @admin.display(description=gettext_lazy("submitted"), ordering="submitted")
    def at(self, row: Event) -> str:
        """When it was submitted, to the second."""
        return _second(row.submitted)

    @admin.display(description=gettext_lazy("error"))
    def short_error(self, row: Event) -> str:
        """How its error begins."""
        return _cut(row.error, 60)

    @admin.display(description=gettext_lazy("user"))
    def who(self, row: Event) -> str:
        """The user's name; anonymous visitors have none."""
        return row.username or _NOTHING

    @admin.display(description=gettext_lazy("state"), ordering=None)
    def shown_state(self, row: Event) -> SafeString:
        """The state, in a colour."""
        return format_html(
            '<span class="blocks-state blocks-{}">{}</span>',
            row.state,
            STATES.get(name := str(row.get_state_display()), name),
        )

    @admin.display(description=gettext_lazy("wait"))
    def waited(self, row: Event) -> str:
        """Seconds from submission to start."""
        return f"{short(row.wait)} s" if row.wait is not None else _NOTHING

    @admin.display(description=gettext_lazy("run"))
    def took(self, row: Event) -> str:
        """Seconds from start to end."""
        return f"{short(row.duration)} s" if row.duration is not None else _NOTHING

    @admin.display(description=gettext_lazy("function"))
    def shown_function(self, row: Event) -> str:
        """Its name and number."""
        return gettext("%(name)s (number %(number)s)") % {"name": row.fn_name, "number": row.fn}

    @admin.display(description=gettext_lazy("session"))
    def shown_session(self, row: Event) -> SafeString | str:
        """The session, with a link to all its events."""
        address = reverse("admin:queue_app_event_changelist") + f"?{_OF}=event-{row.pk}"
        return format_html('<a href="{}">{}</a>', address, partly(row.session)) if row.session else _NOTHING

    @admin.display(description=gettext_lazy("tried again"))
    def retried(self, row: Event) -> SafeString | str:
        """The event that tries this one again, and how it stands."""
        if not row.retried_as:
            return _NOTHING
        again = Event.objects.filter(event_id=row.retried_as).only("pk", "event_id", "state").first()
        if again is None:
            return gettext("as %(id)s, which is not written yet") % {"id": partly(row.retried_as)}
        address = reverse("admin:queue_app_event_change", args=[again.pk])
        return format_html(
            '<a href="{}">{}</a> <span class="blocks-state blocks-{}">{}</span>',
            address,
            partly(again.event_id),
            again.state,
            STATES.get(name := str(again.get_state_display()), name),
        )

    @admin.display(description=gettext_lazy("traceback"))
    def shown_traceback(self, row: Event) -> SafeString | str:
        """The traceback as it is."""
        if not row.traceback:
            return _NOTHING
        return format_html('<pre class="blocks-trace" tabindex="0" aria-label="Traceback">{}</pre>', row.traceback)


@admin.register(Session)
class SessionAdmin(BoundedAdmin):
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
        (gettext_lazy("When"), {"fields": ("created", "seen")}),
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
    def end(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        """Cancel their events, forget their state, close their streams."""
        _each(self, request, queryset, "end session", commands.end_session)

    @admin.action(description=gettext_lazy("Delete the state of the chosen sessions"), permissions=["delete_state"])
    def delete_state(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        """Forget what they keep; their next events start afresh."""
        _each(self, request, queryset, "delete state", commands.delete_state)

    @admin.display(description=gettext_lazy("session"))
    def short_hash(self, row: Session) -> SafeString:
        """Enough of the hash to tell it from the others of a page, and the app."""
        return _below(partly(row.hash), row.mount)

    @admin.display(description=gettext_lazy("last seen"), ordering="seen")
    def at(self, row: Session) -> str:
        """Its last sign of life, to the second."""
        return _second(row.seen)

    @admin.display(description=gettext_lazy("user"))
    def who(self, row: Session) -> str:
        """The user's name; anonymous visitors have none."""
        return row.username or _NOTHING

    @admin.display(description=gettext_lazy("user"))
    def who_where(self, row: Session) -> SafeString:
        """The user's name, and the address."""
        return _below(self.who(row), row.address)

    @admin.display(description=gettext_lazy("connections"))
    def now(self, row: Session) -> int:
        """Open connections: as they are when it is known, else as they were last noted."""
        found = commands.session_now(row)
        return found.connections if found is not None else row.connections

    @admin.display(description=gettext_lazy("pending"))
    def events_now(self, row: Session) -> str:
        """Events that wait or run."""
        found = commands.session_now(row)
        return str(found.pending) if found is not None else _NOTHING

    @admin.display(description=gettext_lazy("state"))
    def state_now(self, row: Session) -> str:
        """How much it keeps."""
        found = commands.session_now(row)
        values = found.values if found is not None else ()
        return (
            ngettext("%(count)s value, %(size)s", "%(count)s values, %(size)s", len(values))
            % {"count": len(values), "size": _bytes(sum(value.size for value in values))}
            if values
            else _NOTHING
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
            (gettext("State %(number)s") % {"number": value.number}, value.kind, _bytes(value.size)) for value in values
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


@admin.register(Audit)
class AuditAdmin(BoundedAdmin):
    """Who did what by hand."""

    list_display = ("when", "user", "action", "target", "mount", "outcome")
    list_display_links = ("when",)
    list_filter = ("action",)
    sortable_by = ("when",)
    looked_up = ("user", "target")
    search_fields = ("user",)
    search_help_text = gettext_lazy("A whole user name or target.")


admin.site.register(Queue, QueueAdmin)
admin.site.register(StoredFile, StoredFileAdmin)
admin.site.register(Flag, FlagAdmin)


def _each(
    site: BoundedAdmin,
    request: HttpRequest,
    queryset: QuerySet[Any],
    action: str,
    give: Callable[[Any, list[str]], Command],
) -> None:
    """Do something to each chosen row, write down who did, and tell how it went."""
    done, shown = 0, 0
    user, to = request.user.get_username(), commands.others()
    given = [(row, give(row, to)) for row in queryset.order_by("pk")[:MOST_AT_ONCE]]
    until = commands.deadline()
    for row, order in given:
        well, outcome = audit(user, action, str(row), row.mount, partial(order.finish, until))
        done += well
        if not well and shown < 5:
            shown += 1
            site.message_user(request, f"{row}: {outcome}", messages.ERROR)
    if done:
        site.message_user(
            request,
            gettext("%(action)s: done for %(done)s.") % {"action": action.capitalize(), "done": done},
            messages.SUCCESS,
        )


def _below(text: str, quiet: str) -> SafeString:
    return format_html('{} <span class="blocks-below">{}</span>', text, quiet)


def _second(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M:%S}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest + 1 else f"{text[:longest]}…"


def _bytes(size: int) -> str:
    for unit in ("bytes", "KB", "MB"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size //= 1024
    return f"{size:.0f} GB"
