"""Talks to an ASGI application in this process: whole answers, and streams read chunk by chunk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


class Answer:
    """A response, as far as it has come."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.cookies: list[str] = []
        self.chunks: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.body = b""
        self.ended = False

    async def take(self, message: dict[str, Any]) -> None:
        """The application's `send`."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {key.decode().lower(): value.decode() for key, value in message["headers"]}
            self.cookies = [value.decode() for key, value in message["headers"] if key.lower() == b"set-cookie"]
            return
        if message.get("body"):
            self.body += message["body"]
            self.chunks.put_nowait(message["body"])
        if not message.get("more_body"):
            self.ended = True
            self.chunks.put_nowait(None)

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages of an event stream so far."""
        return [json.loads(line[6:]) for line in self.body.split(b"\n") if line.startswith(b"data: ")]

    async def until(self, msg: str) -> dict[str, Any]:
        """Wait for a message of this kind and give it."""
        while True:
            for message in self.messages:
                if message["msg"] == msg:
                    return message
            chunk = await asyncio.wait_for(self.chunks.get(), 5)
            assert chunk is not None, f"the stream ended without {msg}: {self.body!r}"


def _scope(method: str, path: str, headers: dict[str, str], query: str) -> dict[str, Any]:
    raw = [(key.lower().encode(), value.encode()) for key, value in {"host": "testserver", **headers}.items()]
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": method,
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "headers": raw,
        "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 80),
    }  # fmt: skip


class Client:
    """Sends requests to one application."""

    def __init__(self, app: Any) -> None:
        self.app = app

    @asynccontextmanager
    async def open(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> AsyncIterator[Answer]:
        """A request that is answered bit by bit; leaving the block hangs up."""
        path, _, query = path.partition("?")
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        inbox.put_nowait({"type": "http.request", "body": sent, "more_body": False})
        answer = Answer()
        task = asyncio.create_task(self.app(_scope(method, path, headers or {}, query), inbox.get, answer.take))
        try:
            yield answer
        finally:
            inbox.put_nowait({"type": "http.disconnect"})
            await asyncio.wait_for(task, 5)

    async def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """A request and its whole answer."""
        async with self.open(method, path, body, headers) as answer:
            while await asyncio.wait_for(answer.chunks.get(), 5) is not None:
                pass
        return answer

    async def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """POST a JSON body."""
        return await self.request("POST", path, body, headers)

    async def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        """GET a path with its query."""
        return await self.request("GET", path, None, headers)
