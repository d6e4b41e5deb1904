"""One queued event: joined, followed to its end, and compared with what had to come."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from benchmarks.load.connection import Connection
from benchmarks.load.jsons import dumps, loads
from blocks_client._core.event_stream import Differences


@dataclass
class Tally:
    """What became of the events: counts, seconds of those that went well, and what went wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    answered: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    def wrong(self, kind: str, what: object) -> None:
        """Something is not as it has to be."""
        self.counts[kind] += 1
        self.errors[str(what)[:160]] += 1


@dataclass(frozen=True)
class Endpoint:
    """What is called: where, which function, with what after the token, and how many values it yields (0: none)."""

    host: str
    port: int
    prefix: str
    fn_index: int
    arguments: tuple[Any, ...]
    yields: int = 0


class Session:
    """One page's worth of events, one after the other, over one connection for requests and one for the stream."""

    def __init__(self, endpoint: Endpoint, tally: Tally) -> None:
        self.endpoint = endpoint
        self.tally = tally
        self.hash = uuid.uuid4().hex[:12]
        self.requests = Connection(endpoint.host, endpoint.port)
        self.stream = Connection(endpoint.host, endpoint.port)

    def close(self) -> None:
        """End both connections; the next event opens them again."""
        self.requests.close()
        self.stream.close()

    async def event(self) -> None:
        """Join the queue, open the stream, follow it to the end."""
        event = _Event(self.endpoint, self.tally)
        status = await self.requests.send("POST", f"{self.endpoint.prefix}/queue/join", event.body(self.hash))
        joined = await self.requests.body()
        if status != 200:
            return self.tally.wrong("http_errors", f"queue/join gave {status}: {joined!r}")
        event.id = loads(joined)["event_id"]
        address = f"{self.endpoint.prefix}/queue/data?session_hash={self.hash}"
        status = await self.stream.send("GET", address, accept="text/event-stream")
        if status != 200:
            return self.tally.wrong("http_errors", f"queue/data gave {status}: {await self.stream.body()!r}")
        async for message in self.stream.events():
            if not event.read(loads(message)):
                break
        if not event.is_over:
            self.tally.counts["lost"] += 1
            self.stream.close()
        return None


class _Event:
    """An event's token has to come back in its answer, so that no answer is taken for another's."""

    def __init__(self, endpoint: Endpoint, tally: Tally) -> None:
        self.id = ""
        self.is_over = False
        self._token = uuid.uuid4().hex
        self._endpoint = endpoint
        self._tally = tally
        self._began = time.perf_counter()
        self._yields = 0
        self._differences = Differences(use=True)

    def body(self, session_hash: str) -> bytes:
        """The request that joins the queue."""
        data = [self._token, *self._endpoint.arguments]
        fields = {"fn_index": self._endpoint.fn_index, "session_hash": session_hash}
        return dumps({"data": data, **fields, "event_data": None, "trigger_id": None})

    def read(self, message: dict[str, Any]) -> bool:
        """Take a message; whether more are wanted."""
        self._tally.counts["messages"] += 1
        kind = message.get("msg")
        if kind == "close_stream":
            return self.is_over  # then the answer ends, and its connection can be used again
        if message.get("event_id") not in (self.id, None):
            self._tally.wrong("dup", f"a message of another event: {message}")
        elif kind == "process_generating":
            self._generated(message["output"]["data"])
        elif kind == "process_completed":
            self._completed(message)
        elif kind in ("unexpected_error", "server_stopped"):
            self._tally.errors[str(message)[:160]] += 1
            return False
        return True

    def _expected(self, number: int) -> str:
        return f"{self._token}:{number}" if self._endpoint.yields else self._token

    def _generated(self, data: list[Any]) -> None:
        value = self._differences.whole(data)[0]
        if value != self._expected(self._yields):
            self._tally.wrong("bad_partials", f"{value!r} is not the yield {self._yields}")
        self._yields += 1
        self._tally.counts["yields"] += 1

    def _completed(self, message: dict[str, Any]) -> None:
        if self.is_over:
            return self._tally.wrong("dup", f"a second end: {message}")
        self.is_over = True
        self._tally.counts["events"] += 1
        data = (message.get("output") or {}).get("data")
        good = message.get("success") and data and data[0] == self._expected(self._endpoint.yields - 1)
        if not good or self._yields != self._endpoint.yields:
            return self._tally.wrong("wrong", f"after {self._yields} yields: {message}")
        self._tally.counts["ok"] += 1
        self._tally.answered.append(time.perf_counter() - self._began)
        return None
