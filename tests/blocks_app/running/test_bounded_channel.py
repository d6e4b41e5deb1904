"""The channel between a generator and the queue: how far ahead a producer may be."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import aclosing

import pytest

from blocks_app.threads.bounded_channel import MOST_BYTES, BoundedChannel
from blocks_app.threads.call_threads import loop_inbox


@pytest.mark.parametrize(("size", "ahead"), [(0, 8), (MOST_BYTES, 1), (MOST_BYTES // 2, 2), (10 * MOST_BYTES, 1)])
async def test_a_producer_is_ahead_by_a_number_of_values_and_of_bytes(size: int, ahead: int) -> None:
    channel: BoundedChannel[int] = BoundedChannel(loop_inbox(), 8)
    given: list[int] = []

    def produce() -> None:
        for number in range(30):
            channel.put(number, size)
            given.append(number)
        channel.end()

    thread = threading.Thread(target=produce)
    thread.start()
    while len(given) < ahead:
        time.sleep(0.001)
    time.sleep(0.05)
    assert len(given) == ahead
    async with aclosing(channel.read()) as values:
        assert [value async for value in values] == list(range(30))
    thread.join(10)


async def test_an_async_producer_waits_for_room_too() -> None:
    inbox = loop_inbox()
    channel: BoundedChannel[int] = BoundedChannel(inbox, 8, inbox)
    given: list[int] = []

    async def produce() -> None:
        for number in range(10):
            await channel.put_async(number, MOST_BYTES)
            given.append(number)
        channel.end()

    task = asyncio.create_task(produce())
    for _ in range(20):
        await asyncio.sleep(0)
    assert given == [0]
    async with aclosing(channel.read()) as values:
        assert [value async for value in values] == list(range(10))
    await task
