"""Celery's prefork pool: one work at a time in each process, so a function that goes on can be ended with it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blocks_app.web.registry import mount, unmount
from queue_app.engines.worker_registry import processes_now
from queue_app.execution.engine import close_engine, engine_of
from tests.engine_contract.apps import PAGE
from tests.engine_contract.conftest import Client
from tests.engine_contract.worker_process import Workers
from tests.queue_app.engines.test_worker_faults import running_in


@pytest.fixture(scope="module")
def workers(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    site = Workers(redis_url, tmp_path_factory.mktemp("prefork"), first=4, pool="prefork", timeout=1.0)
    site.start()
    yield site
    site.stop()


async def test_a_plain_function_that_goes_on_after_a_cancel_is_ended_and_the_worker_lives_on(
    workers: Workers, settings: Any, tmp_path: Path
) -> None:
    workers.prepare(settings)
    served = mount(PAGE)
    client = Client(PAGE, engine_of(served), tmp_path)
    event = await client.submit("stay", "a")
    ended = await running_in(client, "a")
    page = client.engine.subscribe("s")
    async with asyncio.timeout(10):
        await anext(page)
    assert await client.engine.cancel("s", event)
    messages = await client.messages([event])
    [toast] = [each["log"] for each in messages if each["msg"] == "log"]
    assert "has 0.2 s to stop by itself" in toast and messages[-1]["msg"] == "process_completed"
    following = await client.submit("stay", "b")
    assert await running_in(client, "b") != ended
    await client.until(lambda: not is_there(ended))
    client.let_end("b")
    assert await client.ends(following) == ["B"]
    assert workers.processes[0].poll() is None and "a" not in [line.split()[-1] for line in client.notes()[1:]]
    await close_engine(served)
    unmount(PAGE)


async def test_a_process_that_gives_no_sign_of_life_is_ended_by_its_worker(
    workers: Workers, settings: Any, tmp_path: Path
) -> None:
    workers.prepare(settings)
    served = mount(PAGE)
    client = Client(PAGE, engine_of(served), tmp_path)
    event = await client.submit("stay", "a")
    silent = await running_in(client, "a")
    await client.until(lambda: silent in [each.pid for each in processes_now()])
    os.kill(silent, signal.SIGSTOP)  # as a function does that never lets go of the interpreter
    [told] = await client.ends(event)
    assert "has died" in told["error"]
    async with asyncio.timeout(90):
        while is_there(silent):
            await asyncio.sleep(0.05)
    assert workers.processes[0].poll() is None
    client.let_end("b")
    assert await client.run("stay", "b") == "B"
    await close_engine(served)
    unmount(PAGE)


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
