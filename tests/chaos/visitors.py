"""Visitors who lose their connection, reload, cancel and come back; and an app whose answers are known.

Each visitor is what the browser's page is to the server: a WebSocket (the real consumer, driven as ASGI messages), the
number of the last message, the submissions that were not accepted yet, and a memory of what it was told.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import blocks_app as gr
from blocks_app.running.updates import apply_edits
from blocks_app.web.registry import Mount
from queue_app.transport.websocket import BrowserConsumer

KINDS = ("plain", "async", "generator", "stateful", "crash", "exit", "slow", "toasts")
LOST, LEFT = 1006, 1001  # how a WebSocket ends: cut off, or the page is gone


def app(ran: Counter[tuple[str | None, int]]) -> gr.Blocks:
    """One listener per kind, in the order of KINDS. Each run of a function is counted, by session and number."""

    def plain(number: int, request: gr.Request) -> str:
        ran[request.session_hash, number] += 1
        return f"plain {number}"

    async def coroutine(number: int, request: gr.Request) -> str:
        ran[request.session_hash, number] += 1
        await asyncio.sleep(0)
        return f"async {number}"

    def generator(number: int, request: gr.Request) -> Iterator[str]:
        ran[request.session_hash, number] += 1
        for step in range(5):
            yield f"generator {number} {step}"

    def stateful(number: int, seen: int, request: gr.Request) -> tuple[str, int]:
        ran[request.session_hash, number] += 1
        return f"stateful {number}", seen + 1

    def crash(number: int, request: gr.Request) -> str:
        ran[request.session_hash, number] += 1
        raise gr.Error(f"crash {number}", print_exception=False)

    def leave(number: int, request: gr.Request) -> str:
        ran[request.session_hash, number] += 1
        raise SystemExit(number)

    def slow(number: int, request: gr.Request) -> Iterator[str]:
        ran[request.session_hash, number] += 1
        for step in range(40):
            time.sleep(0.0005)
            yield f"slow {number} {step}"

    def toasts(number: int, request: gr.Request) -> str:
        ran[request.session_hash, number] += 1
        for word in ("first", "second", "third"):
            gr.Info(f"{word} {number}")
            time.sleep(0.003)
        return f"toasts {number}"

    with gr.Blocks() as demo:
        number, out, seen, button = gr.Number(precision=0), gr.Textbox(), gr.State(0), gr.Button()
        for fn in (plain, coroutine, generator):
            button.click(fn, number, out, concurrency_limit=8)
        button.click(stateful, [number, seen], [out, seen])
        for fn in (crash, leave, slow, toasts):
            button.click(fn, number, out, concurrency_limit=8)
    return demo


def answer(kind: str, number: int) -> str:
    """What an event that is done must have answered."""
    last = {"generator": " 4", "slow": " 39"}.get(kind, "")
    return f"{kind} {number}{last}"


@dataclass
class Received:
    """What a visitor heard of one event."""

    kind: str
    number: int
    after: int
    ends: list[dict[str, Any]] = field(default_factory=list)
    last: list[Any] | None = None
    #: Those of the page as it is, and those of all pages before and after reloads.
    toasts: list[str] = field(default_factory=list)
    all_toasts: set[str] = field(default_factory=set)
    cancelled: bool = False


class Socket:
    """One connection to the real consumer."""

    def __init__(self, mount: Mount, query: str) -> None:
        self.up: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.down: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        scope = {
            "type": "websocket", "path": "/queue/ws", "query_string": query.encode(), "scheme": "ws",
            "headers": [(b"host", b"localhost")], "server": ("localhost", 80), "client": ("127.0.0.1", 5),
            "url_route": {"args": (), "kwargs": {"mount": mount}}, "blocks.tail": "queue/ws",
        }  # fmt: skip
        self.up.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.ensure_future(BrowserConsumer.as_asgi()(scope, self.up.get, self.down.put))

    def send(self, kind: str, **frame: Any) -> None:
        self.up.put_nowait({"type": "websocket.receive", "text": json.dumps({"type": kind, **frame})})

    async def frame(self) -> dict[str, Any]:
        """The next frame of the server."""
        while "text" not in (message := await self.down.get()):
            assert message["type"] == "websocket.accept", message
        frame: dict[str, Any] = json.loads(message["text"])
        return frame

    async def close(self, code: int) -> None:
        """The connection ends; what the server has sent and nobody has read is lost."""
        self.up.put_nowait({"type": "websocket.disconnect", "code": code})
        await self._task


class Visitor:
    """One tab, with a seed of its own for what happens to it. `kinds` are what it submits, in the listeners' order."""

    kinds: ClassVar[tuple[str, ...]] = KINDS

    def __init__(self, mount: Mount, name: str, events: int, seed: int) -> None:
        self.mount, self.name, self.events = mount, name, events
        self.luck = random.Random(seed)
        self.received: dict[str, Received] = {}
        self.unsent: dict[str, dict[str, Any]] = {}
        self.sent: set[str] = set()
        self.number = self.highest = 0
        self.cuts = self.reloads = self.repeated = 0

    async def live(self) -> None:
        """Connect again and again, until everything is submitted and each event has ended."""
        anew = False
        while len(self.received) < self.events or any(not each.ends for each in self.received.values()):
            code = await self._connected(anew)
            anew = code == LEFT
            if anew:
                self._reload()
            self.cuts += 1

    async def _connected(self, anew: bool) -> int:
        """One connection from its first frame to its last; how it ended."""
        luck = self.luck
        socket = self.open(f"session_hash={self.name}&after={self.number}{'&anew=1' if anew else ''}")
        try:
            self._welcome(await socket.frame())
            for frame in self.unsent.values():  # their acceptance was lost, or they were
                self.repeated += 1
                self._send(socket, frame)
            for _ in range(luck.randint(0, 3)):
                if len(self.received) < self.events:
                    self._submit(socket)
            for _ in range(luck.randint(1, 6)):
                if all(self.received[event_id].ends for event_id in self.sent):
                    break  # nothing will come
                self._receive(await socket.frame())
                if luck.random() < 0.3:
                    socket.send("ack", number=self.number)
                if luck.random() < 0.15:
                    self._cancel(socket, luck.choice(list(self.received)))
        finally:
            code = LEFT if luck.random() < 0.2 else LOST
            await socket.close(code)
        return code

    def _welcome(self, welcome: dict[str, Any]) -> None:
        assert welcome["type"] == "welcome" and welcome["number"] >= self.number, (welcome, self.number)

    def open(self, query: str) -> Socket:
        """Begin to connect."""
        return Socket(self.mount, query)

    def _submit(self, socket: Socket) -> None:
        kind, number = self.luck.choice(self.kinds), len(self.received)
        event_id = f"{self.luck.getrandbits(128):032x}"
        frame = {"event_id": event_id, "fn_index": self.kinds.index(kind), "data": [number, None]}
        self.received[event_id] = Received(kind, number, self.number)
        self.unsent[event_id] = frame
        if self.luck.random() < 0.9:  # else it is lost on its way
            self._send(socket, frame)
        if self.luck.random() < 0.2:
            self._cancel(socket, event_id)

    def _send(self, socket: Socket, frame: dict[str, Any]) -> None:
        self.sent.add(frame["event_id"])
        socket.send("submit", **frame)

    def _cancel(self, socket: Socket, event_id: str) -> None:
        self.received[event_id].cancelled = True
        socket.send("cancel", event_id=event_id)

    def _reload(self) -> None:
        """The page forgets everything but its open events, and reads from where the oldest of them was submitted."""
        self.reloads += 1
        pending = [each for each in self.received.values() if not each.ends]
        for each in pending:
            each.last, each.toasts = None, []
        self.number = min([each.after for each in pending], default=self.number)

    def _receive(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "accepted":
            self.unsent.pop(frame["event_id"], None)
            return
        assert frame["type"] == "messages", frame
        for number, message in frame["items"]:
            assert number > self.number, "a message came twice on one connection, or out of order"
            self.number = number
            received = self.received[message["event_id"]]
            assert not received.ends or number <= self.highest, f"something came after the end: {message}, {received}"
            if not received.ends:  # else it is said once more because of a reload, and the page takes no notice
                self._apply(received, message)
            self.highest = max(self.highest, number)

    def _apply(self, received: Received, message: dict[str, Any]) -> None:
        if message["msg"] == "log":
            received.toasts.append(message["log"])
            received.all_toasts.add(message["log"])
        elif message["msg"] == "process_generating":
            data = message["output"]["data"]
            if message["diff"]:
                assert received.last is not None, "edits without what they edit"
                data = [apply_edits(old, edits) for old, edits in zip(received.last, data, strict=True)]
            received.last = data
        elif message["msg"] == "process_completed":
            received.ends.append(message)
            self.unsent.pop(message["event_id"], None)
