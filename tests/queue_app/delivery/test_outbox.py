"""The outbox: numbers, replay, merging, bounds, and who reads."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from blocks_app.protocol import (
    Estimation,
    Log,
    Output,
    ProcessCompleted,
    ProcessGenerating,
    ProgressMessage,
    ProgressUnit,
)
from blocks_app.running.encoding import Encoded
from queue_app.delivery.outbox import Outbox
from queue_app.delivery.subscription import Subscription


def log(text: str, event: str = "e") -> Log:
    return Log(event_id=event, log=text, level="info")


def generating(data: Any, event: str = "e") -> ProcessGenerating:
    return ProcessGenerating(event_id=event, output=Output(data=data, is_generating=True))


def completed(data: Any, event: str = "e") -> ProcessCompleted:
    return ProcessCompleted(event_id=event, output=Output(data=data), success=True)


def contents(reader: Subscription) -> list[tuple[int, str, Any]]:
    found = []
    for entry in reader.take():
        message = json.loads(entry.message)
        found.append((entry.number, entry.kind, message.get("log") or message.get("output", {}).get("data")))
    return found


def streaming(outbox: Outbox, steps: int, event: str = "e") -> list[str]:
    """An event that has yielded "0", "01", … as text with edits; returns its last values."""
    last = [""]
    outbox.open(event)
    for step in range(steps):
        last[0] += str(step)
        if step:
            outbox.publish(generating([[["append", [], str(step)]]], event), True, Encoded(list(last)))
        else:
            outbox.publish(generating(list(last), event))
    return last


def test_messages_are_numbered_and_replayed_from_any_number() -> None:
    outbox = Outbox()
    for text in "abc":
        outbox.publish(log(text))
    assert contents(outbox.subscribe(after=1)) == [(2, "log", "b"), (3, "log", "c")]


async def test_a_reader_gets_everything_available_per_wake_up() -> None:
    outbox = Outbox()
    reader = outbox.subscribe()
    reading = asyncio.ensure_future(anext(reader))
    await asyncio.sleep(0)
    for text in "abc":
        outbox.publish(log(text))
    assert [entry.number for entry in await reading] == [1, 2, 3]


async def test_the_newest_reader_wins() -> None:
    outbox = Outbox()
    old = outbox.subscribe()
    reading = asyncio.ensure_future(anext(old, "ended"))
    await asyncio.sleep(0)
    new = outbox.subscribe()
    outbox.publish(log("a"))
    assert await reading == "ended"
    assert old.replaced and not new.replaced
    assert contents(new) == [(1, "log", "a")]


def test_a_side_reader_disturbs_nobody() -> None:
    outbox = Outbox()
    main, side = outbox.subscribe(), outbox.subscribe(takeover=False)
    outbox.publish(log("a"))
    assert contents(main) == contents(side) == [(1, "log", "a")]
    side.close()
    assert outbox.reader is main and not outbox.side


def test_only_the_newest_estimation_and_progress_of_an_event_are_kept() -> None:
    outbox = Outbox()
    for rank in (2, 1, 0):
        outbox.publish(Estimation(event_id="e", rank=rank, queue_size=3))
        outbox.publish(ProgressMessage(event_id="e", progress_data=[ProgressUnit(progress=rank)]))
    outbox.publish(Estimation(event_id="other", rank=5, queue_size=6))
    assert [(number, kind) for number, kind, _ in contents(outbox.subscribe())] == [
        (5, "estimation"),
        (6, "progress"),
        (7, "estimation"),
    ]


def test_what_has_arrived_is_forgotten_but_not_of_open_events() -> None:
    outbox = Outbox()
    outbox.publish(log("before"))
    outbox.open("e")
    outbox.publish(log("during"))
    outbox.acknowledge(2)
    assert contents(outbox.subscribe()) == [(2, "log", "during")]
    outbox.close("e")
    outbox.acknowledge(2)
    assert len(outbox) == 0 and outbox.size == 0


def test_an_absent_reader_costs_a_bounded_amount() -> None:
    outbox = Outbox(max_messages=100, max_bytes=10_000)
    for index in range(5_000):
        outbox.publish(log("x" * (index % 300)))
        assert len(outbox) <= 101 and outbox.size <= 10_500


def test_a_large_answer_does_not_push_out_the_end_of_another_event() -> None:
    outbox = Outbox(max_bytes=1_000)
    outbox.publish(log("x" * 400))
    outbox.publish(completed(["first"]))
    outbox.publish(completed(["y" * 5_000], "big"))
    assert [kind for _, kind, _ in contents(outbox.subscribe())] == ["process_completed"] * 2


def test_yields_that_nobody_read_are_merged_into_one_complete_value() -> None:
    outbox = Outbox(max_messages=8)
    last = streaming(outbox, 8)
    outbox.publish(log("full"))
    assert contents(outbox.subscribe()) == [(8, "process_generating", last), (9, "log", "full")]


def test_a_reader_in_the_middle_of_merged_yields_gets_the_complete_value() -> None:
    outbox = Outbox(max_messages=8)
    reader = outbox.subscribe()
    last = streaming(outbox, 8)
    reader.position = 3
    outbox.publish(log("full"))
    number, _, data = contents(reader)[0]
    assert (number, data) == (8, last)
    reader.position = 8
    assert contents(reader) == [(9, "log", "full")]


def test_a_late_reader_gets_a_snapshot_when_the_first_yields_are_gone() -> None:
    outbox = Outbox()
    last = streaming(outbox, 5)
    outbox.trim(2)
    assert contents(outbox.subscribe(after=0)) == [(5, "process_generating", last)]
    outbox.trim(5)
    assert contents(outbox.subscribe(after=0)) == [(5, "process_generating", last)]
    assert contents(outbox.subscribe(after=5)) == []


def test_yields_that_are_all_there_are_not_merged_because_others_are_gone() -> None:
    outbox = Outbox()
    outbox.publish(log("before"))
    outbox.trim(1)
    streaming(outbox, 3)
    assert [number for number, _, _ in contents(outbox.subscribe(after=0))] == [2, 3, 4]


def test_edits_of_an_ended_event_without_their_base_are_left_out() -> None:
    outbox = Outbox()
    last = streaming(outbox, 4)
    outbox.close("e")
    outbox.publish(completed(last))
    outbox.trim(1)
    assert contents(outbox.subscribe(after=0)) == [(5, "process_completed", last)]


def test_a_plain_reader_consumes_what_it_came_back_from() -> None:
    outbox = Outbox()
    reader = outbox.subscribe(plain=True)
    outbox.publish(log("a"))
    reader.take()
    assert len(outbox) == 1
    reader.take()
    assert len(outbox) == 0


def test_a_plain_reader_gets_a_snapshot_as_edits_once_it_has_seen_a_value() -> None:
    outbox = Outbox(max_messages=8)
    reader = outbox.subscribe(plain=True)
    last = [""]
    outbox.open("e")
    outbox.publish(generating([""]))
    assert contents(reader) == [(1, "process_generating", [""])]
    for step in range(12):
        last[0] += str(step)
        outbox.publish(generating([[["append", [], str(step)]]]), True, Encoded(list(last)))
    first, *rest = contents(reader)
    assert first[1] == "process_generating" and first[2][0][0][:2] == ["replace", []]
    shown = first[2][0][0][2] + "".join(data[0][0][2] for _, _, data in rest)
    assert shown == last[0]


def test_an_event_that_sends_no_edits_stays_complete_for_a_plain_reader() -> None:
    outbox = Outbox()
    outbox.open("e")
    outbox.publish(generating(["a"]), diff=None)
    outbox.publish(generating(["b"]), diff=None)
    assert [data for _, _, data in contents(outbox.subscribe(plain=True))] == [["a"], ["b"]]


async def test_readers_end_after_what_is_there_when_the_queue_stops() -> None:
    outbox = Outbox()
    reader = outbox.subscribe()
    outbox.publish(log("last"))
    outbox.finish()
    assert [[entry.number for entry in batch] async for batch in reader] == [[1]]


def test_a_reader_of_an_earlier_outbox_misses_nothing_of_the_new_one() -> None:
    outbox = Outbox()
    streaming(outbox, 2)
    reader = outbox.subscribe(after=40)
    outbox.publish(log("c"))
    assert [number for number, _, _ in contents(reader)] == [41, 42, 43]
