"""Gives out the JavaScript of installed Python packages; see page/libraries.py."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from django.http.response import HttpResponseBase

from blocks_app.page import libraries
from blocks_app.web import static_responses
from blocks_app.web.endpoint import EndpointRequest
from blocks_app.web.views import in_thread


async def library(visit: EndpointRequest, name: str) -> HttpResponseBase:
    """One file of such a package; its name carries a hash, so browsers keep it for ever."""

    def made() -> HttpResponseBase:
        path = libraries.find(name)
        try:
            content = static_responses.program_file(path) if path is not None else None
        except OSError:
            content = None
        if path is None or content is None:
            return static_responses.not_found()
        if "gzip" in visit.request.headers.get("Accept-Encoding", ""):
            content = _squeezed(path, content.etag)
        return static_responses.respond(visit.request, content, static_responses.IMMUTABLE)

    return await in_thread(made)


@lru_cache(8)
def _squeezed(path: Path, etag: str) -> static_responses.Content:
    """Compressed once: these are files of megabytes."""
    kind = static_responses.kind_of(path.name)
    return static_responses.Content(gzip.compress(path.read_bytes(), 6), kind, etag, "gzip")
