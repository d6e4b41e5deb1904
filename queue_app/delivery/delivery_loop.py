"""From a session's outbox to whoever reads it: the one loop behind sockets, event streams, calls and long polling.

A transport writes; when messages count as arrived, how many may be under way, what is kept for a reader that comes
back, and where the answer ends is said by a `DeliveryPolicy`. All policies stand here side by side.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from queue_app.conf import slow_reader

if TYPE_CHECKING:
    from queue_app.delivery.gradio_client_timing import Pace
    from queue_app.delivery.sequenced_message import SequencedMessage
    from queue_app.delivery.subscription import Subscription

#: What may be under way to a reader that has not said that it arrived. A slow page gets fewer, merged messages.
WINDOW_MESSAGES = 1_000
WINDOW_BYTES = 8 * 1024 * 1024
#: Bytes of messages that are written at once; a longer message is written by itself.
MOST_AT_ONCE = 448 * 1024
#: Messages that a reader with numbers can have again after a cut; of older ones it gets the state.
REPLAY = 500


class Acknowledged(Enum):
    """What says that a message has arrived, so that the outbox may forget it."""

    IN_FRAMES = "the reader names numbers while it reads"
    BY_RETURNING = "the reader comes back with the last number that it has"
    BY_WRITING = "the reader knows no numbers: what was written counts"
    NEVER = "the messages are kept for somebody else"


class Ends(Enum):
    """When a delivery has said everything; all end when the queue stops or a newer reader takes over."""

    NEVER = "the reader stays"
    AFTER_FIRST_BATCH = "one answer has what is there; the reader asks again"
    WHEN_COMPLETED = "after the completion of its one event"
    WHEN_IDLE = "after the completion with which nothing of the session is pending"
    WHEN_IDLE_ALREADY = "the same, and at once where nothing was pending before"


class Ended(Enum):
    """Why a delivery is over."""

    COMPLETE = "everything was said, and the transport has written its last part"
    REPLACED = "a newer reader of the session has taken over"
    STOPPED = "the queue has stopped, or the client has left"
    QUIET = "nothing came within the time for which it may wait"
    SLOW = "what was written did not arrive in time"


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """How messages go to one kind of reader.

    Attributes:
        acknowledged: when a message may be forgotten.
        ends: when everything is said.
        windowed: whether the loop waits while `WINDOW_MESSAGES` or `WINDOW_BYTES` are under way.
        replay: how many messages are kept of what was written, where that alone would let the outbox grow; None where
            acknowledgement decides.
    """

    acknowledged: Acknowledged
    ends: Ends
    windowed: bool = False
    replay: int | None = None

    @property
    def plain(self) -> bool:
        """Whether the reader knows no numbers."""
        return self.acknowledged is Acknowledged.BY_WRITING


#: A page over its WebSocket, and one that watches an event of another tab.
PAGE = DeliveryPolicy(Acknowledged.IN_FRAMES, Ends.NEVER, windowed=True)
VIEWER = DeliveryPolicy(Acknowledged.NEVER, Ends.NEVER, windowed=True)
#: The same pages behind a proxy that lets neither sockets nor streams through.
POLL = DeliveryPolicy(Acknowledged.BY_RETURNING, Ends.AFTER_FIRST_BATCH)
VIEWER_POLL = DeliveryPolicy(Acknowledged.NEVER, Ends.AFTER_FIRST_BATCH)
#: Programs: `queue/data` without numbers, with numbers, and by a reader that was here before; `call`.
STREAM = DeliveryPolicy(Acknowledged.BY_WRITING, Ends.WHEN_IDLE)
NUMBERED_STREAM = DeliveryPolicy(Acknowledged.BY_RETURNING, Ends.WHEN_IDLE, replay=REPLAY)
RESUMED_STREAM = DeliveryPolicy(Acknowledged.BY_RETURNING, Ends.WHEN_IDLE_ALREADY, replay=REPLAY)
CALL = DeliveryPolicy(Acknowledged.BY_WRITING, Ends.WHEN_COMPLETED)

_IDLE = (Ends.WHEN_IDLE, Ends.WHEN_IDLE_ALREADY)


class Transport(Protocol):
    """What writes to one client, in its own format. Its methods are called one after the other."""

    async def send(self, messages: list[SequencedMessage]) -> None:
        """Write messages that together are not long, or one that is; more will follow.

        Returns when the server has taken them. What it raises ends the delivery.
        """

    async def send_last(self, messages: list[SequencedMessage]) -> None:
        """Write the last messages, maybe none, and the end of the answer. Never called where `ends` is NEVER."""

    def watching(self, reader: Subscription) -> AbstractAsyncContextManager[object]:
        """While inside, a client that leaves has the reader closed. Entered only when there is nothing to write."""


class Delivery:
    """One reader's messages on their way. Lives on the server's event loop."""

    __slots__ = ("_flying", "_flying_bytes", "_pace", "_policy", "_reader", "_room", "_transport")

    def __init__(
        self, reader: Subscription, transport: Transport, policy: DeliveryPolicy, pace: Pace | None = None
    ) -> None:
        """Prepare to deliver; whoever has opened the reader closes it.

        Args:
            reader: where the messages come from, from the number on that the client has.
            transport: where they go.
            policy: one of those above.
            pace: what is known of the session's joins, for clients that need time around them.
        """
        self._reader = reader
        self._transport = transport
        self._policy = policy
        self._pace = pace
        self._flying: deque[tuple[int, int]] = deque()  # number and bytes of messages not yet acknowledged
        self._flying_bytes = 0
        self._room: asyncio.Future[None] | None = None
        if policy.acknowledged is Acknowledged.BY_RETURNING:
            reader.acknowledge(reader.position)

    async def run(self, patience: float | None = None) -> Ended:
        """Deliver until the end, and say which it was.

        Args:
            patience: seconds to wait for the first batch; only where the policy ends after it.
        """
        pace = self._pace
        if pace is not None:
            pace.streams += 1
        try:
            return await self._run(patience)
        except TimeoutError:
            if not self._policy.windowed:
                raise
            return Ended.SLOW
        finally:
            if pace is not None:
                pace.streams -= 1

    def acknowledge(self, number: int) -> None:
        """The client says that everything up to a number has arrived: there is room for more."""
        if self._policy.acknowledged is Acknowledged.IN_FRAMES:
            self._reader.acknowledge(number)
        flying = self._flying
        while flying and flying[0][0] <= number:
            self._flying_bytes -= flying.popleft()[1]
        if self._room is not None and not self._room.done():
            self._room.set_result(None)

    async def _run(self, patience: float | None) -> Ended:
        reader, transport, ends = self._reader, self._transport, self._policy.ends
        ready = reader.take()
        if ready and await self._pass_on(ready):
            return Ended.COMPLETE  # all was there before anybody asked: nobody has to watch the connection
        if ends is Ends.WHEN_IDLE_ALREADY and reader.is_idle:
            await transport.send_last([])
            return Ended.COMPLETE
        if ends is Ends.AFTER_FIRST_BATCH:
            return await self._first(patience)
        async with transport.watching(reader):
            async for batch in reader:
                if await self._pass_on(batch):
                    return Ended.COMPLETE
        return self._over()

    async def _first(self, patience: float | None) -> Ended:
        try:
            async with self._transport.watching(self._reader), asyncio.timeout(patience):
                batch = await anext(self._reader)
        except TimeoutError:
            return Ended.QUIET
        except StopAsyncIteration:
            return self._over()
        await self._pass_on(batch)
        return Ended.COMPLETE

    def _over(self) -> Ended:
        return Ended.REPLACED if self._reader.replaced else Ended.STOPPED

    async def _pass_on(self, batch: list[SequencedMessage]) -> bool:
        """Write a batch, in parts that are not long; True when it was the last."""
        pace, policy, transport = self._pace, self._policy, self._transport
        if pace is not None and pace.held_until:
            await asyncio.sleep(pace.held_until - asyncio.get_running_loop().time())
        groups = groups_of(batch)
        if policy.ends is Ends.AFTER_FIRST_BATCH:
            await transport.send_last(next(groups))
            return True
        *before, last = groups
        for group in before:  # after a break they may be many
            await transport.send(group)
            if policy.windowed:
                await self._until_room(group)
        if policy.ends is not Ends.NEVER and self._is_end(batch):
            if pace is not None:
                pace.closed_at = asyncio.get_running_loop().time()
            await transport.send_last(last)
            return True
        await transport.send(last)
        if policy.windowed:
            await self._until_room(last)
        if policy.replay is not None:
            self._reader.keep(policy.replay)
        return False

    def _is_end(self, batch: list[SequencedMessage]) -> bool:
        if all(each.kind != "process_completed" for each in reversed(batch)):
            return False
        return self._policy.ends not in _IDLE or self._reader.is_idle

    async def _until_room(self, group: list[SequencedMessage]) -> None:
        """Note what is under way; wait while that is too much. Raises TimeoutError when nothing arrives for long."""
        flying = self._flying
        for entry in group:
            flying.append((entry.number, len(entry.message)))
            self._flying_bytes += len(entry.message)
        while len(flying) > WINDOW_MESSAGES or self._flying_bytes > WINDOW_BYTES:
            self._room = asyncio.get_running_loop().create_future()
            async with asyncio.timeout(slow_reader()):
                await self._room


def groups_of(batch: list[SequencedMessage], most: int = MOST_AT_ONCE) -> Iterator[list[SequencedMessage]]:
    """A batch as lists of messages that together are not long; a long one is alone."""
    group: list[SequencedMessage] = []
    size = 0
    for entry in batch:
        size += len(entry.message)
        if group and size > most:
            yield group
            group, size = [], len(entry.message)
        group.append(entry)
    if group:
        yield group
