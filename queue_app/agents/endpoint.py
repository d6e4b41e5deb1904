"""`mcp/`: an app for agents, over MCP's streamable HTTP. Our own road first, then the official package.

Every request has passed the guard before its body is read, as everywhere. What an agent calls is a job; while it runs,
its progress goes out as an event stream, which begins with the first thing there is to say, and without any the answer
is plain JSON. Whoever closes the request gives up its job.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

import msgspec
import orjson

from auth_app.databases import in_thread
from blocks_app import jsonable
from queue_app.agents.request import AgentRequest
from queue_app.asgi_types import Scope
from queue_app.cluster import call_names
from queue_app.exceptions import Disconnected, Refusal
from queue_app.ids import new_id
from queue_app.tasks import spawn
from queue_app.transport.event_stream import HEARTBEAT_SECONDS, STREAM_HEADERS
from queue_app.transport.http import HttpConsumer
from queue_app.transport.json_decoding import LARGE, decoded

OFF = (
    "This app has no MCP server. Its author turns it on: launch(mcp_server=True), demo.serving(mcp_server=True), or "
    "BLOCKS_MCP_SERVER = True for all apps of a site."
)
MISSING = "This app's MCP server needs the package `mcp`, which is not installed: pip install 'blocks-on-django[mcp]'."
_SERVING = "queue_app.agents.serving"
_SESSION = re.compile(r"[0-9a-f]{32}")
_ADDED = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
_anything = msgspec.json.Decoder(Any)


class McpEndpoint(HttpConsumer):
    """`POST mcp/`: one message of an agent. `GET` leads people to the page that tells how, `DELETE` ends a session."""

    methods = ("GET", "HEAD", "POST", "DELETE")
    lasting = True
    #: Of the session that this request begins.
    begun: str | None = None
    streaming = False
    gone_away = False
    status = 200
    headers: list[tuple[bytes, bytes]] = []  # replaced, never changed

    async def handle(self) -> None:
        """Answer one request."""
        if not self.mount.options.has_mcp:
            raise Refusal(404, OFF)
        if self.scope["method"] in ("GET", "HEAD"):
            await self._lead_people()
        elif self.scope["method"] == "DELETE":
            if (session := self._session()) is not None:
                call_names.cancel(self.mount, call_names.name_of(self.identity.key, session, "").whole_session)
            await self.answer({"detail": "The session has ended."})
        else:
            await self._post()

    async def _lead_people(self) -> None:
        if b"text/html" not in (self.header(b"accept") or b""):
            text = "Nothing is told here unasked. Send MCP's messages by POST, as clients of its streamable HTTP do."
            raise Refusal(405, text, [(b"allow", b"POST, DELETE")])
        place = f"{self.request_info.root}/?view=api&tab=mcp".encode()
        await self.send_whole(303, [(b"location", place), (b"content-length", b"0"), *_ADDED], b"")

    async def _post(self) -> None:
        if not (self.header(b"content-type") or b"").lower().startswith(b"application/json"):
            raise Refusal(415, "Send MCP's messages as JSON, with the header Content-Type: application/json.")
        body = await self.body()
        if not body:
            raise Refusal(400, "The request is empty. Send one of MCP's messages as JSON.")
        message = await decoded(_anything, body, "request")
        if not isinstance(message, dict):
            raise Refusal(400, "Send one of MCP's messages at a time: a JSON object.")
        session, params = self._session(), message.get("params")
        params = params if isinstance(params, dict) else {}
        if message.get("method") == "notifications/cancelled" and session is not None:
            call_names.cancel(self.mount, call_names.name_of(self.identity.key, session, params.get("requestId")))
        if message.get("method") == "initialize":
            self.begun = new_id()
        serving = await _serving()
        request = self._request(message, params, session)
        if len(body) >= LARGE and isinstance(arguments := params.get("arguments"), dict):
            request = replace(request, arguments=arguments)
            body = jsonable.dumps({**message, "params": {**params, "arguments": {}}})
        async with self._watched():
            await serving.answer(request, body, self._scope_for(body), self._pass_on)

    def _session(self) -> str | None:
        """The session that the agent names. We keep nothing of it, so any that could be one of ours is."""
        given = (self.header(b"mcp-session-id") or b"").decode("latin-1")
        if given and not _SESSION.fullmatch(given):
            raise Refusal(404, "There is no such session. Send `initialize` again, without the header Mcp-Session-Id.")
        return given or None

    def _request(self, message: dict[str, Any], params: dict[str, Any], session: str | None) -> AgentRequest:
        meta = params.get("_meta")
        token = meta.get("progressToken") if isinstance(meta, dict) else None
        listens = isinstance(token, str | int) and b"text/event-stream" in (self.header(b"accept") or b"")

        async def report(progress: float, total: float | None, text: str) -> None:
            params: dict[str, Any] = {"progressToken": token, "progress": progress, "message": text}
            if total is not None:
                params["total"] = total
            note = {"jsonrpc": "2.0", "method": "notifications/progress", "params": params}
            await self._write(b"event: message\ndata: " + orjson.dumps(note) + b"\n\n")

        return AgentRequest(
            self.mount,
            self.identity,
            self.request_info,
            self.scope,
            wanted=wanted_tools(self.scope),
            name=call_names.name_of(self.identity.key, session, message.get("id")) if session is not None else None,
            report=report if listens else None,
        )

    def _scope_for(self, body: bytes) -> Scope:
        """The scope for the package, which reads this body and answers with JSON; how that goes out is decided here."""
        kept = [each for each in self.scope["headers"] if each[0] not in (b"accept", b"content-length")]
        accept, length = (b"accept", b"application/json, text/event-stream"), (b"content-length", b"%d" % len(body))
        return {**self.scope, "headers": [*kept, accept, length]}

    # Writing

    async def _pass_on(self, message: dict[str, Any]) -> None:
        """What the package sends: one JSON message, which ends the stream where one has begun."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
            return
        body = message.get("body", b"")
        if self.streaming:
            last = b"event: message\ndata: " + body + b"\n\n" if body else b""
            await self.base_send({"type": "http.response.body", "body": last, "more_body": False})
            return
        more = [(b"mcp-session-id", self.begun.encode())] if self.begun is not None and self.status == 200 else []
        kept = [(name.lower(), value) for name, value in self.headers if name.lower() != b"cache-control"]
        await self.send_whole(self.status, [*kept, *_ADDED, *more], body)

    async def _write(self, chunk: bytes) -> None:
        if not self.streaming:
            self.streaming = True
            await self.start(200, [*STREAM_HEADERS])
        await self.base_send({"type": "http.response.body", "body": chunk, "more_body": True})

    @asynccontextmanager
    async def _watched(self) -> AsyncIterator[None]:
        """While inside, whoever closes the request ends it, and a quiet one is kept alive."""
        task = asyncio.current_task()
        assert task is not None
        attendant = spawn(self._watch(task))
        try:
            yield
        except asyncio.CancelledError:
            if not self.gone_away:
                raise
            task.uncancel()
            raise Disconnected from None
        finally:
            attendant.cancel()

    async def _watch(self, task: asyncio.Task[Any]) -> None:
        streams = b"text/event-stream" in (self.header(b"accept") or b"") and self.begun is None
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    while (await self.receive())["type"] != "http.disconnect":
                        pass
            except TimeoutError:
                if streams:
                    await self._write(b": still at work\n\n")
                continue
            self.gone_away = True
            task.cancel()
            return


