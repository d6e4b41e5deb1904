"""`deep_link`: makes a link to a page as it is. What opens one is the page itself, with `?deep_link=` in its address.

A page posts what its visitor has entered. Gradio's way, a GET with the `session_hash`, works as well and takes what the
server knows of the session alone.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec
from asgiref.sync import sync_to_async
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, HttpResponseBase, JsonResponse

from blocks_app import conf, hosting, parsing
from blocks_app.connections import released
from blocks_app.deep_links import contents, opening
from blocks_app.deep_links.files import Keeping
from blocks_app.deep_links.opening import open_link
from blocks_app.deep_links.store import Links
from blocks_app.exceptions import Error
from blocks_app.files.file_data import FileContext, owner_of
from blocks_app.files.quotas import account
from blocks_app.i18n import gettext
from blocks_app.running.state import read_shown

if TYPE_CHECKING:
    from blocks_app.declaration.declared_page import DeclaredPage
    from blocks_app.web.endpoint import EndpointRequest

__all__ = ["LinkRequest", "make", "make_link", "open_link", "where_of"]

#: What a request may have beside the values.
_SPARE = 64 * 1024


class LinkRequest(msgspec.Struct):
    """What a page posts.

    Attributes:
        page: the path of the page.
        values: what its visitor has entered, by number of the block.
        empty: the blocks that show nothing, whatever functions have shown there before.
        files: whether the visitor shares the files, too.
        base: the link with which the page was opened.
    """

    page: str = ""
    values: dict[int, Any] = {}
    empty: list[int] = []
    files: bool = False
    base: str = ""


_request: msgspec.json.Decoder[LinkRequest] = msgspec.json.Decoder(LinkRequest)


def where_of(visit: EndpointRequest) -> FileContext:
    """For whom files of a link are read and copied."""
    return FileContext(
        owner=owner_of(visit.identity),
        url_prefix=f"{visit.root}/gradio_api",
        address=visit.request.META.get("REMOTE_ADDR") or "",
        blocked_paths=tuple(visit.mount.options.blocked_paths),
        mount=visit.mount.key,
    )


async def make(visit: EndpointRequest, allowed: list[str]) -> HttpResponseBase:
    """A POST of a page answers `{"id", "dropped"}`, a GET the id as a JSON string, "" where there is nothing to keep.

    `allowed` are the paths of the pages that the visitor may see.
    """
    session_hash = visit.request.GET.get("session_hash", "")
    asked = LinkRequest()
    if visit.request.method == "POST":
        try:
            asked = await sync_to_async(_read, thread_sensitive=False)(visit.request)
        except _Refused as refusal:
            return JsonResponse({"detail": str(refusal)}, status=refusal.status)
    if asked.page not in allowed:
        return JsonResponse({"detail": gettext("There is no such page.")}, status=404)
    scope = getattr(visit.request, "scope", None)
    try:
        known = await hosting.host().shown(visit.mount, session_hash, visit.identity, scope)
    except Exception as error:
        status = getattr(error, "status", None)
        if not isinstance(status, int):
            raise
        return JsonResponse({"detail": str(error)}, status=status, headers=dict(getattr(error, "headers", ())))
    return await sync_to_async(released, thread_sensitive=False)(_made, visit, asked, known.encode())


def _made(visit: EndpointRequest, asked: LinkRequest, known: bytes) -> HttpResponse:
    posted = visit.request.method == "POST"
    if not posted:
        asked = LinkRequest(values=read_shown(known))
        if not asked.values:
            return JsonResponse("", safe=False)
    try:
        link, dropped = make_link(visit.mount.blocks, visit.mount.key, asked, known, where_of(visit))
    except Error as error:
        return JsonResponse({"detail": str(error)}, status=413)
    return JsonResponse({"id": link, "dropped": dropped} if posted else link, safe=False)


def make_link(
    blocks: DeclaredPage, mount: str, asked: LinkRequest, known: bytes, where: FileContext
) -> tuple[str, list[str]]:
    """Keep a link; its id, and the names of the files that it does not open for others.

    Args:
        blocks, mount: the app and its key.
        asked: what a page says.
        known: what functions have shown there, as `Engine.shown` tells it.
        where: for whom files are read and copied.

    Raises:
        Error: it is too large, or there are too many.
    """
    links = Links(mount, where.store)
    values = read_shown(known)
    if asked.base and (before := links.read(asked.base)) is not None:
        values = opening.values_of(blocks, asked.page, before, where) | values
    values = {**values, **dict.fromkeys(asked.empty)}
    may_share = any(getattr(block, "share_files", False) for block in blocks.blocks.values())
    keeping = Keeping(where, asked.files and may_share, time.time() + conf.deep_link_age())
    try:
        made = contents.collect(blocks, asked.page, values, asked.values, keeping)
        content = contents.content(made, asked.page, where.owner, keeping.copies)
        return links.add(content, account(where.owner, where.address)), made.dropped
    except BaseException:
        keeping.undo()
        raise


class _Refused(Exception):
    """A request is not taken."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def _read(request: Any) -> LinkRequest:
    most = conf.deep_link_size() + _SPARE
    text = gettext("This page has too much on it for a link, which keeps %(most)s bytes.")
    too_much = _Refused(413, text % {"most": f"{conf.deep_link_size():,}"})
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > most or len(request.body) > most:
            raise too_much
        return parsing.load(request.body, _request, parsing.limits())
    except RequestDataTooBig:
        raise too_much from None
    except (ValueError, msgspec.MsgspecError) as error:
        raise _Refused(400, f"The request could not be read: {error}") from None
