"""Kept conversations in Django's admin: people wrote them in private, so they need a permission of their own."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from queue_app.operations.admin import words
from queue_app.operations.admin.paging import Admin, AgeFilter, BoundedAdmin, MountFilter
from queue_app.operations.audits import audit
from queue_app.records.conversation_models import Conversation

MOST_SHOWN = 500  # messages of one conversation


class UpdatedFilter(AgeFilter):
    """By when somebody last said something."""

    title = gettext_lazy("last message")
    column = "updated"


@admin.register(Conversation)
class ConversationAdmin(BoundedAdmin):
    """What visitors and programs said. Who opens or deletes one is written down.

    `queue_app.view_conversation` is needed to see that there are any; whoever may see events may not see these.
    """

    list_display = ("owner", "mount", "at", "begun")
    list_filter = (MountFilter, UpdatedFilter)
    sortable_by = ("at",)
    looked_up = ("number", "owner")
    search_fields = ("number",)
    search_help_text = gettext_lazy("A whole id or owner.")
    actions = None
    fieldsets = (
        (None, {"fields": ("owner", "mount", "title", "begun", "at")}),
        (gettext_lazy("Messages"), {"fields": ("shown_messages",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        """Lists leave out what was said."""
        return super().get_queryset(request).defer("messages")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this person may delete conversations."""
        return Admin.has_delete_permission(self, request, obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One conversation; that it was read is written down."""
        row = self.get_object(request, object_id)
        if request.method == "GET" and row is not None and self.has_view_permission(request, row):
            audit(request.user.get_username(), "read conversation", str(row), row.mount, lambda: "shown")
        return super().change_view(request, object_id, form_url, extra_context)

    def delete_model(self, request: HttpRequest, obj: Conversation) -> None:
        """The row, and a line about it."""

        def delete() -> str:
            obj.delete()
            return "deleted"

        audit(request.user.get_username(), "delete conversation", str(obj), obj.mount, delete)

    @admin.display(description=gettext_lazy("last message"), ordering="updated")
    def at(self, row: Conversation) -> str:
        """When somebody last said something, to the second."""
        return words.moment(row.updated)

    @admin.display(description=gettext_lazy("begun"))
    def begun(self, row: Conversation) -> str:
        """When it began."""
        return words.moment(row.created)

    @admin.display(description=gettext_lazy("messages"))
    def shown_messages(self, row: Conversation) -> SafeString:
        """The messages, as plain text."""
        messages = json.loads(row.messages)
        shown = format_html_join("", "<dt>{}</dt><dd>{}</dd>", map(_line, messages[:MOST_SHOWN]))
        more = len(messages) - MOST_SHOWN
        return format_html(
            "<dl>{}</dl>{}", shown, gettext("and %(more)s more") % {"more": f"{more:,}"} if more > 0 else ""
        )


def _line(message: dict[str, Any]) -> tuple[str, str]:
    parts = [
        part["text"]
        if part["type"] == "text"
        else f"[{part['file'].get('orig_name') or 'file'}]"
        if part["type"] == "file"
        else f"[{part['component']}]"
        for part in message["content"]
    ]
    return message["role"], "\n".join(parts)
