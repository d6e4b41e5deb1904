"""Channels that two processes share: each has its own store, and both go to one Redis."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from blocks_app.protocol import Estimation
from queue_app.delivery.redis_outboxes import RedisOutboxStore
from queue_app.delivery.subscription import Subscription
from queue_app.ids import new_id
from queue_app.redis_link import RedisLink
from tests.queue_app.delivery.test_outbox_contract import completes, log, read, yields

Stores = tuple[RedisOutboxStore, RedisOutboxStore]


@pytest.fixture
async def stores(redis_url: str) -> AsyncIterator[Stores]:
    """Of the process that writes, and of the one that reads."""
    links, prefix = (RedisLink(redis_url), RedisLink(redis_url)), f"{new_id()}:"
    writer, reader = (RedisOutboxStore(link, prefix) for link in links)
    yield writer, reader
    for store, link in zip((writer, reader), links):
        await store.close()
        await link.close()


async def ends(reader: Subscription) -> list[Any]:
    async with asyncio.timeout(5):
        return [batch async for batch in reader]


async def test_what_one_process_writes_another_reads_as_it_comes(stores: Stores) -> None:
    writer, reader = stores
    writer.channel("s").publish(log("a"))
    reading = reader.channel("s").subscribe()
    assert await read(reading, 1) == [(1, "a")]
    for text in "bc":
        writer.channel("s").publish(log(text))
        reader.channel("s").publish(log(text.upper()))
        await writer.flush()
        await reader.flush()
    assert [text for _, text in await read(reading, 5)] == ["b", "B", "c", "C"]


async def test_a_page_goes_on_at_another_process_and_the_reader_before_ends(stores: Stores) -> None:
    here, there = stores
    for text in "abc":
        here.channel("s").publish(log(text))
    old = here.channel("s").subscribe()
    assert [number for number, _ in await read(old, 3)] == [1, 2, 3]
    new = there.channel("s").subscribe(after=2)
    assert await read(new, 3) == [(3, "c")]
    assert await ends(old) == [] and old.replaced
    old.close()
    there.channel("s").acknowledge(2)
    here.channel("s").publish(log("d"))
    assert await read(new, 4) == [(4, "d")]
    assert not new.replaced and there.channel("s").is_numbered


async def test_who_has_submitted_hears_of_the_end_though_nobody_reads_there(stores: Stores) -> None:
    web, worker = stores
    web.channel("s").open("e")
    await web.flush()
    running = worker.channel("s")
    running.adopt("e", "")
    completes(running, ["done"])
    async with asyncio.timeout(5):
        while web.channel("s").is_busy:
            await asyncio.sleep(0.005)
    assert len(web.channel("s")) == 0
    assert await read(web.channel("s").subscribe(), 1) == [(1, ["done"])]


async def test_a_reader_who_comes_late_gets_the_state_instead_of_the_steps(stores: Stores) -> None:
    writer, reader = stores
    channel = writer.channel("s")
    last = yields(channel, 10)
    channel.trim(8)
    await writer.flush()
    reading = reader.channel("s").subscribe()
    assert await read(reading, 10) == [(10, last)]
    completes(channel, last)
    assert await read(reading, 11) == [(11, last)]


async def test_a_long_stream_is_kept_as_its_last_value(stores: Stores) -> None:
    writer, reader = stores
    channel = writer.channel("s")
    last: list[str] = []
    for event in range(3):
        last = yields(channel, 900, f"e{event}")
        completes(channel, last, f"e{event}")
    last = yields(channel, 900)
    await writer.flush()
    found = await read(reader.channel("s").subscribe(), 3 * 901 + 900)
    assert len(found) < 2_100 and found[-1][0] == 3 * 901 + 900
    assert [number for number, data in found if number % 901 == 0] == [901, 1802, 2703]
    assert last[0].startswith("01")


async def test_a_process_that_has_lost_its_right_to_an_event_tells_nothing_any_more(
    stores: Stores, redis_url: str
) -> None:
    writer, frozen = stores
    link = RedisLink(redis_url)
    await link.client.hset(f"{writer.prefix}fences", "e", "2")  # type: ignore[misc]
    await link.close()
    writer.channel("s").open("e")
    await writer.flush()
    frozen.channel("s").adopt("e", "1")
    frozen.channel("s").publish(log("of the old one"))
    completes(frozen.channel("s"), ["of the old one"])
    await frozen.flush()
    assert list((await writer.known("s")).events) == ["e"]
    new = writer.channel("s")
    new.fences["e"] = "2"
    new.publish(log("of the new one"))
    assert await read(new.subscribe(), 1) == [(1, "of the new one")]


async def test_a_page_that_comes_and_goes_at_several_processes_gets_what_this_one_has_missed(stores: Stores) -> None:
    here, writer = stores

    async def here_after(number: int, last: int) -> list[int]:
        reader = here.channel("s").subscribe(number)
        found = await read(reader, last)
        reader.close()
        await here.flush()
        return [number for number, _ in found]

    async def write(*texts: str) -> None:
        for text in texts:
            writer.channel("s").publish(log(text))
        await writer.flush()

    await write("1")
    assert await here_after(0, 1) == [1]
    await write("2", "3")  # read elsewhere
    await write("4")
    assert await here_after(3, 4) == [4]
    assert await here_after(1, 4) == [2, 3, 4]  # by a page that was loaded anew


async def test_a_page_gets_what_came_between_its_answer_and_what_its_claim_has_said(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, writer = stores
    asked = here.link.run

    async def overtaken(*arguments: Any) -> Any:
        """The answer to a reader is on its way when more messages come, and a claim of the session hears of them."""
        answer = await asked(*arguments)
        monkeypatch.undo()
        for text in ("2", "3"):
            writer.channel("s").publish(log(text))
        await writer.flush()
        channel.know(3, {})
        return answer

    writer.channel("s").publish(log("1"))
    await writer.flush()
    channel = await here.known("s")
    monkeypatch.setattr(here.link, "run", overtaken)
    assert await read(channel.subscribe(), 3) == [(1, "1"), (2, "2"), (3, "3")]


async def test_an_event_whose_end_was_told_is_not_opened_once_more(stores: Stores) -> None:
    web, worker = stores
    channel, client = web.channel("s"), web.link.client
    await client.hset(f"{web.prefix}fences", "e", "1")
    await client.hset(f"{web.prefix}job:e", "channel", "s")
    channel.open("e")
    await web.flush()
    worker.channel("s").adopt("e", "1")
    completes(worker.channel("s"), ["done"])
    await worker.flush()
    channel.open("e")  # by a page that does not know that it was taken
    assert (await web.known("s")).events == {}


async def test_a_shipment_that_was_not_answered_is_not_told_twice(stores: Stores) -> None:
    writer, _ = stores
    sent = writer.link.run
    answers = 0

    async def unanswered(*arguments: Any) -> Any:
        nonlocal answers
        answer = await sent(*arguments)
        answers += 1
        if answers == 1:
            raise ConnectionResetError
        return answer

    writer.link.run = unanswered  # type: ignore[method-assign]
    for text in "ab":
        writer.channel("s").publish(log(text))
    assert await read(writer.channel("s").subscribe(), 2) == [(1, "a"), (2, "b")]
    assert answers >= 2


async def test_a_dropped_channel_ends_its_readers_everywhere(stores: Stores) -> None:
    here, there = stores
    here.channel("s").publish(log("a"))
    reading = there.channel("s").subscribe()
    await read(reading, 1)
    here.drop("s")
    assert await ends(reading) == []
    here.channel("s").publish(log("b"))
    assert await read(there.channel("s").subscribe(), 1) == [(1, "b")]


async def test_a_page_that_asks_another_process_each_time_takes_over_from_itself_and_hears_all(stores: Stores) -> None:
    here, there = stores
    for number in range(30):
        reader = (here, there)[number % 2].channel("s").subscribe(number)
        (there, here)[number % 3 % 2].channel("s").publish(log(str(number)))
        assert await read(reader, number + 1) == [(number + 1, str(number))]
        assert not reader.replaced
        reader.close()
    waiting = here.channel("s").subscribe(30)
    there.channel("s").subscribe(30).close()  # gone before anybody knew
    for store in (there, here):
        await store.flush()
    here.channel("s").publish(log("last"))
    assert await read(waiting, 31) == [(31, "last")] and not waiting.replaced


@pytest.mark.parametrize("last", ["says what it has written", "is gone", "is frozen"])
async def test_a_reader_without_numbers_is_told_nothing_that_one_elsewhere_has_written(
    stores: Stores, last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = stores
    there.channel("s").publish(log("a"))
    before = here.channel("s").subscribe(plain=True)
    assert await read(before, 1) == [(1, "a")]
    may, run = asyncio.Event(), here.link.run

    async def later(*arguments: Any) -> Any:
        await may.wait()
        return await run(*arguments)

    monkeypatch.setattr(here.link, "run", later)
    monkeypatch.setattr("queue_app.delivery.handover.PATIENCE", 0.05 if last == "is frozen" else 60)
    before.close()  # all of it was written, which Redis does not hear yet
    if last == "is gone":
        assert here._listening is not None
        here._listening.cancel()
        await asyncio.wait([here._listening])
    after = there.channel("s").subscribe(plain=True)
    there.channel("s").publish(log("b"))
    if last == "says what it has written":
        for _ in range(3):
            await there.flush()
            assert after.take() == [] and not after.is_idle
        may.set()
        assert await read(after, 2) == [(2, "b")]
    else:  # nobody will ever say it
        assert await read(after, 2) == [(1, "a"), (2, "b")]
        may.set()
    after.close()


async def test_programs_that_go_from_process_to_process_hear_each_message_once(stores: Stores) -> None:
    heard = list[Any]()
    for number in range(40):
        stores[number % 3 % 2].channel("s").publish(log(str(number)))
        reader = stores[number % 2].channel("s").subscribe(plain=True)
        while not heard or heard[-1] != str(number):
            async with asyncio.timeout(5):
                heard += [json.loads(entry.message)["log"] for entry in await anext(reader)]
        reader.close()
    assert heard == [str(number) for number in range(40)]


async def test_whoever_comes_back_waits_for_what_was_opened_elsewhere_meanwhile(stores: Stores) -> None:
    here, there = stores
    here.channel("s").publish(log("a"))
    reader = there.channel("s").subscribe()
    assert await read(reader, 1) == [(1, "a")]
    reader.close()
    await there.flush()
    here.channel("s").open("e")
    await here.flush()
    reader = there.channel("s").subscribe(1)
    assert there.channel("s").is_busy
    await there.flush()
    assert there.channel("s").is_busy and there.channel("s").pending == ["e"]
    reader.close()


@pytest.mark.parametrize("needed", ["a message", "an open event", "what its page shows", "a reader", "nothing"])
async def test_what_one_process_puts_away_stays_as_long_as_another_needs_it(stores: Stores, needed: str) -> None:
    here, there = stores
    here.channel("s").subscribe().close()
    await here.flush()
    channel = there.channel("s")
    match needed:
        case "a message":
            channel.publish(log("a"))
        case "an open event":
            channel.open("e")
        case "what its page shows":
            channel.show("e", {"1": '"x"'})
        case "a reader":
            channel.subscribe()
    await there.flush()
    here.put_away("s")
    await here.flush()
    assert bool(await there.link.client.exists(f"{there.prefix}m:s")) is (needed != "nothing")
    assert await there.shown("s") == ({"1": '"x"'} if needed == "what its page shows" else {})


async def forget(store: RedisOutboxStore) -> None:
    """Redis loses all of it."""
    link = RedisLink(store.link.url)
    await link.client.delete(*[key async for key in link.client.scan_iter(f"{store.prefix}*")])
    await link.close()


async def lost(here: RedisOutboxStore, there: RedisOutboxStore) -> Subscription:
    """Who has read three messages of a channel that Redis has lost since."""
    for text in "abc":
        here.channel("s").publish(log(text))
    reading = there.channel("s").subscribe()
    await read(reading, 3)
    await forget(here)
    return reading


async def test_what_redis_has_lost_ends_its_readers_and_numbers_go_on(stores: Stores) -> None:
    here, there = stores
    reading = await lost(here, there)
    there.channel("s").look_again()
    assert await ends(reading) == []
    here.channel("s").publish(log("d"))
    assert await read(there.channel("s").subscribe(after=3), 4) == [(4, "d")]


async def test_what_redis_has_lost_ends_its_readers_also_when_somebody_goes_on_writing(stores: Stores) -> None:
    here, there = stores
    reading = await lost(here, there)
    here.channel("s").publish(log("on its way when that happened"))
    await here.flush()
    there.channel("s").look_again()
    assert await ends(reading) == []


async def test_a_reader_without_numbers_that_waits_asks_for_nothing(stores: Stores) -> None:
    _, store = stores
    reading = store.channel("s").subscribe(plain=True)
    store.channel("s").publish(log("a"))
    assert await read(reading, 1) == [(1, "a")]
    waiting = asyncio.ensure_future(anext(reading))
    await asyncio.sleep(0)
    await store.flush()  # what was read is forgotten
    await store.flush()
    shipped = f"{store.prefix}shipped:{store.process}"
    before = await store.link.client.get(shipped)
    await asyncio.sleep(0.05)
    assert await store.link.client.get(shipped) == before
    store.channel("s").publish(log("b"))
    assert [entry.number for entry in await waiting] == [2]


async def test_waiting_for_what_was_written_ends_though_others_go_on_writing(stores: Stores) -> None:
    store, _ = stores
    writing = True

    async def others() -> None:
        while writing:
            store.channel("other").publish(log("x"))
            await asyncio.sleep(0)

    task = asyncio.ensure_future(others())
    async with asyncio.timeout(30):
        for text in "abc":
            store.channel("s").publish(log(text))
            await store.flush()
    assert await store.link.client.xlen(f"{store.prefix}s:s") == 3
    writing = False
    await task


async def test_what_a_claim_has_told_may_be_of_a_channel_before(stores: Stores) -> None:
    writer, reader = stores
    reader.channel("s").know(2, {})
    reading = reader.channel("s").subscribe()
    await reader.flush()
    for text in "ab":
        writer.channel("s").publish(log(text))
    assert await read(reading, 2) == [(1, "a"), (2, "b")]


async def test_where_an_event_stands_is_not_told_once_it_has_begun(stores: Stores) -> None:
    web, worker = stores
    client, place = web.link.client, Estimation(event_id="e", rank=0, queue_size=1)
    web.channel("s").publish(place)
    await web.flush()
    await client.hset(f"{web.prefix}fences", "e", 1)
    web.channel("s").publish(place)
    await web.flush()
    await client.delete(f"{web.prefix}fences")
    await client.set(f"{web.prefix}done:e", "s")
    web.channel("s").publish(place)
    worker.channel("s").publish(log("a"))
    await web.flush()
    await worker.flush()
    assert (await worker.known("s")).number == 2
