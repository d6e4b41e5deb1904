"""The endpoints for programs: `queue/join` puts an event into the queue, `queue/data` streams a session's messages.

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
from queue_app.delivery.delivery_loop import NUMBERED_STREAM, RESUMED_STREAM, STREAM, Delivery, Ended
from queue_app.delivery.gradio_client_timing import loses_early_messages
from queue_app.delivery.sequenced_message import text_of
from queue_app.exceptions import Refusal
from queue_app.execution.engine import engine_of
from queue_app.execution.job_factory import by_index, event_body, job_of_body
from queue_app.sessions.session_hash import checked_session
from queue_app.transport.event_stream import EventStream
from queue_app.transport.http import HttpConsumer
from queue_app.transport.session_manners import manners_of

if TYPE_CHECKING:
    from queue_app.delivery.sequenced_message import SequencedMessage
    from queue_app.execution.engine import Engine
    from queue_app.sessions.session_directory import SessionView

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
        dependency = await by_index(self, body.fn_index, session_hash, private=self.from_own_page)
        job = job_of_body(self, dependency, body, session_hash, simple_format=body.simple_format)
        await permit(self.mount, self.identity, dependency, self.scope)
        engine = engine_of(self.mount)
        session = engine.claim(session_hash, self.identity.key)
        # Who reads by numbers loses nothing, however quick we are.
        wait = 0.0 if self.header(b"x-blocks-numbers") == b"1" else self._pace(engine, session)
        await engine.submit(job)
        if wait:
            await asyncio.sleep(wait)
        numbered = self.header(b"x-blocks-numbers") == b"1"
        named = [(b"x-blocks-server", str(self.mount.app_id).encode())] if numbered else []
        await self.answer(b'{"event_id":"%s"}' % job.event_id.encode(), headers=named)

    def _pace(self, engine: Engine, session: SessionView) -> float:
        """Seconds that the answer has to wait; see gradio_client_timing.py."""
        return manners_of(engine, session.hash).pace.joins(
            asyncio.get_running_loop().time(),
            together=bool(session.pending or session.unread),
            early=loses_early_messages(self.header(b"user-agent")),
        )


class Data(EventStream):
    """`GET queue/data?session_hash=…`: the messages of a session, until nothing of it is pending."""

    pulse = b"data: " + protocol.encode(protocol.Heartbeat()) + b"\n\n"
    numbered: bool

    async def handle(self) -> None:
        """Stream the session's messages; a session that nobody has, or that is another's, is told as unknown."""
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        session_hash = query.get("session_hash", [""])[0]
        if not session_hash:
            raise Refusal(422, "The query needs a session_hash.")
        checked_session(session_hash)
        last_id = self.header(b"last-event-id")
        self.numbered = last_id is not None or self.header(b"x-blocks-numbers") == b"1"
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
        self.connection.session_hash = session_hash
        after = int(last_id) if last_id is not None and last_id.isdigit() and len(last_id) < 20 else 0
        policy = RESUMED_STREAM if last_id is not None else NUMBERED_STREAM if self.numbered else STREAM
        reader = engine.subscribe(session_hash, after, plain=policy.plain)
        try:
            if await Delivery(reader, self, policy, manners_of(engine, session_hash).pace).run() is not Ended.COMPLETE:
                await self.finish()
        finally:
            reader.close()

    async def send(self, messages: list[SequencedMessage]) -> None:
        """Write messages as one chunk."""
        await self.write(self._lines(messages))

    async def send_last(self, messages: list[SequencedMessage]) -> None:
        """Write the last ones with `close_stream`, and end the stream."""
        await self.finish(self._lines(messages) + _CLOSE)

    def _lines(self, batch: list[SequencedMessage]) -> bytes:
        if self.numbered:
            return b"".join([b"id: %d\ndata: %s\n\n" % (item.number, text_of(item)) for item in batch])
        return b"".join([b"data: %s\n\n" % item.message for item in batch])
