"""The store of channels that several processes share: Redis Streams, one for each, and one wake-up for each process.

Writing hands messages over; one task ships those of all channels, in order, as often as the last shipment has arrived
and a few milliseconds have passed. A shipment that was not answered is sent again with its number, so that nothing is
told twice. Whoever reads is woken by the name of the channel, and asks for what is new.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from blocks_app.logs import quietly
from queue_app import conf
from queue_app.delivery import unread_bounds
from queue_app.delivery.outbox import MAX_BYTES, MAX_MESSAGES
from queue_app.delivery.outbox_store import SUPERSEDES, OutboxStore
from queue_app.delivery.redis_channel import RedisChannel
from queue_app.delivery.shown import Shown
from queue_app.delivery.written import Written
from queue_app.ids import new_id
from queue_app.log_sentences import logger
from queue_app.redis_link import RedisLink, RedisScript, is_ending, text_of
from queue_app.redis_pipe import connect
from queue_app.tasks import TaskGroup

if TYPE_CHECKING:
    from collections.abc import Callable

log = logger("queue_app.delivery")

_SHIP = RedisScript(Path(__file__).with_name("ship.lua"))
#: Seconds between two shipments; the first one goes at once.
GAP = 0.003
#: Seconds that the beginning of an event waits, as its end may go with it.
PATIENT = 0.005
#: Seconds until a shipment is tried again that was not answered, the first time and at most.
_AGAIN, _LONGEST = 0.05, 2.0
#: Channels in one shipment.
_AT_ONCE = 500
_packed = msgspec.msgpack.Encoder()
_supersedes = msgspec.json.encode(SUPERSEDES)


class RedisOutboxStore(OutboxStore):
    """See OutboxStore."""

    def __init__(self, link: RedisLink, prefix: str, kept: float | None = None) -> None:
        """Keep channels under names that begin with `prefix`, for so many seconds after the last sign of life."""
        self.prefix = prefix
        #: This process, as others wake it.
        self.process = new_id()
        #: Called with what another process has announced to all.
        self.announced: list[Callable[[str], None]] = []
        self.link = link
        self._kept = int(conf.session_lifetime() if kept is None else kept) + 1
        self._all: dict[str, RedisChannel] = {}
        self._due: dict[RedisChannel, None] = {}
        self._tasks = TaskGroup("outboxes in Redis")
        self._shipping: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._listening: asyncio.Task[None] | None = None
        self._hears: asyncio.Event = asyncio.Event()
        self._shipment, self._last = 0, 0.0
        #: Done with the shipment that goes next, and the one that is under way.
        self._next: asyncio.Future[None] | None = None
        self._under_way: asyncio.Future[None] | None = None
        self._closed = False
        self._gone = unread_bounds.gone("EVENT").decode()

    def channel(self, name: str) -> RedisChannel:
        """See OutboxStore."""
        found = self._all.get(name)
        if found is None:
            found = self._all[name] = RedisChannel(name, self._note)
        return found

    def drop(self, name: str) -> None:
        """See OutboxStore."""
        found = self._all.pop(name, None) or RedisChannel(name, self._note)
        found.finish()
        found.buffer.append(["x"])
        found.wanted = None
        self._note(found)

    def let_go(self, name: str) -> None:
        """This process knows the channel no more; others may."""
        found = self._all.pop(name, None)
        if found is not None:
            found.finish()

    def put_away(self, name: str) -> None:
        """The same; and nobody has to keep it where it has nothing, and no process anybody who would read it."""
        found = self._all.pop(name, None)
        if found is not None:
            found.finish()
            found.buffer.append(["e"])
            self._note(found)

    async def known(self, name: str) -> RedisChannel:
        """A channel, with its number and its open events as they are in Redis."""
        channel = self.channel(name)
        channel.ask()
        await self.flush()
        return channel

    async def shown(self, name: str) -> dict[str, str]:
        """What the page of a session shows, as JSON by block; see RedisChannel.show."""
        await self.flush()
        found = await self.link.client.hgetall(f"{self.prefix}w:{name}")
        return {text_of(number): text_of(part) for number, part in found.items()}

    async def followers(self, name: str) -> set[str]:
        """The processes that read a channel, and those that have opened an event of it."""
        found = await self.link.client.sunion([f"{self.prefix}r:{name}", f"{self.prefix}q:{name}"])
        return {text_of(each).partition(" ")[0] for each in found}

    async def flush(self) -> None:
        """Wait until what was written is there; not for what is written meanwhile."""
        if self._timer is not None:
            self._begin()
        until = self._next if self._due else self._under_way
        if until is not None:
            await asyncio.wait([until])

    async def close(self) -> None:
        """See OutboxStore."""
        for each in self._all.values():
            if each.is_read:
                each.look_again()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST):
                await self.flush()
        for each in self._all.values():
            each.finish()
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._all.clear()
        await self._tasks.close()

    def _note(self, channel: RedisChannel, may_wait: bool = False) -> None:
        if self._closed:
            channel.buffer.clear()
            return
        self._due[channel] = None
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        if not may_wait:
            self._begin()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PATIENT, self._begin)

    def _begin(self) -> None:
        """Ship what is due, where that is not done already."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._shipping is None or self._shipping.done():
            self._shipping = self._tasks.start(self._ship())

    # Shipping

    async def _ship(self) -> None:
        try:
            while self._due and not is_ending():
                await asyncio.sleep(max(self._last + GAP - time.monotonic(), 0))
                if any(each.is_followed for each in self._due):
                    await self.listen()
                self._last = time.monotonic()
                await self._ship_once()
        finally:
            self._arrived()
            self._under_way, self._next = self._next, None
            self._arrived()

    async def _ship_once(self) -> None:
        channels = list(self._due)[:_AT_ONCE]
        if len(channels) == len(self._due):
            self._under_way, self._next = self._next, None
        load, asked = [], []
        for each in channels:
            if each.is_read and each.wanted is None and each.tells:
                each.look_again()
            del self._due[each]
            wanted, each.wanted = each.wanted, None
            load.append(_load(each, wanted))
            if wanted is not None:
                asked.append((each, *wanted))
        self._shipment += 1
        answers = await self._sent(_packed.encode(load))
        for (channel, after, whole), answer in zip(asked, answers, strict=True):
            channel.take_in(after, whole, answer)
        self._arrived()

    def _arrived(self) -> None:
        if self._under_way is not None and not self._under_way.done():
            self._under_way.set_result(None)
        self._under_way = None

    async def _sent(self, load: bytes) -> list[Any]:
        arguments = (
            self.prefix, self.process, self._shipment, self._kept, MAX_MESSAGES, MAX_BYTES, conf.unread_size(),
            self._gone, _supersedes, load,
        )  # fmt: skip
        again = _AGAIN
        while True:
            try:
                answers: list[Any] = msgspec.msgpack.decode(await self.link.run(_SHIP, *arguments))
                return answers
            except self.link.away as error:
                if is_ending():
                    raise asyncio.CancelledError from error
                if again == _AGAIN:
                    quietly(log.warning, "outboxes.away", extra={"reason": type(error).__name__})
                await asyncio.sleep(again)
                again = min(again * 2, _LONGEST)

    # Hearing

    async def listen(self) -> None:
        """From the end of this on, this process hears when there is something new, and what is announced."""
        if self._listening is None:
            self._listening = self._tasks.start(self._hear())
        await self._hears.wait()

    async def _hear(self) -> None:
        from redis.asyncio import Redis

        again = _AGAIN
        mine, everybody = f"{self.prefix}wake:{self.process}".encode(), f"{self.prefix}all".encode()
        client = Redis.from_url(self.link.url, socket_keepalive=True)

        def pushed(message: list[Any]) -> None:
            nonlocal again
            if message[0] == b"message":
                self._woken(message[1] == everybody, message[2].decode())
            elif message[0] == b"subscribe" and message[2] == 2:
                again = _AGAIN
                self._begin_to_hear()

        try:
            while not is_ending():
                with suppress(*self.link.away):
                    line = await connect(client, pushed=pushed)
                    try:
                        line.write(("SUBSCRIBE", mine, everybody))
                        await asyncio.shield(line.over)
                    finally:
                        await line.close()
                await asyncio.sleep(again)
                again = min(again * 2, _LONGEST)
        finally:
            await client.aclose()

    def _begin_to_hear(self) -> None:
        self._hears.set()
        for each in list(self._all.values()):
            if each.is_followed:
                each.hear_again()

    def _woken(self, announced: bool, text: str) -> None:
        if announced:
            for each in self.announced:
                each(text)
        elif text.startswith(" "):  # no channel's name does
            what, name = text[1:].split(" ", 1)
            if (channel := self._all.get(name)) is not None:
                channel.ended_elsewhere(what)
        elif (channel := self._all.get(text)) is not None:
            channel.look_again()


class Handles(OutboxStore):
    """The channels of a store as those have them who share them: what one of them needs no more stays for others."""

    def __init__(self, store: RedisOutboxStore) -> None:
        self._store = store

    def channel(self, name: str) -> RedisChannel:
        """See OutboxStore."""
        return self._store.channel(name)

    def drop(self, name: str) -> None:
        """This process needs it no more."""
        self._store.let_go(name)

    async def close(self) -> None:
        """See OutboxStore. The store is closed by whoever has it."""


def _load(channel: RedisChannel, wanted: tuple[int | None, bool] | None) -> list[Any]:
    """What is shipped of a channel, and what is asked."""
    whole: set[str] = set()
    ops = [_op(each, whole) for each in reversed(channel.buffer)]
    ops.reverse()
    channel.buffer.clear()
    if wanted is None:
        return [channel.name, ops, False]
    after, values = wanted
    return [channel.name, ops, True, -1 if after is None else after, values]


def _op(written: Written | Shown | list[Any], whole: set[str]) -> list[Any]:
    """As the script takes it."""
    if isinstance(written, Written):
        return written.shipped(whole)
    return written.shipped() if isinstance(written, Shown) else written
