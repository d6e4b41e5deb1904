"""The one loop behind sockets, streams, calls and polls, by the policies that tell them apart."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

import pytest

from blocks_app.protocol import Log, Output, ProcessCompleted
from queue_app.delivery import delivery_loop
from queue_app.delivery.delivery_loop import (
    CALL,
    NUMBERED_STREAM,
    PAGE,
    POLL,
    RESUMED_STREAM,
    STREAM,
    VIEWER,
    Delivery,
    DeliveryPolicy,
    Ended,
)
from queue_app.delivery.outbox import Outbox
from queue_app.delivery.sequenced_message import SequencedMessage
from queue_app.delivery.subscription import Subscription


class Client:
    """Takes what is written, and notes with which messages the answer ended."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.last: list[int] | None = None
        self.watched = False

    async def send(self, messages: list[SequencedMessage]) -> None:
        self.numbers += [each.number for each in messages]

    async def send_last(self, messages: list[SequencedMessage]) -> None:
        self.last = [each.number for each in messages]

    def watching(self, reader: Subscription) -> AbstractAsyncContextManager[object]:
        self.watched = True
        return nullcontext()


def log(text: str = "x") -> Log:
    return Log(event_id="e", log=text, level="info")


def completes(outbox: Outbox, event: str = "e") -> None:
    outbox.close(event)
    outbox.publish(ProcessCompleted(event_id=event, output=Output(data=[]), success=True))


def box(messages: int) -> Outbox:
    outbox = Outbox()
    for _ in range(messages):
        outbox.publish(log())
    return outbox


async def run(outbox: Outbox, policy: DeliveryPolicy, after: int = 0, **options: Any) -> tuple[Ended, Client]:
    client = Client()
    reader = outbox.subscribe(after, plain=policy.plain)
    async with asyncio.timeout(5):
        ended = await Delivery(reader, client, policy).run(**options)
    reader.close()
    return ended, client


@pytest.mark.parametrize(
    ("policy", "after", "kept"), [(PAGE, 0, 0), (VIEWER, 0, 3), (POLL, 2, 1), (NUMBERED_STREAM, 2, 1), (STREAM, 0, 0)]
)
async def test_what_counts_as_arrived_is_forgotten(policy: DeliveryPolicy, after: int, kept: int) -> None:
    """Of three messages: a page says their numbers, a poll comes back with 2, a plain stream has them by writing."""
    outbox = box(3)
    reader = outbox.subscribe(after, plain=policy.plain)
    delivery = Delivery(reader, Client(), policy)
    running = asyncio.ensure_future(delivery.run(5) if policy is POLL else delivery.run())
    await asyncio.sleep(0)
    delivery.acknowledge(3)
    reader.close()
    await running
    assert len(outbox) == kept


async def test_a_reader_cannot_acknowledge_what_it_has_not_been_given() -> None:
    outbox = box(3)
    delivery = Delivery(outbox.subscribe(), Client(), PAGE)
    delivery.acknowledge(3)
    assert len(outbox) == 3


async def test_a_stream_ends_with_the_completion_that_leaves_nothing_pending() -> None:
    outbox = Outbox()
    for event in ("e", "f"):
        outbox.open(event)
    completes(outbox, "e")
    completes(outbox, "f")
    ended, client = await run(outbox, STREAM)
    assert (ended, client.last, client.watched) == (Ended.COMPLETE, [1, 2], False)


async def test_a_call_ends_with_the_completion_of_its_event() -> None:
    outbox = box(1)
    outbox.open("e")
    completes(outbox)
    assert (await run(outbox, CALL))[0] is Ended.COMPLETE


async def test_who_comes_back_to_nothing_pending_is_sent_away_and_who_is_new_waits() -> None:
    outbox = box(2)
    ended, client = await run(outbox, RESUMED_STREAM, after=2)
    assert (ended, client.last, client.watched) == (Ended.COMPLETE, [], False)
    client = Client()
    reader = outbox.subscribe(2)
    running = asyncio.ensure_future(Delivery(reader, client, NUMBERED_STREAM).run())
    await asyncio.sleep(0)
    assert client.watched and not running.done()
    outbox.open("e")
    completes(outbox)
    assert await running is Ended.COMPLETE and client.last == [3]


async def test_a_poll_answers_once_with_what_is_there_and_no_longer_than_its_patience() -> None:
    outbox = box(2)
    assert (await run(outbox, POLL, patience=5))[1].last == [1, 2]
    assert (await run(outbox, POLL, after=2, patience=0.01))[0] is Ended.QUIET


async def test_a_newer_reader_and_the_end_of_the_queue_are_told_apart() -> None:
    outbox = Outbox()
    old, new = Delivery(outbox.subscribe(), Client(), PAGE), Delivery(outbox.subscribe(), Client(), PAGE)
    assert await old.run() is Ended.REPLACED
    outbox.finish()
    assert await new.run() is Ended.STOPPED


async def test_a_page_gets_no_more_than_its_window_until_it_acknowledges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_loop, "WINDOW_MESSAGES", 2)
    outbox, client = box(3), Client()
    reader = outbox.subscribe()
    delivery = Delivery(reader, client, PAGE)
    running = asyncio.ensure_future(delivery.run())
    await asyncio.sleep(0)
    outbox.publish(log())
    await asyncio.sleep(0)
    assert client.numbers == [1, 2, 3]
    delivery.acknowledge(2)
    async with asyncio.timeout(5):
        while client.numbers[-1] != 4:
            await asyncio.sleep(0)
    reader.close()
    assert await running is Ended.STOPPED


async def test_a_page_that_acknowledges_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(delivery_loop, "WINDOW_MESSAGES", 2)
    settings.BLOCKS_SLOW_READER = 0.01
    assert (await run(box(3), PAGE))[0] is Ended.SLOW


async def test_of_what_a_long_stream_has_read_only_so_much_can_be_had_again() -> None:
    outbox = box(2 * delivery_loop.REPLAY + 1)
    outbox.open("e")
    reader = outbox.subscribe()
    running = asyncio.ensure_future(Delivery(reader, Client(), NUMBERED_STREAM).run())
    await asyncio.sleep(0)
    assert len(outbox) == delivery_loop.REPLAY
    reader.close()
    await running


async def test_many_messages_are_written_in_parts_that_are_not_long() -> None:
    outbox = Outbox()
    for _ in range(3):
        outbox.publish(log("x" * 300_000))
    parts: list[int] = []

    class Counting(Client):
        async def send(self, messages: list[SequencedMessage]) -> None:
            parts.append(len(messages))

    reader = outbox.subscribe()
    running = asyncio.ensure_future(Delivery(reader, Counting(), PAGE).run())
    await asyncio.sleep(0)
    reader.close()
    await running
    assert parts == [1, 1, 1]
