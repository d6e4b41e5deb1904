"""Events whose worker dies or is told to end: those that may are run again, and what runs may end first."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from blocks_app.running.updates import apply_edits
from blocks_app.web.registry import mount, unmount
from queue_app.engines.large_inputs import LARGE
from queue_app.engines.worker_registry import ProcessInfo, drain, processes_now, undrain
from queue_app.execution.engine import close_engine, engine_of
from tests.engine_contract.apps import PAGE
from tests.engine_contract.conftest import Client
from tests.engine_contract.worker_process import Workers
from tests.queue_app.engines.test_worker_faults import running_in, upto


def idle() -> list[ProcessInfo]:
    """The workers that take from no queue."""
    return [each for each in processes_now() if each.role == "worker" and not each.queues]


@pytest.fixture(scope="module")
def workers(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    site = Workers(redis_url, tmp_path_factory.mktemp("retries"), timeout=1.0, first=8)
    site.begin()
    site.begin(CONTRACT_GRACE="0.2")
    site.wait()
    yield site
    site.stop()


@pytest.fixture
async def client(workers: Workers, settings: Any, tmp_path: Path) -> AsyncIterator[Client]:
    workers.prepare(settings)
    served = mount(PAGE)
    started = Client(PAGE, engine_of(served), tmp_path)
    yield started
    started.let_end("a", "b", "c", "again")
    await close_engine(served)
    unmount(PAGE)


async def test_what_may_be_run_again_is_when_its_worker_has_died_and_its_page_goes_on_with_what_it_shows(
    client: Client, workers: Workers
) -> None:
    event = await client.submit("persist", "again" + " " * 2 * LARGE)  # inputs that are not with the event
    killed = await running_in(client, "again")
    reader = client.engine.subscribe("s")
    seen = await upto(reader, "process_generating")
    reader.close()
    os.kill(killed, signal.SIGSTOP)  # as good as dead, and there for the next test
    await client.until(lambda: len([line for line in client.notes() if line.startswith("process")]) == 2)
    assert await running_in(client, "again") != killed
    client.let_end("again")
    messages = await client.messages([event])
    os.kill(killed, signal.SIGCONT)
    assert seen and [each["msg"] for each in messages].count("process_completed") == 1
    assert messages[-1]["success"] and messages[-1]["output"]["data"] == ["again"]
    [toast] = [each["log"] for each in messages if each["msg"] == "log"]
    assert "waits to be run again" in toast
    shown: list[str] = []
    value: Any = None
    for each in messages:
        if each["msg"] == "process_generating":
            data = each["output"]["data"]
            value = data[0] if value is None else apply_edits(value, data[0])
            shown.append(value)
    assert shown[-1] == "again" and shown[0] == "a" and shown.count("a") == 2


async def test_a_worker_that_drains_begins_nothing_new_until_it_may_again(client: Client, workers: Workers) -> None:
    nodes = {each.pid: each.node for each in processes_now() if each.role == "worker"}
    running = await client.submit("stay", "a")
    await running_in(client, "a")
    for node in nodes.values():
        drain(node)
    client.let_end("a")
    assert await client.ends(running) == ["A"]
    waits = await client.submit("stay", "b")
    await client.until(
        lambda: (
            [each.draining for each in processes_now() if each.role == "worker" and not each.queues] == ["drain"] * 2
        )
    )
    assert "b" not in [line.split()[-1] for line in client.notes()]
    undrain(nodes[workers.processes[0].pid])
    assert await running_in(client, "b") == workers.processes[0].pid
    client.let_end("b")
    assert await client.ends(waits) == ["B"]
    undrain(nodes[workers.processes[1].pid])
    await client.until(lambda: all(each.takes_works for each in processes_now() if each.role == "worker"))


async def test_a_worker_that_is_told_to_end_lets_what_runs_end_for_some_time_and_others_run_the_rest(
    client: Client, workers: Workers
) -> None:
    patient, hasty = workers.processes
    first = await client.submit("persist", "again")
    while await running_in(client, "again") != hasty.pid:  # whichever took it
        client.let_end("again")
        await client.ends(first)
        (client.folder / "again.go").unlink()
        first = await client.submit("persist", "again")
    hasty.send_signal(signal.SIGTERM)
    await client.until(lambda: client.notes()[-1] == f"process {patient.pid} again")
    ticking = await client.submit("tick", "t")
    await client.noted("tick t")
    last = await client.submit("stay", "a")
    await running_in(client, "a")
    patient.send_signal(signal.SIGTERM)
    client.let_end("again", "a")
    assert sorted(await client.ends(first, last)) == ["A", "again"]
    await client.engine.cancel("s", ticking)
    await client.until(lambda: patient.poll() is not None and hasty.poll() is not None)
    assert (patient.returncode, hasty.returncode) == (0, 0)
    assert json.dumps(client.notes()).count("tick t") >= 1
