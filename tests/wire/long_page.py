"""A page's socket in Python: events of any size go in parts, and long answers come in pieces."""

from __future__ import annotations

import json
import secrets
from typing import Any

from websockets.sync.client import ClientConnection, connect

PATIENCE = 60
PART = 256 * 1024
LARGEST = 1024 * 1024  # what the strictest server lets through


class LongPage:
    """One connection; `with LongPage(url) as page`."""

    def __init__(self, url: str, session: str | None = None, after: int = 0) -> None:
        self.session = session or secrets.token_hex(8)
        self.number = after
        address = f"{url.replace('http', 'ws')}queue/ws?session_hash={self.session}&after={after}"
        origin: Any = url.rstrip("/")
        self._opening = connect(address, origin=origin, open_timeout=PATIENCE, max_size=LARGEST, compression=None)
        self.kept: list[Any] = []

    def __enter__(self) -> LongPage:
        self.socket: ClientConnection = self._opening.__enter__()
        self.welcome = self.receive()
        return self

    def __exit__(self, *error: Any) -> None:
        self._opening.__exit__(*error)

    def receive(self) -> dict[str, Any]:
        """The next frame, put together."""
        texts: list[str] = []
        while True:
            frame: dict[str, Any] = json.loads(self.socket.recv(PATIENCE))
            if frame["type"] != "piece":
                return frame
            texts.append(frame["text"])
            if not frame["more"]:
                return json.loads("".join(texts))  # type: ignore[no-any-return]

    def submit(self, fn_index: int, *data: Any, event_id: str | None = None) -> dict[str, Any]:
        """Start an event; its acceptance or refusal."""
        event_id = event_id or secrets.token_hex(8)
        text = json.dumps(
            {"type": "submit", "event_id": event_id, "fn_index": fn_index, "data": list(data)}, ensure_ascii=False
        )
        parts = [text[at : at + PART] for at in range(0, len(text), PART)]
        if len(parts) == 1:
            self.socket.send(text)
        flying = 0
        for index, part in enumerate(parts if len(parts) > 1 else ()):
            more = index < len(parts) - 1
            frame = {"type": "part", "event_id": event_id, "index": index, "text": part, "more": more}
            self.socket.send(json.dumps({**frame, "length": len(text)}, ensure_ascii=False))
            flying += 1
            while more and flying >= 4:
                answer = self.until("taken", "refused")
                if answer["type"] == "refused":
                    return answer
                flying -= 1
        return self.until("accepted", "refused")

    def until(self, *kinds: str) -> dict[str, Any]:
        """The next frame of these kinds; messages on the way are kept for `answer`."""
        while True:
            frame = self.receive()
            if frame["type"] == "messages":
                self.kept += frame["items"]
            if frame["type"] in kinds:
                return frame

    def answer(self, event_id: str) -> dict[str, Any]:
        """The output of an event's end."""
        while True:
            for number, message in self.kept:
                self.number = max(self.number, number)
                if message["msg"] == "process_completed" and message["event_id"] == event_id:
                    self.socket.send(json.dumps({"type": "ack", "number": self.number}))
                    return message["output"]  # type: ignore[no-any-return]
            self.kept = []
            self.until("messages")

    def run(self, fn_index: int, *data: Any) -> dict[str, Any]:
        """Start an event and wait for its end."""
        accepted = self.submit(fn_index, *data)
        return accepted if accepted["type"] == "refused" else self.answer(accepted["event_id"])
