"""Uploaded and produced files in Django's admin: what is there, whose it is, and its deletion."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from blocks_app.files.filestore import default_store
from queue_app import conf
from queue_app.databases import local
from queue_app.operations.admin_paging import Admin, AgeFilter, BoundedAdmin, MountFilter, SessionFilter
from queue_app.operations.audits import audit
from queue_app.records.file_models import StoredFile
from queue_app.sessions.session_hash import partly

MOST_AT_ONCE = 500  # files that one action deletes
_NOTHING = "–"


class OriginFilter(admin.SimpleListFilter):
    """Uploads, or what functions made."""

    title = gettext_lazy("origin")
    parameter_name = "made"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The two."""
        return [("0", gettext("Uploaded")), ("1", gettext("Made by a function"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the chosen one."""
        return queryset.filter(made=self.value() == "1") if self.value() in ("0", "1") else queryset


class StoredFilter(AgeFilter):
    """By when it was stored."""

    title = gettext_lazy("stored")
    column = "created"


class StoredFileAdmin(BoundedAdmin):
    """Visitors' files. Deleting one deletes its row and its bytes, and is written down."""

    list_display = ("shown_name", "size_and_type", "whose", "at", "until")
    list_filter = (MountFilter, OriginFilter, StoredFilter, SessionFilter)
    sortable_by = ("at",)
    looked_up = ("file_id", "owner", "session", "orig_name")
    search_fields = ("file_id",)
    search_help_text = gettext_lazy("A whole id, owner, session or file name.")
    actions = ("delete_files",)
    fieldsets = (
        (None, {"fields": ("shown_id", "orig_name", "shown_size", "mime", "mount", "origin")}),
        (gettext_lazy("Whose"), {"fields": ("owner", "shown_session", "payer")}),
        (gettext_lazy("When"), {"fields": ("created", "expires")}),
        (gettext_lazy("Where"), {"fields": ("place", "name")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this person may delete files."""
        return Admin.has_delete_permission(self, request, obj)

    def get_actions(self, request: HttpRequest) -> Any:
        """Ours in place of Django's, which would collect all rows that match, and would know no bytes."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list; it says so when it does not grow."""
        if not conf.file_rows():
            self.message_user(request, gettext("BLOCKS_FILE_ROWS is off: new files are not listed."), messages.WARNING)
        return super().changelist_view(request, extra_context)

    @admin.action(description=gettext_lazy("Delete the chosen files"), permissions=["delete"])
    def delete_files(self, request: HttpRequest, queryset: QuerySet[StoredFile]) -> None:
        """Rows and bytes."""
        rows = list(queryset.order_by("pk")[:MOST_AT_ONCE])
        for row in rows:
            self.delete_model(request, row)
        text = f"{len(rows)} files deleted." if len(rows) != 1 else "1 file deleted."
        self.message_user(request, text, messages.SUCCESS)

    def delete_model(self, request: HttpRequest, obj: StoredFile) -> None:
        """Row and bytes of one file."""

        def delete() -> str:
            default_store().delete(obj.file_id)
            StoredFile.objects.filter(file_id=obj.file_id).delete()  # also where rows are off now
            return "deleted"

        audit(request.user.get_username(), "delete file", str(obj), obj.mount, delete)

    @admin.display(description=gettext_lazy("id"))
    def shown_id(self, row: StoredFile) -> str:
        """Enough of the id to tell it from others: who knows the whole one of a file without an owner may read it."""
        return partly(row.file_id)

    @admin.display(description=gettext_lazy("session"))
    def shown_session(self, row: StoredFile) -> str:
        """The session that it came from."""
        return partly(row.session) or _NOTHING

    @admin.display(description=gettext_lazy("name"))
    def shown_name(self, row: StoredFile) -> SafeString:
        """The name, and the app."""
        return format_html('{} <span class="blocks-below">{}</span>', row.orig_name, row.mount)

    @admin.display(description=gettext_lazy("size"))
    def shown_size(self, row: StoredFile) -> str:
        """In a unit that fits."""
        return filesizeformat(row.size)

    @admin.display(description=gettext_lazy("size"))
    def size_and_type(self, row: StoredFile) -> SafeString:
        """The size, and the content type."""
        return format_html('{} <span class="blocks-below">{}</span>', filesizeformat(row.size), row.mime)

    @admin.display(description=gettext_lazy("owner"))
    def whose(self, row: StoredFile) -> SafeString:
        """The person, or the session of somebody unknown, and where the file came from."""
        who = row.owner or (f"session {partly(row.session)}" if row.session else _NOTHING)
        return format_html('{} <span class="blocks-below">{}</span>', who, self.origin(row))

    @admin.display(description=gettext_lazy("origin"))
    def origin(self, row: StoredFile) -> str:
        """Where it came from."""
        return "made" if row.made else "uploaded"

    @admin.display(description=gettext_lazy("stored"), ordering="created")
    def at(self, row: StoredFile) -> str:
        """When it was stored, to the second."""
        return f"{local(row.created):%Y-%m-%d %H:%M:%S}"

    @admin.display(description=gettext_lazy("expires"))
    def until(self, row: StoredFile) -> str:
        """When it may be deleted."""
        return f"{local(row.expires):%Y-%m-%d %H:%M}" if row.expires else _NOTHING
