"""Large uploads and downloads through Daphne in flat memory.

Daphne keeps a posted body in a temporary file, but then Twisted reads it whole to parse a form that nobody asks it for
(several times its size in memory), and Daphne itself puts all of it into the application's queue. `install` stops the
first, and makes the second a queue of places in the file, each read when the application takes it. Daphne also takes
an answer as fast as an application gives it, however slowly the client reads; after large pieces `install` makes the
application wait until the socket has taken them, and hangs up on a client that takes nothing for long.

Daphne takes the prefix of a site from any client's header `Daphne-Root-Path`; here only its own `--root-path` counts,
unless the site says otherwise.

Every body is counted while it comes (see `body_limits` and `upload_meter`), and a large upload is asked about beside it
(see `admission`): one that may not come is answered at once, and what the client still sends of it goes nowhere.
"""

from __future__ import annotations

import contextlib
from io import BytesIO
from typing import IO, Any
from urllib.parse import unquote

from queue_app import conf
from queue_app.log_sentences import logger
from queue_app.server.daphne import backpressure, slow_requests
from queue_app.server.daphne.backpressure import FlowControl, taken
from queue_app.server.daphne.patching import replace
from queue_app.server.network.refusals import answer
from queue_app.tasks import spawn

log = logger("queue_app.bodies")

#: Bytes that an application gets at once.
PIECE = 256 * 1024
#: After so many bytes an answer waits for a slow client.
LARGE = 64 * 1024
#: Bytes of a refused body that are taken and thrown away, so that the client gets to read why.
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


def install() -> None:
    """Change Daphne's classes in this process, once."""
    from daphne.http_protocol import WebRequest
    from daphne.server import Server

    if getattr(Server, "has_flat_bodies", False):
        return
    Server.has_flat_bodies = True
    _count_bodies(WebRequest)
    _answer_long_lines()
    slow_requests.install()
    init, create, reply = WebRequest.__init__, Server.create_application, Server.handle_reply

    def __init__(request: Any, *args: Any, **options: Any) -> None:
        init(request, *args, **options)
        request._parsePOSTFormSubmission = False
        request.answered = 0

    def create_application(server: Any, protocol: Any, scope: Any) -> Any:
        scope["blocks.body"] = getattr(protocol, "body", None)
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
        flow = getattr(protocol, "flow", None)
        if flow is None and isinstance(protocol, WebRequest):
            protocol.answered += len(message.get("body", b""))
            flow = _flow_of(protocol) if protocol.answered >= LARGE else None
        more = message.get("more_body", False)
        if flow is not None and not more and _is_open(protocol):
            protocol.unregisterProducer()
        try:
            await reply(server, protocol, message)
        except Exception as error:
            if _has_left(error):  # the page, while it was answered; its socket tells the application next
                return
            raise
        if flow is not None and more and _is_open(protocol) and not await taken(flow, protocol.channel.transport):
            log.info("reader.dropped", extra={"path": protocol.path.decode("latin-1")})
            if protocol.channel is not None:
                protocol.channel.forceAbortClient()

    replace(WebRequest, __init__=__init__)
    replace(Server, handle_reply=handle_reply, create_application=create_application)
    backpressure.install()


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

    replace(HTTPChannel, lineLengthExceeded=lineLengthExceeded)


