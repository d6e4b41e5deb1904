"""The browser's endpoint: one WebSocket per tab, over which it submits and reads its session's numbered messages.

A connection owns nothing: events live in the engine, messages in the session's outbox, and a page that comes back says
from which number on it wants to read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl

from channels.generic.websocket import AsyncWebsocketConsumer
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext

from blocks_app import protocol
from blocks_app.logs import quietly
from queue_app.access import outdated_pages, throttling
from queue_app.access.connection_registry import watch
from queue_app.asgi_types import GOING_AWAY, Receive, Scope, Send
from queue_app.delivery.delivery_loop import PAGE, VIEWER, Delivery, DeliveryPolicy, Ended
from queue_app.exceptions import QueueError, Refusal
from queue_app.log_sentences import logger
from queue_app.sessions.session_hash import checked_session, logged
from queue_app.tasks import spawn
from queue_app.transport.frames import frames_of
from queue_app.transport.page_frames import PageFrames, WatchingFrames, is_watching, number_in

if TYPE_CHECKING:
    from auth_app.identity import Identity
    from blocks_app.web.registry import Mount
    from queue_app.access.connection_registry import Connection
    from queue_app.delivery.sequenced_message import SequencedMessage
    from queue_app.delivery.subscription import Subscription
    from queue_app.delivery.viewers import Viewer

log = logger("queue_app.consumers")

# Close codes; the page reconnects after GOING_AWAY and the abnormal ones only.
REPLACED = 4000
REFUSED = 4400  # plus the last two digits of the HTTP status, such as 4401

LEFT = 1001  # what the browser says when the page is closed, reloaded or left

_REPLACED = protocol.encode(protocol.Replaced()).decode()


class BrowserConsumer(AsyncWebsocketConsumer):  # type: ignore[misc] # Channels has no types
    """One tab's connection to one mounted app."""

    channel_layer_alias: ClassVar[None] = None  # nothing of it passes a channel layer
    policy: ClassVar[DeliveryPolicy] = PAGE

    mount: Mount
    identity: Identity
    frames: PageFrames  # set once the page is let in, like its delivery
    delivery: Delivery
    asked: Mapping[str, str] = {}
    reader: Subscription | None = None
    connection: Connection | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry point. Frames are handled here: Channels' dispatch costs more than most of them."""
        self.scope = scope
        self.base_send = send
        self.mount = scope["url_route"]["kwargs"]["mount"]
        self.slot: str | None = None
        writer: asyncio.Task[None] | None = None
        code: int | None = None
        try:
            while True:
                message = await receive()
                if message["type"] == "websocket.receive":
                    text = message.get("text")
                    await self.frames.take(text if text is not None else message.get("bytes") or b"")
                elif message["type"] == "websocket.connect":
                    if not await self.open():
                        return
                    self.connection = watch(self.mount, self.scope, self.identity)
                    self.connection.session_hash = self.session_here()
                    self.frames.connection = self.connection
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
            await self.refuse(401, gettext("You are not logged in any more"))
        finally:
            throttling.leave(self.slot)
            if self.connection is not None:
                self.connection.close()
            if self.reader is not None:
                self.frames.drop()
                self.reader.close(for_good=code == LEFT)
            if writer is not None:
                writer.cancel()

    # Opening

    async def open(self) -> bool:
        """Let the page in, or tell it why not. A page of another site is not even answered."""
        try:
            identity = await self.mount.guard(self.scope)
        except PermissionDenied:
            await self.base_send({"type": "websocket.close", "code": 4403})
            return False
        except Exception:  # who asks cannot be told at the moment: the page tries again
            await self.unavailable()
            return False
        await self.base_send({"type": "websocket.accept"})
        try:
            if identity is None:
                raise Refusal(401, "Not authenticated")
            self.identity = identity
            self.slot = throttling.enter(identity, self.scope)
            self.reader = await self.join()
            self.delivery = self.frames.delivery = Delivery(self.reader, self, self.policy)
        except QueueError as refusal:
            await self.refuse(refusal.status, str(refusal))
            return False
        except Exception:  # what the queue is kept in does not answer: the page comes again
            await self.unavailable()
            return False
        return True

    async def unavailable(self) -> None:
        """The page is sent away for a moment, because of what has just gone wrong."""
        quietly(log.exception, "socket.unavailable", extra={"path": self.scope["path"]})
        await self.base_send({"type": "websocket.close", "code": GOING_AWAY})

    async def refuse(self, status: int, detail: str) -> None:
        """Say why, then close."""
        await self.send_text(protocol.encode(protocol.Refused(None, status, detail)).decode())
        await self.base_send({"type": "websocket.close", "code": REFUSED + status % 100})

    async def join(self) -> Subscription:
        """Find the session and read it from the number that the page has seen last."""
        query = parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        asked = self.asked = dict(query)
        session_hash = checked_session(asked.get("session_hash"))
        frames = self.frames = PageFrames(self, self.mount, self.scope, self.identity)
        frames.claim(session_hash, query)
        if "anew" in asked:
            frames.engine.loaded(session_hash)
        return frames.engine.subscribe(session_hash, number_in(asked.get("after")), visitor=frames.visitor)

    def session_here(self) -> str | None:
        """The session that this connection speaks for; None when it speaks for none."""
        return self.frames.session.hash

    # Writing

    async def write(self) -> None:
        """Pass on what the session has to say, until somebody else reads it or the server goes."""
        try:
            welcome = await self.frames.greeting(self.asked)
        except Exception:  # as above
            await self.unavailable()
            return
        await self.frames.send_struct(welcome)
        with outdated_pages.entered(self.mount.key, self):
            ended = await self.delivery.run()
        if ended is Ended.SLOW:
            quietly(log.info, "reader.dropped", extra={"session": logged(self.frames.session.hash)})
        if ended is Ended.REPLACED:
            await self.send_text(_REPLACED)
        code = REPLACED if ended is Ended.REPLACED else GOING_AWAY
        await self.base_send({"type": "websocket.close", "code": code})

    async def renewed(self, revision: str) -> None:
        """See OpenPage."""
        if self.reader is not None and (welcome := self.frames.renewal(self.reader, revision)) is not None:
            await self.frames.send_struct(welcome)

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


class ViewerConsumer(BrowserConsumer):
    """One tab's connection to one event of the same visitor."""

    policy = VIEWER

    async def join(self) -> Viewer:
        """See WatchingFrames."""
        frames = WatchingFrames(self, self.mount, self.scope, self.identity)
        reader = await frames.find()
        self.frames = frames
        return reader

    def session_here(self) -> None:
        """When this visitor must leave, nothing of the session is stopped on account of this connection."""


class PageSocket:
    """Lets pages in, and those that only watch."""

    @classmethod
    def as_asgi(cls) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
        """The ASGI application, as the consumers have it."""
        page, watcher = BrowserConsumer.as_asgi(), ViewerConsumer.as_asgi()

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            await (watcher if is_watching(scope) else page)(scope, receive, send)

        return application
