"""What a session is told of its events: streams, progress, toasts, errors; numbers, and reading on from one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from auth_app.identity import Identity
from blocks_app.running.updates import apply_edits
from tests.engine_contract.conftest import ANN, Client


def steps(messages: list[dict[str, Any]], event: str) -> list[Any]:
    """The first value after each yield of an event, differences applied."""
    shown: list[Any] = []
    for each in messages:
        if each["event_id"] == event and each["msg"] == "process_generating":
            [value] = each["output"]["data"]
            shown.append(value if not shown else apply_edits(shown[-1], value))
    return shown


async def test_a_stream_tells_each_step_and_then_its_end(client: Client) -> None:
    event = await client.submit("spell", "abcd")
    messages = await client.messages([event])
    kinds = [each["msg"] for each in messages if each["msg"] != "estimation"]
    assert kinds == ["process_starts", *["process_generating"] * 4, "process_completed"]
    assert steps(messages, event) == ["a", "ab", "abc", "abcd"]
    assert messages[-1]["output"]["data"] == ["abcd"] and messages[-1]["success"]


async def test_programs_that_know_no_differences_get_complete_steps(client: Client) -> None:
    event = await client.submit("spell", "abc", simple_format=True)
    messages = await client.messages([event])
    assert [each["output"]["data"] for each in messages if each["msg"] == "process_generating"] == [
        ["a"],
        ["ab"],
        ["abc"],
    ]


async def test_a_reader_goes_on_from_any_number(client: Client) -> None:
    events = [await client.submit("spell", "abc"), await client.submit("work", "quick")]
    all_of_it = await client.messages(events)
    numbers = [each["number"] for each in all_of_it]
    assert numbers == sorted(set(numbers))
    for after in numbers[:-1]:
        assert await client.messages([all_of_it[-1]["event_id"]], after=after) == [
            each for each in all_of_it if each["number"] > after
        ]


async def test_messages_wait_for_a_reader_who_comes_later(client: Client) -> None:
    event = await client.submit("hold open", "a")
    reader = client.engine.subscribe("s")
    seen = [entry.number for entry in await anext(reader)]
    reader.close()
    client.let_end("a")
    await client.noted("closed a")
    messages = await client.messages([event], after=seen[-1])
    assert min(each["number"] for each in messages) > seen[-1] and messages[-1]["output"]["data"] == ["A"]


async def test_the_newest_reader_of_a_session_takes_over(client: Client) -> None:
    old = client.engine.subscribe("s")
    new = client.engine.subscribe("s")
    with pytest.raises(StopAsyncIteration):
        await anext(old)
    assert old.replaced and not new.replaced
    event = await client.submit("spell", "x")
    async with asyncio.timeout(10):
        found = [entry.kind for entry in await anext(new)]
        while "process_completed" not in found:
            found += [entry.kind for entry in await anext(new)]
    old.close(), new.close()
    assert client.actions(event)[-1] == "job.done"


async def test_progress_and_toasts_come_before_the_end_in_the_order_of_the_function(client: Client) -> None:
    event = await client.submit("tell", "a")
    reader, kinds = client.engine.subscribe("s"), list[str]()
    async with asyncio.timeout(20):
        while "progress" not in kinds:
            kinds += [entry.kind for entry in await anext(reader)]
    reader.close()
    client.let_end("a")
    messages = [each for each in await client.messages([event]) if each["msg"] in ("log", "process_completed")]
    assert [each.get("log") for each in messages] == ["one", "two", None]
    assert [each["level"] for each in messages if each["msg"] == "log"] == ["info", "warning"]
    assert kinds.index("log") < kinds.index("progress")


async def test_an_error_is_told_once_and_recorded_once(client: Client) -> None:
    event = await client.submit("refuse", "x")
    messages = await client.messages([event])
    [end] = [each for each in messages if each["msg"] == "process_completed"]
    assert not end["success"] and end["output"]["error"] == "not x"
    assert client.notes() == ["refused x"]
    assert client.actions(event) == ["job.queued", "job.started", "job.failed"]
    [failed] = [each for each in client.changes if each.event_id == event and each.action == "job.failed"]
    assert failed.error is not None and "not x" in str(failed.error)


async def test_a_run_that_takes_too_long_ends_with_a_sentence_and_gives_its_place_to_the_next(client: Client) -> None:
    event = await client.submit("short", "a")
    [end] = await client.ends(event)
    assert "longer than its time limit of 0.2 s" in end["error"]
    client.let_end("a")
    await client.until(lambda: client.engine.snapshot().running == 0)


async def test_whoever_awaits_an_event_gets_its_end_alone(client: Client) -> None:
    assert await client.run("work", "quick") == "QUICK"
    assert await client.run("spell", "abc") == "a"
    assert await client.run("refuse", "x") == {"error": "not x"}
    assert await client.run("work", "quick", counted=False) == "QUICK"


async def test_an_awaited_event_waits_for_a_slot_where_it_counts_and_else_does_not(client: Client) -> None:
    running = await client.submit("work", "a")
    await client.noted("begin a")
    waiting = asyncio.ensure_future(client.run("work", "quick1"))
    assert await client.run("work", "quick2", counted=False) == "QUICK2"
    assert not waiting.done()
    client.let_end("a")
    assert await waiting == "QUICK1" and await client.ends(running) == ["A"]


async def test_an_event_may_be_told_to_a_channel_of_its_own(client: Client) -> None:
    event = "e" * 32
    await client.submit("count", "", "tab", event_id=event, channel=event)
    assert await client.ends(event, session=event) == ["1"]
    assert await client.ends(await client.submit("count", "", "tab"), session="tab") == ["2"]


async def test_state_stays_with_its_session(client: Client) -> None:
    for expected in ("1", "2"):
        assert await client.ends(await client.submit("count", "", "one"), session="one") == [expected]
    assert await client.ends(await client.submit("count", "", "another"), session="another") == ["1"]


@pytest.mark.parametrize("who", [ANN, Identity("", None)], ids=["ann", "nobody"])
async def test_a_function_sees_who_asks(client: Client, who: Identity) -> None:
    event = await client.submit("introduce", "", "tab", who)
    [output] = await client.ends(event, session="tab")
    name = "ann ann" if who is ANN else "None AnonymousUser"
    assert output == f"{name} True tab"


async def test_each_change_of_a_job_is_told_once_as_plain_data(client: Client) -> None:
    event = await client.submit("work", "quick", "tab", ANN)
    await client.ends(event, session="tab")
    mine = [each for each in client.changes if each.event_id == event]
    assert [each.action for each in mine] == ["job.queued", "job.started", "job.done"]
    last = mine[-1]
    assert last.started is not None and last.finished is not None
    assert last.submitted <= last.started <= last.finished and last.messages >= 2
    assert (last.session, last.identity, last.username, last.fn_name) == ("tab", ANN.key, "ann", "work")


async def test_what_a_process_loads_first_is_loaded_once_before_its_first_function(client: Client) -> None:
    events = [await client.submit("prepared", name) for name in ("a", "b")]
    [first, second] = await client.ends(*events)
    assert first == second and "loaded" in first


async def test_large_inputs_and_answers_arrive_whole(client: Client) -> None:
    text = "ä" * 400_000
    assert await client.ends(await client.submit("free", f"quick{text}")) == [f"QUICK{text.upper()}"]
    assert await client.run("free", f"quick{text}") == f"QUICK{text.upper()}"
