"""A worker dies when it has told how an event has ended, and not yet given its slot back: nobody tells it again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from blocks_app.web.registry import mount, unmount
from queue_app.engines import large_inputs
from queue_app.engines.celery import CeleryEngine
from queue_app.engines.worker_engine import WorkerEngine
from queue_app.exceptions import AppChanged
from queue_app.execution.engine import close_engine, engine_of
from queue_app.execution.job import JobSpec
from queue_app.scheduling.redis_scheduler import Died, Lease
from queue_app.signals import job_changed
from tests.engine_contract.apps import PAGE
from tests.engine_contract.conftest import Client
from tests.engine_contract.worker_process import Workers


class Killed(Exception):
    """The process of a worker has gone at this moment."""


class Mortal:
    """A worker in this process, which may die where it would give a slot back."""

    def __init__(self, client: Client, engine: WorkerEngine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.client, self.engine, self._monkeypatch = client, engine, monkeypatch

    async def run(self) -> None:
        """Run the works that were sent last."""
        queue = self.engine.queue
        newest = await queue.link.client.get(f"{queue.prefix}works")
        await self.engine.run_work(newest.decode())

    async def run_and_die(self) -> None:
        """The same, up to the moment when the slot would be given back; then its lease is over."""
        scheduler, left = self.engine.queue.scheduler, list[Lease]()

        async def die(lease: Lease, *_: Any) -> bool:
            left.append(lease)
            raise Killed

        with self._monkeypatch.context() as patched:
            patched.setattr(scheduler, "release", die)
            with pytest.raises(Killed):
                await self.run()
        await scheduler.expire(left[0])

    async def sweep(self) -> None:
        """Let another process look for what has died."""
        assert isinstance(self.client.engine, CeleryEngine)
        await self.client.engine.queue.sweep()
        await self.client.engine.queue.outboxes.flush()


@pytest.fixture
async def worker(
    redis_url: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Mortal]:
    Workers(redis_url, tmp_path, first=10).prepare(settings)
    served = mount(PAGE)
    client = Client(PAGE, engine_of(served), tmp_path)

    async def of_no_other(*_: Any) -> list[Died]:
        raise AssertionError("There is one worker.")

    engine = WorkerEngine(served, hand_on=of_no_other)
    job_changed.connect(client.seen.append)
    yield Mortal(client, engine, monkeypatch)
    job_changed.disconnect(client.seen.append)
    await engine.close()
    await close_engine(served)
    unmount(PAGE)


@pytest.mark.parametrize("name", ["stay", "persist"], ids=["ends with its worker", "may be run again"])
async def test_an_event_whose_end_was_told_ends_once_and_its_slot_is_free(worker: Mortal, name: str) -> None:
    client = worker.client
    client.let_end("a", "b")
    event, following = await client.submit(name, "a"), await client.submit(name, "b")
    await worker.run_and_die()
    assert client.engine.snapshot().waiting == 1
    await worker.sweep()
    await worker.run()
    messages = await client.messages([event, following])
    assert [each["event_id"] for each in messages if each["msg"] == "process_completed"] == [event, following]
    assert "log" not in [each["msg"] for each in messages] and "job.failed" not in client.actions(event)
    assert (client.engine.snapshot().waiting, client.engine.snapshot().running) == (0, 0)


async def test_an_answer_that_was_given_is_no_failure_of_the_worker(worker: Mortal) -> None:
    client = worker.client
    client.let_end("a")
    asked = asyncio.create_task(client.run("stay", "a"))
    await client.until(lambda: client.engine.snapshot().running == 1)
    await worker.run_and_die()
    assert await asked == "A"
    await worker.sweep()
    assert "job.failed" not in [each.action for each in client.seen] and client.engine.snapshot().running == 0


async def test_an_event_that_its_worker_has_refused_ends_once(worker: Mortal, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(_: JobSpec) -> None:
        raise AppChanged

    client = worker.client
    client.let_end("b")
    event = await client.submit("stay", "a")
    with monkeypatch.context() as patched:
        patched.setattr(worker.engine, "_meant", refuse)
        await worker.run_and_die()
    await worker.sweep()
    following = await client.submit("stay", "b")
    await worker.run()
    ends = [each for each in await client.messages([event, following]) if each["msg"] == "process_completed"]
    assert [each["event_id"] for each in ends] == [event, following]
    assert "has changed" in ends[0]["output"]["error"]


async def test_an_event_whose_inputs_cannot_be_read_is_told_and_its_slot_is_free(
    worker: Mortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(name: str) -> list[object]:
        raise OSError(f"/srv/files/{name}")

    client = worker.client
    client.let_end("b")
    with monkeypatch.context() as patched:
        patched.setattr(large_inputs, "_read", gone)
        event = await client.submit("stay", "a" * large_inputs.LARGE)
        await worker.run()
    following = await client.submit("stay", "b")
    await worker.run()
    ends = [each for each in await client.messages([event, following]) if each["msg"] == "process_completed"]
    assert [each["event_id"] for each in ends] == [event, following]
    assert ends[0]["output"]["error"] == "The server could not read the inputs of this event. Try again."
    assert (client.engine.snapshot().waiting, client.engine.snapshot().running) == (0, 0)
