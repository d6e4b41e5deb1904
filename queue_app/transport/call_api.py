"""Endpoints of one event: `call` (start now, read later, for curl) and `run` (the answer in the response)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from blocks_app import protocol
from blocks_app.web.views import parameters_of
from queue_app.access.guards import permit
from queue_app.delivery.delivery_loop import CALL, Delivery, Ended
from queue_app.exceptions import Disconnected, Refusal
from queue_app.execution.engine import engine_of
from queue_app.execution.job_factory import EventBody, by_index, by_name, event_body, job_of_body, positional
from queue_app.ids import new_id
from queue_app.sessions.session_hash import optional_session
from queue_app.tasks import spawn
from queue_app.transport.event_stream import EventStream
from queue_app.transport.http import HttpConsumer

if TYPE_CHECKING:
    from queue_app.delivery.sequenced_message import SequencedMessage
    from queue_app.execution.job import Listener

_UNKNOWN_EVENT = b'event: error\ndata: "404: Not Found"\n\n'
_AT_ONCE = 0.02  # seconds of a run in which nobody looks whether its request is still open
_NO_DIRECT = "This API endpoint does not accept direct HTTP POST requests. Please join the queue to use this API."


class _Values(msgspec.Struct):
    """The part of a message's output that `call` passes on, as it was encoded."""

    data: msgspec.Raw = msgspec.Raw(b"null")


class _Step(msgspec.Struct):
    """The parts of `process_generating` and `process_completed` that `call` reads."""

    output: msgspec.Raw
    success: bool = True


_step = msgspec.json.Decoder(_Step)
_values = msgspec.json.Decoder(_Values)
_named_body = msgspec.json.Decoder(dict[str, Any])


class StartCall(HttpConsumer):
    """`POST call/<name>` with `{"data": [...]}`."""

    methods = ("POST",)

    async def handle(self, name: str) -> None:
        """Answer the id under which the result is read."""
        dependency = by_name(self.mount, name)
        await self.begin(dependency, await self.json(event_body))

    async def begin(self, dependency: Listener, body: EventBody) -> None:
        """Put the event into the queue, with an outbox of its own; without a session it gets fresh State."""
        await permit(self.mount, self.identity, dependency, self.scope)
        event_id = new_id()
        session_hash = optional_session(body.session_hash) or event_id
        job = job_of_body(self, dependency, body, session_hash, event_id=event_id, simple_format=True, channel=event_id)
        await engine_of(self.mount).submit(job)
        await self.answer(b'{"event_id":"%s"}' % event_id.encode())


class StartNamedCall(StartCall):
    """`POST call/v2/<name>` with `{"argument": value, ...}`."""

    async def handle(self, name: str) -> None:
        """Put the arguments in order, fill in defaults, then go on as `call`."""
        dependency = by_name(self.mount, name)
        arguments = await self.json(_named_body)
        arguments.pop("oauth_token", None)
        session_hash = optional_session(arguments.pop("session_hash", None))
        data = positional(parameters_of(self.mount, dependency.api_name), arguments)
        await self.begin(dependency, EventBody(data=data, session_hash=session_hash))


class CallResult(EventStream):
    """`GET call/<name>/<event_id>`: the event's values as `event:`/`data:` lines; the name is not looked at."""

    pulse = b"event: heartbeat\ndata: null\n\n"

    async def handle(self, event_id: str, **_: Any) -> None:
        """Stream complete values, then end; an event that nobody started, or another's, is told as unknown."""
        if not await self.start_stream():
            return
        engine = engine_of(self.mount)
        if engine.find_session(event_id, self.identity.key) is None:
            await self.finish(_UNKNOWN_EVENT)
            return
        self.connection.session_hash = event_id
        reader = engine.subscribe(event_id, plain=CALL.plain)
        try:
            if await Delivery(reader, self, CALL).run() is not Ended.COMPLETE:
                await self.finish()
        finally:
            reader.close()

    async def send(self, messages: list[SequencedMessage]) -> None:
        """Write what `call` tells of these messages."""
        if chunk := b"".join([_line(item) for item in messages]):
            await self.write(chunk)

    async def send_last(self, messages: list[SequencedMessage]) -> None:
        """Write the end of the event, and end the stream."""
        await self.finish(b"".join([_line(item) for item in messages]))


class RunEndpoint(HttpConsumer):
    """`POST run/<name>` and `POST api/<name>`: run it and answer with the values; see docs/decisions/who-is-next.md."""

    methods = ("POST",)
    lasting = True

    async def handle(self, name: str) -> None:
        """Run the function; `fn_index` in the body wins over the name, as browsers and old programs send it."""
        body = await self.json(event_body)
        session_hash = optional_session(body.session_hash)
        if body.fn_index is not None:
            dependency = await by_index(self, body.fn_index, session_hash, private=self.from_own_page)
        else:
            dependency = by_name(self.mount, name)
        if dependency.queue and self.mount.blocks.queue_options.api_open is False:
            raise Refusal(404, _NO_DIRECT)
        await permit(self.mount, self.identity, dependency, self.scope)
        event_id = new_id()
        job = job_of_body(self, dependency, body, session_hash or event_id, event_id=event_id, simple_format=True)
        wanted = len(dependency.inputs)
        if not body.batched and len(job.data) < wanted:
            raise Refusal(400, f"/{name} takes {wanted} values in `data`; {len(job.data)} came.")
        counted, engine = self._is_counted(dependency), engine_of(self.mount)
        async with self._attended():
            completed = await engine.run_direct(job, counted)
        await self.answer(protocol.encode(completed.output), 200 if completed.success else 500)

    @asynccontextmanager
    async def _attended(self) -> AsyncIterator[None]:
        """While inside, whoever closes the request gives up the place in the queue, or ends the run."""
        task = asyncio.current_task()
        assert task is not None
        gone = False

        async def attend() -> None:
            nonlocal gone
            while (await self.receive())["type"] != "http.disconnect":
                pass
            gone = True
            task.cancel()

        attendants: list[asyncio.Task[None]] = []
        begin = asyncio.get_running_loop().call_later(_AT_ONCE, lambda: attendants.append(spawn(attend())))
        try:
            yield
        except asyncio.CancelledError:
            if not gone:
                raise
            task.uncancel()
            raise Disconnected from None
        finally:
            begin.cancel()
            for attendant in attendants:
                attendant.cancel()

    def _is_counted(self, dependency: Listener) -> bool:
        """Whether it waits for a slot of its function: what a program calls does, unless the app opens its API."""
        if self.mount.blocks.queue_options.api_open:
            return False
        return dependency.queue or not self.from_own_page


def _line(item: SequencedMessage) -> bytes:
    """One message as `event:` and `data:` lines; nothing for what `call` does not tell."""
    if item.kind == "process_generating":
        values = _values.decode(_step.decode(item.message).output)
        return b"event: generating\ndata: %s\n\n" % bytes(values.data)
    if item.kind != "process_completed":
        return b""
    step = _step.decode(item.message)
    if step.success:
        return b"event: complete\ndata: %s\n\n" % bytes(_values.decode(step.output).data)
    return b"event: error\ndata: %s\n\n" % bytes(step.output)
