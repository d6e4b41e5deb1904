"""Uploaded and produced files in Django's admin: what is there, whose it is, and its deletion."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from blocks_app.files.filestore import default_store
from queue_app import conf
from queue_app.operations.admin import words
from queue_app.operations.admin.acting import DeletingAdmin
from queue_app.operations.admin.paging import Admin, AgeFilter, Filter, MountFilter, SessionFilter
from queue_app.operations.audits import audit
from queue_app.records.file_models import StoredFile
from queue_app.sessions.session_hash import partly


class OriginFilter(Filter):
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


@admin.register(StoredFile)
class StoredFileAdmin(DeletingAdmin):
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
        (gettext_lazy("When"), {"fields": ("at", "until")}),
        (gettext_lazy("Where"), {"fields": ("place", "name")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this person may delete files."""
        return Admin.has_delete_permission(self, request, obj)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list; it says so when it does not grow."""
        if not conf.file_rows():
            self.message_user(request, gettext("BLOCKS_FILE_ROWS is off: new files are not listed."), messages.WARNING)
        return super().changelist_view(request, extra_context)

    @admin.action(description=gettext_lazy("Delete the chosen files"), permissions=["delete"])
    def delete_files(self, request: HttpRequest, queryset: QuerySet[StoredFile]) -> HttpResponse | None:
        """Rows and bytes."""
        asked = self.confirmation(
            request,
            queryset,
            "delete_files",
            gettext("Delete these files?"),
            gettext("They are gone for those whose they are, too, and nothing brings them back."),
        )
        if asked is None:
            many = self.delete_each(request, queryset)
            text = ngettext("%(many)s file deleted.", "%(many)s files deleted.", many) % {"many": many}
            self.message_user(request, text, messages.SUCCESS)
        return asked

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
        return partly(row.session) or words.NOTHING

    @admin.display(description=gettext_lazy("name"))
    def shown_name(self, row: StoredFile) -> SafeString:
        """The name, and the app."""
        return words.below(row.orig_name, row.mount)

    @admin.display(description=gettext_lazy("size"))
    def shown_size(self, row: StoredFile) -> str:
        """In a unit that fits."""
        return words.size(row.size)

    @admin.display(description=gettext_lazy("size"))
    def size_and_type(self, row: StoredFile) -> SafeString:
        """The size, and the content type."""
        return words.below(words.size(row.size), row.mime)

    @admin.display(description=gettext_lazy("owner"))
    def whose(self, row: StoredFile) -> SafeString:
        """The person, or the session of somebody unknown, and where the file came from."""
        who = row.owner or (
            gettext("session %(session)s") % {"session": partly(row.session)} if row.session else words.NOTHING
        )
        return words.below(who, self.origin(row))

    @admin.display(description=gettext_lazy("origin"))
    def origin(self, row: StoredFile) -> str:
        """Where it came from."""
        return gettext("made") if row.made else gettext("uploaded")

    @admin.display(description=gettext_lazy("stored"), ordering="created")
    def at(self, row: StoredFile) -> str:
        """When it was stored, to the second."""
        return words.moment(row.created)

    @admin.display(description=gettext_lazy("expires"))
    def until(self, row: StoredFile) -> str:
        """When it may be deleted."""
        return words.moment(row.expires)
