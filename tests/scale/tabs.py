"""Pages of a site that fails: they connect again and again over the network, as the browser's page does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from blocks_app.running.updates import apply_edits
from queue_app.ids import new_id
from tests.chaos.visitors import KINDS, LOST, Socket, Visitor
from tests.scale import LONG

PATIENCE = 60.0
PAUSE = 0.05  # seconds until the next try


class Gone(Exception):
    """The connection has ended, or was never made."""


def address_of(url: str, query: str) -> str:
    """Where the page at `url` connects to."""
    return f"{url.replace('http', 'ws', 1)}queue/ws?{query}"


async def connected(url: str, query: str) -> ClientConnection:
    """Connect; raises Gone."""
    origin: Any = url.partition("/")[0] + "//" + url.split("/")[2]
    try:
        return await connect(address_of(url, query), origin=origin, open_timeout=PATIENCE, ping_interval=None)
    except (OSError, WebSocketException) as error:
        await asyncio.sleep(PAUSE)
        raise Gone from error


class Tab:
    """One page: it keeps what it hears, sends again what was not accepted, and notices what is lost."""

    def __init__(self, url: str, functions: dict[str, int]) -> None:
        """Of the app at `url`; `functions` has its numbers by their names."""
        self.session = new_id()
        self.heard: list[dict[str, Any]] = []
        self.lost: list[str] = []
        self.lives: list[int] = []
        self.refused: list[str] = []
        self._url, self._functions = url, functions
        self._unsent: dict[str, dict[str, Any]] = {}
        self._accepted: set[str] = set()
        self._number = 0
        self._due: tuple[int, list[str]] | None = None
        self._socket: ClientConnection | None = None
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Tab:
        self._task = asyncio.create_task(self._live())
        await self.until(lambda: bool(self.lives))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def submit(self, name: str, *data: Any) -> str:
        """Start a function; returns when that was accepted."""
        event_id = new_id()
        frame = {"type": "submit", "event_id": event_id, "fn_index": self._functions[name], "data": data}
        self._unsent[event_id] = frame
        if self._socket is not None:
            await self._send(frame)
        await self.until(lambda: event_id not in self._unsent)
        return event_id

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true of what was heard."""
        async with asyncio.timeout(PATIENCE):
            async with self._changed:
                await self._changed.wait_for(condition)

    async def end(self, event_id: str) -> Any:
        """The one end of an event: its first value, what it says of a failure, or None for one that is lost."""
        await self.until(lambda: bool(self._ends(event_id)) or event_id in self.lost)
        found = self._ends(event_id)
        if not found:
            return None
        output = found[0]["output"]
        return output["data"][0] if found[0]["success"] else output["error"]

    def _ends(self, event_id: str) -> list[dict[str, Any]]:
        return [each for each in self.of(event_id) if each["msg"] == "process_completed"]

    def of(self, event_id: str) -> list[dict[str, Any]]:
        """What was heard of an event."""
        return [each for each in self.heard if each["event_id"] == event_id]

    def values(self, event_id: str) -> list[Any]:
        """The first values of an event's yields, one after the other, whole."""
        found: list[Any] = []
        for each in self.of(event_id):
            if each["msg"] == "process_generating":
                value = each["output"]["data"][0]
                found.append(apply_edits(found[-1], value) if each["diff"] else value)
        return found

    async def _live(self) -> None:
        while True:
            with suppress(Gone):
                await self._read(await connected(self._url, f"session_hash={self.session}&after={self._number}"))

    async def _read(self, socket: ClientConnection) -> None:
        async with socket:
            with suppress(WebSocketException):
                async for text in socket:
                    await self._take(json.loads(text), socket)
            self._socket = None
        await asyncio.sleep(PAUSE)

    async def _send(self, frame: dict[str, Any]) -> None:
        with suppress(WebSocketException):
            assert self._socket is not None
            await self._socket.send(json.dumps(frame))

    async def _take(self, frame: dict[str, Any], socket: ClientConnection) -> None:
        match frame["type"]:
            case "welcome":
                self._socket = socket
                self._welcome(frame)
                for each in list(self._unsent.values()):
                    await self._send(each)
            case "accepted":
                self._unsent.pop(frame["event_id"], None)
                self._accepted.add(frame["event_id"])
            case "messages":
                for number, message in frame["items"]:
                    assert number > self._number, "a message came twice, or out of order"
                    self._number = number
                    self.heard.append(message)
                    if message["msg"] == "process_completed":
                        self._unsent.pop(message["event_id"], None)
                        self._accepted.discard(message["event_id"])
                self._settle()
            case "refused":
                self.refused.append(frame["detail"])
                await asyncio.sleep(PAUSE)
                if frame["event_id"] in self._unsent:  # whoever sits there tries again
                    await self._send(self._unsent[frame["event_id"]])
        async with self._changed:
            self._changed.notify_all()

    def _welcome(self, frame: dict[str, Any]) -> None:
        """See connection.ts: what is open here and not there is lost, unless its end is still to come."""
        fresh = bool(self.lives) and self.lives[-1] != frame["life"]
        self.lives.append(frame["life"])
        self._number = min(self._number, frame["number"])
        gone = [each for each in self._accepted if each not in frame["pending"]]
        if fresh or frame["number"] <= self._number:
            self._lose(gone)
        else:
            self._due = frame["number"], gone
        self._settle()

    def _settle(self) -> None:
        if self._due is not None and self._number >= self._due[0]:
            gone, self._due = self._due[1], None
            self._lose([each for each in gone if each in self._accepted])

    def _lose(self, events: list[str]) -> None:
        self._accepted -= set(events)
        self.lost += events


class Remote(Socket):
    """A connection of one of chaos's visitors to a real server."""

    def __init__(self, url: str, query: str) -> None:
        self._url, self._query = url, query
        self._opened: ClientConnection | None = None
        self._frames: list[str] = []

    def send(self, kind: str, **frame: Any) -> None:
        """It goes when something is read the next time."""
        self._frames.append(json.dumps({"type": kind, **frame}))

    async def frame(self) -> dict[str, Any]:
        """The next frame of the server. Raises Gone."""
        if self._opened is None:
            self._opened = await connected(self._url, self._query)
        try:
            for text in self._frames:
                await self._opened.send(text)
            self._frames.clear()
            found: dict[str, Any] = json.loads(await self._opened.recv())
        except WebSocketException as error:
            raise Gone from error
        if found["type"] in ("refused", "replaced"):
            raise Gone(found.get("detail"))
        return found

    async def close(self, code: int) -> None:
        """The connection ends."""
        if self._opened is not None:
            with suppress(WebSocketException, OSError):
                for text in self._frames:
                    await self._opened.send(text)
            await self._opened.close(code if code != LOST else 4999)


class RemoteVisitor(Visitor):
    """One of chaos's visitors, at a site whose processes are killed as well."""

    kinds = (*KINDS, *LONG)
    url = ""
    broken = 0

    async def _connected(self, anew: bool) -> int:
        try:
            return await super()._connected(anew)
        except Gone:
            self.broken += 1
            await asyncio.sleep(PAUSE)
            return LOST

    def _welcome(self, welcome: dict[str, Any]) -> None:
        """A session whose messages were all acknowledged may have been put away; its numbers go on nevertheless."""
        assert welcome["type"] == "welcome", welcome
        waiting = [event for event, each in self.received.items() if event not in self.unsent and not each.ends]
        assert welcome["number"] >= self.number or not waiting, (welcome, self.number, waiting)

    def open(self, query: str) -> Socket:
        """See Visitor."""
        return Remote(self.url, query)