def _count_bodies(kind: Any) -> None:
    """Let requests of this class look at a body as it comes."""
    got, chunk, received = kind.gotLength, kind.handleContentChunk, kind.requestReceived
    process, lost = kind.process, kind.connectionLost

    def gotLength(request: Any, length: int | None) -> None:
        request.body = body = _body_of(request) if length != 0 else None
        try:
            got(request, length if body is None or body.refused is None else 0)
        except OSError as error:
            request.content = BytesIO()
            _give_up(request, error)
        if body is not None and body.refused is not None and not body.drained:
            _refuse(request)

    def handleContentChunk(request: Any, data: bytes) -> None:
        body = request.body
        if body.refused is None and body.admits(data):
            try:
                chunk(request, data)
                _look(request, body)
            except OSError as error:
                _give_up(request, error)
        if body.refused is None:
            return
        if not body.drained:
            _refuse(request)
        body.drained += len(data)
        if body.drained > DRAINED and request.channel is not None:
            request.channel.forceAbortClient()

    def requestReceived(request: Any, *line: bytes) -> None:
        request.has_come = True
        try:
            request.content.flush()
        except OSError as error:  # the disk is told of the last bytes only now
            _give_up(request, error)
        received(request, *line)

    def handled(request: Any) -> Any:
        if request.body is None or request.body.refused is None:
            return process(request)
        return request.channel.loseConnection()

    def connectionLost(request: Any, reason: Any) -> None:
        if request.body is not None:
            request.body.close()
        lost(request, reason)

    kind.body, kind.mount, kind.has_come = None, None, False
    replace(kind, gotLength=gotLength, handleContentChunk=handleContentChunk, requestReceived=requestReceived)
    replace(kind, process=handled, connectionLost=connectionLost)


def _body_of(request: Any) -> Any:
    """What counts the body of this request."""
    from queue_app.server.daphne.upload_precheck import WORTH
    from queue_app.transport.routing import limit_behind
    from queue_app.uploads import body_limits  # Django, ready when the first request comes
    from queue_app.uploads.upload_meter import Body
    from queue_app.uploads.uploads import meter_of

    path, _, query = request.channel._path.partition(b"?")
    headers = _headers(request)
    limit = limit_behind(request.server.application, unquote(path.decode("latin-1")))
    if limit.mount is None or request.channel._command != b"POST":
        most = limit.most if limit.mount is None else body_limits.SMALL
        body = Body(body_limits.length_of(headers), most)
        if most is not None:
            body_limits.refuse_packed(body, headers)
        return body
    meter = meter_of(limit.mount, headers, query.decode("latin-1"))
    request.mount = limit.mount
    coming = meter.length or 0
    if meter.refused is None and coming >= WORTH:
        spawn(_ask(request, coming))
    return meter


def _look(request: Any, body: Any) -> None:
    """Now and then: is there still room for what comes?"""
    from queue_app.uploads import body_limits  # as above

    if body.came - body.looked < body_limits.LOOK:
        return
    body.looked = body.came
    if body_limits.is_full():
        body.refuse(507, body_limits.FULL)
    elif request.mount is not None and body.length is None:
        spawn(_ask(request, body.came))


def _headers(request: Any) -> list[tuple[bytes, bytes]]:
    raw = request.requestHeaders.getAllRawHeaders()
    return [(name.lower(), value) for name, values in raw for value in values]


async def _ask(request: Any, coming: int) -> None:
    """While a large upload comes: refuse it if it will be refused anyway."""
    from queue_app.server.daphne.upload_precheck import objection, scope_of  # as above
    from queue_app.server.network.host_check import HostCheck

    application, body, scope = request.server.application, request.body, scope_of(request, _headers(request))
    if isinstance(application, HostCheck):
        application.place(scope)
    problem = await objection(application, request.mount, scope, coming)
    if problem is not None and body.refused is None and not request.has_come and request.channel is not None:
        body.refuse(*problem)
        _refuse(request)


def _give_up(request: Any, error: OSError) -> None:
    """The body cannot be kept."""
    from blocks_app.outages import classify_outage  # as above
    from queue_app.uploads.upload_meter import Body

    log.error("body.lost", exc_info=error)
    body = request.body = request.body or Body(None, None)
    if body.refused is None:
        body.refuse(*(classify_outage(error) or (503, "The server cannot take the request. Try again later.")))
    if not body.drained:
        _refuse(request)


def _refuse(request: Any) -> None:
    """Answer at once, and forget what has come."""
    content, request.content = request.content, BytesIO()
    with contextlib.suppress(OSError):
        content.close()
    request.body.drained = 1
    request.channel.transport.write(answer(*request.body.answer()))


def _is_open(request: Any) -> bool:
    return not request.finished and getattr(request, "channel", None) is not None


def _flow_of(request: Any) -> FlowControl | None:
    if not _is_open(request):
        return None
    flow = request.flow = FlowControl()
    request.registerProducer(flow, True)
    return flow


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
