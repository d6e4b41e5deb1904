"""What the frames of a page do, whatever brings them: its WebSocket, or the requests of long polling."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Coroutine
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, urlencode

import msgspec
from django.utils.translation import gettext

from blocks_app import protocol
from blocks_app.logs import quietly
from blocks_app.web.registry import revision
from queue_app.access.guards import permit
from queue_app.conf import state_cache
from queue_app.delivery import unread_bounds
from queue_app.exceptions import NothingToWatch, QueueError, Refusal, refusal_of
from queue_app.execution.engine import engine_of
from queue_app.execution.job_factory import build_job, by_index, request_info
from queue_app.log_sentences import logger
from queue_app.sessions.presence import VisitorInfo
from queue_app.sessions.session_hash import logged
from queue_app.tasks import spawn
from queue_app.transport.frames import Parts, checked_size, event_in
from queue_app.transport.json_decoding import decoded
from queue_app.transport.session_manners import manners_of

if TYPE_CHECKING:
    from auth_app.identity import Identity
    from blocks_app.running.request import RequestInfo
    from blocks_app.web.registry import Mount
    from queue_app.access.connection_registry import Connection
    from queue_app.asgi_types import Scope
    from queue_app.delivery.delivery_loop import Delivery
    from queue_app.delivery.subscription import Subscription
    from queue_app.delivery.viewers import Viewer
    from queue_app.execution.job import JobSpec, Listener
    from queue_app.sessions.session_directory import SessionView
    from queue_app.transport.session_manners import Manners

log = logger("queue_app.consumers")

#: Seconds that a page may say it has waited before its event came here.
LONGEST_WAIT = 3600.0

_LARGEST_NUMBER = 2**53 - 1
_EVENT_ID = re.compile(r"[0-9A-Za-z_-]{8,64}")
_OURS = ("session_hash", "after", "anew", "kept", "hello")  # the query's parts that are not the page's

_frames: msgspec.json.Decoder[protocol.ClientFrame] = msgspec.json.Decoder(protocol.ClientFrame)
_PONG = protocol.encode(protocol.Pong()).decode()


#: The part of a page's query that names the event.
WATCH = "__watch"
_READ_ONLY = "This page only watches."


class PageWriter(Protocol):
    """Whoever brings a page's frames, and takes the answers to it."""

    async def send_text(self, text: str) -> None:
        """Send one frame."""

    async def refuse(self, status: int, detail: str) -> None:
        """Say why nothing more is taken, and end the connection where there is one."""


class PageFrames:
    """One page's frames, and the session that they are about.

    Attributes:
        waits_for_validators: whether the answer to a frame comes before the next frame is looked at.
        rate_exceeded: whether the page has been told that it sends too many.
        connection: what may lose access while it lasts; None where each request is let in by itself.
        delivery: what the page acknowledges; None where it returns with its last number.
    """

    session: SessionView
    manners: Manners
    request_info: RequestInfo

    def __init__(
        self, writer: PageWriter, mount: Mount, scope: Scope, identity: Identity, *, waits_for_validators: bool = False
    ) -> None:
        self.writer, self.mount, self.scope, self.identity = writer, mount, scope, identity
        self.waits_for_validators = waits_for_validators
        self.engine = engine_of(mount)
        self.handlers = self.handlers_of_page()
        self.rate_exceeded = False
        self.connection: Connection | None = None
        self.delivery: Delivery | None = None
        self._parts = Parts()
        self._submitting: set[asyncio.Task[None]] = set()

    def claim(self, session_hash: str, query: list[tuple[str, str]]) -> None:
        """Make the session the visitor's, or raise Refusal. Functions see the request with the page's own query."""
        own_query = urlencode([pair for pair in query if pair[0] not in _OURS])
        self.request_info = request_info({**self.scope, "query_string": own_query.encode("latin-1")})
        self.session = self.engine.claim(session_hash, self.identity.key)
        self.manners = manners_of(self.engine, session_hash)

    def drop(self) -> None:
        """Forget what has come in part; an event that was not taken yet is sent again by a page that comes back."""
        self._parts.drop()
        for task in self._submitting:
            task.cancel()

    def handlers_of_page(self) -> dict[type, Callable[[Any], Awaitable[None]]]:
        """What is done with each kind of frame."""
        return {
            protocol.Submit: self.on_submit,
            protocol.Cancel: self.on_cancel,
            protocol.Ack: self.on_ack,
            protocol.Ping: self.on_ping,
            protocol.Part: self.on_part,
        }

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

    def renewal(self, reader: Subscription, revision: str) -> protocol.Welcome | None:
        """What a page hears when another version of the app runs beside this one; None while something is under way."""
        if self._submitting or not reader.is_settled:
            return None
        welcome = self.welcome()
        return None if welcome.pending else msgspec.structs.replace(welcome, revision=revision)

    async def greeting(self, query: Collection[str]) -> protocol.Welcome:
        """The same; a page that comes back with what it showed (`kept`) hears whether the session is there, too."""
        holds = "kept" not in query or await self.engine.holds(self.session.hash)
        return msgspec.structs.replace(self.welcome(), holds=holds)

    @property
    def visitor(self) -> VisitorInfo:
        """Who is there, as the `unload` functions will see it."""
        return VisitorInfo(self.session.hash, self.identity.key, self.identity.username, self.request_info)

    async def send_struct(self, frame: protocol.ServerFrame) -> None:
        """Answer with one frame."""
        await self.writer.send_text(protocol.encode(frame).decode())

    async def take(self, raw: bytes | str) -> None:
        """One frame of the page. One that cannot be read costs the event that it is about, and nothing else."""
        if not self._parts.is_next(raw) and not self.manners.frames.take():
            if not self.rate_exceeded:
                self.rate_exceeded = True
                await self.writer.refuse(429, gettext("This page sends too many messages."))
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
            whole = self._parts.add(part)
            unread_bounds.freed(len(whole or ()))
            if whole is None:
                if self._parts.event_id == part.event_id:
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
        """Whether the event is taken; False while its inputs are looked at, which holds nothing else of the page up."""
        dependency = await self.listener_of(frame)
        await self.may(dependency)
        taken = self.enqueue(frame, dependency)
        if not dependency.has_first_look or self.waits_for_validators:
            return await taken
        task = spawn(self.accept(frame, taken))
        self._submitting.add(task)
        task.add_done_callback(self._submitting.discard)
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
        await self.writer.send_text(_PONG)


