"""Events that end before their time: cancelled, without access any more, with their session."""

from __future__ import annotations

import asyncio

import pytest
from django.conf import settings

from auth_app.visitors import known
from queue_app.exceptions import EventCancelled
from queue_app.execution.job import AccessEnded
from tests.engine_contract.conftest import ANN, BOB, Client


async def test_one_that_waits_is_cancelled_and_never_runs(client: Client) -> None:
    reader = client.engine.subscribe("s")
    running, waiting, next_one = [await client.submit("work", name) for name in ("a", "b", "c")]
    await client.noted("begin a")
    assert await client.engine.cancel("s", waiting)
    client.let_end("a", "b", "c")
    reader.close()
    messages = await client.messages([running, waiting, next_one])
    ends = [each["event_id"] for each in messages if each["msg"] == "process_completed"]
    assert sorted(ends) == sorted([running, waiting, next_one])
    assert "begin b" not in client.notes() and client.actions(waiting) == ["job.queued", "job.cancelled"]
    assert not await client.engine.cancel("s", waiting)


@pytest.mark.parametrize(
    ("name", "noted"), [("sleeper", "cancelled x"), ("watcher", "unwanted x")], ids=["async", "plain that looks"]
)
async def test_one_that_runs_is_cancelled_and_its_function_hears_of_it(client: Client, name: str, noted: str) -> None:
    event = await client.submit(name, "x")
    await client.noted("begin x")
    assert await client.engine.cancel(None, event)
    messages = await client.messages([event])
    assert [each["msg"] for each in messages].count("process_completed") == 1
    await client.noted(noted)
    await client.until(lambda: client.engine.snapshot().running == 0)
    assert client.actions(event) == ["job.queued", "job.started", "job.cancelled"]


async def test_a_stream_that_is_cancelled_is_closed_and_says_its_last_values(client: Client) -> None:
    event = await client.submit("hold open", "a")
    reader = client.engine.subscribe("s")
    async with asyncio.timeout(10):
        while "process_generating" not in [entry.kind for entry in await anext(reader)]:
            pass
    assert await client.engine.cancel("s", event)
    reader.close()
    client.let_end("a")
    assert await client.ends(event) == ["a"]
    await client.noted("closed a")


async def test_nobody_cancels_what_another_session_has_started(client: Client) -> None:
    event = await client.submit("work", "a", "mine")
    assert not await client.engine.cancel("yours", event) and not await client.engine.cancel("mine", "f" * 32)
    client.let_end("a")
    assert await client.ends(event, session="mine") == ["A"]


async def test_whoever_awaits_an_event_that_is_cancelled_hears_why_there_is_no_answer(client: Client) -> None:
    job = client.job("sleeper", "x")
    waiting = asyncio.ensure_future(client.engine.run_direct(job, True))
    await client.noted("begin x")
    assert await client.engine.cancel(None, job.event_id)
    with pytest.raises(EventCancelled):
        await waiting
    await client.noted("cancelled x")


async def test_an_event_that_nobody_awaits_any_more_is_cancelled(client: Client) -> None:
    waiting = asyncio.ensure_future(client.run("sleeper", "x"))
    await client.noted("begin x")
    waiting.cancel()
    await client.noted("cancelled x")
    await client.until(lambda: client.engine.snapshot().running == 0)


async def test_a_visitor_without_access_loses_what_waits_and_what_runs_and_others_do_not(client: Client) -> None:
    mine = [await client.submit("sleeper", "x", "tab of ann", ANN), await client.submit("work", "a", "tab of ann", ANN)]
    theirs = await client.submit("free", "b", "tab of bob", BOB)
    await client.noted("begin x", "begin a", "begin b")
    await client.engine.drop(AccessEnded(identity_key=ANN.key))
    await client.ends(*mine, session="tab of ann")
    await client.noted("cancelled x")
    client.let_end("a", "b")
    assert await client.ends(theirs, session="tab of bob") == ["B"]
    assert [client.actions(each)[-1] for each in mine] == ["job.cancelled", "job.cancelled"]


async def test_the_end_of_one_login_ends_what_came_with_it(client: Client) -> None:
    def cookie(key: str) -> dict[str, object]:
        return {"headers": [("cookie", f"{settings.SESSION_COOKIE_NAME}={key}")]}

    ended = await client.submit("sleeper", "x", "one", ANN, **cookie("first"))
    kept = await client.submit("free", "b", "other", ANN, **cookie("second"))
    await client.noted("begin x", "begin b")
    await client.engine.drop(AccessEnded(session=known.digest("first")))
    await client.ends(ended, session="one")
    client.let_end("b")
    assert await client.ends(kept, session="other") == ["B"]


async def test_what_people_without_a_login_have_started_is_not_taken_away(client: Client) -> None:
    event = await client.submit("work", "a")
    await client.engine.drop(AccessEnded(identity_key=""))
    client.let_end("a")
    assert await client.ends(event) == ["A"]


async def test_a_session_that_is_ended_loses_its_events_and_its_state(client: Client) -> None:
    engine = client.engine
    assert await client.ends(await client.submit("count", "", "tab"), session="tab") == ["1"]
    await client.submit("work", "a", "tab")
    await client.noted("begin a")
    assert engine.find_session("tab", "") is not None
    found = engine.session_snapshot("tab")
    assert found is not None and found.pending == 1
    assert await engine.end_session("tab") == 1
    assert engine.find_session("tab", "") is None
    client.let_end("a")
    assert await client.ends(await client.submit("count", "", "tab"), session="tab") == ["1"]