async def _serving() -> Any:
    """What knows the official package, which is optional, and takes a moment to load: not on the loop."""
    found = sys.modules.get(_SERVING)
    if found is not None and not getattr(found.__spec__, "_initializing", False):
        return found
    try:
        return await in_thread(import_module, _SERVING)
    except ImportError as error:
        raise Refusal(501, MISSING) from error


class McpSchema(HttpConsumer):
    """`GET mcp/schema`: what `tools/list`, `resources/list` and `prompts/list` tell, for programs without MCP."""

    async def handle(self) -> None:
        """Answer a list; `?tools=a,b` restricts it."""
        if not self.mount.options.has_mcp:
            raise Refusal(404, OFF)
        from queue_app.agents.tools import visible_tools  # not before an app has agents

        request = AgentRequest(
            self.mount, self.identity, self.request_info, self.scope, wanted=wanted_tools(self.scope)
        )
        await self.answer([each.outline() for each in await visible_tools(request)])


class McpSse(HttpConsumer):
    """`mcp/sse`: where MCP's first transport began, which the protocol has given up."""

    methods = ("GET", "HEAD", "POST")

    async def handle(self) -> None:
        """Say where the app is now."""
        if not self.mount.options.has_mcp:
            raise Refusal(404, OFF)
        place = f"{self.request_info.root}/gradio_api/mcp/"
        raise Refusal(410, f"Enter {place} into your client, as streamable HTTP: this is the transport before that.")


def wanted_tools(scope: Scope) -> str | None:
    """The tools that an address names."""
    found: list[str] = parse_qs(scope["query_string"].decode("latin-1")).get("tools", [])
    return found[0] if found else None
