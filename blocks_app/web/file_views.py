"""Upload and download of files. `views.py` calls these behind the guard, which tells the caller's identity."""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import errno
import shutil
import stat
import tempfile
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse

from blocks_app.connections import released
from blocks_app.files import static_paths
from blocks_app.files.byte_ranges import UnsatisfiableRange, wanted_range
from blocks_app.files.file_data import FileContext, owner_of
from blocks_app.files.file_registry import QuotaExceeded, RegisteredFile
from blocks_app.files.file_retention import cleaner_of
from blocks_app.files.filestore import default_store, guess_type
from blocks_app.files.paths import InvalidPathError, open_plain
from blocks_app.web.multipart import FileTooLarge, FormError, Sent, files_in

if TYPE_CHECKING:
    from blocks_app.web.registry import Mount

#: Bytes that are read and sent at once; a download holds two such pieces in memory.
CHUNK = 512 * 1024

_TRANSIENT = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.ETIMEDOUT)

#: Types that a browser shows without ever running anything in them; all others are downloads of plain bytes.
INLINE_TYPES = frozenset(
    [f"image/{kind}" for kind in ("jpeg", "png", "gif", "webp", "avif", "bmp")]
    + [f"audio/{kind}" for kind in ("aac", "aiff", "flac", "mp4", "mpeg", "ogg", "wav", "webm")]
    + [f"audio/{kind}" for kind in ("x-aiff", "x-flac", "x-m4a", "x-matroska", "x-wav")]
    + [f"video/{kind}" for kind in ("mp4", "mpeg", "ogg", "quicktime", "webm", "x-matroska", "x-msvideo")]
    + ["text/plain", "text/vtt", "application/json"]
)


async def upload(request: HttpRequest, *, mount: Mount, identity: Any) -> HttpResponse:
    """POST multipart with the field `files`, many times -> JSON list of the paths by which to name them.

    413 above the app's max_file_size, 400 for anything that is no such form.
    """
    address = request.META.get("REMOTE_ADDR") or ""
    context = FileContext(owner=owner_of(identity), cleaner=cleaner_of(mount), address=address, mount=mount.key)
    return await sync_to_async(released, thread_sensitive=False)(_upload, request, mount.options.max_file_size, context)


def _upload(request: HttpRequest, limit: int | None, context: FileContext) -> HttpResponse:
    if request.content_type != "multipart/form-data":
        return _detail("Invalid content type.", 400)
    most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
    with contextlib.ExitStack() as stack:
        try:
            files = files_in(_whole(request, stack), request.headers["Content-Type"], "files", limit, most)
        except FileTooLarge:
            text = f"File size exceeded maximum allowed size of {limit} bytes."
            return HttpResponse(text, status=413, content_type="text/plain; charset=utf-8")
        except FormError as error:
            return _detail(f"The upload could not be read: {error}", 400)
        return _stored(files, context)


def _whole(request: HttpRequest, stack: contextlib.ExitStack) -> BinaryIO:
    """The request's body as a file. Django has it in one already, except where a server hands out a bare stream."""
    stream: BinaryIO | None = getattr(request, "_stream", None)
    if stream is not None and hasattr(request, "scope") and stream.seekable():
        return stream
    spool = tempfile.SpooledTemporaryFile(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)  # noqa: SIM115 # the stack closes it
    whole = stack.enter_context(spool)
    shutil.copyfileobj(request, whole, CHUNK)
    return whole  # type: ignore[return-value] # it has what is read of a file


def _stored(files: list[Sent], context: FileContext) -> HttpResponse:
    saved: list[RegisteredFile] = []
    try:
        for name, content in files:
            saved.append(context.save(content, name, made=False))
    except BaseException as error:
        for record in saved:
            context.store.delete(record.id)
        if isinstance(error, QuotaExceeded):
            return _detail(str(error), 413)
        raise
    return JsonResponse([record.path for record in saved], safe=False)


async def serve(request: HttpRequest, path: str, *, mount: Mount, identity: Any) -> HttpResponseBase:
    """GET or HEAD of a stored file by `<id>/<name>`; 404 unless it exists and is the caller's.

    Where the app has allowed or static paths, an absolute path asks for one of those: see `_serve_in_place`.
    """
    return await sync_to_async(released, thread_sensitive=False)(_serve, request, path, mount, owner_of(identity))


