"""The third transport: long polling, for browsers behind a proxy that lets neither WebSockets nor streams through.

`GET queue/poll?session_hash=…&after=N` answers what came after message N as soon as there is something, or 204 after 25
seconds without messages; with `hello=1` it answers a welcome at once. `process=` names the process that has said hello;
any other refuses with 409, so that no request is taken by one that knows nothing of the page. `POST queue/poll` takes a
list of the frames that a page would send over its WebSocket, and answers a list of what it would have got back. Between
two polls nobody is connected; the session's grace times bridge that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl

from django.utils.translation import gettext

from blocks_app import parsing, protocol
from queue_app.access import outdated_pages
from queue_app.delivery.delivery_loop import POLL, VIEWER_POLL, Delivery, DeliveryPolicy, Ended
from queue_app.exceptions import QueueStopped, Refusal
from queue_app.sessions.session_hash import checked_session
from queue_app.transport.frames import frame_of, split
from queue_app.transport.http import HttpConsumer
from queue_app.transport.json_decoding import quietly
from queue_app.transport.page_frames import PageFrames, WatchingFrames, is_watching, number_in

if TYPE_CHECKING:
    from queue_app.delivery.sequenced_message import SequencedMessage
    from queue_app.delivery.subscription import Subscription

#: Seconds without messages after which a poll is answered all the same, before proxies give it up.
WAIT_SECONDS = 25.0

_MOST_FRAMES = 1_000  # of one request
_REPLACED = protocol.encode(protocol.Replaced())


class Answers:
    """What a page's frames are answered with, as one list."""

    def __init__(self) -> None:
        self._frames: list[str] = []

    async def send_text(self, text: str) -> None:
        """Keep one frame."""
        self._frames.append(text)

    async def refuse(self, status: int, detail: str) -> None:
        """Say why nothing more is taken; where a socket would be closed, the answer ends."""
        self._frames.append(protocol.encode(protocol.Refused(None, status, detail)).decode())

    def body(self) -> bytes:
        """All of them."""
        return f"[{','.join(self._frames)}]".encode()


class Poll(HttpConsumer):
    """`GET` and `POST queue/poll`: a page's session without a lasting connection."""

    methods = ("GET", "POST")
    lasting = True
    frames: PageFrames
    reader: Subscription
    #: What a page hears in place of messages, where a newer version of the app runs beside this one.
    renewal: protocol.Welcome | None = None

    async def handle(self) -> None:
        """Find the visitor's session, and read or write."""
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        if query.get("process", [str(self.mount.app_id)])[0] != str(self.mount.app_id):
            raise Refusal(409, "Another process of the server answers here by now.")
        if is_watching(self.scope):
            await self._watch(query)
            return
        session_hash = checked_session(query.get("session_hash", [""])[0])
        answers = Answers()
        frames = PageFrames(answers, self.mount, self.scope, self.identity, waits_for_validators=True)
        frames.claim(session_hash, parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True))
        self.connection.session_hash = session_hash
        if self.scope["method"] == "POST":
            await self._take(frames, answers)
        elif "hello" in query:
            if "anew" in query:
                frames.engine.loaded(session_hash)
            await self.answer(protocol.encode(await frames.greeting(query)))
        else:
            await self._next_messages(frames, number_in(query.get("after", ["0"])[0]))

    async def _watch(self, query: dict[str, list[str]]) -> None:
        """The same for a page that watches an event."""
        answers = Answers()
        frames = WatchingFrames(answers, self.mount, self.scope, self.identity)
        reader = await frames.find()
        try:
            if self.scope["method"] == "POST":
                await self._take(frames, answers)
            elif "hello" in query:
                await self.answer(protocol.encode(frames.welcome()))
            else:
                await self._deliver(reader, VIEWER_POLL)
        finally:
            reader.close()

    async def _take(self, page: PageFrames, answers: Answers) -> None:
        """Handle the frames in order; the answers in the same order."""
        body = await self.body()
        frames = await quietly(body, "request", _frames_in)
        del body
        if len(frames) > _MOST_FRAMES:
            raise Refusal(413, f"One request takes at most {_MOST_FRAMES} frames.")
        pace = page.manners.frames
        if pace.wait:
            again = (b"retry-after", b"%d" % (int(pace.wait) + 1))
            raise Refusal(429, gettext("This page sends too many messages. Try again in a while."), [again])
        try:
            for frame in frames:
                await page.take(frame)
                if page.rate_exceeded:  # a socket would be closed: the page comes back for the rest
                    break
        finally:
            page.drop()
        await self.answer(answers.body())

    async def _next_messages(self, page: PageFrames, after: int) -> None:
        """Wait for messages after a number."""
        self.frames, reader = page, page.engine.subscribe(page.session.hash, after, visitor=page.visitor)
        self.reader = reader
        try:
            with outdated_pages.entered(self.mount.key, self):
                await self._deliver(reader, POLL)
        finally:
            reader.close()

    async def renewed(self, revision: str) -> None:
        """See OpenPage."""
        self.renewal = self.frames.renewal(self.reader, revision)
        if self.renewal is not None:
            self.reader.finish()

    async def _deliver(self, reader: Subscription, policy: DeliveryPolicy) -> None:
        """Answer what is there or comes in time."""
        match await Delivery(reader, self, policy).run(WAIT_SECONDS):
            case Ended.QUIET:
                await self.start(204, [(b"cache-control", b"no-store")])
                await self.base_send({"type": "http.response.body", "body": b""})
            case Ended.REPLACED:
                await self.answer(_REPLACED)
            case Ended.STOPPED if self.renewal is not None:
                await self.answer(protocol.encode(self.renewal))
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
