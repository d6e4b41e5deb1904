"""The end of a process: of one that runs events itself, and of one whose events run elsewhere."""

from __future__ import annotations

import asyncio

import pytest

from queue_app.exceptions import QueueStopped
from queue_app.execution.engine import engine_of
from tests.engine_contract.conftest import EMBEDDED, ENGINES, Client

embedded = pytest.mark.parametrize("engine_path", EMBEDDED, indirect=True)
shared = pytest.mark.parametrize("engine_path", [each for each in ENGINES if each not in EMBEDDED], indirect=True)


@embedded
async def test_closing_tells_everybody_and_takes_nothing_more(client: Client) -> None:
    events = [await client.submit("work", name) for name in ("a", "b")]
    awaited = asyncio.ensure_future(client.run("sleeper", "x"))
    await client.noted("begin a", "begin x")
    reader = client.engine.subscribe("s")
    closing = asyncio.ensure_future(client.engine.close())
    messages = []
    async with asyncio.timeout(10):
        async for batch in reader:
            messages += [(entry.kind, entry.event_id) for entry in batch]
    client.let_end("a", "b")
    assert sorted(event for kind, event in messages if kind == "process_completed") == sorted(events)
    with pytest.raises(QueueStopped):
        await awaited
    with pytest.raises(QueueStopped):
        await client.submit("work", "c")
    await closing
    assert client.engine.stopped and "begin b" not in client.notes()


@embedded
async def test_with_grace_what_runs_may_end_and_what_waits_does_not_begin(client: Client) -> None:
    running, waiting = [await client.submit("work", name) for name in ("a", "b")]
    await client.noted("begin a")
    reader = client.engine.subscribe("s")
    closing = asyncio.ensure_future(client.engine.close(10.0))
    client.let_end("a", "b")
    ends = {}
    async with asyncio.timeout(10):
        async for batch in reader:
            ends |= {entry.event_id: entry.message for entry in batch if entry.kind == "process_completed"}
    await closing
    assert b'"A"' in ends[running] and b"shutting down" in ends[waiting]
    assert client.notes() == ["begin a", "end a"]


@shared
async def test_what_runs_elsewhere_goes_on_and_is_read_at_the_next_process(client: Client) -> None:
    running, waiting = [await client.submit("work", name) for name in ("a", "b")]
    awaited = asyncio.ensure_future(client.run("sleeper", "x"))
    await client.noted("begin a", "begin x")
    reader = client.engine.subscribe("s")
    await client.engine.close()
    async with asyncio.timeout(10):
        assert all(entry.kind != "process_completed" for batch in [each async for each in reader] for entry in batch)
    with pytest.raises(QueueStopped):
        await awaited
    with pytest.raises(QueueStopped):
        await client.submit("work", "c")
    assert client.demo.mount is not None
    client.demo.mount.attachments.clear()
    client.engine = engine_of(client.demo.mount)
    client.let_end("a", "b")
    assert await client.ends(running, waiting) == ["A", "B"]
