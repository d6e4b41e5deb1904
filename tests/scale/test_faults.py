"""Processes that die, freeze and come back: what a visitor sees of it, and what goes on."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.engine_contract.apps import PAGE
from tests.scale.arrangement import WEB, WORKERS, Arrangement, arranged
from tests.scale.chaos import rage
from tests.scale.tabs import Tab

SEED, TIMEOUT = 7, 1.5
FUNCTIONS = {each.api_name: fn for fn, each in PAGE.dependencies.items()}


@pytest.fixture(scope="module")
def arrangement(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arrangement]:
    """All of it, with a database that everything is recorded in."""
    with arranged(tmp_path_factory.mktemp("site"), timeout=TIMEOUT, database="postgresql") as made:
        yield made


class Notes:
    """What functions tell in a folder, and when they may end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __str__(self) -> str:
        return str(self.folder)

    @property
    def lines(self) -> list[str]:
        file = self.folder / "notes"
        return file.read_text().splitlines() if file.exists() else []

    def let_end(self, *names: str) -> None:
        for name in names:
            (self.folder / f"{name}.go").touch()

    async def told(self, line: str) -> None:
        """Wait until a function has said this."""
        async with asyncio.timeout(60):
            while line not in self.lines:
                await asyncio.sleep(0.02)

    async def process(self, name: str) -> int:
        """The process in which `stay` runs with this name, the last one of them."""
        async with asyncio.timeout(60):
            while not (found := [line.split()[1] for line in self.lines if line.endswith(f" {name}")]):
                await asyncio.sleep(0.02)
        return int(found[-1])


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path)


@pytest.fixture
async def tab(site: Arrangement) -> AsyncIterator[Tab]:
    async with Tab(f"{site.url}contract/", FUNCTIONS) as opened:
        yield opened


async def test_a_killed_worker_is_told_for_what_ran_in_it_and_what_waits_runs_in_another(
    site: Arrangement, tab: Tab, notes: Notes
) -> None:
    site.kill("worker2")  # all of it runs in the one that is killed
    running, waiting = await tab.submit("stay", str(notes), "a"), await tab.submit("stay", str(notes), "b")
    streaming = await tab.submit("hold open", str(notes), "c")
    batch = [await tab.submit("together", str(notes), name) for name in ("d", "e")]
    await notes.process("a")
    await notes.told("begin d")
    await tab.until(lambda: bool(tab.values(streaming)))
    site.kill("worker1")
    site.start(*WORKERS)
    for event in (running, streaming, batch[0]):
        assert "has died" in await tab.end(event)
    notes.let_end("b", "e")
    assert (await tab.end(waiting), await tab.end(batch[1])) == ("B", "E")
    assert not tab.lost and [line for line in notes.lines if line.startswith("end")] == ["end e"]


@pytest.mark.parametrize("victims", [WEB, ("proxy",)], ids=["web", "proxy"])
async def test_a_page_reads_on_when_what_it_is_connected_to_is_killed(
    site: Arrangement, tab: Tab, notes: Notes, victims: tuple[str, ...]
) -> None:
    waited, stream = await tab.submit("stay", str(notes), "a"), await tab.submit("hold open", str(notes), "b")
    await tab.until(lambda: bool(tab.values(stream)))
    for victim in victims:
        connections = len(tab.lives)
        site.kill(victim)
        if victim == "proxy" or len(tab.lives) == connections:
            site.start(victim)
    notes.let_end("a", "b")
    assert (await tab.end(waited), await tab.end(stream)) == ("A", "B")
    assert tab.values(stream) == ["b", "B"] and len(tab.lives) > 1 and len(set(tab.lives)) == 1
    assert not tab.lost


async def test_a_frozen_worker_that_wakes_tells_nothing_more(site: Arrangement, tab: Tab, notes: Notes) -> None:
    site.kill("worker2")  # all of it runs in the one that is frozen
    event, stream = await tab.submit("stay", str(notes), "a"), await tab.submit("hold open", str(notes), "b")
    await notes.process("a")
    await tab.until(lambda: bool(tab.values(stream)))
    site.freeze("worker1")
    site.start("worker2")
    assert "has died" in await tab.end(event) and "has died" in await tab.end(stream)
    notes.let_end("a", "b")
    site.thaw("worker1")
    await notes.told("closed b")  # it runs on, unheard
    following = await tab.submit("spell", str(notes), "xyz")
    assert await tab.end(following) == "xyz"
    assert tab.values(stream) == ["b"] and len(tab.of(following)) >= 2 and not tab.lost


async def test_redis_that_keeps_a_file_is_restarted_and_all_goes_on(site: Arrangement, tab: Tab, notes: Notes) -> None:
    running, waiting = await tab.submit("stay", str(notes), "a"), await tab.submit("stay", str(notes), "b")
    stream = await tab.submit("hold open", str(notes), "c")
    await tab.until(lambda: bool(tab.values(stream)))
    await notes.process("a")
    site.kill("redis")
    notes.let_end("a", "b", "c")
    site.start("redis")
    assert [await tab.end(event) for event in (running, waiting, stream)] == ["A", "B", "C"]
    assert tab.values(stream) == ["c", "C"] and not tab.lost


