"""How long it takes until whoever waits is told, after each kind of death."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from benchmarks.load.connection import Connection
from benchmarks.scale.arrangement import Arrangement

_API = "/gradio_api/queue"
_LOST = (OSError, EOFError, ValueError)
_LIMIT = 60


async def measured(site: Arrangement) -> dict[str, float]:
    """Seconds by kind of death. The site is whole again afterwards."""
    async with asyncio.timeout(4 * _LIMIT):
        return {
            "a worker is killed while it runs an event": await _worker(site),
            "a web process is killed whose stream is read: its reader reads on at the other one": await _web(site),
            "Redis is killed and begins again with its file: the next event is answered": await _redis(site),
        }


class _Page:
    """One session that counts the numbers of its messages."""

    def __init__(self, site: Arrangement) -> None:
        self._site = site
        self._hash = uuid.uuid4().hex[:12]
        self.last = 0

    def _connection(self) -> Connection:
        parts = urlsplit(self._site.proxy)
        return Connection(str(parts.hostname), int(parts.port or 80))

    async def join(self, name: str, *arguments: Any) -> None:
        """Submit one event."""
        body = {"data": ["x", *arguments], "fn_index": _number(self._site, name), "session_hash": self._hash}
        connection = self._connection()
        status = await connection.send("POST", f"{_API}/join", json.dumps(body).encode())
        answer = await connection.body()
        connection.close()
        if status != 200:
            raise ValueError(answer)

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """What comes after what has come, until the stream ends or breaks."""
        connection, buffer = self._connection(), b""
        try:
            address = f"{_API}/data?session_hash={self._hash}"
            await connection.send("GET", address, accept=f"text/event-stream\r\nLast-Event-ID: {self.last}")
            async for piece in connection.pieces():
                buffer += piece
                *parts, buffer = buffer.split(b"\n\n")
                for part in parts:
                    lines = dict(line.split(b": ", 1) for line in part.split(b"\n") if b": " in line)
                    if b"id" in lines:
                        self.last = int(lines[b"id"])
                        yield json.loads(lines[b"data"])
        finally:
            connection.close()

    async def until(self, *kinds: str) -> dict[str, Any]:
        """The next message of one of these kinds, over as many streams as it takes."""
        while True:
            with contextlib.suppress(*_LOST):
                async for message in self.messages():
                    if message["msg"] in kinds:
                        return message
            await asyncio.sleep(0.05)


def _number(site: Arrangement, name: str) -> int:
    with urlopen(f"{site.proxy}/config", timeout=_LIMIT) as response:
        found = json.load(response)["dependencies"]
    return next(each["id"] for each in found if each["api_name"] == name)


async def _worker(site: Arrangement) -> float:
    page = _Page(site)
    await page.join("slow", _LIMIT)
    await page.until("process_starts")
    for name in ("worker1", "worker2"):
        site.kill(name)
    began = time.perf_counter()
    told = await page.until("process_completed")
    assert not told["success"]
    taken = time.perf_counter() - began
    await asyncio.to_thread(site.workers, 2)
    return taken


async def _web(site: Arrangement) -> float:
    """Of two readers one is at the process that dies, as the proxy goes round."""
    pages = [_Page(site), _Page(site)]
    for page in pages:
        await page.join("ticking", 100)
    reading = [asyncio.ensure_future(_gaps(page)) for page in pages]
    await asyncio.sleep(2)
    site.kill("web1")
    await asyncio.sleep(5)
    for each in reading:
        each.cancel()
    gaps = [gap for found in await asyncio.gather(*reading) for gap in found]
    await asyncio.to_thread(site.web, 2)
    return max(gaps)


async def _gaps(page: _Page) -> list[float]:
    """Seconds between two messages, until it is cancelled."""
    gaps, before = [], time.perf_counter()
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            with contextlib.suppress(*_LOST):
                async for message in page.messages():
                    if message["msg"] == "process_generating":
                        gaps.append(time.perf_counter() - before)
                        before = time.perf_counter()
            await asyncio.sleep(0.05)
    return gaps[1:]


async def _redis(site: Arrangement) -> float:
    began = time.perf_counter()
    await asyncio.to_thread(site.restart_redis)
    page = _Page(site)
    while True:
        with contextlib.suppress(*_LOST):
            await page.join("echo")
            break
        await asyncio.sleep(0.05)
    await page.until("process_completed")
    return time.perf_counter() - began