def _serve(request: HttpRequest, path: str, mount: Mount, owner: str) -> HttpResponseBase:
    store = default_store()
    record = store.find(path, owner)
    if record is not None:
        return send(request, record, lambda: store.open(record))
    options = mount.options
    if static_paths.is_absolute(path) and (options.allowed_paths or static_paths.static_paths()):
        return _serve_in_place(request, path, options.allowed_paths, options.blocked_paths)
    return _detail("File not found.", 404)


def _serve_in_place(request: HttpRequest, path: str, allowed: list[str], blocked: list[str]) -> HttpResponseBase:
    """A file that the author opened by its path: 403 for all that is not open, 404 for what is open but not there."""
    try:
        real = static_paths.opened(path, allowed, blocked)
    except static_paths.NotServed:
        return _detail(f"File not allowed: {path}.", 403)
    try:
        about = real.stat()
    except OSError:
        return _detail(f"File not found: {path}.", 404)
    if not stat.S_ISREG(about.st_mode):
        return _detail(f"File not allowed: {path}.", 403)
    record = RegisteredFile(
        id=f"{about.st_mtime_ns:x}-{about.st_size:x}",
        name=real.name,
        orig_name=real.name,
        size=about.st_size,
        mime=guess_type(real.name),
        owner="",
        created=about.st_mtime,
    )
    return send(request, record, lambda: open_plain(real))


def send(request: HttpRequest, record: RegisteredFile, open_it: Callable[[], BinaryIO]) -> HttpResponseBase:
    """A file that whoever asks may have: inline only what runs nothing, and any part of it that is asked for."""
    headers = _headers(record, download="download" in request.GET)
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    try:
        first, length = wanted_range(request.headers.get("Range"), record.size, _is_current(request, headers))
    except UnsatisfiableRange:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{record.size}"})
    partial = (first, length) != (0, record.size)
    if partial:
        headers["Content-Range"] = f"bytes {first}-{first + length - 1}/{record.size}"
    headers["Content-Length"] = str(length)
    status = 206 if partial else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    try:
        content = open_it()
    except (OSError, InvalidPathError) as error:
        if getattr(error, "errno", None) in _TRANSIENT:
            raise  # the file is there, and the server cannot open it at the moment
        return _detail("File not found.", 404)
    content.seek(first)
    body = _in_threads(content, length) if hasattr(request, "scope") else _pieces(content, length)
    response = StreamingHttpResponse(body, status=status, headers=headers)
    response._resource_closers.append(content.close)  # type: ignore[attr-defined] # as FileResponse does
    # A visitor who leaves before Django has this response in hand: nobody closes it then.
    weakref.finalize(response, content.close).atexit = False
    return response


def _headers(record: RegisteredFile, download: bool) -> dict[str, str]:
    """T14: nothing that a browser could run is shown inline, whatever its name says.

    An SVG keeps its type, because `<img>` draws it by that alone and runs nothing in it; opened by itself it is a
    download.
    """
    inline = record.mime in INLINE_TYPES
    kind = record.mime if inline or record.mime == "image/svg+xml" else "application/octet-stream"
    shown = "inline" if inline and not download else "attachment"
    plain = record.name.encode("ascii", "replace").decode()
    plain = "".join("_" if c in '?"\\' or c < " " else c for c in plain)
    return {
        "Content-Type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        "Content-Disposition": f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{quote(record.orig_name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; media-src 'self'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "ETag": f'"{record.id}"',
        "Last-Modified": email.utils.formatdate(record.created, usegmt=True),
    }


def _is_current(request: HttpRequest, headers: dict[str, str]) -> bool:
    """Whether a range may be answered: the file never changes, so If-Range must name just this one."""
    return request.headers.get("If-Range", headers["ETag"]) in (headers["ETag"], headers["Last-Modified"])


def _pieces(content: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0 and (piece := content.read(min(CHUNK, length))):
        length -= len(piece)
        yield piece


async def _in_threads(content: BinaryIO, length: int) -> AsyncIterator[bytes]:
    """The same off the event loop; under ASGI Django would read a plain iterator whole before its first byte.

    The next piece is read while the last one is sent.
    """
    run = asyncio.get_running_loop().run_in_executor
    coming = run(None, content.read, min(CHUNK, length))
    try:
        while length > 0 and (piece := await coming):
            length -= len(piece)
            if length > 0:
                coming = run(None, content.read, min(CHUNK, length))
            yield piece
    finally:
        coming.cancel()
        with contextlib.suppress(RuntimeError):  # the loop has ended, and with it the reading
            run(None, content.close)  # not here: it waits for a read that is under way


def _detail(text: str, status: int) -> JsonResponse:
    return JsonResponse({"detail": text}, status=status)
