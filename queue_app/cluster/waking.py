"""What wakes the message bus when another process has written a message: PostgreSQL or Redis, where a site has them.

A word is sent after the rows are there, and says for whom they are. It carries no truth: who misses one finds the
message at the next look. So a listener that cannot listen ends, or tries again, and the bus looks meanwhile.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import Protocol

from queue_app import conf
from queue_app.databases import connection_of
from queue_app.log_sentences import logger
from queue_app.records.message_models import Letter

log = logger("queue_app.post")

CHANNEL = "blocks_message_bus"
SILENT = 35.0  # seconds without any word, even of this process itself, after which a connection counts as broken
PAUSE = 1.0  # seconds before a broken connection is opened again, the first time
PATIENCE = 60.0  # the same, at most
MANY = 20  # receivers of one moment, beyond which a word wakes all


class CannotListen(Exception):
    """What is between this process and the server does not pass words on; trying again would not help."""


class Line(Protocol):
    """One connection that hears the words of all processes."""

    def read(self, seconds: float) -> list[str] | None:
        """The next words, as soon as there are some; None when there were none within that time."""

    def interrupt(self) -> None:
        """Have `read` return, or fail. Any thread."""

    def close(self) -> None:
        """End the connection."""


class Waker(ABC):
    """Tells other processes of messages, and is told by them: in a thread of its own that calls `wake`."""

    def __init__(self, wake: Callable[[], None], name: Callable[[], str]) -> None:
        """`name` is this process's, asked for each time."""
        self.hears = False  # whether a word has come on the present connection: then nobody need look so often
        self._wake = wake
        self._name = name
        self._closing = threading.Event()
        self._line: Line | None = None
        self._thread: threading.Thread | None = None
        self._cannot_notify = self._is_away = False

    @property
    def listens(self) -> bool:
        """Whether there is a connection at this moment."""
        return self._line is not None

    @abstractmethod
    def publish(self, words: list[str]) -> None:
        """Send words to all who listen."""

    @abstractmethod
    def open(self) -> Line:
        """Begin to listen."""

    def listen(self) -> None:
        """Wake this process from now on."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="blocks-message-bus-waker", daemon=True)
            self._thread.start()

    def notify(self, receivers: Iterable[str]) -> None:
        """There are messages for these processes ("" means all); one for this very process proves that it hears."""
        names = set(receivers)
        sender = self._name()
        try:
            self.publish([f"{name}\n{sender}" for name in (names if len(names) <= MANY and "" not in names else [""])])
            self._cannot_notify = False
        except Exception as error:  # they look
            if not self._cannot_notify:
                log.warning("post.not_notified", extra={"error": str(error)})
            self._cannot_notify = True

    def close(self) -> None:
        """Listen no more."""
        self._closing.set()
        if (line := self._line) is not None:
            line.interrupt()
        if self._thread is not None:
            self._thread.join(1.0)

    def _run(self) -> None:
        pause = PAUSE
        while not self._closing.is_set():
            try:
                self._line = self.open()
                self._is_away = False
                self._hear(self._line)
            except CannotListen as error:
                log.info("post.looks", extra={"reason": str(error)})
                return
            except Exception as error:  # away, or broken; messages are found by looking
                if not self._is_away and not self._closing.is_set():
                    log.warning("post.deaf", extra={"error": str(error)})
                self._is_away = True
            finally:
                worked, self.hears = self.hears, False
                self._hang_up()
            pause = PAUSE if worked else min(PATIENCE, 2 * pause)
            self._closing.wait(pause)

    def _hear(self, line: Line) -> None:
        self._wake()  # for what was told while nobody listened
        until = time.monotonic() + SILENT
        while not self._closing.is_set():
            words = line.read(max(0.0, until - time.monotonic()))
            if words is None:
                raise TimeoutError("Nothing is heard, not even of this process itself.")
            if words:
                self.hears, until = True, time.monotonic() + SILENT
            mine = self._name()
            for receiver, _, sender in (word.partition("\n") for word in words):
                if sender != mine and receiver in ("", mine):
                    self._wake()

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            try:
                line.close()
            except Exception as error:  # it is broken
                log.debug("post.hung_up", extra={"error": str(error)})


def waker_for(wake: Callable[[], None], name: Callable[[], str]) -> Waker | None:
    """What wakes the processes of this site; None where they look. All of a site's processes choose the same."""
    if (url := conf.shared_redis()) and find_spec("redis") is not None:
        from queue_app.cluster.waking_redis import RedisWaker

        return RedisWaker(url, wake, name)
    if connection_of(Letter).vendor == "postgresql":
        from queue_app.cluster.waking_postgres import PostgresWaker

        return PostgresWaker(wake, name)
    return None
