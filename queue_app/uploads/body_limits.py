"""How large the body of a request may be at each endpoint of a site, and how slowly it may come.

Every endpoint of ours says how much it takes: what announces or brings more is refused while it comes, before it fills
the disk. What a site's own views take is the site's business (they may stream gigabytes on purpose): there only the
disk counts, as nobody's body may use up what `BLOCKS_DISK_RESERVE` keeps free. Nobody may hold an endpoint open with a
body that
does not come: after `BLOCKS_SLOW_WRITER` seconds it must have come with `PACE` bytes a second.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings

from blocks_app import conf as page_conf
from blocks_app import outages
from blocks_app.logs import quietly
from blocks_app.web import views
from blocks_app.web.endpoint import Endpoint
from queue_app import conf
from queue_app.log_sentences import logger
from queue_app.uploads.upload_meter import Body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blocks_app.web.registry import Mount
    from queue_app.asgi_types import Receive, Scope, Send

#: Bytes that a body may have where nothing large is expected: at the page, its config, its login.
SMALL = 64 * 1024
#: Bytes a second with which a body has to come.
PACE = 500
#: After so many bytes the disk is looked at again.
LOOK = 4 * 1024 * 1024
FULL = "The server's disk is full. Try again later."
SLOW = "The request came too slowly."

_GONE = {"type": "http.disconnect"}

log = logger("queue_app.doors")


PACKED = "Send the request as it is, without a Content-Encoding."


class BodyLimit(NamedTuple):
    """What a body meets at a path."""

    #: Most bytes of it; None where a site's own view decides, or an upload is measured file by file.
    most: int | None = None
    #: The app that takes an upload here.
    mount: Mount | None = None


#: The site's own business.
SITE = BodyLimit()
#: Where nothing is.
NOWHERE = BodyLimit(SMALL)


def limit_of(view: Any, mount: Mount | None) -> BodyLimit:
    """What a view of a urlconf takes; `mount` is the app that it belongs to."""
    hot = getattr(view, "hot", None)
    if hot is not None and hot != "queue.ws":
        return BodyLimit(conf.max_body_size())
    if hot is None and not isinstance(view, Endpoint):
        return SITE
    if hot is not None:
        return NOWHERE
    if view.view is views.upload:
        return BodyLimit(None, mount)
    return BodyLimit(conf.max_body_size()) if view.takes_values else NOWHERE


def may_have_body(scope: Scope) -> bool:
    """Whether a body may follow a request. From HTTP/2 on one may come without a word."""
    return (
        scope["method"] not in ("GET", "HEAD")
        or scope.get("http_version", "1.1") >= "2"
        or any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])
    )


def refuse_packed(body: Body, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """At our own endpoints nothing is unpacked: what is small here may be gigabytes there."""
    encoding = next((value for name, value in headers if name == b"content-encoding"), b"")
    if body.refused is None and encoding.strip().lower() not in (b"", b"identity"):
        body.refuse(415, PACKED)


def length_of(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    """The announced length of a body; None where none is announced, as with chunks."""
    text = next((value for name, value in headers if name == b"content-length"), b"")
    return int(text) if text.isdigit() and len(text) < 20 else None


def is_full() -> bool:
    """Whether bodies have used up what the disk of the temporary folder should keep free."""
    reserve = page_conf.disk_reserve()
    place = settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir()
    return bool(reserve) and shutil.disk_usage(place).free < reserve


def patience(came: int) -> float:
    """Seconds that a body of so many bytes may have taken until now; 0 for as many as it likes."""
    slowest = conf.slow_writer()
    return slowest + came / PACE if slowest else 0.0


async def watched(application: Any, body: Body, scope: Scope, receive: Receive, send: Send) -> None:
    """Let an application answer a request whose body is counted while it comes, and speak for it where it cannot."""
    arrival, started = Arrival(scope, receive, body), False

    async def give(message: dict[str, Any]) -> None:
        nonlocal started
        started = True
        await send(message)

    try:
        if body.refused is None:
            await application(scope, arrival, give)
    except Exception as error:
        problem = outages.classify_outage(error)
        if started or (problem is None and body.refused is None):
            raise
        if problem is not None:
            quietly(log.exception, "request.failed", extra={"path": scope["path"]})
            body.refuse(*problem)
    if body.refused is not None and not started:
        await refuse(scope, send, body)


async def refuse(scope: Scope, send: Send, body: Body) -> None:
    """Say why a body may not come, and that nothing more is read of this connection."""
    status, kind, content = body.answer()
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", b"%d" % len(content)),
        (b"x-content-type-options", b"nosniff"),
    ]
    if scope.get("http_version", "1.1") < "2":
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


class Arrival:
    """The body of one request as an application reads it. One that may not come, or does not, ends like a client that
    has left; `body` says why."""

    def __init__(self, scope: Scope, receive: Receive, body: Body) -> None:
        """Begin. Where Daphne serves, the whole body has been counted already, and is here."""
        self.begun = time.monotonic()
        self.scope = scope
        self.whole = scope.get("blocks.body") is not None
        self.body = body
        if self.whole:
            _settle(scope, body)
        self._receive = receive

    async def __call__(self) -> dict[str, Any]:
        """The next message of the client."""
        if self.body.refused is not None:
            return dict(_GONE)
        if self.whole:
            return await self._receive()
        limit = patience(self.body.came)
        try:
            async with asyncio.timeout(max(0.0, self.begun + limit - time.monotonic()) if limit else None):
                message = await self._receive()
        except TimeoutError:
            self.body.refuse(408, SLOW)
            return dict(_GONE)
        if message["type"] == "http.request":
            self.whole = not message.get("more_body", False)
            self._count(message.get("body", b""))
            if self.whole:
                _settle(self.scope, self.body)
        return message if self.body.refused is None else dict(_GONE)

    def _count(self, data: bytes) -> None:
        body = self.body
        body.feed(data)
        if body.refused is None and body.came - body.looked >= LOOK:
            body.looked = body.came
            if is_full():
                body.refuse(507, FULL)


def _settle(scope: Scope, body: Body) -> None:
    """Say how long a body was that came in chunks: Django takes a form without a length for an empty one."""
    if body.length is None and body.came:
        body.length = body.came
        kept = [each for each in scope["headers"] if each[0] not in (b"transfer-encoding", b"content-length")]
        scope["headers"] = [*kept, (b"content-length", b"%d" % body.came)]
