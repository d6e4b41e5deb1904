"""A small share of `make fuzz`: made-up requests to every endpoint of a real server; no 5xx, no hang, no complaint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz import sockets
from tests.fuzz.judge import check
from tests.fuzz.requests import requests
from tests.fuzz.server import Server


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
    def one(request: bytes) -> None:
        check(server.port, request)

    one()


def test_made_up_frames(server: Server, tmp_path: Path) -> None:
    sockets.fuzz(server.port, frames=100, seed=1)
