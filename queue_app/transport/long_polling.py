"""The third transport: long polling, for browsers behind a proxy that lets neither WebSockets nor streams through.

`GET queue/poll?session_hash=…&after=N` answers what came after message N as soon as there is something, or 204 after 25
seconds without messages; with `hello=1` it answers a welcome at once. `process=` names the process that has said hello;
any other refuses with 409, so that no request is taken by one that knows nothing of the page. `POST queue/poll` takes a
list of the frames that a page would send over its WebSocket, and answers a list of what it would have got back. Between
two polls nobody is connected; the session's grace times bridge that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, parse_qsl

from blocks_app import parsing, protocol
from queue_app.delivery.delivery_loop import POLL, VIEWER_POLL, Delivery, DeliveryPolicy, Ended
from queue_app.exceptions import QueueStopped, Refusal
from queue_app.execution.engine import engine_of
from queue_app.sessions.session_hash import checked_session
from queue_app.transport.frames import Parts, frame_of, split
from queue_app.transport.http import HttpConsumer
from queue_app.transport.json_decoding import quietly
from queue_app.transport.session_manners import manners_of
from queue_app.transport.viewer_consumer import ViewerConsumer, is_watching
from queue_app.transport.websocket import BrowserConsumer, number_in

if TYPE_CHECKING:
    from queue_app.delivery.sequenced_message import SequencedMessage
    from queue_app.delivery.subscription import Subscription
    from queue_app.execution.engine import Engine
    from queue_app.sessions.session_directory import SessionView

#: Seconds without messages after which a poll is answered all the same, before proxies give it up.
WAIT_SECONDS = 25.0

_MOST_FRAMES = 1_000  # of one request
_REPLACED = protocol.encode(protocol.Replaced())

P = TypeVar("P", bound=BrowserConsumer)


class Page(BrowserConsumer):
    """A page as its WebSocket would serve it, without the socket: whoever uses it collects what it sends."""

    waits_for_validators = True


class WatchingPage(ViewerConsumer):
    """The same of a page that watches."""


class Poll(HttpConsumer):
    """`GET` and `POST queue/poll`: a page's session without a lasting connection."""

    methods = ("GET", "POST")
    lasting = True

    async def handle(self) -> None:
        """Find the visitor's session, and read or write."""
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        if query.get("process", [str(self.mount.app_id)])[0] != str(self.mount.app_id):
            raise Refusal(409, "Another process of the server answers here by now.")
        if is_watching(self.scope):
            await self._watch(query)
            return
        session_hash = checked_session(query.get("session_hash", [""])[0])
        engine = engine_of(self.mount)
        session = engine.claim(session_hash, self.identity.key)
        self.connection.session_hash = session_hash
        page = self._page(engine, session)
        if self.scope["method"] == "POST":
            await self._take(page)
        elif "hello" in query:
            if "anew" in query:
                engine.loaded(session_hash)
            await self.answer(protocol.encode(page.welcome()))
        else:
            await self._next_messages(engine, session, page, number_in(query.get("after", ["0"])[0]))

    async def _watch(self, query: dict[str, list[str]]) -> None:
        """The same for a page that watches an event."""
        page = self._dressed(WatchingPage())
        await page.join()
        try:
            if self.scope["method"] == "POST":
                await self._take(page)
            elif "hello" in query:
                await self.answer(protocol.encode(page.welcome()))
            else:
                await self._deliver(page.reader, VIEWER_POLL)
        finally:
            page.reader.close()

    def _dressed(self, page: P) -> P:
        """Fit for one request."""
        page.scope, page.mount, page.identity = self.scope, self.mount, self.identity
        page.handlers = page.handlers_of_page()
        page.parts = Parts()
        page.rate_exceeded = False
        page.slot = None
        return page

    def _page(self, engine: Engine, session: SessionView) -> Page:
        page = self._dressed(Page())
        page.engine, page.session = engine, session
        page.manners = manners_of(engine, session.hash)
        query = parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        page.request_info = page.request_of_page([pair for pair in query if pair[0] != "hello"])
        return page

    async def _take(self, page: BrowserConsumer) -> None:
        """Handle the frames in order; the answers in the same order."""
        body = await self.body()
        frames = await quietly(body, "request", _frames_in)
        del body
        if len(frames) > _MOST_FRAMES:
            raise Refusal(413, f"One request takes at most {_MOST_FRAMES} frames.")
        answers: list[bytes] = []

        async def collect(message: dict[str, Any]) -> None:
            if message["type"] == "websocket.send":
                answers.append(message["text"].encode())

        pace = page.manners.frames
        if pace.wait:
            again = (b"retry-after", b"%d" % (int(pace.wait) + 1))
            raise Refusal(429, "This page sends too many messages. Try again in a while.", [again])
        page.base_send = collect
        for frame in frames:
            await page.on_frame(None, frame)
            if page.rate_exceeded:  # a socket would be closed: the page comes back for the rest
                break
        await self.answer(b"[" + b",".join(answers) + b"]")

    async def _next_messages(self, engine: Engine, session: SessionView, page: Page, after: int) -> None:
        """Wait for messages after a number."""
        reader = engine.subscribe(session.hash, after, visitor=page.visitor_of(session.hash))
        try:
            await self._deliver(reader, POLL)
        finally:
            reader.close()

    async def _deliver(self, reader: Subscription, policy: DeliveryPolicy) -> None:
        """Answer what is there or comes in time."""
        match await Delivery(reader, self, policy).run(WAIT_SECONDS):
            case Ended.QUIET:
                await self.start(204, [(b"cache-control", b"no-store")])
                await self.base_send({"type": "http.response.body", "body": b""})
            case Ended.REPLACED:
                await self.answer(_REPLACED)
            case Ended.STOPPED:
                raise QueueStopped

    async def send(self, messages: list[SequencedMessage]) -> None:
        """An answer is whole."""
        raise AssertionError("the answer to a poll has one part")

    async def send_last(self, messages: list[SequencedMessage]) -> None:
        """Answer messages as one frame; the page asks on from its last number."""
        await self.answer(frame_of(messages).encode())


def _frames_in(body: bytes) -> list[bytes]:
    parsing.check(body, replace(parsing.limits(), depth=len(body)))  # too deep is each frame by itself
    return split(body)
