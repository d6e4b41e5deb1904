"""What belongs to a session: parts of the page, events that repeat, who is there, and who watches."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from auth_app.identity import ANONYMOUS, Identity
from blocks_app.running.request import RequestInfo
from queue_app.access.guards import guard, permitted
from queue_app.exceptions import NothingToWatch, NotYours, UnknownFunction
from queue_app.execution.job_factory import build_job, by_index
from queue_app.sessions.presence import VisitorInfo
from tests.engine_contract.apps import LINKED, PERMITTED
from tests.engine_contract.conftest import ANN, BOB, Client


async def built(client: Client, name: str, session: str, who: Identity = ANONYMOUS) -> list[int]:
    """Let a session build its part of the page; the numbers of the listeners in it."""
    [listener] = [each for each in client.demo.dependencies.values() if each.renders is not None]
    event = await client.submit(listener.api_name, name, session, who)
    messages = await client.messages([event], session)
    return [each["id"] for each in messages[-1]["output"]["render_config"]["dependencies"]]


async def submitted(client: Client, number: int, session: str, *data: Any, who: Identity = ANN) -> str:
    """Start a listener of a part, as endpoints do; the event's id."""
    caller = client.caller(who)
    listener = await by_index(caller, number, session, private=True)
    job = build_job(caller, listener, list(data), session)
    await client.engine.submit(job)
    return job.event_id


async def test_listeners_that_a_session_has_built_are_its_own(client: Client) -> None:
    [mine, spelled] = await built(client, "mine", "one")
    [theirs, _] = await built(client, "theirs", "another")
    assert mine == theirs  # numbers are given out for each session
    events = [await submitted(client, mine, each, "x", who=Identity("", None)) for each in ("one", "another")]
    assert await client.ends(events[0], session="one") == ["mine x"]
    assert await client.ends(events[1], session="another") == ["theirs x"]
    stream = await submitted(client, spelled, "one", str(client.folder), "ab", who=Identity("", None))
    assert await client.ends(stream, session="one") == ["ab"]


async def test_parts_of_others_and_parts_that_are_gone_are_refused(client: Client) -> None:
    [first, _] = await built(client, "a", "tab")
    with pytest.raises(NotYours):
        await submitted(client, first, "tab", "x", who=BOB)
    with pytest.raises(UnknownFunction):
        await submitted(client, first + 1_000, "tab", "x", who=Identity("", None))


async def test_who_may_start_a_listener_of_a_part_is_said_where_it_was_built(serve: Callable[..., Client]) -> None:
    client = serve(PERMITTED)
    assert PERMITTED.mount is not None
    guard(PERMITTED.mount)
    allowed = []
    for who in (ANN, BOB, ANONYMOUS):
        [number] = await built(client, "x", f"of {who.key}", who)
        listener = await by_index(client.caller(who), number, f"of {who.key}")
        assert (listener.id, listener.queue, len(listener.inputs)) == (number, False, 1)
        allowed.append(await permitted(PERMITTED.mount, who, listener))
    assert allowed == [True, False, False]


async def test_of_an_event_that_repeats_a_session_has_one_run(client: Client) -> None:
    reader = client.engine.subscribe("s")
    first = await client.submit("tick", "first")
    await client.noted("tick first")
    second = await client.submit("tick", "second")
    await client.noted("tick second")
    assert client.actions(first)[-1] == "job.cancelled" and client.actions(second)[-1] == "job.started"
    assert await client.engine.cancel("s", second)
    reader.close()


async def test_functions_that_tidy_up_run_once_when_the_last_who_was_there_has_left(client: Client) -> None:
    caller = client.caller(ANN)
    client.engine.claim("tab", ANN.key)
    here = [client.engine.attend("tab", VisitorInfo("tab", ANN.key, "ann", caller.request_info)) for _ in range(2)]
    here[0].leave()
    here[1].leave(for_good=True)
    await client.noted("left ann tab")
    await asyncio.sleep(0.05)
    assert client.notes().count("left ann tab") == 1


async def test_what_functions_have_shown_is_known_while_they_run_and_until_the_page_is_loaded_anew(
    serve: Callable[..., Client],
) -> None:
    client = serve(LINKED)
    [text, name, out] = [each._id for each in client.demo.blocks.values() if each.get_block_name() == "textbox"]

    async def shown(who: Identity = ANN) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(await client.engine.shown("tab", who.key))
        return found

    event = await client.submit("hold open", "a", "tab", ANN)
    reader = client.engine.subscribe("tab")
    async with asyncio.timeout(20):
        while "process_generating" not in [entry.kind for entry in await anext(reader)]:
            pass
    reader.close()
    assert await shown() == {str(text): str(client.folder), str(name): "a", str(out): "a"}
    client.engine.loaded("tab")
    assert (await shown())[str(out)] == "a"  # the page hears it again from the event
    client.let_end("a")
    await client.ends(event, session="tab")
    assert (await shown())[str(out)] == "A" and await shown(BOB) == {}
    client.engine.loaded("tab")
    assert await shown() == {}


async def test_a_page_that_comes_back_hears_whether_anything_is_kept(serve: Callable[..., Client]) -> None:
    client = serve(LINKED)
    await client.ends(await client.submit("count", "", "tab", ANN), session="tab")
    client.engine.claim("other", ANN.key)
    assert await client.engine.holds("tab") and not await client.engine.holds("other")
    client.engine.forget_state("tab")
    async with asyncio.timeout(10):
        while await client.engine.holds("tab"):
            await asyncio.sleep(0.01)


async def test_operators_see_the_values_of_a_session(serve: Callable[..., Client]) -> None:
    client = serve(LINKED)
    await client.ends(await client.submit("count", "", "tab", ANN), session="tab")
    found = client.engine.session_snapshot("tab")
    assert found is not None and [(each.kind, each.size > 0) for each in found.values] == [("int", True)]


async def test_a_second_reader_watches_one_event_of_its_visitor(client: Client) -> None:
    event = await client.submit("hold open", "a", "tab", ANN)
    page = client.engine.subscribe("tab")
    here, other = (VisitorInfo("tab", who.key, who.username, RequestInfo()) for who in (ANN, BOB))
    viewer = await client.engine.watch(event, here, 0)
    with pytest.raises(NothingToWatch):
        await client.engine.watch(event, other, 0)
    client.let_end("a")
    kinds: list[str] = []
    async with asyncio.timeout(10):
        while "process_completed" not in kinds:
            kinds += [entry.kind for entry in await anext(viewer)]
    assert kinds.count("process_completed") == 1 and not page.replaced
    viewer.close()
    page.close()