async def test_redis_that_has_lost_everything_is_told_and_new_events_run(
    site: Arrangement, tab: Tab, notes: Notes
) -> None:
    running, waiting = await tab.submit("stay", str(notes), "a"), await tab.submit("stay", str(notes), "b")
    await notes.process("a")
    site.kill("redis")
    site.forget()
    site.start("redis")
    assert [await tab.end(event) for event in (running, waiting)] == [None, None]  # the page says that they are lost
    notes.let_end("a", "b")
    following = await tab.submit("spell", str(notes), "xyz")
    assert await tab.end(following) == "xyz"
    assert [await tab.end(await tab.submit("stay", str(notes), name)) for name in ("a", "b")] == ["A", "B"]
    assert sum(line.endswith(" b") for line in notes.lines) == 1


async def test_everything_is_ended_in_any_order_under_load(site: Arrangement, notes: Notes) -> None:
    """What runs ends, what waits goes on, and no page is told of anything else."""
    order = [*WEB, *WORKERS, "proxy", "redis"]
    random.Random(SEED).shuffle(order)
    async with Tab(f"{site.url}contract/", FUNCTIONS) as first, Tab(f"{site.url}contract/", FUNCTIONS) as second:
        events = []
        for number, name in enumerate(order):
            for tab in (first, second):
                events += [(tab, await tab.submit("free", str(notes), f"quick{number}"), f"QUICK{number}")]
                events += [(tab, await tab.submit("spell", str(notes), "abcdef"), "abcdef")]
            await asyncio.to_thread(site.restart, name)
        assert [await tab.end(event) for tab, event, _ in events] == [wanted for *_, wanted in events]
        assert not first.lost and not second.lost
    begun = [line for line in notes.lines if line.startswith("begin quick")]
    assert len(begun) == 2 * len(order)


async def recorded(site: Arrangement, *events: str) -> list[tuple[str, bool]]:
    """State of these events' rows, and whether it is known when they ended, once all of them have ended."""
    assert site.postgres is not None
    names = ", ".join(f"'{event}'" for event in events)
    asked = f"SELECT event_id, state, finished IS NOT NULL FROM queue_app_event WHERE event_id IN ({names})"
    async with asyncio.timeout(60):
        while True:
            rows = {event: (state, ended) for event, state, ended in await asyncio.to_thread(site.query, asked)}
            if rows.keys() == set(events) and all(ended for _, ended in rows.values()):
                return [rows[event] for event in events]
            await asyncio.sleep(0.1)


async def test_a_database_that_is_restarted_stops_no_event_and_records_catch_up(
    site: Arrangement, tab: Tab, notes: Notes
) -> None:
    assert site.postgres is not None
    running, waiting = await tab.submit("stay", str(notes), "a"), await tab.submit("stay", str(notes), "b")
    await notes.process("a")
    await asyncio.to_thread(site.postgres.stop)
    try:
        notes.let_end("a", "b")
        meanwhile = [await tab.submit("spell", str(notes), "xyz"), await tab.submit("count", str(notes), "d")]
        assert [await tab.end(event) for event in (running, waiting, meanwhile[0])] == ["A", "B", "xyz"]
        assert await tab.end(meanwhile[1])
        async with Tab(f"{site.url}contract/", FUNCTIONS) as other:  # who comes now is let in
            meanwhile.append(await other.submit("free", str(notes), "quick"))
            assert await other.end(meanwhile[2]) == "QUICK"
    finally:
        await asyncio.to_thread(site.postgres.start)
    assert await recorded(site, running, waiting, *meanwhile) == [("done", True)] * 5
    assert not tab.lost


async def test_a_worker_that_is_killed_when_it_has_told_an_end_leaves_no_row_open(
    site: Arrangement, tab: Tab, notes: Notes
) -> None:
    site.kill("worker2")
    done, failed = await tab.submit("stay", str(notes), "a"), await tab.submit("refuse", str(notes), "b")
    assert "not b" in await tab.end(failed)
    notes.let_end("a")
    assert await tab.end(done) == "A"
    site.kill("worker1")  # which writes a moment later
    site.start(*WORKERS)
    assert await recorded(site, done, failed) == [("done", True), ("failed", True)]


async def test_each_event_ends_once_while_processes_are_killed_at_random(site: Arrangement) -> None:
    """A short run of `make chaos`."""
    outcome = await rage(site, sessions=8, events=8, kills=6, seed=SEED, pause=0.4, patience=60.0)
    assert outcome.wrong == [] and outcome.events == 64 and sum(outcome.ends.values()) == 64
    assert outcome.killed.total() >= 6
