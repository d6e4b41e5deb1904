"""Which event starts when: order, limits, fairness, batches, capacity, and what operators change."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

import blocks_app as gr
from queue_app.exceptions import AppChanged, CannotDo, InvalidInputs, NotYours, QueueDraining, QueueFull
from tests.engine_contract.apps import SMALL
from tests.engine_contract.conftest import ANN, BOB, Client


def begun(client: Client) -> list[str]:
    return [line.removeprefix("begin ") for line in client.notes() if line.startswith("begin ")]


async def test_events_of_one_function_run_one_after_the_other_in_the_order_in_which_they_came(client: Client) -> None:
    events = [await client.submit("work", name) for name in ("a", "b", "c")]
    await client.noted("begin a")
    client.let_end("c", "b", "a")
    assert await client.ends(*events) == ["A", "B", "C"]
    assert client.notes() == ["begin a", "end a", "begin b", "end b", "begin c", "end c"]


async def test_an_event_is_told_its_place_then_its_start_then_its_end(client: Client) -> None:
    first, second = [await client.submit("work", name) for name in ("a", "b")]
    client.let_end("a", "b")
    messages = await client.messages([first, second])
    mine = [each["msg"] for each in messages if each["event_id"] == second]
    assert mine[-2:] == ["process_starts", "process_completed"] and set(mine[:-2]) <= {"estimation"}
    assert [each["number"] for each in messages] == sorted({each["number"] for each in messages})


async def test_listeners_of_one_function_share_its_limit_and_other_functions_go_on(client: Client) -> None:
    events = [await client.submit("work", "a"), await client.submit("work again", "b")]
    events += [await client.submit("spell", "x")]
    await client.noted("begin a", "spelled")
    assert begun(client) == ["a"]
    client.let_end("a", "b")
    assert sorted(await client.ends(*events)) == ["A", "B", "x"]


@pytest.mark.parametrize(("name", "at_once"), [("two at once", 2), ("free", 4)])
async def test_as_many_run_at_once_as_the_limit_says(client: Client, name: str, at_once: int) -> None:
    events = [await client.submit(name, text) for text in ("a", "b", "c", "d")]
    await client.until(lambda: len(begun(client)) == at_once)
    snapshot = client.engine.snapshot()
    assert (snapshot.running, snapshot.waiting) == (at_once, 4 - at_once)
    client.let_end("a", "b", "c", "d")
    assert sorted(await client.ends(*events)) == ["A", "B", "C", "D"]


async def test_functions_of_one_concurrency_id_share_a_limit(client: Client) -> None:
    events = [await client.submit("left", "a"), await client.submit("right", "b")]
    await client.noted("begin a")
    assert client.engine.snapshot().waiting == 1
    client.let_end("a", "b")
    assert await client.ends(*events) == ["A", "B"]
    assert client.notes().index("end a") < client.notes().index("begin b")


async def test_a_newcomer_waits_for_one_event_of_each_other_visitor(client: Client) -> None:
    many = [await client.submit("work", name, "tab of ann", ANN) for name in ("a", "b", "c", "d")]
    one = await client.submit("work", "e", "tab of bob", BOB)
    client.let_end("a", "b", "c", "d", "e")
    await client.ends(*many, session="tab of ann")
    await client.ends(one, session="tab of bob")
    assert begun(client).index("e") <= 2


async def test_what_waits_runs_together_where_the_function_takes_many(client: Client) -> None:
    first = await client.submit("together", "a")
    await client.noted("begin a")
    others = [await client.submit("together", name) for name in ("quick1", "quick2", "quick3", "quick4")]
    client.let_end("a")
    assert await client.ends(first, *others) == ["A", "QUICK1", "QUICK2", "QUICK3", "QUICK4"]
    assert [line for line in client.notes() if "begin" not in line and "end" not in line] == [
        "a",
        "quick1 quick2 quick3",
        "quick4",
    ]


async def test_more_than_may_wait_are_refused_and_known_events_are_not(serve: Callable[[gr.Blocks], Client]) -> None:
    client = serve(SMALL)
    events = [await client.submit("work", name) for name in ("a", "b", "c")]
    with pytest.raises(QueueFull):
        await client.submit("work", "d")
    with pytest.raises(QueueFull):
        await client.run("work", "d")
    again = client.job("work", "b", event_id=events[1])
    await client.engine.submit(again)
    client.let_end("a", "b", "c")
    assert await client.ends(*events) == ["A", "B", "C"]


async def test_an_event_that_comes_twice_runs_once(client: Client) -> None:
    job = client.job("work", "quick")
    for _ in range(3):
        await client.engine.submit(job)
    assert await client.ends(job.event_id) == ["QUICK"]
    await client.engine.submit(job)
    assert await client.ends(await client.submit("spell", "x")) == ["x"]
    assert begun(client) == ["quick"] and client.actions(job.event_id).count("job.done") == 1


async def test_sessions_and_ids_of_others_are_refused(client: Client) -> None:
    mine = await client.submit("work", "a", "tab", ANN)
    with pytest.raises(NotYours):
        await client.submit("work", "b", "tab", BOB)
    with pytest.raises(NotYours):
        await client.submit("work", "b", "another", BOB, event_id=mine)
    assert client.engine.find_session("tab", BOB.key) is None
    client.let_end("a")
    assert await client.ends(mine, session="tab") == ["A"]


async def test_a_validator_refuses_before_anything_waits(client: Client) -> None:
    with pytest.raises(InvalidInputs, match="not this one"):
        await client.submit("checked", "bad")
    assert client.engine.snapshot().waiting == 0
    assert await client.ends(await client.submit("checked", "quick")) == ["QUICK"]


async def test_a_job_for_another_version_of_the_app_is_refused(client: Client) -> None:
    import msgspec

    job = client.job("work", "quick")
    with pytest.raises(AppChanged):
        await client.engine.submit(msgspec.structs.replace(job, version="another"))
    await client.engine.submit(job)
    assert await client.ends(job.event_id) == ["QUICK"]


async def test_operators_pause_drain_and_limit_a_group(client: Client) -> None:
    engine, fn = client.engine, client.job("work", "").fn
    engine.change_group(fn, "pause")
    paused = await client.submit("work", "quick1")
    assert engine.snapshot().waiting == 1
    reader = engine.subscribe("s")
    async with asyncio.timeout(20):
        told = json.loads((await anext(reader))[0].message)
    reader.close()
    assert (told["msg"], told.get("paused")) == ("estimation", True)  # who waits is told why
    engine.change_group(fn, "resume")
    assert await client.ends(paused) == ["QUICK1"]
    engine.change_group(fn, "drain")
    with pytest.raises(QueueDraining):
        await client.submit("work", "quick2")
    engine.change_group(fn, "reopen")
    engine.change_group(fn, "limit", 2)
    events = [await client.submit("work", name) for name in ("a", "b")]
    await client.noted("begin a", "begin b")
    client.let_end("a", "b")
    await client.ends(*events)
    [group] = [each for each in engine.snapshot().groups if each.fn == fn]
    assert group.limit == 2 and group.names == ("work", "work again")
    with pytest.raises(CannotDo):
        engine.change_group(fn, "explode")
