"""A small share of `make fuzz`: made-up requests to every endpoint of a real server; no 5xx, no hang, no complaint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz import sockets
from tests.fuzz.judge import check
from tests.fuzz.requests import ROUTES, Made, requests
from tests.fuzz.server import Server
from tests.security import walk


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("fuzz")) as running:
        yield running
        assert not running.complaints, running.log.read_text()[-5000:]


def test_made_up_requests(server: Server) -> None:
    @settings(
        max_examples=300, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(requests())
    def one(made: Made) -> None:
        check(server, made)

    one()


def test_every_address_and_method_is_asked() -> None:
    """Those that the walk of T30 finds."""
    known = {(tail, method) for tail, methods in ROUTES for method in methods}
    example = {"name": "x", "event_id": "x", "session_hash": "x", "address": "x", "number": "x", "size": "x"}
    fuzzed = {(tail.format_map(example), method) for tail, method in known}
    walked = {(_with_x(route), "GET" if route.method == "WEBSOCKET" else route.method) for route in walk.ROUTES}
    assert fuzzed == walked


def _with_x(route: walk.Route) -> str:
    for sample in walk.SAMPLES.values():
        route = route._replace(path=re.sub(rf"(?<=[/=]){sample}(?=/|$)", "x", route.path))
    return route.path


def test_made_up_frames(server: Server, tmp_path: Path) -> None:
    sockets.fuzz(server.port, frames=100, seed=1)
