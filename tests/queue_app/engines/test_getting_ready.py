"""A process that starts connects its engines before anybody asks, or says that it could not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.web.registry import mount, unmount
from queue_app.execution.engine import close_engine, engines_of
from queue_app.transport.routing import BlocksASGI

urlpatterns: list[Any] = []


@pytest.fixture
def demo(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[gr.Blocks]:
    settings.ROOT_URLCONF = __name__
    settings.BLOCKS_ENGINE = "queue_app.engines.celery.CeleryEngine"
    with gr.Blocks() as demo:
        text = gr.Textbox()
        gr.Button().click(str.upper, text, text)
    mounted = [mount(demo)]
    monkeypatch.setattr("blocks_app.web.registry.all_mounts", lambda: mounted)
    yield demo
    unmount(demo)


async def started() -> list[str]:
    """What a server is told by an application that it begins to serve."""
    sent: list[str] = []
    ready = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not sent:
            return {"type": "lifespan.startup"}
        ready.set()
        await asyncio.Event().wait()
        return {}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    async def django(*_: Any) -> None: ...

    serving = asyncio.ensure_future(BlocksASGI(django)({"type": "lifespan"}, receive, send))
    over = asyncio.ensure_future(ready.wait())
    await asyncio.wait([serving, over], timeout=10, return_when=asyncio.FIRST_COMPLETED)
    serving.cancel()
    over.cancel()
    await asyncio.wait([serving, over])
    assert serving.cancelled() or serving.result() is None
    return sent


async def test_the_first_event_finds_a_process_connected(demo: gr.Blocks, settings: Any, redis_url: str) -> None:
    settings.BLOCKS_REDIS_URL = redis_url
    assert await started() == ["lifespan.startup.complete"]
    assert demo.mount is not None
    (engine,) = engines_of(demo.mount).values()
    queue: Any = engine.queue  # type: ignore[attr-defined]
    wake = f"{queue.prefix}wake:{queue.outboxes.process}"
    assert await queue.link.client.pubsub_numsub(wake) == [(wake.encode(), 1)]
    await close_engine(demo.mount)


async def test_a_process_starts_though_redis_is_away(
    demo: gr.Blocks, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BLOCKS_REDIS_URL = "redis://127.0.0.1:1/0"
    assert await started() == ["lifespan.startup.complete"]
    assert "could not connect at the start" in caplog.text
