"""The small endpoints around the queue: cancel, reset, heartbeat, app_id, startup-events, status."""

from __future__ import annotations

import msgspec

from blocks_app import protocol
from queue_app.execution.engine import engine_of
from queue_app.sessions.presence import VisitorInfo
from queue_app.sessions.session_hash import checked_session
from queue_app.transport.event_stream import EventStream
from queue_app.transport.http import HttpConsumer

_SUCCESS = b'{"success":true}'


class CancelBody(msgspec.Struct):
    """Which event to stop. All three are sent by every client; `fn_index` is not needed to find the event."""

    session_hash: str
    event_id: str
    fn_index: int | None = None


class ResetBody(msgspec.Struct):
    """Sent by clients after a cancel."""

    event_id: str


_cancel_body = msgspec.json.Decoder(CancelBody)
_reset_body = msgspec.json.Decoder(ResetBody)


class CancelEndpoint(HttpConsumer):
    """`POST cancel`: stops this one event. Always a success, so that ids cannot be probed."""

    methods = ("POST",)

    async def handle(self) -> None:
        """Cancel the event when it belongs to a session of the caller."""
        body = await self.json(_cancel_body)
        engine = engine_of(self.mount)
        session_hash = checked_session(body.session_hash)
        if engine.find_session(session_hash, self.identity.key) is not None:
            await engine.cancel(session_hash, body.event_id)
        await self.answer(_SUCCESS)


class ResetEndpoint(HttpConsumer):
    """`POST reset`: nothing is left to do; kept because clients call it after a cancel."""

    methods = ("POST",)

    async def handle(self) -> None:
        """Check the body and say yes."""
        await self.json(_reset_body)
        await self.answer(_SUCCESS)


class HeartbeatEndpoint(EventStream):
    """`GET heartbeat/<session>`: open as long as the client's page or program lives."""

    pulse = b"data: ALIVE\n\n"

    async def handle(self, session_hash: str) -> None:
        """Say ALIVE at once and every 15 seconds; when the client leaves, the session's end begins."""
        engine = engine_of(self.mount)
        engine.claim(checked_session(session_hash), self.identity.key)
        if not await self.start_stream():
            return
        self.connection.session_hash = session_hash
        who = self.identity
        visitor = VisitorInfo(session_hash, who.key, who.username, self.request_info)
        attendance = engine.attend(session_hash, visitor)
        try:
            await self.write(self.pulse)
            await self.gone()
        finally:
            attendance.leave(for_good=True)


class AppIdEndpoint(HttpConsumer):
    """`GET app_id`: changes with every start of the process, so that pages notice a restart."""

    guarded = False

    async def handle(self) -> None:
        """Answer the number that the config carries too."""
        await self.answer({"app_id": self.mount.app_id})


class StartupEventsEndpoint(HttpConsumer):
    """`GET startup-events`: false, because nothing has to be started by hand."""

    guarded = False
    methods = ("GET", "HEAD", "POST")

    async def handle(self) -> None:
        """Answer as a server that runs already."""
        await self.answer(b"false")


class StatusEndpoint(HttpConsumer):
    """`GET queue/status`: how many events wait, as an estimation message."""

    async def handle(self) -> None:
        """Answer the number of waiting events in all groups."""
        waiting = engine_of(self.mount).snapshot().waiting
        message = msgspec.to_builtins(protocol.Estimation(rank=0, queue_size=waiting))
        await self.answer(message | {"rank": None})
