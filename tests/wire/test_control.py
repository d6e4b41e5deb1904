"""cancel, reset, heartbeat and the small endpoints."""

from __future__ import annotations

import asyncio
import secrets
import time
from types import SimpleNamespace
from typing import Any

import pytest

from blocks_app.declaration.mount import Mount
from blocks_app.web import registry
from queue_app.execution import engine
from tests.wire.asgi_client import Client
from tests.wire.conftest import App


async def cancel(client: Client, event_id: str, session: str = "s1", **headers: str) -> Any:
    """Ask for the end of an event."""
    body = {"session_hash": session, "fn_index": 0, "event_id": event_id}
    return await client.post("/app/cancel", body, headers)


async def test_cancelling_ends_one_event_with_its_last_values(app: App, client: Client, join: Any) -> None:
    event_id = await join("count", "n")
    async with client.open("GET", "/app/queue/data?session_hash=s1") as stream:
        await stream.until("process_generating")
        while len([message for message in stream.messages if message["msg"] == "process_generating"]) < 2:
            await asyncio.wait_for(stream.chunks.get(), 5)
        asked = time.monotonic()
        assert (await cancel(client, event_id)).json == {"success": True}
        completed = await stream.until("process_completed")
        assert 0.4 < time.monotonic() - asked < 8
        await stream.until("close_stream")
    assert completed["success"] is True
    assert completed["output"]["data"] == ["n1"]
    app.gate.set()


async def test_a_waiting_event_leaves_the_queue(app: App, client: Client, join: Any) -> None:
    first, second = await join("wait", "a"), await join("wait", "b")
    async with client.open("GET", "/app/queue/data?session_hash=s1") as stream:
        await cancel(client, second)
        completed = await stream.until("process_completed")
        assert completed["event_id"] == second
        assert completed["output"]["data"] == [{"__type__": "update"}]
        app.gate.set()
        await stream.until("close_stream")
    results = {message["event_id"]: message for message in stream.messages if message["msg"] == "process_completed"}
    assert results[first]["output"]["data"] == ["a"]


async def test_a_plain_function_runs_on_and_the_stream_tells_one_end(app: App, client: Client, join: Any) -> None:
    event_id = await join("wait", "a")
    async with client.open("GET", "/app/queue/data?session_hash=s1") as stream:
        await stream.until("process_starts")
        await cancel(client, event_id)
        await stream.until("close_stream")
        app.gate.set()
    kinds = [message["msg"] for message in stream.messages if message["msg"] not in ("estimation", "heartbeat")]
    assert kinds == ["process_starts", "process_completed", "close_stream"]  # clients of Gradio's hear no more
    completed = await stream.until("process_completed")
    assert completed["success"] is True and completed["output"]["data"] == [{"__type__": "update"}]


async def test_cancelling_is_always_a_success(client: Client) -> None:
    assert (await cancel(client, "nothing", "nobody")).json == {"success": True}
    answer = await client.post("/app/cancel", {"session_hash": "s1", "fn_index": 0, "event_id": None})
    assert answer.status == 400


async def test_nobody_cancels_for_others(app: App, client: Client, join: Any) -> None:
    from auth_app.identity import Identity

    async def by_header(scope: Any) -> Identity:
        return Identity(dict(scope["headers"])[b"x-user"].decode(), None)

    app.mount.guard = by_header
    event_id = await join("wait", "a", **{"x-user": "ann"})
    await cancel(client, event_id, **{"x-user": "bob"})
    app.gate.set()
    answer = await client.get("/app/queue/data?session_hash=s1", {"x-user": "ann"})
    assert answer.messages[-2]["output"]["data"] == ["a"]


async def test_reset_changes_nothing(client: Client) -> None:
    assert (await client.post("/app/reset/", {"event_id": "x"})).json == {"success": True}


async def test_the_heartbeat_beats(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queue_app.transport.event_stream.HEARTBEAT_SECONDS", 0.02)
    async with client.open("GET", "/app/heartbeat/s1") as stream:
        for _ in range(3):
            assert await asyncio.wait_for(stream.chunks.get(), 5) == b"data: ALIVE\n\n"


async def test_the_number_of_a_process_is_one_that_pages_can_read_as_it_is(app: App, monkeypatch) -> None:
    monkeypatch.setattr(engine, "shares_events", lambda: False)
    monkeypatch.setattr(secrets, "randbits", lambda bits: 2**bits - 1)
    highest = [
        engine.app_id(app.mount),
        Mount("one", app.mount.blocks).app_id,
        registry.other_in_each_process(app.mount),
    ]
    monkeypatch.setattr(engine, "shares_events", lambda: True)
    monkeypatch.setattr(engine, "salted_hmac", lambda *_, **__: SimpleNamespace(hexdigest=lambda: "f" * 64))
    assert [len(str(each)) for each in (*highest, engine.app_id(app.mount))] == [15] * 4


async def test_the_small_ones(app: App, client: Client) -> None:
    assert (await client.get("/app/app_id")).json == {"app_id": app.mount.app_id}
    assert (await client.get("/app/gradio_api/startup-events")).json is False


async def test_the_status_of_the_queue(app: App, client: Client, join: Any) -> None:
    for name in "abc":
        await join("wait", name)
    answer = await client.get("/app/queue/status")
    expected = {"msg": "estimation", "event_id": None, "rank": None, "queue_size": 2, "rank_eta": None}
    assert answer.json == expected
    app.gate.set()


async def test_a_program_that_ends_its_heartbeat_has_left(app: App, client: Client) -> None:
    left: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    app.mount.blocks.unload(lambda: loop.call_soon_threadsafe(left.put_nowait, "left"))
    async with client.open("GET", "/app/heartbeat/s1") as stream:
        await asyncio.wait_for(stream.chunks.get(), 5)
        assert left.empty()
    assert await asyncio.wait_for(left.get(), 5) == "left"