class WatchingFrames(PageFrames):
    """The frames of a page that watches: they change nothing."""

    reader: Viewer

    def handlers_of_page(self) -> dict[type, Callable[[Any], Awaitable[None]]]:
        """See PageFrames."""
        return {
            protocol.Submit: self.on_change,
            protocol.Cancel: self.on_change,
            protocol.Ack: self.on_ack,
            protocol.Ping: self.on_ping,
            protocol.Part: self.on_change,
        }

    async def find(self) -> Viewer:
        """Find the event; raises NothingToWatch for every reason alike."""
        query = {key: values[0] for key, values in parse_qs(self.scope["query_string"].decode("latin-1")).items()}
        event_id, session_hash = query.get(WATCH, ""), query.get("session_hash", "")
        self.request_info = request_info(self.scope)
        visitor = VisitorInfo(session_hash, self.identity.key, self.identity.username, self.request_info)
        self.reader = await self.engine.watch(event_id, visitor, number_in(query.get("after")))
        watched = self.engine.find_session(self.reader.session_hash, self.identity.key)
        if watched is None:
            self.reader.close()
            raise NothingToWatch
        self.session = watched
        self.manners = manners_of(self.engine, watched.hash)
        return self.reader

    def welcome(self) -> protocol.Welcome:
        """See PageFrames; of one event alone."""
        event_id = self.reader.event_id
        session = self.engine.find_session(self.session.hash, self.identity.key) or self.session
        seconds = self.engine.running(self.session.hash).get(event_id)
        return protocol.Welcome(
            session_hash="",
            app_id=self.mount.app_id,
            revision=revision(self.mount),
            number=session.number,
            pending=[event_id] if self.reader.open else [],
            running={} if seconds is None else {event_id: seconds},
            fn_index=self.reader.fn,
            life=session.life,
        )

    async def on_change(self, frame: protocol.Submit | protocol.Cancel | protocol.Part) -> None:
        """Who watches changes nothing."""
        await self.send_struct(protocol.Refused(frame.event_id, 403, _READ_ONLY))


def is_watching(scope: Scope) -> bool:
    """Whether this is the connection of a page that watches."""
    return f"{WATCH}=".encode() in scope["query_string"]


def number_in(text: str | None) -> int:
    """The number of a message as a query or a header says it; 0 for what is none."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) >= 20:
        return 0
    return min(int(text), _LARGEST_NUMBER)


def _sentence_of(refusal: QueueError) -> str:
    """Why, in words; what a validator found as JSON."""
    detail = refusal.detail
    return detail if isinstance(detail, str) else msgspec.json.encode(detail, enc_hook=str).decode()
