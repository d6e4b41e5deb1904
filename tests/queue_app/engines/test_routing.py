"""Which worker gets an event: by its group and its version of the app; and what becomes of those that none can run."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from blocks_app.web.registry import Mount, mount, unmount
from queue_app.engines.worker_registry import processes_now, web_presence
from queue_app.execution.engine import close_engine, engine_of
from queue_app.operations.redis_checks import check_versions
from tests.engine_contract.apps import PAGE, SMALL
from tests.engine_contract.conftest import Client
from tests.engine_contract.worker_process import Workers
from tests.queue_app.engines.test_worker_faults import running_in

THIS, POOL, OTHER = range(3)


@pytest.fixture(scope="module")
def workers(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """One of this code, one for a group alone, and one of other code that lacks an app, too."""
    site = Workers(redis_url, tmp_path_factory.mktemp("routing"), timeout=1.0, first=6)
    site.begin(CONTRACT_WAIT="2")
    site.begin(CONTRACT_WAIT="2", queues="blocks-pool")
    site.begin(CONTRACT_WAIT="2", CONTRACT_CODE="other")
    site.wait()
    yield site
    site.stop()


@pytest.fixture
async def client(workers: Workers, settings: Any, tmp_path: Path) -> AsyncIterator[Client]:
    workers.prepare(settings)
    settings.BLOCKS_WORKER_WAIT = 2
    settings.BLOCKS_WORKER_QUEUES = {"pool": "blocks-pool"}
    started = Client(PAGE, engine_of(mount(PAGE)), tmp_path)
    await started.until(lambda: {each.pid for each in processes_now()} >= {each.pid for each in workers.processes})
    yield started
    started.let_end("a", "b", "c")
    await close_engine(served(PAGE))
    unmount(PAGE)


def served(page: Any) -> Mount:
    assert page.mount is not None
    return page.mount  # type: ignore[no-any-return]


async def test_a_group_is_run_by_the_workers_of_its_queue_and_all_else_by_the_others(
    client: Client, workers: Workers
) -> None:
    pooled, usual = await client.submit("stay in the pool", "a"), await client.submit("stay", "b")
    assert await running_in(client, "a") == workers.processes[POOL].pid
    assert await running_in(client, "b") == workers.processes[THIS].pid
    client.let_end("a", "b")
    assert sorted(await client.ends(pooled, usual)) == ["A", "B"]
    assert await client.run("stay in the pool", "a", counted=False) == "A"
    assert await running_in(client, "a") == workers.processes[POOL].pid


async def test_events_are_run_by_workers_with_the_code_of_their_page_however_many_others_there_are(
    client: Client, workers: Workers
) -> None:
    events = [await client.submit("free", "quick") for _ in range(10)]
    assert await client.ends(*events) == ["QUICK"] * 10
    written = workers.log(OTHER)
    assert written.count("has another version of the app tests.engine_contract.page, and hands on") == 1
    small = Client(SMALL, engine_of(mount(SMALL)), client.folder)
    events = [await small.submit("free", "quick") for _ in range(4)]
    assert await small.ends(*events) == ["QUICK"] * 4
    assert workers.log(OTHER).count(f"lacks the app {served(SMALL).key}, and hands on") <= 1  # not for each event
    mine = [each.msg for each in check_versions() if "worker2" in each.msg]  # as `manage.py check --deploy` says it
    for what, page in (("run another version of it", PAGE), ("do not have this app", SMALL)):
        [told] = [each for each in mine if what in each and f"the events of {served(page).key}." in each]
        assert "worker0" not in told and "worker1" not in told
    await close_engine(served(SMALL))
    unmount(SMALL)


async def test_pages_of_another_version_are_run_by_its_workers_beside_the_first(
    client: Client, workers: Workers
) -> None:
    [versions] = [each.apps for each in processes_now() if each.pid == workers.processes[OTHER].pid]
    await close_engine(served(PAGE))
    served(PAGE).attachments["revision"] = versions[served(PAGE).key]
    client.engine = engine_of(served(PAGE))
    events = [await client.submit("stay", name) for name in ("a", "b")]
    assert await running_in(client, "a") == workers.processes[OTHER].pid
    client.let_end("a", "b")
    assert await client.ends(*events) == ["A", "B"]


async def test_an_event_that_no_worker_can_run_ends_after_a_while_and_one_of_old_code_at_once(
    client: Client, workers: Workers, caplog: pytest.LogCaptureFixture
) -> None:
    await close_engine(served(PAGE))
    served(PAGE).attachments["revision"] = "to come"
    web_presence().started = time.time() + 1.0  # after the workers
    client.engine = engine_of(served(PAGE))
    [told] = await client.ends(await client.submit("free", "quick"))
    assert "No worker is there that can run this" in told["error"]
    written = caplog.text + "".join(workers.log(number) for number in (THIS, POOL, OTHER))
    assert written.count("in revision to come. Its events wait 2 s") == 1
    web_presence().started = 1.0  # long before the workers
    await client.until(lambda: any(each.started == 1.0 for each in processes_now()))
    [told] = await client.ends(await client.submit("free", "quick"))
    assert told["error"] == "The app has changed since this page was loaded. Please reload the page."


async def test_a_worker_says_at_its_start_that_it_has_other_code_than_the_web_processes(
    client: Client, workers: Workers
) -> None:
    assert await client.run("free", "quick") == "QUICK"
    engine_of(mount(SMALL))
    mine, small = os.getpid(), served(SMALL).key
    await client.until(lambda: any(each.pid == mine and small in each.apps for each in processes_now()))
    workers.start(CONTRACT_CODE="other", CONTRACT_WAIT="2")
    web = f"{socket.gethostname()}:{os.getpid()}"
    said = f"This worker has another version of the app {served(PAGE).key}, beside the web processes {web}."
    await client.until(lambda: said in workers.log(OTHER + 1))
    await client.until(lambda: f"This worker lacks the app {small}, beside" in workers.log(OTHER + 1))
    await close_engine(served(SMALL))
    unmount(SMALL)
