"""Sends files that belong to the program, never to a visitor: built bundles and static files of component modules."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse

BUNDLES = Path(__file__).resolve().parents[1] / "static" / "blocks_app"
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"

#: Encodings that the build has written beside a bundle, the smallest first.
ENCODINGS = {"br": ".br", "gzip": ".gz"}
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes ready to send."""

    body: bytes
    kind: str
    etag: str
    encoding: str | None = None


def respond(request: HttpRequest, content: Content, cache: str) -> HttpResponse:
    """Answer with the bytes, or with 304 when the browser has them."""
    headers = {"ETag": content.etag, "Cache-Control": cache, "Vary": "Accept-Encoding"}
    if content.etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    if content.encoding:
        headers["Content-Encoding"] = content.encoding
    return HttpResponse(content.body, content_type=content.kind, headers=headers)


def bundle(name: str, accepted: str) -> Content | None:
    """A built file by its name, in the best encoding among `accepted`; None when there is no such file.

    The name is looked up in a listing, so no name can lead elsewhere.
    """
    names = _bundle_names(BUNDLES, BUNDLES.stat().st_mtime_ns if BUNDLES.is_dir() else 0)
    if name not in names or name.endswith((".br", ".gz")):
        return None
    for encoding, ending in ENCODINGS.items():
        if encoding in accepted and name + ending in names:
            return _read(BUNDLES / (name + ending), name, encoding)
    return _read(BUNDLES / name, name, None)


def program_file(path: Path) -> Content:
    """A file of an installed app, read anew when it has changed. Raises OSError."""
    return _read_version(path, path.stat().st_mtime_ns)


@lru_cache(64)
def _squeezed(body: str, kind: str) -> Content:
    return _content(gzip.compress(body.encode(), 9), kind, "gzip")


def text(body: str, kind: str, accepted: str = "") -> Content:
    """A generated text that many visitors get; compressed once when gzip is among `accepted`."""
    return _squeezed(body, kind) if "gzip" in accepted else _content(body.encode(), kind, None)


def squeeze(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Compress a page made for one visitor. Only for pages without secrets beside what the visitor sent."""
    response["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = gzip.compress(response.content, 6)
        response["Content-Encoding"] = "gzip"
    return response


def not_found() -> JsonResponse:
    """404 in words."""
    return JsonResponse({"detail": "Not Found"}, status=404)


@lru_cache(4)
def _bundle_names(folder: Path, _changed: int) -> frozenset[str]:
    return frozenset(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


@lru_cache(512)
def _read(path: Path, name: str, encoding: str | None) -> Content:
    # Bundles carry a hash of their content in their name: what is read once stays true.
    return _content(path.read_bytes(), kind_of(name), encoding)


@lru_cache(256)
def _read_version(path: Path, _changed: int) -> Content:
    return _content(path.read_bytes(), kind_of(path.name), None)


def _content(body: bytes, kind: str, encoding: str | None) -> Content:
    return Content(body, kind, f'"{hashlib.sha256(body).hexdigest()[:20]}"', encoding)


def kind_of(name: str) -> str:
    """The content type for a file name; texts are UTF-8."""
    kind = TYPES.get(Path(name).suffix.lower()) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind == "application/json" else kind
