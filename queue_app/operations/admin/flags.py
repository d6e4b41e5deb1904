"""Flags in Django's admin: what was marked, with its values and files; its export and its deletion."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from blocks_app import jsonable
from blocks_app.files.filestore import default_store
from blocks_app.flagging.cells import is_file, with_files
from blocks_app.flagging.database_logger import OWNER
from blocks_app.web import file_views
from queue_app.ids import text
from queue_app.operations.admin import flag_export, words
from queue_app.operations.admin.acting import DeletingAdmin
from queue_app.operations.admin.paging import MOST, Admin, AgeFilter, Filter, MountFilter
from queue_app.operations.audits import audit
from queue_app.records.flag_models import NAME, Flag, FlagFile
from queue_app.sessions.session_hash import partly

SHOWN = 50_000  # characters of one value on its page; the export has all of them
CHOICES = 50  # values that a filter offers
_PICTURES = frozenset(f"image/{kind}" for kind in ("jpeg", "png", "gif", "webp", "avif", "bmp", "svg+xml"))


class RecentFilter(Filter):
    """By the values that a column has among the newest rows: asking the whole table would read all of it."""

    column: ClassVar[str]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """What there is."""
        newest = Flag._default_manager.order_by("-created", "-id").values_list(self.column, flat=True)[:MOST]
        found = sorted(set(newest) | ({self.value() or ""} if self.value() else set()))
        return [(each, each) for each in found if each][:CHOICES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the chosen one."""
        value = self.value()
        return queryset.filter(**{self.column: text(value, NAME)}) if value else queryset


class NameFilter(RecentFilter):
    """By interface."""

    title = gettext_lazy("interface")
    parameter_name = column = "name"


class OptionFilter(RecentFilter):
    """By what the button stood for."""

    title = gettext_lazy("option")
    parameter_name = column = "option"


class UserFilter(RecentFilter):
    """By who flagged."""

    title = gettext_lazy("user")
    parameter_name = column = "username"


class FlaggedFilter(AgeFilter):
    """By when it was flagged."""

    title = gettext_lazy("flagged")
    column = "created"


