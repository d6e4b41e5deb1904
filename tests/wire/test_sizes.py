"""Values of any size pass a page's socket, under every server, or their event alone is refused in words."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from tests.house.sources import ROOT
from tests.ports import free_port
from tests.wire.long_page import PATIENCE, LongPage

SITE = "tests.wire.sizes_asgi:application"
LAUNCH = "from tests.wire.sizes_app import demo; demo.launch(server_port={port}, quiet=True)"
SERVERS = {
    "launch": ["-c", LAUNCH],
    "runblocks": ["manage.py", "runblocks", "--no-reload", "--port", "{port}"],
    "runserver": ["manage.py", "runserver", "--noreload", "{port}"],
    "daphne": ["-m", "daphne", "-p", "{port}", SITE],
    "uvicorn": ["-m", "uvicorn", "--port", "{port}", SITE],
}
ECHO, COUNT, MAKE = range(3)


@pytest.fixture
def served() -> Iterator[Callable[[str], str]]:
    """Starts a server in a process of its own; its address."""
    running: list[subprocess.Popen[bytes]] = []

    def start(name: str, **environment: str) -> str:
        port = free_port()
        settings = {} if name == "launch" else {"DJANGO_SETTINGS_MODULE": "tests.wire.sizes_settings"}
        inherited = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        command = [sys.executable, *(word.format(port=port) for word in SERVERS[name])]
        quiet = subprocess.DEVNULL
        running.append(
            subprocess.Popen(
                command, cwd=ROOT, env={**inherited, **settings, **environment}, stdout=quiet, stderr=quiet
            )
        )
        _wait(port)
        return f"http://127.0.0.1:{port}/"

    yield start
    for server in running:
        server.terminate()
    for server in running:
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.mark.parametrize("name", SERVERS)
def test_every_server_passes_large_values_both_ways_and_goes_on(served: Callable[..., str], name: str) -> None:
    with LongPage(served(name)) as page:
        for size in (900_000, 1_100_000):
            text = "é" * (size // 2)
            assert page.run(ECHO, text)["data"] == [text]
        assert page.run(COUNT, "x" * 17_000_000)["data"] == [17_000_000]
        assert len(page.run(MAKE, 33_000_000)["data"][0]) == 16_500_000
        refusal = page.run(COUNT, "x" * 34_000_000)
        assert (refusal["status"], refusal["detail"][:22]) == (413, "The message is larger ")
        assert page.run(COUNT, "abc")["data"] == [3]


def test_the_site_decides_how_long_a_message_may_be(served: Callable[..., str]) -> None:
    with LongPage(served("daphne", MAX_BODY="101000000")) as page:
        assert page.run(COUNT, "x" * 100_000_000)["data"] == [100_000_000]
        assert len(page.run(MAKE, 100_000_000)["data"][0]) == 50_000_000


def test_after_a_break_many_waiting_messages_come_in_small_frames(served: Callable[..., str]) -> None:
    url = served("daphne")
    with LongPage(url) as page:
        events = [page.submit(MAKE, 300_000)["event_id"] for _ in range(9)]
        events.append(page.submit(MAKE, 2_000_000)["event_id"])
    time.sleep(0.5)
    with LongPage(url, page.session) as back:  # which takes no frame above 1 MiB
        for event in events:
            assert len(back.answer(event)["data"][0]) >= 150_000
        assert back.run(COUNT, "abc")["data"] == [3]
