"""The channel between a generator and the queue: how far ahead a producer may be."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest

from blocks_app.threads import bounded_channel
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


class Counted:
    """A loop's inbox that counts how often it is woken, and does what it is asked later, as a busy loop would."""

    def __init__(self) -> None:
        self.asked: list[Callable[[], None]] = []
        self.woken = 0

    def post(self, work: Callable[[], None]) -> None:
        self.woken += 1
        self.asked.append(work)

    def work(self) -> None:
        asked, self.asked = self.asked, []
        for each in asked:
            each()


async def test_values_in_quick_succession_wake_the_reader_once_until_half_the_window_is_full(monkeypatch) -> None:
    monkeypatch.setattr(bounded_channel, "PAUSE", 1000.0)
    inbox: Any = Counted()
    channel: BoundedChannel[int] = BoundedChannel(inbox, 8)
    async with aclosing(channel.read()) as values:
        channel.put(0)
        inbox.work()  # the first is delivered at once
        assert await anext(values) == 0
        following = asyncio.ensure_future(anext(values))
        await asyncio.sleep(0)
        for number in (1, 2, 3):
            channel.put(number)
            inbox.work()
        await asyncio.sleep(0)
        assert (inbox.woken, following.done()) == (2, False)
        channel.put(4)
        inbox.work()
        assert (await following, inbox.woken) == (1, 3)
        assert [await anext(values) for _ in range(3)] == [2, 3, 4]


async def test_the_last_value_and_the_end_do_not_wait(monkeypatch) -> None:
    monkeypatch.setattr(bounded_channel, "PAUSE", 1000.0)
    channel: BoundedChannel[int] = BoundedChannel(loop_inbox(), 8)
    thread = threading.Thread(target=lambda: (channel.put(0), channel.put(1), channel.end()))
    async with aclosing(channel.read()) as values:
        thread.start()
        async with asyncio.timeout(30):
            assert [value async for value in values] == [0, 1]
    thread.join(10)


async def test_a_value_alone_is_read_after_the_pause(monkeypatch) -> None:
    channel: BoundedChannel[int] = BoundedChannel(loop_inbox(), 64)
    async with aclosing(channel.read()) as values, asyncio.timeout(30):
        for number in range(3):
            channel.put(number)
            assert await anext(values) == number
