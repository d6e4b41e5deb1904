"""Large uploads and downloads through Daphne in flat memory.

Daphne keeps a posted body in a temporary file, but then Twisted reads it whole to parse a form that nobody asks it for
(several times its size in memory), and Daphne itself puts all of it into the application's queue. `mend` stops the
first, and makes the second a queue of places in the file, each read when the application takes it. Daphne also takes
an answer as fast as an application gives it, however slowly the client reads; after large pieces `mend` makes the
application wait until the socket has taken them.
"""

from __future__ import annotations

import asyncio
from typing import IO, Any

#: Bytes that an application gets at once.
PIECE = 256 * 1024
#: Pieces of an answer from this size on wait for a slow client.
LARGE = 64 * 1024


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


class Valve:
    """Told by Twisted when the client is too slow; an application waits until it is open."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()

    def pauseProducing(self) -> None:
        """The socket's buffer is full."""
        self.open.clear()

    def resumeProducing(self) -> None:
        """The socket has taken it."""
        self.open.set()

    def stopProducing(self) -> None:
        """The client has gone: whoever waits may go on."""
        self.open.set()


def mend() -> None:
    """Change Daphne's classes in this process, once."""
    from daphne.http_protocol import WebRequest
    from daphne.server import Server

    if getattr(Server, "has_flat_bodies", False):
        return
    Server.has_flat_bodies = True
    init, create, reply = WebRequest.__init__, Server.create_application, Server.handle_reply

    def __init__(request: Any, *args: Any, **options: Any) -> None:
        init(request, *args, **options)
        request._parsePOSTFormSubmission = False

    def create_application(server: Any, protocol: Any, scope: Any) -> Any:
        queue = create(server, protocol, scope)
        if queue is not None and isinstance(protocol, WebRequest):
            server.request_buffer_size = PIECE
            if not protocol.content.closed:
                protocol.content = Places(protocol.content)
                _resolve(queue)
        return queue

    async def handle_reply(server: Any, protocol: Any, message: Any) -> None:
        valve = getattr(protocol, "valve", None)
        if valve is None and len(message.get("body", b"")) >= LARGE and isinstance(protocol, WebRequest):
            valve = _valve_of(protocol)
        more = message.get("more_body", False)
        if valve is not None and not more and _is_open(protocol):
            protocol.unregisterProducer()
        await reply(server, protocol, message)
        if valve is not None and more and _is_open(protocol):
            await valve.open.wait()

    WebRequest.__init__ = __init__
    Server.handle_reply = handle_reply
    Server.create_application = create_application


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
