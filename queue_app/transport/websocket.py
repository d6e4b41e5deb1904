"""The browser's endpoint: one WebSocket per tab, over which it submits and reads its session's numbered messages.

A connection owns nothing: events live in the engine, messages in the session's outbox, and a page that comes back says
from which number on it wants to read.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, urlencode

import msgspec
from channels.generic.websocket import AsyncWebsocketConsumer
from django.core.exceptions import PermissionDenied

from blocks_app import protocol
from blocks_app.logs import quietly
from blocks_app.running.request import RequestInfo
from blocks_app.web.registry import revision
from queue_app.access import throttling
from queue_app.access.connection_registry import watch
from queue_app.access.guards import permit
from queue_app.asgi_types import GOING_AWAY, Receive, Scope, Send
from queue_app.conf import state_cache
from queue_app.delivery import unread_bounds
from queue_app.delivery.delivery_loop import PAGE, Delivery, DeliveryPolicy, Ended
from queue_app.exceptions import QueueError, Refusal, refusal_of
from queue_app.execution.engine import Engine, engine_of
from queue_app.execution.job_factory import build_job, by_index, request_info
from queue_app.sessions.presence import VisitorInfo
from queue_app.sessions.session_hash import checked_session, logged
from queue_app.tasks import spawn
from queue_app.transport.frames import Parts, checked_size, event_in, frames_of
from queue_app.transport.json_decoding import decoded
from queue_app.transport.session_manners import manners_of

if TYPE_CHECKING:
    from auth_app.identity import Identity
    from blocks_app.web.registry import Mount
    from queue_app.access.connection_registry import Connection
    from queue_app.delivery.sequenced_message import SequencedMessage
    from queue_app.delivery.subscription import Subscription
    from queue_app.execution.job import JobSpec, Listener
    from queue_app.sessions.session_directory import SessionView
    from queue_app.transport.session_manners import Manners

log = logging.getLogger("queue_app.consumers")

# Close codes; the page reconnects after GOING_AWAY and the abnormal ones only.
REPLACED = 4000
REFUSED = 4400  # plus the last two digits of the HTTP status, such as 4401

LEFT = 1001  # what the browser says when the page is closed, reloaded or left

#: Seconds that a page may say it has waited before its event came here.
LONGEST_WAIT = 3600.0

_LARGEST_NUMBER = 2**53 - 1
_EVENT_ID = re.compile(r"[0-9A-Za-z_-]{8,64}")
_OURS = ("session_hash", "after", "anew")  # the query's parts that are not the page's

_frames: msgspec.json.Decoder[protocol.ClientFrame] = msgspec.json.Decoder(protocol.ClientFrame)
_PONG = protocol.encode(protocol.Pong()).decode()
_REPLACED = protocol.encode(protocol.Replaced()).decode()


class BrowserConsumer(AsyncWebsocketConsumer):  # type: ignore[misc] # Channels has no types
    """One tab's connection to one mounted app."""

    channel_layer_alias: ClassVar[None] = None  # nothing of it passes a channel layer
    policy: ClassVar[DeliveryPolicy] = PAGE
    #: Whether the answer to a frame comes before the next frame is looked at.
    waits_for_validators: ClassVar[bool] = False

    mount: Mount
    engine: Engine
    identity: Identity
    session: SessionView
    manners: Manners
    request_info: RequestInfo
    reader: Subscription | None = None
    delivery: Delivery | None = None
    connection: Connection | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry point. Frames are handled here: Channels' dispatch costs more than most of them."""
        self.scope = scope
        self.base_send = send
        self.mount = scope["url_route"]["kwargs"]["mount"]
        self.handlers = self.handlers_of_page()
        self.parts = Parts()
        self.rate_exceeded = False
        self.slot: str | None = None
        self.submitting: set[asyncio.Task[None]] = set()
        writer: asyncio.Task[None] | None = None
        code: int | None = None
        try:
            while True:
                message = await receive()
                if message["type"] == "websocket.receive":
                    await self.on_frame(message.get("text"), message.get("bytes"))
                elif message["type"] == "websocket.connect":
                    if not await self.open():
                        return
                    self.connection = watch(self.mount, self.scope, self.identity)
                    self.connection.session_hash = self.session_here()
                    writer = spawn(self.write())
                elif message["type"] == "websocket.disconnect":
                    code = message.get("code")
                    return
        except asyncio.CancelledError:
            if self.connection is None or not self.connection.evicted:
                raise
            self.connection.task.uncancel()
            if writer is not None:
                writer.cancel()
            await self.refuse(401, "You are not logged in any more")
        finally:
            throttling.leave(self.slot)
            self.parts.drop()
            if self.connection is not None:
                self.connection.close()
            if self.reader is not None:
                self.reader.close(for_good=code == LEFT)
            for task in (writer, *self.submitting):
                if task is not None:  # an event that was not taken yet is sent again by a page that comes back
                    task.cancel()

    # Opening

    async def open(self) -> bool:
        """Let the page in, or tell it why not. A page of another site is not even answered."""
        try:
            identity = await self.mount.guard(self.scope)
        except PermissionDenied:
            await self.base_send({"type": "websocket.close", "code": 4403})
            return False
        except Exception:  # who asks cannot be told at the moment: the page tries again
            quietly(log.exception, "socket.unavailable", extra={"path": self.scope["path"]})
            await self.base_send({"type": "websocket.close", "code": GOING_AWAY})
            return False
        await self.base_send({"type": "websocket.accept"})
        try:
            if identity is None:
                raise Refusal(401, "Not authenticated")
            self.identity = identity
            self.slot = throttling.enter(identity, self.scope)
            await self.join()
            assert self.reader is not None
            self.delivery = Delivery(self.reader, self, self.policy)
        except QueueError as refusal:
            await self.refuse(refusal.status, str(refusal))
            return False
        return True

    async def refuse(self, status: int, detail: str) -> None:
        """Say why, then close."""
        await self.send_struct(protocol.Refused(None, status, detail))
        await self.base_send({"type": "websocket.close", "code": REFUSED + status % 100})

    def handlers_of_page(self) -> dict[type, Callable[[Any], Awaitable[None]]]:
        """What is done with each kind of frame."""
        return {
            protocol.Submit: self.on_submit,
            protocol.Cancel: self.on_cancel,
            protocol.Ack: self.on_ack,
            protocol.Ping: self.on_ping,
            protocol.Part: self.on_part,
        }

    async def join(self) -> None:
        """Find the session and read it from the number that the page has seen last."""
        query = parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        asked = dict(query)
        session_hash = checked_session(asked.get("session_hash"))
        self.request_info = self.request_of_page(query)
        self.engine = engine_of(self.mount)
        self.session = self.engine.claim(session_hash, self.identity.key)
        if "anew" in asked:
            self.engine.loaded(session_hash)
        self.manners = manners_of(self.engine, session_hash)
        after, visitor = number_in(asked.get("after")), self.visitor_of(session_hash)
        self.reader = self.engine.subscribe(session_hash, after, visitor=visitor)

    def session_here(self) -> str | None:
        """The session that this connection speaks for; None when it speaks for none."""
        return self.session.hash

    def welcome(self) -> protocol.Welcome:
        """What a page hears first."""
        session = self.engine.find_session(self.session.hash, self.identity.key) or self.session
        return protocol.Welcome(
            session_hash=session.hash,
            app_id=self.mount.app_id,
            revision=revision(self.mount),
            number=session.number,
            pending=list(session.pending),
            running=self.engine.running(session.hash),
            keeps_state=state_cache() is not None,
            life=session.life,
        )

    def visitor_of(self, session_hash: str) -> VisitorInfo:
        """Who is there, as the `unload` functions will see it."""
        return VisitorInfo(session_hash, self.identity.key, self.identity.username, self.request_info)

    def request_of_page(self, query: list[tuple[str, str]]) -> RequestInfo:
        """The request as functions see it: with the page's own query, which it forwards."""
        own_query = urlencode([pair for pair in query if pair[0] not in _OURS])
        return request_info({**self.scope, "query_string": own_query.encode("latin-1")})

    # Writing

    async def write(self) -> None:
        """Pass on what the session has to say, until somebody else reads it or the server goes."""
        assert self.delivery is not None
        await self.send_struct(self.welcome())
        ended = await self.delivery.run()
        if ended is Ended.SLOW:
            quietly(log.info, "reader.dropped", extra={"session": logged(self.session.hash)})
        if ended is Ended.REPLACED:
            await self.send_text(_REPLACED)
        code = REPLACED if ended is Ended.REPLACED else GOING_AWAY
        await self.base_send({"type": "websocket.close", "code": code})

    async def send(self, messages: list[SequencedMessage]) -> None:
        """Write messages as frames that every server takes."""
        for frame in frames_of(messages):
            await self.send_text(frame)

    async def send_last(self, messages: list[SequencedMessage]) -> None:
        """A socket stays open until one of both ends goes."""
        raise AssertionError("the delivery to a page has no last message")

    def watching(self, reader: Subscription) -> AbstractAsyncContextManager[object]:
        """Whoever reads the page's frames sees that it leaves."""
        return nullcontext()

    async def send_text(self, text: str) -> None:
        """Send one frame."""
        await self.base_send({"type": "websocket.send", "text": text})

    async def send_struct(self, frame: protocol.ServerFrame) -> None:
        """Send one frame that is not a batch of messages."""
        await self.send_text(protocol.encode(frame).decode())

    # Reading

    async def on_frame(self, text: str | None, data: bytes | None) -> None:
        """One frame of the page. One that cannot be read costs the event that it is about, and nothing else."""
        raw = text if text is not None else data or b""
        if not self.parts.is_next(raw) and not self.manners.frames.take():
            if not self.rate_exceeded:
                self.rate_exceeded = True
                await self.refuse(429, "This page sends too many messages.")
            return
        event_id: str | None = None
        try:
            frame = await decoded(_frames, checked_size(raw), "message")
            event_id = getattr(frame, "event_id", None)
            await self.handlers[type(frame)](frame)
        except QueueError as refusal:
            await self.send_struct(protocol.Refused(event_id or event_in(raw), refusal.status, _sentence_of(refusal)))
        except Exception as error:
            quietly(log.exception, "frame.failed", extra={"event_id": event_id, "session": logged(self.session.hash)})
            status, detail, *_ = refusal_of(error)
            await self.send_struct(protocol.Refused(event_id, status, detail))

    async def on_part(self, part: protocol.Part) -> None:
        """A part of a long frame; the last one makes it whole."""
        try:
            whole = self.parts.add(part)
            unread_bounds.freed(len(whole or ()))
            if whole is None:
                if self.parts.event_id == part.event_id:
                    await self.send_struct(protocol.Taken(part.event_id, part.index))
                return
            frame = await decoded(_frames, whole, "message")
            if isinstance(frame, protocol.Part):
                raise Refusal(400, "A part cannot consist of parts.")
        except QueueError as refusal:
            await self.send_struct(protocol.Refused(part.event_id, refusal.status, str(refusal)))
        else:
            del whole
            await self.handlers[type(frame)](frame)

    async def on_submit(self, frame: protocol.Submit) -> None:
        """Put an event into the queue; the same event again is accepted again and changes nothing."""
        await self.accept(frame, self.submit(frame))

    async def accept(self, frame: protocol.Submit, taken: Coroutine[Any, Any, bool]) -> None:
        """Tell whether the queue has taken an event, unless that is not known yet."""
        answer: protocol.ServerFrame
        try:
            if not await taken:
                return
            answer = protocol.Accepted(frame.event_id)
        except QueueError as refusal:
            answer = protocol.Refused(frame.event_id, refusal.status, _sentence_of(refusal))
        except Exception as error:
            quietly(
                log.exception, "submit.failed", extra={"event_id": frame.event_id, "session": logged(self.session.hash)}
            )
            status, detail, *_ = refusal_of(error)
            answer = protocol.Refused(frame.event_id, status, detail)
        await self.send_struct(answer)

    async def submit(self, frame: protocol.Submit) -> bool:
        """Whether the event is taken; False while a validator looks at it, which holds nothing else of the page up."""
        dependency = await self.listener_of(frame)
        await self.may(dependency)
        taken = self.enqueue(frame, dependency)
        if not dependency.has_validator or self.waits_for_validators:
            return await taken
        task = spawn(self.accept(frame, taken))
        self.submitting.add(task)
        task.add_done_callback(self.submitting.discard)
        await asyncio.sleep(0)  # it has begun when the next frame is read, which may cancel it
        return False

    async def enqueue(self, frame: protocol.Submit, dependency: Listener) -> bool:
        """Put it into the queue; True when that is done."""
        await self.engine.submit(self.job_of(frame, dependency))
        return True

    async def may(self, dependency: Listener) -> None:
        """Raise Refusal when the visitor may not start this; ends here when the visitor may nothing any more."""
        if self.connection is not None:
            await self.connection.confirm()
        await permit(self.mount, self.identity, dependency, self.scope)

    async def listener_of(self, frame: protocol.Submit) -> Listener:
        """What the page wants to start; it may use the functions that are hidden from programs."""
        if not _EVENT_ID.fullmatch(frame.event_id):
            raise Refusal(400, "The event_id must be 8 to 64 letters and digits.")
        return await by_index(self, frame.fn_index, self.session.hash, private=True)

    def job_of(self, frame: protocol.Submit, dependency: Listener) -> JobSpec:
        """The event as data."""
        return build_job(
            self,
            dependency,
            frame.data,
            self.session.hash,
            event_id=frame.event_id,
            event_data=frame.event_data,
            trigger_id=frame.trigger_id,
            waited=min(max(frame.waited / 1000, 0.0), LONGEST_WAIT),
        )

    async def on_cancel(self, frame: protocol.Cancel) -> None:
        """Stop an event; its completion says when that has happened."""
        await self.engine.cancel(self.session.hash, frame.event_id)

    async def on_ack(self, frame: protocol.Ack) -> None:
        """The page has applied everything up to a number."""
        if self.delivery is not None:
            self.delivery.acknowledge(frame.number)

    async def on_ping(self, frame: protocol.Ping) -> None:
        """Say that somebody is there."""
        await self.send_text(_PONG)


def number_in(text: str | None) -> int:
    """The number of a message as a query or a header says it; 0 for what is none."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) >= 20:
        return 0
    return min(int(text), _LARGEST_NUMBER)


def _sentence_of(refusal: QueueError) -> str:
    """Why, in words; what a validator found as JSON."""
    detail = refusal.detail
    return detail if isinstance(detail, str) else msgspec.json.encode(detail, enc_hook=str).decode()
