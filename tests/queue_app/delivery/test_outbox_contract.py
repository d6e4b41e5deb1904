"""What every store of numbered messages does, wherever it keeps them; see OutboxStore and OutboxChannel.

Only what the interface promises is asked, and reading waits: where channels are shared, messages need time to come.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from blocks_app.protocol import Estimation, Log, Output, ProcessCompleted, ProcessGenerating, ProcessStarts
from blocks_app.running.encoding import Encoded
from queue_app.delivery.memory_outboxes import MemoryOutboxStore
from queue_app.delivery.outbox_store import OutboxChannel, OutboxStore
from queue_app.delivery.redis_outboxes import RedisOutboxStore
from queue_app.delivery.sequenced_message import SequencedMessage
from queue_app.delivery.subscription import Subscription
from queue_app.delivery.unread_bounds import AnswerTooLarge
from queue_app.ids import new_id
from queue_app.redis_link import RedisLink


@pytest.fixture(params=["memory", "redis"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[OutboxStore]:
    if request.param == "memory":
        made: OutboxStore = MemoryOutboxStore()
        yield made
        await made.close()
        return
    link = RedisLink(request.getfixturevalue("redis_url"))
    made = RedisOutboxStore(link, f"{new_id()}:")
    yield made
    await made.close()
    await link.close()


def log(text: str, event: str = "e") -> Log:
    return Log(event_id=event, log=text, level="info")


def yields(channel: OutboxChannel, steps: int, event: str = "e") -> list[str]:
    """An event that is open and has yielded "0", "01", … as edits; its last values."""
    text = "0"
    channel.open(event)
    channel.publish(ProcessGenerating(event_id=event, output=Output(data=[text])), False, Encoded([text]))
    for step in range(1, steps):
        text += str(step)
        edits = ProcessGenerating(event_id=event, output=Output(data=[[["append", [], str(step)]]]))
        channel.publish(edits, True, Encoded([text]))
    return [text]


def completes(channel: OutboxChannel, data: list[Any], event: str = "e") -> None:
    channel.close(event)
    channel.publish(ProcessCompleted(event_id=event, output=Output(data=data), success=True))


async def read(reader: Subscription, last: int) -> list[tuple[int, Any]]:
    """Number and contents of what comes, up to a number."""
    found: list[tuple[int, Any]] = []
    async with asyncio.timeout(5):
        while not found or found[-1][0] < last:
            for entry in await anext(reader):
                message = json.loads(entry.message)
                found.append((entry.number, message.get("log") or message.get("output", message).get("data")))
    return found


async def end_of(channel: OutboxChannel, event: str) -> SequencedMessage | None:
    """A completion that is kept, once it has come."""
    reader = channel.subscribe(takeover=False)
    async with asyncio.timeout(5):
        while channel.end_of(event) is None:
            await asyncio.sleep(0.005)
    reader.close()
    return channel.end_of(event)


async def test_a_channel_is_the_same_until_it_is_dropped(store: OutboxStore) -> None:
    store.channel("s").publish(log("a"))
    assert await read(store.channel("s").subscribe(), 1) == [(1, "a")]
    reader = store.channel("s").subscribe(after=1)
    store.drop("s")
    store.drop("unknown")
    async with asyncio.timeout(5):
        assert [batch async for batch in reader] == []
    store.channel("s").publish(log("b"))
    assert await read(store.channel("s").subscribe(), 1) == [(1, "b")]


async def test_channels_do_not_hear_each_other(store: OutboxStore) -> None:
    store.channel("one").publish(log("1"))
    store.channel("two").publish(log("2"))
    assert await read(store.channel("two").subscribe(), 1) == [(1, "2")]


async def test_a_reader_goes_on_after_any_number_and_hears_what_comes(store: OutboxStore) -> None:
    channel = store.channel("s")
    for text in "abc":
        channel.publish(log(text))
    reader = channel.subscribe(after=1)
    assert await read(reader, 3) == [(2, "b"), (3, "c")]
    reading = asyncio.ensure_future(read(reader, 4))
    await asyncio.sleep(0)
    channel.publish(log("d"))
    assert await reading == [(4, "d")]
    assert channel.number == 4


async def test_what_is_acknowledged_is_forgotten_but_not_of_open_events(store: OutboxStore) -> None:
    channel = store.channel("s")
    channel.publish(log("before"))
    last = yields(channel, 2)
    channel.acknowledge(3)
    channel.acknowledge(1_000)
    assert [number for number, _ in await read(channel.subscribe(), 3)] == [2, 3]
    assert (channel.pending, channel.is_open("e"), channel.published("e")) == (["e"], True, 2)
    completes(channel, last)
    channel.acknowledge(4)
    assert (channel.pending, len(channel), channel.size) == ([], 0, 0)


async def test_trimmed_yields_come_as_one_complete_value(store: OutboxStore) -> None:
    channel = store.channel("s")
    last = yields(channel, 5)
    channel.trim(3)
    assert await read(channel.subscribe(), 5) == [(5, last)]
    channel.trim(5)
    assert await read(channel.subscribe(after=2), 5) == [(5, last)]


async def test_a_message_supersedes_what_says_nothing_any_more(store: OutboxStore) -> None:
    channel = store.channel("s")
    for rank in (2, 1):
        channel.publish(Estimation(event_id="e", rank=rank, queue_size=3))
    channel.publish(Estimation(event_id="other", rank=5, queue_size=6))
    assert [number for number, _ in await read(channel.subscribe(), 3)] == [2, 3]
    channel.publish(ProcessStarts(event_id="e"))
    assert [number for number, _ in await read(channel.subscribe(), 4)] == [3, 4]
    completes(channel, [], "other")
    assert [number for number, _ in await read(channel.subscribe(), 5)] == [4, 5]


async def test_the_newest_reader_wins_and_one_beside_disturbs_nobody(store: OutboxStore) -> None:
    channel = store.channel("s")
    old, beside = channel.subscribe(), channel.subscribe(takeover=False)
    new = channel.subscribe(plain=True)
    assert not channel.is_numbered
    async with asyncio.timeout(5):
        assert [batch async for batch in old] == [] and old.replaced
    channel.publish(log("a"))
    assert await read(new, 1) == await read(beside, 1) == [(1, "a")]


async def test_a_plain_reader_forgets_what_it_comes_back_from(store: OutboxStore) -> None:
    channel = store.channel("s")
    channel.publish(log("a"))
    reader = channel.subscribe(plain=True)
    await read(reader, 1)
    assert len(channel) == 1
    reader.close()
    assert len(channel) == 0


async def test_a_reader_of_an_earlier_channel_misses_nothing_of_the_new_one(store: OutboxStore) -> None:
    channel = store.channel("s")
    channel.publish(log("a"))
    assert await read(channel.subscribe(after=40), 41) == [(41, "a")]
    channel.publish(log("b"))
    assert await read(channel.subscribe(after=41), 42) == [(42, "b")]


async def test_what_is_too_large_is_refused_and_leaves_nothing(store: OutboxStore, settings: Any) -> None:
    settings.BLOCKS_UNREAD_SIZE = 1_000_000
    channel = store.channel("s")
    with pytest.raises(AnswerTooLarge):
        channel.publish(log("x" * 5_000_000))
    channel.publish(log("small"))
    assert await read(channel.subscribe(), 1) == [(1, "small")]


async def test_a_shrunk_channel_still_says_which_events_have_ended(store: OutboxStore) -> None:
    channel = store.channel("s")
    channel.publish(log("x" * 5_000))
    completes(channel, ["y" * 5_000], "old")
    completes(channel, ["new"], "new")
    assert channel.shrink(1_000) > 9_000
    found = await read(channel.subscribe(), 3)
    assert [number for number, _ in found] == [2, 3] and found[-1] == (3, ["new"])
    assert channel.size < 2_000


async def test_the_end_of_a_watched_event_outlives_what_is_forgotten(store: OutboxStore) -> None:
    channel = store.channel("s")
    last = yields(channel, 2)
    assert channel.before("e") == 0 and channel.end_of("e") is None
    channel.keep_end("e")
    completes(channel, last)
    channel.trim(3)
    end = await end_of(channel, "e")
    assert end is not None and end.number == 3 and json.loads(end.message)["output"]["data"] == last
    channel.drop_end("e")
    channel.drop_end("e")
    assert channel.end_of("e") is None


async def test_when_the_store_closes_readers_end_with_what_is_there(store: OutboxStore) -> None:
    channel = store.channel("s")
    reader = channel.subscribe()
    channel.publish(log("last"))
    await store.close()
    async with asyncio.timeout(5):
        assert [[entry.number for entry in batch] async for batch in reader] == [[1]]
