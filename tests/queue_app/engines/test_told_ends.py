"""Who decides that an event ends, and who tells it, may die at any moment: it is told, and nobody tells it again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from blocks_app.web.registry import mount, unmount
from queue_app.engines import large_inputs
from queue_app.engines.celery import CeleryEngine
from queue_app.engines.worker_engine import WorkerEngine
from queue_app.exceptions import AppChanged, QueueStopped
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

    async def begin_and_die(self) -> None:
        """Begin the works that were sent last, and be gone."""
        queue = self.engine.queue
        newest = await queue.link.client.get(f"{queue.prefix}works")
        lease = await queue.scheduler.claim(newest.decode(), queue.outboxes.process)
        assert isinstance(lease, Lease)
        await queue.scheduler.expire(lease)

    async def sweep(self) -> None:
        """Let another process look for what has died."""
        await self.web.queue.sweep()
        await self.web.queue.outboxes.flush()

    async def sweep_late(self) -> None:
        """The same when whoever was to tell an end has had the time for it."""
        untold = f"{self.web.queue.prefix}untold"
        for each in await self.web.queue.link.client.zrange(untold, 0, -1):
            await self.web.queue.link.client.zadd(untold, {each: 0})
        await self.sweep()

    @property
    def web(self) -> CeleryEngine:
        """The engine of the web process."""
        assert isinstance(self.client.engine, CeleryEngine)
        return self.client.engine

    @contextmanager
    def nobody_tells(self) -> Iterator[None]:
        """Whoever decides that an event ends dies at that moment."""
        with self._monkeypatch.context() as patched:
            for queue in (self.web.queue, self.engine.queue):  # both sweep now and then
                patched.setattr(queue, "_complete", lambda *_: None)
            yield


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


async def test_a_cancel_whose_process_dies_before_it_tells_it_is_told_by_another(worker: Mortal) -> None:
    client = worker.client
    client.let_end("a")
    event, waiting = await client.submit("stay", "a"), await client.submit("stay", "b")
    with worker.nobody_tells():
        assert await client.engine.cancel("s", waiting)
    await worker.sweep()
    assert "b" not in str(await client.messages([], "s"))
    await worker.sweep_late()
    await worker.sweep_late()
    await worker.run()
    ends = [each for each in await client.messages([event, waiting]) if each["msg"] == "process_completed"]
    assert [(each["event_id"], each["success"]) for each in ends] == [(waiting, True), (event, True)]


async def test_an_event_is_told_though_who_has_found_its_worker_dead_dies_too(worker: Mortal) -> None:
    client = worker.client
    with worker.nobody_tells():
        event = await client.submit("stay", "a")
        await worker.begin_and_die()
        await worker.sweep()
        asked = asyncio.create_task(client.run("stay", "b"))
        await client.until(lambda: client.engine.snapshot().running == 1)
        await worker.begin_and_die()
        await worker.sweep()
    assert not asked.done()
    await worker.sweep_late()
    [end] = [each for each in await client.messages([event]) if each["msg"] == "process_completed"]
    assert "has died" in end["output"]["error"]
    with pytest.raises(QueueStopped):
        await asked


@pytest.mark.parametrize("name", ["hold open", "persist"], ids=["ends", "is run again"])
async def test_a_worker_that_finds_its_own_lease_over_tells_nothing_more_of_that_run(worker: Mortal, name: str) -> None:
    """As after a pause of Redis that was longer than a lease."""
    client, queue = worker.client, worker.engine.queue
    event = await client.submit(name, "abcd")
    runs = [asyncio.create_task(worker.run())]
    await client.until(lambda: event in worker.engine.events and worker.engine.events[event].last is not None)
    await queue.link.client.zadd(f"{queue.prefix}leases", {next(iter(worker.engine.held)): 0})
    await queue.sweep()
    if name == "persist":
        runs += [asyncio.create_task(worker.run())]
        await client.until(lambda: sum(line.startswith("process") for line in client.notes()) == 2)
    client.let_end("abcd")
    await asyncio.gather(*runs)
    following = await client.submit("free", "quick")
    await worker.run()
    messages = [each for each in await client.messages([event, following]) if each["event_id"] == event]
    assert [each["msg"] for each in messages].count("process_completed") == 1
    assert messages[-1]["msg"] == "process_completed" and messages[-1]["success"] == (name == "persist")


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
