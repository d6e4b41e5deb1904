"""Workers that die or freeze, and web processes of which one reads what another has submitted."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from blocks_app.web.registry import mount, revision, unmount
from queue_app.delivery.subscription import Subscription
from queue_app.engines.celery import CeleryEngine
from queue_app.engines.worker_registry import ProcessInfo, processes_now
from queue_app.execution.engine import close_engine, engine_of
from queue_app.operations.redis_checks import check_versions
from queue_app.signals import job_changed
from tests.engine_contract.apps import PAGE
from tests.engine_contract.conftest import Client
from tests.engine_contract.worker_process import Workers


@pytest.fixture(scope="module")
def workers(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    site = Workers(redis_url, tmp_path_factory.mktemp("workers"), timeout=1.0, first=2)
    site.start(2)
    yield site
    site.stop()


@pytest.fixture
async def client(workers: Workers, settings: Any, tmp_path: Path) -> AsyncIterator[Client]:
    workers.prepare(settings)
    served = mount(PAGE)
    started = Client(PAGE, engine_of(served), tmp_path)
    job_changed.connect(started.seen.append)
    yield started
    job_changed.disconnect(started.seen.append)
    started.let_end("a", "b", "c")
    await close_engine(served)
    unmount(PAGE)


@pytest.fixture
async def elsewhere(client: Client, tmp_path: Path) -> AsyncIterator[Client]:
    """The same site as another of its web processes has it."""
    assert client.demo.mount is not None
    engine = CeleryEngine(client.demo.mount)
    yield Client(client.demo, engine, tmp_path)
    await engine.close()


async def running_in(client: Client, name: str) -> int:
    """The process that runs `stay` for this name."""
    found: list[str] = []

    def look() -> bool:
        found[:] = [line.split()[1] for line in client.notes() if line.startswith("process") and line.endswith(name)]
        return bool(found)

    await client.until(look)
    return int(found[-1])


async def upto(reader: Subscription, kind: str) -> list[Any]:
    found: list[Any] = []
    async with asyncio.timeout(20):
        while kind not in [each.kind for each in found]:
            found += await anext(reader)
    return found


async def test_one_process_submits_another_reads_and_a_third_cancels(client: Client, elsewhere: Client) -> None:
    event = await client.submit("hold open", "a")
    reader = elsewhere.engine.subscribe("s")
    first = await upto(reader, "process_generating")
    reader.close()
    assert await elsewhere.engine.cancel("s", event)
    back = client.engine.subscribe("s", first[-1].number)
    [end] = [each for each in await upto(back, "process_completed") if each.kind == "process_completed"]
    assert b'"a"' in end.message and end.event_id == event
    back.close()


async def test_whose_a_session_is_every_process_knows(client: Client, elsewhere: Client) -> None:
    from queue_app.exceptions import NotYours

    client.engine.claim("tab", "ann")
    with pytest.raises(NotYours):
        elsewhere.engine.claim("tab", "bob")
    assert elsewhere.engine.find_session("tab", "bob") is None
    assert elsewhere.engine.find_session("tab", "ann") is not None


async def test_a_limit_is_that_of_the_whole_site(client: Client, elsewhere: Client) -> None:
    first, second = await client.submit("stay", "a"), await elsewhere.submit("stay", "b", "other")
    await running_in(client, "a")
    snapshots = client.engine.snapshot(), elsewhere.engine.snapshot()
    assert [(each.running, each.waiting) for each in snapshots] == [(1, 1), (1, 1)]
    client.let_end("a", "b")
    assert await client.ends(first) == ["A"] and await elsewhere.ends(second, session="other") == ["B"]


async def test_events_of_a_frozen_worker_end_once_and_it_tells_nothing_when_it_wakes(client: Client) -> None:
    event, following = await client.submit("stay", "a"), await client.submit("stay", "b")
    frozen = await running_in(client, "a")
    os.kill(frozen, signal.SIGSTOP)
    [told] = await client.ends(event)
    assert "has died" in told["error"]
    client.let_end("a")
    assert await running_in(client, "b") != frozen
    os.kill(frozen, signal.SIGCONT)
    await client.until(lambda: client.engine.snapshot().running == 1)
    client.let_end("b")
    messages = await client.messages([following])
    ends = [each["event_id"] for each in messages if each["msg"] == "process_completed"]
    assert ends == [event, following]


async def test_each_process_says_what_it_is_and_what_it_runs(client: Client, workers: Workers) -> None:
    event = await client.submit("stay", "a")
    at_work = await running_in(client, "a")
    found: list[ProcessInfo] = []

    def told() -> bool:
        found[:] = processes_now()
        return len(found) == 3 and [work.events for each in found for work in each.works] == [(event,)]

    await client.until(told)
    [web] = [each for each in found if each.role == "web"]
    assert client.demo.mount is not None
    both = [each for each in found if each.role == "worker"]
    assert web.pid == os.getpid() and web.apps == {client.demo.declared_in: revision(client.demo.mount)}
    assert {each.pid for each in both} == {each.pid for each in workers.processes}
    assert {(each.queues, each.pool, each.slots) for each in both} == {(("blocks",), "threads", 16)}
    assert len({each.node for each in both}) == 2 and len({each.version for each in both}) == 1
    [work] = [each.works[0] for each in both if each.running]
    assert [each.pid for each in both if each.running] == [at_work]
    mine = str(client.demo.declared_in)  # other tests of this process may have left apps that no worker has
    assert [each for each in check_versions() if mine in each.msg] == []
    client.demo.mount.attachments["revision"] = "newer"
    [warning] = [each for each in check_versions() if mine in each.msg]
    assert "run another version of it" in warning.msg
    assert (work.app, work.function, work.events) == (client.demo.declared_in, "stay", (event,))
    assert all(abs(each.clock) < 30 and each.draining == "" for each in both)
    client.let_end("a")
    assert await client.ends(event) == ["A"]


async def test_a_cancel_that_its_worker_did_not_hear_is_heard_with_the_next_renewal(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(text: str) -> None:
        """As while the worker connects again."""

    event = await client.submit("sleeper", "a")
    await client.noted("begin a")
    assert isinstance(client.engine, CeleryEngine)
    await client.engine.queue.link.client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    monkeypatch.setattr(client.engine.queue, "announce", lost)
    assert await client.engine.cancel("s", event)
    await client.noted("cancelled a")
    messages = await client.messages([event])
    assert [each["msg"] for each in messages].count("process_completed") == 1


async def test_when_a_worker_is_killed_its_event_is_told_and_the_next_begins(client: Client, workers: Workers) -> None:
    events = [await client.submit("stay", name) for name in ("a", "b")]
    killed = await running_in(client, "a")
    os.kill(killed, signal.SIGKILL)
    [told] = await client.ends(events[0])
    assert "has died" in told["error"] and "Run it again" in told["error"]
    await client.until(lambda: client.actions(events[0])[-1:] == ["job.failed"])
    assert await running_in(client, "b") != killed
    client.let_end("b")
    assert await client.ends(events[1]) == ["B"]
    assert [process.poll() for process in workers.processes].count(None) == 1
