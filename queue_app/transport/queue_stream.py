"""The door for programs: `queue/join` puts an event into the queue, `queue/data` streams a session's messages.

The stream carries only lines `data: {json}` and empty lines, because other lines break one official client or the
other. Readers that ask for numbers (header `x-blocks-numbers: 1`, or `Last-Event-ID` when they come back) get `id:`
lines and can go on after the last number they have seen. Numbers count within one process, which names itself in the
header `x-blocks-server`, and a reader that brings the name of another with its number starts from the beginning.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from blocks_app import protocol
from queue_app.access.guards import permit
from queue_app.delivery.gradio_client_timing import loses_early_messages
from queue_app.delivery.outbox import text_of
from queue_app.exceptions import Refusal
from queue_app.execution.engine import engine_of
from queue_app.execution.job_factory import by_index, event_body, job_of_body
from queue_app.sessions.session_hash import checked_session
from queue_app.transport.event_stream import EventStream
from queue_app.transport.frames import groups_of
from queue_app.transport.http import HttpConsumer

if TYPE_CHECKING:
    from queue_app.delivery.outbox import SequencedMessage
    from queue_app.delivery.subscription import Subscription
    from queue_app.execution.engine import Engine
    from queue_app.sessions.directory import LiveSession

#: Messages that a reader with numbers can have again after a cut; of older ones it gets the state.
_REPLAY = 500
_CLOSE = b"data: " + protocol.encode(protocol.CloseStream()) + b"\n\n"
_UNKNOWN = (
    b"data: " + protocol.encode(protocol.UnexpectedError(message="404: Not Found", session_not_found=True)) + b"\n\n"
)


class Join(HttpConsumer):
    """`POST queue/join`: put one event into the queue; its messages come on the session's stream."""

    methods = ("POST",)

    async def handle(self) -> None:
        """Answer the event's id as soon as the event waits."""
        body = await self.json(event_body)
        session_hash = checked_session(body.session_hash)
        if body.fn_index is None:
            raise Refusal(400, "No function index provided.")
        dependency = await by_index(self, body.fn_index, session_hash)
        job = job_of_body(self, dependency, body, session_hash, simple_format=body.simple_format)
        await permit(self.mount, self.identity, dependency, self.scope)
        engine = engine_of(self.mount)
        session = engine.claim(session_hash, self.identity.key)
        # Who reads by numbers loses nothing, however quick we are.
        wait = 0.0 if self.header(b"x-blocks-numbers") == b"1" else self._pace(session)
        await engine.submit(job)
        if wait:
            await asyncio.sleep(wait)
        numbered = self.header(b"x-blocks-numbers") == b"1"
        named = [(b"x-blocks-server", str(self.mount.app_id).encode())] if numbered else []
        await self.answer(b'{"event_id":"%s"}' % job.event_id.encode(), headers=named)

    def _pace(self, session: LiveSession) -> float:
        """Seconds that the answer has to wait; see pacing.py."""
        return session.pace.joins(
            asyncio.get_running_loop().time(),
            together=bool(session.open_events or len(session.outbox)),
            early=loses_early_messages(self.header(b"user-agent")),
        )


class Data(EventStream):
    """`GET queue/data?session_hash=…`: the messages of a session, until nothing of it is pending."""

    pulse = b"data: " + protocol.encode(protocol.Heartbeat()) + b"\n\n"
    session: LiveSession
    reader: Subscription
    numbered: bool
    resumes: bool

    async def handle(self) -> None:
        """Stream the session's messages; a session that nobody has, or that is another's, is told as unknown."""
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        session_hash = query.get("session_hash", [""])[0]
        if not session_hash:
            raise Refusal(422, "The query needs a session_hash.")
        checked_session(session_hash)
        last_id = self.header(b"last-event-id")
        self.resumes = last_id is not None
        self.numbered = self.resumes or self.header(b"x-blocks-numbers") == b"1"
        server = str(self.mount.app_id).encode()
        if not await self.start_stream(*([(b"x-blocks-server", server)] if self.numbered else ())):
            return
        if self.header(b"x-blocks-server") not in (None, server):
            last_id = b"0"  # another process counted it
        engine = engine_of(self.mount)
        session = engine.find_session(session_hash, self.identity.key)
        if session is None:
            await self.finish(_UNKNOWN)
            return
        self.session = session
        self.connection.session_hash = session_hash
        self.reader = self._subscribe(engine, session_hash, last_id)
        session.pace.streams += 1
        try:
            await self._relay()
        finally:
            session.pace.streams -= 1
            self.reader.close()

    def _subscribe(self, engine: Engine, session_hash: str, last_id: bytes | None) -> Subscription:
        """From the number that the reader has seen last; without numbers, from what nobody has read yet."""
        after = int(last_id) if last_id is not None and last_id.isdigit() and len(last_id) < 20 else 0
        self.session.outbox.ack(min(after, self.session.outbox.number))
        return engine.subscribe(session_hash, after, plain=not self.numbered)

    async def _relay(self) -> None:
        """Write what comes, one chunk per batch; end with `close_stream` as soon as nothing is pending."""
        ready = self.reader.take()
        if ready and await self._pass_on(ready):
            return  # a quick event: all was there before this request, nobody has to watch the connection
        if self.resumes and self.session.is_idle(self.reader.position):
            await self.finish(_CLOSE)  # it came back and has missed nothing but the end
            return
        async with self.watching(self.reader):
            async for batch in self.reader:
                if await self._pass_on(batch):
                    return
        await self.finish()

    async def _pass_on(self, batch: list[SequencedMessage]) -> bool:
        """Write a batch; True when it was the last and the stream is closed."""
        pace = self.session.pace
        if pace.held_until:
            await asyncio.sleep(pace.held_until - asyncio.get_running_loop().time())
        *before, last = groups_of(batch)
        for group in before:  # after a break they may be many
            await self.write(self._lines(group))
        chunk = self._lines(last)
        if batch[-1].kind == "process_completed" and self.session.is_idle(batch[-1].number):
            pace.closed_at = asyncio.get_running_loop().time()
            await self.finish(chunk + _CLOSE)
            return True
        await self.write(chunk)
        if self.numbered and len(self.session.outbox) > 2 * _REPLAY:
            self.session.outbox.trim(batch[-1].number - _REPLAY)  # or a long generator would fill it with what was read
        return False

    def _lines(self, batch: list[SequencedMessage]) -> bytes:
        if self.numbered:
            return b"".join([b"id: %d\ndata: %s\n\n" % (item.number, text_of(item)) for item in batch])
        return b"".join([b"data: %s\n\n" % item.message for item in batch])
