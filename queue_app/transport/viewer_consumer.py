"""The endpoint of a page that watches: the same address as other pages', with `__watch=<event id>` in its query.

It reads one event and starts, stops and forgets nothing; the session that it looks at is not told to it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from blocks_app import protocol
from blocks_app.web.registry import revision
from queue_app.asgi_types import Receive, Scope, Send
from queue_app.delivery.delivery_loop import VIEWER
from queue_app.exceptions import NothingToWatch
from queue_app.execution.engine import engine_of
from queue_app.execution.job_factory import request_info
from queue_app.sessions.presence import VisitorInfo
from queue_app.transport.session_manners import manners_of
from queue_app.transport.websocket import BrowserConsumer, number_in

if TYPE_CHECKING:
    from queue_app.delivery.viewers import Viewer

#: The part of a page's query that names the event.
WATCH = "__watch"
_READ_ONLY = "This page only watches."


def is_watching(scope: Scope) -> bool:
    """Whether this is the connection of a page that watches."""
    return f"{WATCH}=".encode() in scope["query_string"]


class ViewerConsumer(BrowserConsumer):
    """One tab's connection to one event of the same visitor."""

    policy = VIEWER

    reader: Viewer

    def handlers_of_page(self) -> dict[type, Callable[[Any], Awaitable[None]]]:
        """See BrowserConsumer."""
        return {
            protocol.Submit: self.on_change,
            protocol.Cancel: self.on_change,
            protocol.Ack: self.on_ack,
            protocol.Ping: self.on_ping,
            protocol.Part: self.on_change,
        }

    async def join(self) -> None:
        """Find the event; raises NothingToWatch for every reason alike."""
        query = {key: values[0] for key, values in parse_qs(self.scope["query_string"].decode("latin-1")).items()}
        self.engine = engine_of(self.mount)
        event_id, session_hash = query.get(WATCH, ""), query.get("session_hash", "")
        visitor = VisitorInfo(session_hash, self.identity.key, self.identity.username, request_info(self.scope))
        self.reader = await self.engine.watch(event_id, visitor, number_in(query.get("after")))
        watched = self.engine.find_session(self.reader.session_hash, self.identity.key)
        if watched is None:
            self.reader.close()
            raise NothingToWatch
        self.session = watched
        self.manners = manners_of(self.engine, watched.hash)

    def session_here(self) -> None:
        """When this visitor must leave, nothing of the session is stopped on account of this connection."""

    def welcome(self) -> protocol.Welcome:
        """See BrowserConsumer; of one event alone."""
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


class PageSocket:
    """Lets pages in, and those that only watch."""

    @classmethod
    def as_asgi(cls) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
        """The ASGI application, as the consumers have it."""
        page, watcher = BrowserConsumer.as_asgi(), ViewerConsumer.as_asgi()

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            await (watcher if is_watching(scope) else page)(scope, receive, send)

        return application
