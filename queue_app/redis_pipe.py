"""One connection to Redis for many commands at once: each is written when it is asked, and answers come in order.

The driver connects, signs in and chooses the database. What it does for each command beside that, a connection from its
pool, two timers and several tasks' turns, is most of what an event would cost a process. Lives on one event loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redis.asyncio import Redis

#: Seconds between two tries of a command whose connection was lost.
_AGAIN = (0.05, 0.2, 0.8)


class RedisPipe:
    """Asks over a connection that is made when it is needed, and again when it is lost."""

    def __init__(self, client: Redis, patience: float) -> None:
        """Connect as this client does; a command that is not answered for so many seconds loses the connection."""
        self._client, self._patience = client, patience
        self._line: Line | None = None
        self._connecting: asyncio.Task[Line] | None = None

    async def ask(self, *command: Any) -> Any:
        """The answer of Redis. Raises what the driver would; a lost connection is tried again first, as there."""
        from redis.exceptions import ConnectionError, TimeoutError

        for pause in _AGAIN:
            try:
                return await self._ask(command)
            except (ConnectionError, TimeoutError, OSError):
                await asyncio.sleep(pause)
        return await self._ask(command)

    async def _ask(self, command: tuple[Any, ...]) -> Any:
        line = self._line
        if line is None or line.lost:
            line = await self._connected()
        return await line.ask(command)

    async def _connected(self) -> Line:
        if self._connecting is None:
            self._connecting = asyncio.ensure_future(self._connect())
            self._connecting.add_done_callback(self._begin)
        return await asyncio.shield(self._connecting)

    async def _connect(self) -> Line:
        before, self._line = self._line, None
        if before is not None:
            await before.close()
        return await connect(self._client, self._patience)

    def _begin(self, connecting: asyncio.Task[Line]) -> None:
        self._connecting = None
        if not connecting.cancelled() and connecting.exception() is None:
            self._line = connecting.result()

    async def close(self) -> None:
        """Ask no more."""
        if (connecting := self._connecting) is not None:
            connecting.cancel()
            await asyncio.wait([connecting])
            self._begin(connecting)
        if self._line is not None:
            await self._line.close()


async def connect(
    client: Redis, patience: float | None = None, pushed: Callable[[list[Any]], object] | None = None
) -> Line:
    """A connection of its own, as this client makes them.

    Args:
        client: whose address, name and password are used.
        patience: seconds after which a command counts as not answered; None for ever.
        pushed: gets what Redis says without being asked; then nothing counts as an answer.
    """
    connection = client.connection_pool.make_connection()  # type: ignore[no-untyped-call]
    try:
        await connection.connect()
    except BaseException:
        await connection.disconnect(nowait=True)
        raise
    line = Line(connection, patience, pushed)
    line.transport.set_protocol(line)
    return line


class Line(asyncio.Protocol):
    """One connection.

    Attributes:
        lost: whether it is over.
        over: done when it is.
        transport: what it writes to.
    """

    def __init__(self, connection: Any, patience: float | None, pushed: Callable[[list[Any]], object] | None) -> None:
        """Take over a connection of the driver's, of which nothing was asked yet."""
        from hiredis import Reader

        self.lost = False
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport = connection._writer.transport
        self._connection, self._patience, self._pushed = connection, patience, pushed
        self._reader = Reader(replyError=error_of)
        self._waiting: deque[tuple[asyncio.Future[Any], float]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def ask(self, command: tuple[Any, ...]) -> asyncio.Future[Any]:
        """Write a command; what it is answered."""
        from hiredis import pack_command

        loop = self.over.get_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        self._waiting.append((answer, loop.time()))
        self.transport.write(pack_command(command))
        if self._timer is None and self._patience is not None:
            self._timer = loop.call_later(self._patience, self._look)
        return answer

    def write(self, command: tuple[Any, ...]) -> None:
        """Write a command whose answer is pushed, too."""
        from hiredis import pack_command

        self.transport.write(pack_command(command))

    def data_received(self, data: bytes) -> None:
        """Hand answers to those who wait for them."""
        self._reader.feed(data)
        while (answer := self._reader.gets()) is not False:
            if self._pushed is not None:
                self._pushed(answer)
            elif isinstance(answer, list) and answer.__class__ is not list:
                continue  # of Redis's own accord
            elif self._waiting:
                waits, _ = self._waiting.popleft()
                if waits.done():
                    pass  # nobody wants to know any more
                elif isinstance(answer, Exception):
                    waits.set_exception(answer)
                else:
                    waits.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits is told."""
        from redis.exceptions import ConnectionError

        self._end(ConnectionError("Connection closed by server."))

    def _look(self) -> None:
        """Whether the first of those who wait has waited too long."""
        from redis.exceptions import TimeoutError

        self._timer = None
        if not self._waiting or self._patience is None:
            return
        loop = self.over.get_loop()
        left = self._waiting[0][1] + self._patience - loop.time()
        if left > 0:
            self._timer = loop.call_later(left, self._look)
        else:
            self._end(TimeoutError("Timeout reading from Redis."))
            self.transport.abort()

    def _end(self, why: Exception) -> None:
        self.lost = True
        if self._timer is not None:
            self._timer.cancel()
        while self._waiting:
            waits, _ = self._waiting.popleft()
            if not waits.done():
                waits.set_exception(why)
        if not self.over.done():
            self.over.set_result(None)

    async def close(self) -> None:
        """End it."""
        self.lost = True
        self.transport.close()
        await self.over
        await self._connection.disconnect(nowait=True)


def error_of(text: str) -> Exception:
    """What the driver raises for an error that Redis has told."""
    from redis import exceptions

    kinds = {
        "NOSCRIPT": exceptions.NoScriptError,
        "OOM": exceptions.OutOfMemoryError,
        "READONLY": exceptions.ReadOnlyError,
        "LOADING": exceptions.BusyLoadingError,
        "MASTERDOWN": exceptions.ConnectionError,
    }
    return kinds.get(text.partition(" ")[0], exceptions.ResponseError)(text)
