"""The base of the wire's HTTP consumers: one small object per request, no task of its own, no middleware.

A subclass names its `methods` and writes `handle(**captured)`. It may raise `Refusal` at any time before it answered:
the client gets the status and `{"detail": sentence}`. Channels' own dispatch (a task per message source, a database
check per message) costs several times what a small answer does, so `__call__` runs the handler directly.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

import msgspec
from channels.consumer import AsyncConsumer
from django.core.exceptions import PermissionDenied

from blocks_app.logs import quietly
from queue_app.access import throttling
from queue_app.access.connection_registry import watch
from queue_app.asgi_types import Receive, Scope, Send
from queue_app.conf import max_body_size
from queue_app.delivery import unread_bounds
from queue_app.exceptions import Disconnected, QueueError, Refusal, refusal_of
from queue_app.execution.job_factory import request_info
from queue_app.log_sentences import logger
from queue_app.tasks import TaskGroup
from queue_app.transport.json_decoding import decoded
from queue_app.uploads.body_limits import Arrival, length_of, refuse_packed
from queue_app.uploads.upload_meter import Body

if TYPE_CHECKING:
    from auth_app.identity import Identity
    from blocks_app.running.request import RequestInfo
    from blocks_app.web.registry import Mount
    from queue_app.access.connection_registry import Connection

log = logger("queue_app.http")

T = TypeVar("T")

_POSTED = ((b"content-type", b"application/json"), (b"x-content-type-options", b"nosniff"))
_READ = (*_POSTED, (b"cache-control", b"no-store"))  # answers to POST are not cached anyway
_json = msgspec.json.Encoder(enc_hook=str)


class Closable(Protocol):
    """What an answer that lasts reads from."""

    def close(self) -> None:
        """End it: whoever waits for more gets none."""
        ...


_attendants = TaskGroup("answers that last")


class HttpConsumer(AsyncConsumer):  # type: ignore[misc] # Channels has no types
    """One request to a hot endpoint of one mounted app.

    Attributes that a handler may use: `scope`, `mount` (the app), `identity` (who asks).
    """

    channel_layer_alias: ClassVar[None] = None  # hot endpoints use no channel layer
    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD")
    guarded: ClassVar[bool] = True
    #: Whether an answer may take long: then it ends when its visitor loses access; `connection` is known to `live`.
    lasting: ClassVar[bool] = False

    #: Written by subclasses: answers the request; takes what the pattern captured from the path, by name.
    handle: Callable[..., Awaitable[None]]

    scope: Scope
    mount: Mount
    identity: Identity
    connection: Connection

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; never raises, except when the server cancels it."""
        self.scope = scope
        self.receive = receive
        self.base_send = send
        self.started = False
        captured = dict(scope["url_route"]["kwargs"])
        self.mount = captured.pop("mount")
        try:
            await self._admit()
            await (self._lasting(captured) if self.lasting else self.handle(**captured))
        except Disconnected:
            log.debug("request.abandoned", extra={"path": scope["path"]})
        except QueueError as refusal:
            await self.answer({"detail": refusal.detail}, refusal.status, getattr(refusal, "headers", ()))
        except Exception as error:
            quietly(log.exception, "request.failed", extra={"path": scope["path"]})
            if not self.started:
                status, detail, *headers = refusal_of(error)
                await self.answer({"detail": detail}, status, headers)

    async def _lasting(self, captured: dict[str, Any]) -> None:
        """Handle the request as long as its visitor has access."""
        slot = throttling.enter(self.identity, self.scope)
        self.connection = connection = watch(self.mount, self.scope, self.identity)
        try:
            await self.handle(**captured)
        except asyncio.CancelledError:
            if not connection.evicted:
                raise
            connection.task.uncancel()
            if not self.started:
                raise Refusal(401, "Not authenticated") from None
            await self.base_send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            connection.close()
            throttling.leave(slot)

    # Who may come in

    async def _admit(self) -> None:
        """Refuse wrong methods, foreign sites and strangers, in this order; the first two cost no look-up."""
        if self.scope["method"] not in self.methods:
            allow = [(b"allow", ", ".join(self.methods).encode())]
            if self.scope["method"] == "OPTIONS":  # a preflight; without permission headers the browser stops there
                raise Refusal(403, "Pages of other sites may not call this app.", allow)
            raise Refusal(405, f"Method {self.scope['method']} is not allowed here.", allow)
        if not self.guarded:
            return
        try:
            identity = await self.mount.guard(self.scope)
        except PermissionDenied as error:
            raise Refusal(403, str(error)) from error
        if identity is None:
            raise Refusal(401, "Not authenticated")
        self.identity = identity

    # Reading

    @property
    def request_info(self) -> RequestInfo:
        """What functions may ask about the request, as plain data."""
        return request_info(self.scope)

    def header(self, name: bytes) -> bytes | None:
        """The first header of this lower-case name."""
        for key, value in self.scope["headers"]:
            if key == name:
                return bytes(value)
        return None

    @property
    def from_own_page(self) -> bool:
        """Whether a browser page of this site asks (the guard has refused those of others): it may use private ones."""
        return self.header(b"sec-fetch-site") is not None or self.header(b"origin") is not None

    async def body(self) -> bytes:
        """The whole body; refuses more than `BLOCKS_MAX_BODY_SIZE` bytes, and what comes too slowly, at once."""
        expected = Body(length_of(self.scope["headers"]), max_body_size())
        refuse_packed(expected, self.scope["headers"])
        receive = Arrival(self.scope, self.receive, expected)
        parts: list[bytes] = []
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                if expected.refused is not None:
                    raise Refusal(expected.status, expected.refused)
                raise Disconnected
            part = message.get("body", b"")
            if not message.get("more_body", False):
                return part if not parts else b"".join((*parts, part))
            parts.append(part)

    async def json(self, decoder: msgspec.json.Decoder[T]) -> T:
        """The body as the decoder's type; a sentence with 400 says what is wrong with it."""
        body = await self.body()
        unread_bounds.freed(len(body))  # as soon as it is read
        return await decoded(decoder, body, "request")

    # Leaving

    async def gone(self) -> None:
        """Return when the client has left."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    @asynccontextmanager
    async def watching(self, reader: Closable) -> AsyncIterator[None]:
        """While inside, a client that leaves ends what is read."""
        attendant = _attendants.start(self._attend(reader))
        try:
            yield
        finally:
            attendant.cancel()

    async def _attend(self, reader: Closable) -> None:
        await self.gone()
        reader.close()

    # Answering

    async def answer(self, content: Any, status: int = 200, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
        """Send `content` as JSON (bytes are sent as they are)."""
        body = content if isinstance(content, bytes) else _json.encode(content)
        length = (b"content-length", b"%d" % len(body))
        fixed = _POSTED if self.scope["method"] == "POST" else _READ
        await self.send_whole(status, [*fixed, length, *headers], body)

    async def send_whole(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        """Send a complete answer; its body only when it is asked for."""
        await self.start(status, headers)
        await self.base_send({"type": "http.response.body", "body": b"" if self.is_head else body})

    async def start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Send the status and the headers."""
        self.started = True
        await self.base_send({"type": "http.response.start", "status": status, "headers": headers})

    @property
    def is_head(self) -> bool:
        """Whether only the headers are asked for."""
        return bool(self.scope["method"] == "HEAD")
