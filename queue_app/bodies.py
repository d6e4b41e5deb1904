"""Large uploads and downloads through Daphne in flat memory.

Daphne keeps a posted body in a temporary file, but then Twisted reads it whole to parse a form that nobody asks it for
(several times its size in memory), and Daphne itself puts all of it into the application's queue. `mend` stops the
first, and makes the second a queue of places in the file, each read when the application takes it. Daphne also takes
an answer as fast as an application gives it, however slowly the client reads; after large pieces `mend` makes the
application wait until the socket has taken them, and hangs up on a client that takes nothing for long.

Daphne takes the prefix of a site from any client's header `Daphne-Root-Path`; here only its own `--root-path` counts,
unless the site says otherwise.

An upload is counted while it comes (see `metering`), and a large one is asked about beside it (see `admission`): one
that may not come is answered at once, and what the client still sends of it goes nowhere.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import unquote

from queue_app import conf, pressure
from queue_app.pressure import Valve, taken
from queue_app.tasks import own

log = logging.getLogger(__name__)

#: Bytes that an application gets at once.
PIECE = 256 * 1024
#: After so many bytes an answer waits for a slow client.
LARGE = 64 * 1024
#: Bytes of a refused upload that are taken and thrown away, so that the client gets to read why.
DRAINED = 256 * 1024 * 1024

_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Place:
    """Some bytes of a file that have not been read yet; for Daphne it only has a length."""

    __slots__ = ("content", "length", "start")

    def __init__(self, content: IO[bytes], start: int, length: int) -> None:
        self.content = content
        self.start = start
        self.length = length

    def __len__(self) -> int:
        return self.length

    def read(self) -> bytes:
        """The bytes. Raises ValueError when the request has ended and its file is closed."""
        self.content.seek(self.start)
        return self.content.read(self.length)


class Places:
    """A request's body, as Daphne reads it: `read` gives a Place."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content = content
        self.size = content.seek(0, 2)
        self.position = 0

    def read(self, length: int) -> Place:
        """The next place, shorter than `length` at the end only."""
        place = Place(self.content, self.position, min(length, self.size - self.position))
        self.position += place.length
        return place

    def __getattr__(self, name: str) -> Any:
        return getattr(self.content, name)


def mend() -> None:
    """Change Daphne's classes in this process, once."""
    from daphne.http_protocol import WebRequest
    from daphne.server import Server

    if getattr(Server, "has_flat_bodies", False):
        return
    Server.has_flat_bodies = True
    _count_uploads(WebRequest)
    _answer_long_lines()
    init, create, reply = WebRequest.__init__, Server.create_application, Server.handle_reply

    def __init__(request: Any, *args: Any, **options: Any) -> None:
        init(request, *args, **options)
        request._parsePOSTFormSubmission = False
        request.answered = 0

    def create_application(server: Any, protocol: Any, scope: Any) -> Any:
        if getattr(protocol, "meter", None) is not None:
            scope["blocks.meter"] = protocol.meter
        if not conf.trust_root_path():
            scope["root_path"] = server.root_path
        queue = create(server, protocol, scope)
        if queue is not None and isinstance(protocol, WebRequest):
            server.request_buffer_size = PIECE
            if not protocol.content.closed:
                protocol.content = Places(protocol.content)
                _resolve(queue)
        return queue

    async def handle_reply(server: Any, protocol: Any, message: Any) -> None:
        valve = getattr(protocol, "valve", None)
        if valve is None and isinstance(protocol, WebRequest):
            protocol.answered += len(message.get("body", b""))
            valve = _valve_of(protocol) if protocol.answered >= LARGE else None
        more = message.get("more_body", False)
        if valve is not None and not more and _is_open(protocol):
            protocol.unregisterProducer()
        try:
            await reply(server, protocol, message)
        except Exception as error:
            if _has_left(error):  # the page, while it was answered; its socket tells the application next
                return
            raise
        if valve is not None and more and _is_open(protocol) and not await taken(valve, protocol.channel.transport):
            log.info("reader.dropped", extra={"path": protocol.path.decode("latin-1")})
            if protocol.channel is not None:
                protocol.channel.forceAbortClient()

    WebRequest.__init__ = __init__
    Server.handle_reply, Server.create_application = handle_reply, create_application
    pressure.mend()


