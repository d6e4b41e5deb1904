"""How many connections a client has, counted by what the system has open in this process."""

from __future__ import annotations

import asyncio
import concurrent.futures
import socket
import threading
import time

import httpx
import pytest

from blocks_client import AsyncClient, Client
from blocks_client._core.core import Core
from blocks_client._core.http import Open
from blocks_client._drivers import thread_connections
from blocks_client._drivers.async_driver import AsyncDriver
from blocks_client._drivers.thread_connections import ThreadConnections
from blocks_client._drivers.thread_driver import Driver
from blocks_client._drivers.transport import Settings
from tests.client.conftest import CLOSE, Exchange, Faulty, Opened, completed

LIMITS = httpx.Limits(max_connections=20, keepalive_expiry=0.5)


def burst_at(server: Faulty, opened: Opened) -> list[int]:
    """Let it refuse every call; gives how many sockets were open whenever somebody joined."""
    seen: list[int] = []

    def join(exchange: Exchange) -> None:
        seen.append(opened.count)
        exchange.say({"detail": "no"}, 400)

    server.answers["/queue/join"] = join
    return seen


def test_a_burst_after_a_pause_has_no_more_sockets_than_any_other(faulty: Faulty, opened: Opened) -> None:
    seen = burst_at(faulty, opened)
    with Client(faulty.base, verbose=False, httpx_kwargs={"limits": LIMITS}) as client:
        for _ in range(5):
            concurrent.futures.wait([client.submit("hi", api_name="/echo") for _ in range(60)])
            time.sleep(0.6)  # then all connections have waited too long
    assert len(opened.all) > 20
    assert 1 < max(seen) <= 20
    assert opened.count == 0


async def test_the_same_with_asyncio(faulty: Faulty, opened: Opened) -> None:
    seen = burst_at(faulty, opened)
    async with AsyncClient(faulty.base, verbose=False, httpx_kwargs={"limits": LIMITS}) as client:
        for _ in range(3):
            jobs = [client.submit("hi", api_name="/echo") for _ in range(60)]
            await asyncio.gather(*[job.result() for job in jobs], return_exceptions=True)
            await asyncio.sleep(0.6)
    assert len(opened.all) > 20
    assert 1 < max(seen) <= 20
    assert opened.count == 0


def page(server: Faulty) -> tuple[Core, Open]:
    """The request of a large answer, and who asks."""
    server.answers["/large"] = lambda exchange: exchange.say(b"x" * 3_000_000)
    core = Core(server.base, download_files=False)
    return core, Open(core.request("GET", core.src + "large"))


def test_a_connection_that_the_pool_gives_up_under_an_answer_is_closed_after_it(faulty: Faulty, opened: Opened) -> None:
    core, command = page(faulty)
    driver = Driver(core, Settings(None, True, 8))
    response, exchange = driver.request(command)
    response.extensions["network_stream"].close()  # as another thread does that tidies up
    assert len(response.read()) == 3_000_000
    assert opened.count == 1
    driver.end(response, exchange)
    assert opened.count == 0
    driver.close()


async def test_with_asyncio_too(faulty: Faulty, opened: Opened) -> None:
    core, command = page(faulty)
    driver = AsyncDriver(core, Settings(None, True, 8))
    response, exchange = await driver.request(command)
    await response.extensions["network_stream"].aclose()
    assert len(await response.aread()) == 3_000_000
    assert opened.count == 1
    await driver.end(response, exchange)
    assert opened.count == 0
    await driver.close()


def test_connections_are_used_again(faulty: Faulty, opened: Opened) -> None:
    faulty.answers["/queue/data"] = lambda exchange: exchange.stream(completed(["ok"]), CLOSE)
    with Client(faulty.base, verbose=False) as client:
        assert [client.predict("hi", api_name="/echo") for _ in range(5)] == ["ok"] * 5
        assert 1 <= opened.count <= 3


class Stream:
    """A network stream of httpx."""

    def __init__(self) -> None:
        self.inner, self.other = socket.socketpair()

    def get_extra_info(self, name: str) -> socket.socket:
        return self.inner

    def write(self, buffer: bytes) -> None:
        self.inner.sendall(buffer)

    def close(self) -> None:
        self.inner.close()
        self.other.close()


def waiting_for(sockets: ThreadConnections) -> threading.Thread:
    thread = threading.Thread(target=sockets.opening)
    thread.start()
    thread.join(0.1)
    assert thread.is_alive()
    return thread


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody goes on because a limit is over."""
    monkeypatch.setattr(thread_connections, "CLOSING", 600)


@pytest.mark.usefixtures("patient")
def test_whoever_opens_a_socket_waits_for_one_that_is_being_closed() -> None:
    sockets, stream = ThreadConnections(1), Stream()
    sockets.opening()
    sockets.opened(stream)
    waiting = waiting_for(sockets)
    stream.close()
    waiting.join(60)
    assert not waiting.is_alive()
    next_one = waiting_for(sockets)
    sockets.failed()  # the one before could not be opened
    next_one.join(60)
    assert not next_one.is_alive()


@pytest.mark.usefixtures("patient")
def test_a_closed_client_lets_everybody_go() -> None:
    sockets = ThreadConnections(0)
    waiting = waiting_for(sockets)
    sockets.shutdown()
    waiting.join(60)
    assert not waiting.is_alive()


@pytest.mark.parametrize(
    ("options", "most"),
    [
        ({"trust_env": False}, 48),
        ({"trust_env": False, "limits": httpx.Limits(max_connections=5)}, 5),
        ({"proxy": "http://127.0.0.1:1"}, 48),
        ({"proxies": {"http://": "http://127.0.0.1:1"}}, None),
        ({"mounts": {"http://": httpx.HTTPTransport()}}, None),
    ],
)
def test_where_several_pools_share_the_work_each_has_its_own_bound(
    options: dict[str, object], most: int | None
) -> None:
    assert Settings(options, True, 48).sockets == most
