"""Lists that stay fast however long their tables are: nothing counts all rows, nothing sorts or searches unindexed."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from queue_app.records.event_models import Event, Session

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Any]
    Pages = Paginator[Any]
else:  # only their types are generic
    Admin, Pages = admin.ModelAdmin, Paginator

MOST = 2_000  # rows that can be paged through; a filter or a search shows others


class BoundedPaginator(Pages):
    """Counts no further than MOST."""

    @cached_property
    def count(self) -> int:
        """How many rows can be paged through."""
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return min(MOST, len(rows))
        return rows.order_by()[:MOST].count()


class BoundedChanges(ChangeList):
    """Sorts by the columns that offer it, whatever the address asks for: only those have an index."""

    def get_ordering_field(self, field_name: Any) -> Any:
        """What a column is sorted by; None for one that is not."""
        return super().get_ordering_field(field_name) if field_name in (self.sortable_by or ()) else None


class UntouchedAdmin(Admin):
    """What nobody adds, changes or deletes by hand; `manage.py blocks_sweep` deletes what is old."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class BoundedAdmin(UntouchedAdmin):
    """A list of rows that nobody adds, changes or deletes by hand.

    Nothing can be asked of it but what its filters offer: answers to other questions in the address would tell,
    letter by letter, what no page shows.

    A search means one whole value of one of `looked_up`, the first in which it is found, so each search reads along
    one index.
    """

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    empty_value_display = "–"
    looked_up: ClassVar[tuple[str, ...]] = ()

    class Media:
        css: ClassVar = {"all": ["queue_app/admin.css"]}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows in which one of the fields is exactly the term."""
        term = search_term.strip()
        if not term:
            return queryset, False
        for field in self.looked_up:
            if self.model._default_manager.filter(**{field: term}).order_by().exists():
                return queryset.filter(**{field: term}), False
        return queryset.none(), False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what a filter asks for, and whole values of the columns that can be filtered by."""
        named = [each if isinstance(each, str) else getattr(each, "parameter_name", "") for each in self.list_filter]
        return lookup in named or lookup.removesuffix("__exact") in named

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """Rows are found by their number alone."""
        return to_field == self.opts.pk.name

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """See BoundedChanges."""
        return BoundedChanges

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, with a title that says what is listed, and beside its search how far it goes."""
        title = str(self.opts.verbose_name_plural)
        more = {"title": title[:1].upper() + title[1:], "most": MOST}
        return super().changelist_view(request, {**more, **(extra_context or {})})


class Filter(admin.SimpleListFilter):
    """A filter that stands in one line with the others, and opens when it is pressed."""

    template = "admin/queue_app/filter.html"


class AgeFilter(Filter):
    """By age; a subclass names the column, and with `title` what happened then."""

    parameter_name = "since"
    column: ClassVar[str]
    hours: ClassVar = {"hour": 1, "day": 24, "week": 168}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The last hour, day, week."""
        return [
            ("hour", gettext("In the last hour")),
            ("day", gettext("In the last day")),
            ("week", gettext("In the last week")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that are young enough."""
        hours = self.hours.get(self.value() or "")
        if hours is None:
            return queryset
        return queryset.filter(**{f"{self.column}__gte": timezone.now() - timedelta(hours=hours)})


class SessionFilter(Filter):
    """The rows of the session of one row, which is told by its number: a session's name is for its visitor alone."""

    title = gettext_lazy("session")
    parameter_name = "session_of"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Nothing to choose from; a link on another page has chosen."""
        return [(self.value() or "", gettext("The chosen session"))] if self.value() else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of that session: `event-7` or `session-7`."""
        kind, _, number = (self.value() or "").partition("-")
        if not number.isdecimal() or len(number) > 18:
            return queryset.none() if self.value() else queryset
        model, column = (Event, "session") if kind == "event" else (Session, "hash")
        found = model._default_manager.filter(pk=number).values_list(column, flat=True).first()
        return queryset.filter(session=found) if found else queryset.none()


class MountFilter(Filter):
    """By app. The choices are the apps that this site serves: asking the table would read all of it."""

    title = gettext_lazy("app")
    parameter_name = "mount"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The keys of the mounted apps."""
        from blocks_app.web.registry import all_mounts  # not before the first app is mounted

        return [(mount.key, mount.key) for mount in all_mounts()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the chosen app."""
        value = self.value()
        return queryset.filter(mount=value) if value else queryset
