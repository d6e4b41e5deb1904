"""What every directory of sessions does, wherever it keeps them; see SessionDirectory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.protocol import Log
from blocks_app.running.request import RequestInfo
from queue_app import conf
from queue_app.delivery.redis_outboxes import RedisOutboxStore
from queue_app.exceptions import NotYours
from queue_app.ids import new_id
from queue_app.redis_link import RedisLink
from queue_app.sessions.directory import MemorySessionDirectory
from queue_app.sessions.presence import PresenceRegistry, VisitorInfo
from queue_app.sessions.redis_directory import RedisSessionDirectory
from queue_app.sessions.session_directory import SessionDirectory


class Unload:
    """The end of visits: of which sessions it was heard."""

    def __init__(self) -> None:
        self.received: asyncio.Queue[str | None] = asyncio.Queue()
        with gr.Blocks() as self.demo:
            self.demo.unload(lambda: None)

    async def run(self, _function: Any, _state: Any, visitor: VisitorInfo) -> None:
        self.received.put_nowait(visitor.session_hash)


def in_memory(unload: Unload, grace: float) -> MemorySessionDirectory:
    loop = asyncio.get_running_loop()
    presence = PresenceRegistry(loop, unload.demo, grace, unload.run)
    return MemorySessionDirectory(loop, lambda session, endless: None, presence)


@pytest.fixture
def unload() -> Unload:
    return Unload()


@asynccontextmanager
async def in_redis(
    url: str, unload: Unload, prefix: str, abandoned: list[str] | None = None
) -> AsyncIterator[RedisSessionDirectory]:
    dropped = [] if abandoned is None else abandoned
    loop, link = asyncio.get_running_loop(), RedisLink(url)
    outboxes, presence = RedisOutboxStore(link, prefix), PresenceRegistry(loop, unload.demo, 0.05, unload.run)
    made = RedisSessionDirectory(loop, lambda session, endless: dropped.append(session.hash), presence, outboxes)
    yield made
    made.close()
    await outboxes.close()
    await link.close()


@pytest.fixture(params=["memory", "redis"])
async def directory(request: pytest.FixtureRequest, unload: Unload) -> AsyncIterator[SessionDirectory]:
    if request.param == "memory":
        here = in_memory(unload, 0.05)
        yield here
        here.close()
        return
    async with in_redis(request.getfixturevalue("redis_url"), unload, f"{new_id()}:") as made:
        yield made


def visitor(name: str = "s") -> VisitorInfo:
    return VisitorInfo(name, "", None, RequestInfo())


async def test_a_session_belongs_to_whoever_opens_it(directory: SessionDirectory) -> None:
    mine = directory.claim("s", "ada")
    assert (mine.hash, mine.identity_key, mine.number, mine.unread, mine.pending) == ("s", "ada", 0, 0, ())
    assert directory.claim("s", "ada") == mine == directory.find("s", "ada")
    with pytest.raises(NotYours):
        directory.claim("s", "bob")
    assert directory.find("s", "bob") is None
    assert directory.find("unknown", "ada") is None and directory.pending("unknown") == []


async def test_a_forgotten_session_may_be_begun_by_anybody_and_is_another(directory: SessionDirectory) -> None:
    before = directory.claim("s", "ada")
    directory.forget("s")
    directory.forget("s")
    assert directory.find("s", "ada") is None
    assert directory.claim("s", "bob").life != before.life


async def test_a_view_is_of_its_moment(directory: SessionDirectory) -> None:
    before = directory.claim("s", "ada")
    directory.attend("s")
    now = directory.find("s", "ada")
    assert now is not None and (before.connections, now.connections) == (0, 1)


async def test_every_connection_counts_once_until_it_leaves(directory: SessionDirectory) -> None:
    directory.claim("s", "ada")
    page, stream = directory.attend("s", visitor()), directory.attend("s")
    assert directory.claim("s", "ada").connections == 2
    for _ in range(2):
        stream.leave()
    assert directory.claim("s", "ada").connections == 1
    page.leave()
    assert directory.claim("s", "ada").connections == 0


async def test_a_visit_ends_at_once_for_good_and_after_a_while_otherwise(
    directory: SessionDirectory, unload: Unload
) -> None:
    directory.attend("goes", visitor("goes")).leave(for_good=True)
    assert await asyncio.wait_for(unload.received.get(), 5) == "goes"
    directory.attend("lost", visitor("lost")).leave()
    assert unload.received.empty()
    assert await asyncio.wait_for(unload.received.get(), 5) == "lost"


async def test_a_visit_goes_on_while_a_connection_of_it_is_open(directory: SessionDirectory, unload: Unload) -> None:
    old = directory.attend("s", visitor())
    new = directory.attend("s", visitor())
    old.leave()
    directory.attend("s").leave(for_good=True)  # a reader beside, which is no visit
    directory.attend("last", visitor("last")).leave()
    assert await asyncio.wait_for(unload.received.get(), 5) == "last"
    new.leave(for_good=True)
    assert await asyncio.wait_for(unload.received.get(), 5) == "s"


async def test_the_names_of_odd_clients_are_names(directory: SessionDirectory) -> None:
    for name in ("", "0", "ü" * 36, "a.b:c"):
        directory.claim(name, None)
        assert (found := directory.find(name, None)) is not None and found.hash == name


async def test_two_processes_know_whose_a_session_is_and_who_is_there(redis_url: str, unload: Unload) -> None:
    prefix = f"{new_id()}:"
    async with in_redis(redis_url, unload, prefix) as here, in_redis(redis_url, unload, prefix) as there:
        mine = here.claim("s", "ada")
        with pytest.raises(NotYours):
            there.claim("s", "bob")
        assert there.find("s", "bob") is None
        here.shared.channel("s").open("e" * 32)
        page = here.attend("s")
        await here.shared.flush()
        found = there.claim("s", "ada")
        assert (found.life, found.pending) == (mine.life, ("e" * 32,))
        await here.shared.link.client.set(f"{prefix}alive:{here.shared.process}", 1)
        assert await here.is_alone("s") and not await there.is_alone("s")
        page.leave()
        await here.shared.flush()
        assert await there.is_alone("s")
        await here.shared.listen()
        there.forget("s")
        async with asyncio.timeout(5):
            while here.find("s", "ada") is not None:
                await asyncio.sleep(0.005)
        assert here.claim("s", "bob").life != mine.life


async def test_what_one_process_puts_away_goes_on_at_another(redis_url: str, unload: Unload) -> None:
    prefix = f"{new_id()}:"
    async with in_redis(redis_url, unload, prefix) as here, in_redis(redis_url, unload, prefix) as there:
        here.own("s", "ada").subscribe(0, True, True).close()
        there.own("s", "ada")
        there.shared.channel("s").open("e")
        there.shared.channel("s").publish(Log(event_id="e", log="a", level="info", title=""))
        await there.shared.flush()
        here.own("s", "ada").subscribe(0, True, True).close()
        here.put_away("s")
        await here.shared.flush()
        found = there.find("s", "ada")
        assert (await there.shared.known("s")).number == 1
        assert found is not None and found.pending == ("e",)


async def test_a_program_that_has_all_may_take_its_time_for_the_next_event(redis_url: str, unload: Unload) -> None:
    abandoned: list[str] = []
    async with in_redis(redis_url, unload, f"{new_id()}:", abandoned) as directory:
        page = directory.attend("s")
        directory.own("s", "ada").subscribe(0, True, True).close()
        page.leave()
        directory.shared.channel("s").open("e")
        directory.pass_time(conf.endless_grace() + 1)
        await directory.shared.flush()
        await asyncio.sleep(0.02)
        assert abandoned == []
        page = directory.attend("s")
        page.leave()
        directory.pass_time(conf.endless_grace() + 1)
        async with asyncio.timeout(30):
            while abandoned != ["s"]:
                await asyncio.sleep(0.005)
