"""A page's WebSocket through the whole ASGI stack, without a server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.auth_app.visitor import Visitor

EVENT = "e" * 32


class Socket:
    """One open socket; `frames` are what came, `code` with what it was closed."""

    def __init__(self, app: Any, headers: dict[str, str], session: str) -> None:
        pairs = {"host": "testserver", "origin": "http://testserver"} | headers
        scope = {
            "type": "websocket", "path": "/app/queue/ws", "raw_path": b"/app/queue/ws", "root_path": "",
            "query_string": f"session_hash={session}&after=0".encode(), "scheme": "ws", "subprotocols": [],
            "headers": [(name.lower().encode(), value.encode()) for name, value in pairs.items() if value],
            "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        self.up: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.down: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.up.put_nowait({"type": "websocket.connect"})
        self.frames: list[dict[str, Any]] = []
        self.accepted = False
        self.code: int | None = None
        self.task = asyncio.create_task(app(scope, self.up.get, self.down.put))

    def send(self, **frame: Any) -> None:
        self.up.put_nowait({"type": "websocket.receive", "text": json.dumps(frame)})

    def submit(self, fn: int, *data: Any) -> None:
        self.send(type="submit", event_id=EVENT, fn_index=fn, data=list(data))

    async def until(self, kind: str) -> dict[str, Any]:
        """The next frame of a kind; "closed" waits for the end."""
        async with asyncio.timeout(10):
            while True:
                message = await self.down.get()
                if message["type"] == "websocket.accept":
                    self.accepted = True
                elif message["type"] == "websocket.close":
                    self.code = message.get("code")
                    assert kind == "closed", (kind, self.frames)
                    return {}
                else:
                    frame: dict[str, Any] = json.loads(message["text"])
                    self.frames.append(frame)
                    if frame["type"] == kind:
                        return frame

    async def message(self, kind: str) -> dict[str, Any]:
        """The first message of a kind that an event tells."""
        while True:
            for _, found in (await self.until("messages"))["items"]:
                if found["msg"] == kind:
                    return dict(found)


@asynccontextmanager
async def socket(visitor: Visitor, session: str = "s", **headers: str) -> AsyncIterator[Socket]:
    """Open the page's socket with the visitor's cookies."""
    opened = Socket(visitor.client.app, visitor.sent({}) | headers, session)
    try:
        yield opened
    finally:
        opened.up.put_nowait({"type": "websocket.disconnect", "code": 1001})
        async with asyncio.timeout(10):
            await opened.task
