"""One session with a server: which events wait for messages, and the stream that brings them. No network here.

Whoever joins the queue registers before it asks, so that no message is lost that is faster than the answer: messages
of unknown events are kept while somebody is joining. One reader at a time feeds `receive`; when its stream is cut,
`cut` says whether to come back.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from blocks_client._core.api import App
from blocks_client._core.event_stream import Item, Lines
from blocks_client._exceptions import StreamLost

#: Tries to come back to a stream that was cut, without any message between.
TRIES = 6
#: Header in which our server names its process: numbers count within one, and its events end with it.
SERVER = "x-blocks-server"
_KEPT = 2000


class Listener(Protocol):
    """Who waits for the messages of an event."""

    def deliver(self, item: Item | Exception) -> None:
        """Take the next message, or why none will come any more."""


class Session:
    """The events of one session hash.

    Attributes:
        hash: names the session; the server keeps its State under it.
        number: of the last message read, for servers that number them.
        wanted: set by the driver, called when a stream is needed.
    """

    def __init__(self, app: App, wanted: Callable[[], None]) -> None:
        self.hash = os.urandom(16).hex()
        self.app = app
        self.number: int | None = None
        self.lock = threading.Lock()
        self._wanted = wanted
        self._joining = 0
        self._events: dict[str, Listener] = {}
        self._homes: dict[str, str | None] = {}  # by event: the process that has it, where servers say so
        self._server: str | None = None  # whose numbers we know
        self._before: set[str] = set()  # events that the server knew when it began the stream
        self._unclaimed: deque[tuple[str, Item]] = deque(maxlen=_KEPT)
        self._lines = Lines()
        self._closed = False
        self._failures = 0

    @property
    def is_wanted(self) -> bool:
        """Whether anybody waits for messages."""
        return bool(self._events)

    @property
    def headers(self) -> dict[str, str]:
        """For the request of the stream."""
        headers = {"accept": "text/event-stream", "cache-control": "no-store", "x-blocks-numbers": "1"}
        if self.number is not None:
            headers["last-event-id"] = str(self.number)
            if self._server is not None:
                headers[SERVER] = self._server
        return headers

    # Events

    def join(self) -> None:
        """Somebody is about to join the queue; ends with `joined` or `not_joined`."""
        with self.lock:
            self._joining += 1

    def not_joined(self) -> None:
        """The server refused."""
        with self.lock:
            self._end_of_join()

    def joined(self, event_id: str, listener: Listener, server: str | None = None) -> None:
        """The server has accepted an event; what came meanwhile is delivered. `server`: the process, if it says so."""
        with self.lock:
            mine = [item for key, item in self._unclaimed if key == event_id]
            self._unclaimed = deque([each for each in self._unclaimed if each[0] != event_id], maxlen=_KEPT)
            self._end_of_join()
            over = any(item.message.get("msg") == "process_completed" for item in mine)
            if not over:
                self._events[event_id] = listener
                self._homes[event_id] = server
            for item in mine:
                listener.deliver(item)
        if not over:
            self._wanted()

    def leave(self, event_id: str) -> None:
        """Nobody waits for this event any more."""
        with self.lock:
            self._events.pop(event_id, None)

    def _end_of_join(self) -> None:
        self._joining -= 1
        if not self._joining:
            self._unclaimed.clear()

    # The stream

    def opened(self) -> None:
        """A new stream begins."""
        self._lines = Lines()
        self._closed = False
        with self.lock:
            self._before = set(self._events)

    def answered(self, server: str | None) -> None:
        """The stream comes from this process, if it says so. What another one had is lost with it."""
        if server is None:
            return
        with self.lock:
            if server != self._server:
                self._server, self.number = server, None
            self._homes = {key: home for key, home in self._homes.items() if key in self._events}
            gone = [key for key, home in self._homes.items() if home not in (None, server)]
            self._fail("The server was restarted, and the call ended with it. Call again.", gone)

    def receive(self, chunk: bytes) -> bool:
        """Deliver what a piece of the stream completes. True when the server has ended the stream."""
        items = self._lines.feed(chunk)
        with self.lock:
            for item in items:
                self._receive(item)
        return self._closed or not (self.app.closes or self._events)

    def _receive(self, item: Item) -> None:
        message = item.message
        kind, event_id = message.get("msg"), message.get("event_id")
        if item.number is not None:
            if self.number is not None and item.number <= self.number:
                return  # known from before the cut
            self.number = item.number
        self._failures = 0
        if kind == "close_stream":
            self._closed = True
        elif kind == "unexpected_error" and event_id is None:
            self._closed = True
            self._fail(_reason(message))
        elif isinstance(event_id, str):
            self._pass_on(event_id, item)

    def _pass_on(self, event_id: str, item: Item) -> None:
        listener = self._events.get(event_id)
        if listener is None:
            if self._joining:
                self._unclaimed.append((event_id, item))
            return
        if item.message.get("msg") == "process_completed":
            del self._events[event_id]
        listener.deliver(item)

    def cut(self, error: Exception | None) -> float | None:
        """The stream has ended before the server said so.

        Gives the seconds after which to open the next; None when no one waits any more, because nobody did or because
        the events are lost.
        """
        with self.lock:
            if not self._events:
                return None
            if self._closed and error is None:
                if self.app.resumes:
                    known = [key for key in self._events if key in self._before]
                    self._fail("The server has nothing more to say, and nothing of this call. Call again.", known)
                return 0.0 if self._events else None  # in order; somebody has joined meanwhile
            self._failures += 1
            if self.app.resumes and self._failures <= TRIES:
                return float(min(0.1 * 2 ** (self._failures - 1), 2.0) * (0.8 + os.urandom(1)[0] / 640))
            why = f" ({error})" if error is not None and str(error) else ""
            if self.app.resumes:
                self._fail(f"The stream of results was cut{why}, and {TRIES} tries to come back failed.")
            else:
                self._fail(
                    f"The stream of results was cut{why}. This server cannot resume it: what arrived is in `.outputs`; "
                    "call again for the rest."
                )
            return None

    def refused(self, error: Exception) -> None:
        """The server does not give the stream at all."""
        with self.lock:
            events, self._events = self._events, {}
            for listener in events.values():
                listener.deliver(error)

    def _fail(self, text: str, event_ids: Iterable[str] | None = None) -> None:
        for event_id in list(self._events if event_ids is None else event_ids):
            self._events.pop(event_id).deliver(StreamLost(text))


def _reason(message: dict[str, Any]) -> str:
    text = str(message.get("message") or "no reason given")
    if message.get("session_not_found"):
        return f"The server does not know this session any more; it was probably restarted ({text}). Call again."
    return f"The server ended the stream with an error: {text}"
