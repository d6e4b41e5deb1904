"""What happens to a session's events when its reader goes away; see docs/decisions/leaving.md."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from queue_app.execution.engine import engine_of
from tests.wire.asgi_client import Client
from tests.wire.conftest import App


@pytest.fixture(autouse=True)
def graces() -> Iterator[None]:
    """Readers that cannot come back are waited for shortly, others longer."""
    with override_settings(BLOCKS_ENDLESS_GRACE=0.05, BLOCKS_SESSION_GRACE=30):
        yield


async def leave(client: Client, **headers: str) -> None:
    """Read until the first value, then hang up."""
    async with client.open("GET", "/app/queue/data?session_hash=s1", headers=headers) as stream:
        await stream.until("process_generating")


async def test_without_numbers_the_events_end_soon(app: App, client: Client, join: Any) -> None:
    await join("count", "n")
    await join("count", "waits")
    await leave(client)
    app.gate.set()
    session = engine_of(app.mount).session("s1")
    async with asyncio.timeout(5):
        while session.open_events:
            await asyncio.sleep(0.01)
    assert engine_of(app.mount).snapshot().waiting == 0


async def test_with_numbers_nothing_is_lost(app: App, client: Client, join: Any) -> None:
    await join("count", "n")
    await leave(client, **{"x-blocks-numbers": "1"})
    await asyncio.sleep(0.2)
    app.gate.set()
    answer = await client.get("/app/queue/data?session_hash=s1", {"last-event-id": "0"})
    assert answer.messages[-2]["output"]["data"] == ["n2"]


async def test_a_new_reader_ends_the_grace(app: App, client: Client, join: Any) -> None:
    await join("count", "n")
    await leave(client)
    async with client.open("GET", "/app/queue/data?session_hash=s1") as stream:
        await asyncio.sleep(0.2)
        app.gate.set()
        completed = await stream.until("process_completed")
    assert completed["output"]["data"] == ["n2"]
