"""LISTEN and NOTIFY of PostgreSQL: a process listens on a connection of its own, and tells on the bus's."""

from __future__ import annotations

import selectors
import socket
from typing import Any

from queue_app.cluster.waking import CHANNEL, CannotListen, Waker
from queue_app.databases import connection_of
from queue_app.records.message_models import Letter


class PostgresWaker(Waker):
    """Wakes by the database that has the messages."""

    def publish(self, words: list[str]) -> None:
        """Notify all who listen."""
        with connection_of(Letter).cursor() as cursor:
            for word in words:
                cursor.execute("SELECT pg_notify(%s, %s)", (CHANNEL, word))

    def open(self) -> PostgresLine:
        """Connect as the site does, but past its pool: this connection is kept."""
        found = connection_of(Letter).copy()
        found.settings_dict["OPTIONS"].pop("pool", None)
        found.settings_dict["AUTOCOMMIT"] = True
        line = PostgresLine(found)
        try:
            line.listen()
        except BaseException:
            line.close()
            raise
        return line


class PostgresLine:
    """A connection that listens. `database` is Django's, used by nobody else."""

    def __init__(self, database: Any) -> None:
        self.database = database
        self._here, self._there = socket.socketpair()
        self._ready = selectors.DefaultSelector()
        self._ready.register(self._here, selectors.EVENT_READ)

    def listen(self) -> None:
        """Begin; raises CannotListen behind a pooler, which gives each transaction another connection."""
        with self.database.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (number,) = cursor.fetchone()
            raw = self.database.connection
            # A pooler tells clients a number of its own. LISTEN would stay behind on a connection of others.
            if raw.info.backend_pid != number:
                raise CannotListen("PostgreSQL is reached through a connection pooler.")
            cursor.execute(f"LISTEN {CHANNEL}")
        self._ready.register(raw.fileno(), selectors.EVENT_READ)

    def read(self, seconds: float) -> list[str] | None:
        """The next words."""
        if not self._ready.select(seconds):
            return None
        return words_of(self.database.connection)

    def interrupt(self) -> None:
        """Wake the thread that reads."""
        self._there.send(b"\0")

    def close(self) -> None:
        """End the connection."""
        self._ready.close()
        self._here.close()
        self._there.close()
        self.database.close()


def words_of(connection: Any) -> list[str]:
    """What has come on a connection of psycopg 3 or psycopg2, without waiting; raises what they raise if it is over."""
    words: list[str] = []
    if hasattr(connection, "pgconn"):
        connection.pgconn.consume_input()
        while (found := connection.pgconn.notifies()) is not None:
            words.append(found.extra.decode())
        return words
    connection.poll()
    while connection.notifies:
        words.append(connection.notifies.pop(0).payload)
    return words
