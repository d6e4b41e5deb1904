"""The connections of a client: how many there are, and none that is closed under what it carries. No waiting here.

httpx bounds its pool, but a connection that the pool gives up is out of its count before it is closed: where many have
waited too long at once, the next ones would be opened beside them. And the pool may give up one that it has just lent:
a thread that waits for the answer would not even see that (encode/httpcore#1110). So whoever opens one waits for those
that are being closed, and one that carries a request is closed after its answer.
"""

from __future__ import annotations

import functools
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import socket

#: Seconds after which nobody waits any more for a connection to be closed. It takes a moment.
CLOSING = 5.0
_BOTH = 2  # socket.SHUT_RDWR


class Exchange:
    """One request, from its sending to the end of its answer.

    Attributes:
        is_fresh: whether a connection was made for it.
        lines: what carries it.
    """

    def __init__(self) -> None:
        self.is_fresh = False
        self.lines: set[Line] = set()


#: The request that is being sent.
sending: ContextVar[Exchange | None] = ContextVar("blocks_client_sending", default=None)


class Line:
    """One connection: a network stream of httpcore.

    Attributes:
        close: ends it.
        carries: the requests on it.
        is_given_up: whether the pool has closed it; it is done when it carries nothing.
        is_closed: whether it was done.
    """

    def __init__(self, inner: socket.socket, close: Any) -> None:
        self.inner = inner
        self.close = close
        self.carries: set[Exchange] = set()
        self.is_given_up = False
        self.is_closed = False

    @property
    def is_open(self) -> bool:
        """Whether the system has it open."""
        return not self.is_closed and self.inner.fileno() != -1


class Connections(ABC):
    """What is open; `changed` is called, with the lock, whenever less may be."""

    #: The method that ends a network stream.
    ending: ClassVar[str]

    def __init__(self, most: int | None = None) -> None:
        """`most` is that of the one pool that is used; None where there are several, each with its own."""
        self.lock = threading.RLock()
        self._most = most
        self._lines: list[Line] = []
        self._opening = 0
        self._is_shut = False

    @abstractmethod
    def changed(self) -> None:
        """Whoever waits for room looks again."""

    @abstractmethod
    def _write(self, line: Line, write: Any, *args: Any, **options: Any) -> Any:
        """In place of a stream's `write`."""

    @abstractmethod
    def _close(self, line: Line) -> Any:
        """In place of what ends a stream."""

    def traced(self, exchange: Exchange, event: str, info: Mapping[str, Any]) -> bool:
        """Hear what httpx does for a request; whether it is about to connect, and has to wait for room before."""
        if event.endswith(".connect_tcp.failed"):
            self.failed()
        elif event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            exchange.is_fresh = True
            self.opened(info.get("return_value"), is_new="connect_tcp" in event)
        return event.endswith(".connect_tcp.started")

    def opened(self, stream: Any, is_new: bool = True) -> None:
        """Watch a network stream of httpcore; one that is not new has taken another's place, as TLS does."""
        if stream is None:
            self.failed()
            return
        line = self.add(stream, getattr(stream, self.ending), is_new)
        if line is not None:
            stream.write = functools.partial(self._write, line, stream.write)
            setattr(stream, self.ending, functools.partial(self._close, line))

    def has_room(self) -> bool:
        """Whether one more may be opened."""
        self._lines = [line for line in self._lines if line.is_open]
        return self._most is None or self._is_shut or self._opening + len(self._lines) < self._most

    def failed(self) -> None:
        """One could not be opened."""
        with self.lock:
            self._opening -= 1
            self.changed()

    def add(self, stream: Any, close: Any, is_new: bool) -> Line | None:
        """A network stream that is open now."""
        found = socket_of(stream)
        with self.lock:
            self._opening -= is_new
            self.changed()
            if found is None:
                return None
            line = Line(found, close)
            self._lines = [each for each in self._lines if each.inner.fileno() != found.fileno()] + [line]
            if self._is_shut:
                shutdown(found)
            return line

    def used(self, line: Line) -> None:
        """Something is sent: the line carries it until `ended`."""
        exchange = sending.get()
        if exchange is not None:
            with self.lock:
                line.carries.add(exchange)
                exchange.lines.add(line)

    def may_close(self, line: Line) -> bool:
        """The pool gives one up: whether it is closed now, and not later."""
        with self.lock:
            line.is_given_up = True
            return not line.carries

    def closed(self, line: Line) -> None:
        """It was done."""
        with self.lock:
            line.is_closed = True
            self.changed()

    def ended(self, exchange: Exchange) -> list[Line]:
        """The answer is over; gives what is to be closed now."""
        with self.lock:
            for line in exchange.lines:
                line.carries.discard(exchange)
            return [line for line in exchange.lines if line.is_given_up and not line.is_closed and not line.carries]

    def shutdown(self) -> None:
        """Wake everybody who reads, now and from now on."""
        with self.lock:
            self._is_shut = True
            self.changed()
            for line in self._lines:
                shutdown(line.inner)


def socket_of(stream: Any) -> socket.socket | None:
    """The socket under a network stream of httpcore, if there is one."""
    found = stream.get_extra_info("socket") if stream is not None else None
    return found if hasattr(found, "shutdown") else None


def shutdown(each: socket.socket | None) -> None:
    """End both directions; a thread that reads sees the end at once."""
    if each is not None:
        try:
            each.shutdown(_BOTH)
        except OSError:
            pass  # not connected any more