def _has_left(error: Exception) -> bool:
    """Whether autobahn says that a socket is closed."""
    from autobahn.exception import Disconnected  # not before a WebSocket needs it

    return isinstance(error, Disconnected)


def _answer_long_lines() -> None:
    """Say why before hanging up on an address or a header that is too long; Twisted just hangs up."""
    from twisted.web.http import HTTPChannel

    def lineLengthExceeded(channel: Any, line: bytes) -> Any:
        if not channel._handlingRequest:  # else an answer is under way
            channel.transport.write(_TOO_LONG)
        return channel.loseConnection()

    kind: Any = HTTPChannel
    kind.lineLengthExceeded = lineLengthExceeded


def _count_uploads(kind: Any) -> None:
    """Let requests of this class look at an upload as it comes."""
    got, chunk, process, lost = kind.gotLength, kind.handleContentChunk, kind.process, kind.connectionLost

    def gotLength(request: Any, length: int | None) -> None:
        got(request, length)
        request.meter = _meter_of(request)
        if request.meter is not None and request.meter.refused is not None:
            _refuse(request)

    def handleContentChunk(request: Any, data: bytes) -> None:
        meter = request.meter
        if meter is None:
            chunk(request, data)
            return
        if meter.refused is None and meter.admits(data):
            chunk(request, data)
            return
        if not meter.drained:
            _refuse(request)
        meter.drained += len(data)
        if meter.drained > DRAINED and request.channel is not None:
            request.channel.forceAbortClient()

    def handled(request: Any) -> Any:
        request.has_come = True
        if request.meter is None or request.meter.refused is None:
            return process(request)
        return request.channel.loseConnection()

    def connectionLost(request: Any, reason: Any) -> None:
        if getattr(request, "meter", None) is not None:
            request.meter.close()
        lost(request, reason)

    kind.meter, kind.has_come = None, False
    kind.gotLength, kind.handleContentChunk = gotLength, handleContentChunk
    kind.process, kind.connectionLost = handled, connectionLost


def _meter_of(request: Any) -> Any:
    """What counts this request when it uploads to an app, else None."""
    if request.channel._command != b"POST":
        return None
    path, _, query = request.channel._path.partition(b"?")
    if not path.rstrip(b"/").endswith(b"/upload"):
        return None
    from queue_app.admission import WORTH, scope_of  # Django, ready when the first request comes
    from queue_app.asgi import mount_behind
    from queue_app.uploads import meter_of

    mount: Any = mount_behind(request.server.application, unquote(path.decode("latin-1")))
    if mount is None:
        return None
    raw = request.requestHeaders.getAllRawHeaders()
    headers = [(name.lower(), value) for name, values in raw for value in values]
    meter = meter_of(mount, headers, query.decode("latin-1"))
    if meter.refused is None and (meter.length or 0) >= WORTH:
        own(_ask(request, mount, meter, scope_of(request, headers)))
    return meter


async def _ask(request: Any, mount: Any, meter: Any, scope: Any) -> None:
    """While a large body comes: refuse it if it will be refused anyway."""
    from queue_app.admission import objection  # as above
    from queue_app.front import Front

    application = request.server.application
    if isinstance(application, Front):
        application.place(scope)
    problem = await objection(application, mount, scope, meter.length)
    if problem is not None and meter.refused is None and not request.has_come and request.channel is not None:
        meter.refuse(*problem)
        _refuse(request)


def _refuse(request: Any) -> None:
    """Answer at once, and forget what has come."""
    request.meter.drained = 1
    request.content.truncate(0)
    status, kind, body = request.meter.answer()
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {kind}\r\nConnection: close\r\n"
    more = f"X-Content-Type-Options: nosniff\r\nContent-Length: {len(body)}\r\n\r\n"
    request.channel.transport.write((head + more).encode() + body)


def _is_open(request: Any) -> bool:
    return not request.finished and getattr(request, "channel", None) is not None


def _valve_of(request: Any) -> Valve | None:
    if not _is_open(request):
        return None
    request.valve = Valve()
    request.registerProducer(request.valve, True)
    return request.valve  # type: ignore[no-any-return]


def _resolve(queue: Any) -> None:
    """Let a queue read each place as it is taken out."""
    take = queue._get

    def get() -> Any:
        message = take()
        place = message.get("body")
        if not isinstance(place, Place):
            return message
        try:
            return {**message, "body": place.read()}
        except ValueError:
            return {"type": "http.disconnect"}

    queue._get = get