@admin.register(Flag)
class FlagAdmin(DeletingAdmin):
    """What visitors flagged. Deleting a flag deletes its files, and is written down."""

    list_display = ("at", "what", "shown_option", "who", "excerpt", "file_count")
    list_filter = (MountFilter, NameFilter, OptionFilter, FlaggedFilter, UserFilter)
    sortable_by = ("at",)
    search_fields = ("values",)
    search_help_text = gettext_lazy("Words within the values, or a whole user name.")
    actions = ("delete_flags",)
    fieldsets = (
        (None, {"fields": ("mount", "name", "option", "who", "shown_session", "at")}),
        (gettext_lazy("Values"), {"fields": ("shown_values",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Flag]:
        """Lists leave out the long texts."""
        return super().get_queryset(request).defer("values", "columns")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows of a user, or those with the words in their values."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if Flag._default_manager.filter(username=term).order_by().exists():
            return queryset.filter(username=term), False
        written = jsonable.dumps(term).decode()[1:-1]  # as the values are written
        return queryset.filter(values__icontains=written), False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this person may delete flags."""
        return Admin.has_delete_permission(self, request, obj)

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whether this person may take flags away."""
        return bool(request.user.has_perm("queue_app.export_flag"))

    @admin.action(description=gettext_lazy("Delete the chosen flags"), permissions=["delete"])
    def delete_flags(self, request: HttpRequest, queryset: QuerySet[Flag]) -> HttpResponse | None:
        """Rows and files."""
        asked = self.confirmation(
            request,
            queryset,
            "delete_flags",
            gettext("Delete these flags?"),
            gettext("Their values and their copies of files are gone then, and nothing brings them back."),
        )
        if asked is None:
            many = self.delete_each(request, queryset)
            text = ngettext("%(many)s flag deleted.", "%(many)s flags deleted.", many) % {"many": many}
            self.message_user(request, text, messages.SUCCESS)
        return asked

    def delete_model(self, request: HttpRequest, obj: Flag) -> None:
        """One flag with its files."""

        def delete() -> str:
            Flag._default_manager.filter(pk=obj.pk).delete()
            return "deleted"

        audit(request.user.get_username(), "delete flag", str(obj), obj.mount, delete)

    # -- addresses of its own -----------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """Django's, with the exports and the files."""
        view = self.admin_site.admin_view
        return [
            path("export.<slug:kind>", view(self.export), name="queue_app_flag_export"),
            path("<int:number>/file/<str:file_id>", view(self.file), name="queue_app_flag_file"),
            *super().get_urls(),
        ]

    def export(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """What the list shows now, all of it, as a CSV file or as JSON lines."""
        if kind not in flag_export.KINDS:
            raise Http404
        if not (self.has_view_permission(request) and self.has_export_permission(request)):
            return flag_export.refused()
        try:
            flags = self.get_changelist_instance(request).get_queryset(request).defer(None)
        except IncorrectLookupParameters as error:
            raise Http404 from error
        audit(request.user.get_username(), "export flags", kind, request.GET.get("mount", ""), lambda: "begun")
        return flag_export.response(request, flags, kind, lambda flag, file: self._address(flag, file, request))

    def file(self, request: HttpRequest, number: int, file_id: str) -> HttpResponseBase:
        """A flag's file, for who may see the flag."""
        if not self.has_view_permission(request):
            return flag_export.refused()
        if not FlagFile._default_manager.filter(flag=number, file_id=file_id).exists():
            raise Http404
        store = default_store()
        record = store.get(file_id)
        if record is None or record.owner != OWNER:
            raise Http404
        return file_views.send(request, record, lambda: store.open(record))

    def _address(self, flag: int, file: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Where the admin hands out a file of a value; one elsewhere is named as it was."""
        if _is_elsewhere(file):
            return str(file["path"])
        where = reverse("admin:queue_app_flag_file", args=[flag, str(file["path"]).partition("/")[0]])
        return request.build_absolute_uri(where) if request is not None else where

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, with its exports for who may take flags away."""
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        exports = [
            (label, reverse("admin:queue_app_flag_export", args=[kind]) + query)
            for kind, label in (("csv", gettext("Export as CSV")), ("jsonl", gettext("Export as JSON lines")))
        ]
        shown = exports if self.has_export_permission(request) else []
        return super().changelist_view(request, {"exports": shown, **(extra_context or {})})

    # -- what is shown ------------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("flagged"), ordering="created")
    def at(self, row: Flag) -> str:
        """When, to the second."""
        return words.moment(row.created)

    @admin.display(description=gettext_lazy("interface"))
    def what(self, row: Flag) -> SafeString:
        """The interface, and its app."""
        return words.below(row.name or words.NOTHING, row.mount)

    @admin.display(description=gettext_lazy("option"))
    def shown_option(self, row: Flag) -> str:
        """What the button stood for."""
        return row.option or words.NOTHING

    @admin.display(description=gettext_lazy("user"))
    def who(self, row: Flag) -> str:
        """The user's name; anonymous visitors have none."""
        return row.username or words.NOTHING

    @admin.display(description=gettext_lazy("session"))
    def shown_session(self, row: Flag) -> str:
        """The session that it came from."""
        return partly(row.session) or words.NOTHING

    @admin.display(description=gettext_lazy("values"))
    def shown_values(self, row: Flag) -> SafeString:
        """Each value under its name; pictures as such."""
        pairs = zip(json.loads(row.columns), json.loads(row.values))
        return format_html(
            '<dl class="blocks-values">{}</dl>',
            format_html_join(
                "",
                "<dt>{} <span class='blocks-quiet'>{}</span></dt><dd>{}</dd>",
                ((name, each["kind"], self._shown(row.pk, name, each["value"])) for name, each in pairs),
            ),
        )

    def _shown(self, flag: int, name: str, value: Any) -> SafeString | str:
        files: list[dict[str, Any]] = []

        def note(file: dict[str, Any]) -> str:
            files.append(file)
            return str(file.get("orig_name") or file["path"])

        rest = with_files(value, note)
        shown = format_html_join("", "{}", ((self._shown_file(flag, file),) for file in files))
        if value is None or is_file(value):
            return shown or words.NOTHING
        written = rest if isinstance(rest, str) else json.dumps(rest, ensure_ascii=False, indent=2)
        if len(written) > SHOWN:
            written = f"{written[:SHOWN]}… ({len(written):,} characters; the export has all of them)"
        return format_html(
            '<pre class="blocks-trace blocks-value" tabindex="0" role="region" aria-label="{}">{}</pre>{}',
            name,
            written,
            shown,
        )

    def _shown_file(self, flag: int, file: dict[str, Any]) -> SafeString:
        name = str(file.get("orig_name") or file["path"])
        if _is_elsewhere(file):
            return format_html('<p class="blocks-file">{}</p>', file["path"])  # nothing is fetched from elsewhere
        if default_store().get(str(file["path"]).partition("/")[0]) is None:
            return format_html('<p class="blocks-file">{} (its file was deleted)</p>', name)
        where = self._address(flag, file)
        picture = format_html('<img src="{}" alt="{}" loading="lazy">', where, name) if _is_picture(file) else ""
        link = format_html('<a href="{}?download" download>Download {}</a>', where, name)
        return format_html('<p class="blocks-file">{}{}</p>', picture, link)


def _is_picture(file: dict[str, Any]) -> bool:
    return file.get("mime_type") in _PICTURES


def _is_elsewhere(file: dict[str, Any]) -> bool:
    """Whether a file is one of another host, of which there is no copy."""
    return str(file["path"]).lower().startswith(("http://", "https://"))
