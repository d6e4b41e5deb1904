"""Every server that we name, told to end with everything open: who hears what, what is written, how it exits."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from .servers import ERROR, KINDS, SERVERS, UGLY, Asked, Page, Served

RUNNING = ("short", "never", "count", "count_async", "wait", "tick", "waits")


class Ended:
    """A server that was told to end while two pages and two programs had everything open."""

    def __init__(self, server: Served) -> None:
        self.server = server
        origin = server.origin()
        self.page, self.idle = Page(origin, *RUNNING), Page(origin, "quick")
        server.until("waiting")
        call = {"data": ["a program"]}
        self.direct = Asked(f"{origin}/run/wait", call)
        self.poll = Asked(f"{origin}/queue/poll?session_hash=polling&after=0")

    def read(self) -> None:
        self.code = self.server.code()
        self.codes = self.page.closed(), self.idle.closed()


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[dict[str, Ended]]:
    """All servers start together and end together."""
    folder = tmp_path_factory.mktemp("servers")
    servers = {name: Served(name, folder / name, database) for name in SERVERS}
    try:
        found = {name: Ended(server) for name, server in servers.items()}
        for number, server in enumerate(servers.values()):
            server.send_signal(signal.SIGINT if number % 2 else signal.SIGTERM)
        for ended in found.values():
            ended.read()
        yield found
    finally:
        for server in servers.values():
            server.close()


@pytest.fixture(params=SERVERS)
def ended(request: pytest.FixtureRequest, ends: dict[str, Ended]) -> Ended:
    return ends[request.param]


def test_it_exits_with_0_in_bounded_time_and_says_nothing_ugly(ended: Ended) -> None:
    assert ended.code == 0, ended.server.output
    assert not UGLY.search(ended.server.output), ended.server.output


def test_what_ends_within_the_grace_ends_and_the_rest_is_told(ended: Ended) -> None:
    assert ended.page.ends.pop("short") == (True, ["short at last"])
    assert ended.page.ends == dict.fromkeys(RUNNING[1:], (False, ERROR))


def test_sockets_close_so_that_pages_come_back(ended: Ended) -> None:
    assert ended.codes == (4001, 4001)


def test_programs_are_told_in_words(ended: Ended) -> None:
    status, text = ended.direct.answer()
    assert (status, "shutting down" in text) == (503, True)
    status, text = ended.poll.answer()
    assert (status, "shutting down" in text) == (503, True)


def test_generators_and_async_functions_are_closed_where_they_ran(ended: Ended) -> None:
    notes = ended.server.notes.read_text().splitlines()
    assert set(notes) == {"generator closed", "async generator closed", "async function cancelled"}


def test_the_last_records_are_written_and_the_process_has_left(ends: dict[str, Ended]) -> None:
    for name, ended in ends.items():
        if not ended.server.has_site:
            continue
        states = dict(ended.server.rows("SELECT state, count(*) FROM queue_app_event GROUP BY state"))
        assert states == {"done": 2, "failed": 7}, name
        assert ended.server.rows("SELECT name FROM queue_app_process") == [], name
        assert ended.server.rows("SELECT max(connections) FROM queue_app_session") == [(0,)], name


assert set(RUNNING) - {"waits"} | {"quick"} == set(KINDS)
