"""Uploaded and produced files in Django's admin: what is there, whose it is, and its deletion.

Files are not rows: the store keeps a note beside each. So a page reads the notes of its own files and no others, and a
search looks through the newest SEARCHED files.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from blocks_app.filestore import FileStore, StoredFile, default_store
from queue_app.admin_live import audit
from queue_app.admin_paging import Admin

PER_PAGE = 50
SEARCHED = 1_000


class StoredFileAdmin(Admin):
    """One page of files with a form to delete them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The page; its form posts to itself."""
        view = self.admin_site.admin_view(self.changelist_view)
        return [path("", view, name="queue_app_storedfile_changelist")]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The files, the newest first; a POST deletes the chosen ones."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._delete(request)
        term = request.GET.get("q", "").strip()
        store = default_store()
        ids = _matching(store, term) if term else store.newest()
        page = Paginator(ids, PER_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Files",
            "page": page,
            "files": [_shown(store, file_id) for file_id in page.object_list],
            "term": term,
            "searched": SEARCHED,
            "may_delete": self.has_delete_permission(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/queue_app/files.html", context)

    def _delete(self, request: HttpRequest) -> HttpResponse:
        if not self.has_delete_permission(request):
            raise PermissionDenied
        chosen, store = request.POST.getlist("file")[:PER_PAGE], default_store()
        for file_id in chosen:
            record = store.get(file_id)

            def delete(file_id: str = file_id) -> str:
                store.delete(file_id)
                return "deleted"

            target = f"{file_id} {record.orig_name}" if record is not None else file_id
            audit(request.user.get_username(), "delete file", target, "", delete)
        text = f"{len(chosen)} files deleted." if len(chosen) != 1 else "1 file deleted."
        messages.add_message(request, messages.SUCCESS if chosen else messages.WARNING, text)
        return HttpResponseRedirect(reverse(f"{self.admin_site.name}:queue_app_storedfile_changelist"))


def _matching(store: FileStore, term: str) -> list[str]:
    """The file of this id, or those of the newest whose owner is the term or whose name has it."""
    if store.get(term) is not None:
        return [term]
    found = []
    for file_id in store.newest()[:SEARCHED]:
        record = store.get(file_id)
        if record is not None and (record.owner == term or term.lower() in record.orig_name.lower()):
            found.append(file_id)
    return found


def _shown(store: FileStore, file_id: str) -> dict[str, Any]:
    record: StoredFile | None = store.get(file_id)
    if record is None:
        return {"id": file_id, "name": "(being uploaded, or gone)"}
    return {
        "id": file_id,
        "name": record.orig_name,
        "size": record.size,
        "mime": record.mime,
        "owner": record.owner,
        "created": datetime.fromtimestamp(min(record.created, time.time()), UTC),
        "keep": record.keep,
    }
