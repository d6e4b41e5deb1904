"""The core decides, the drivers carry out: no rule stands in them, let alone twice."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from blocks_client._core.core import Core
from blocks_client._core.http import Open, Read, Response, Sleep
from blocks_client._core.stream_flows import heartbeat
from blocks_client._exceptions import TransportError
from tests.client.conftest import CONFIG, INFO

SOURCES = Path(__file__).resolve().parents[2] / "client" / "blocks_client"
#: What carries out and what programs hold; `transport` makes a status of an answer and `connections` ends none.
DRIVERS = [
    path.relative_to(SOURCES).as_posix()
    for folder in ("_drivers", "_facade")
    for path in sorted((SOURCES / folder).glob("*.py"))
    if path.name != "transport.py"
]
CORE = [path.relative_to(SOURCES).as_posix() for path in sorted((SOURCES / "_core").glob("*.py"))]
#: What only the core judges by.
JUDGED = {"redirected", "refusal", "is_same", "retry_after", "stale", "unsent", "status_code", "follow", "refused"}


def names_of(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }


@pytest.mark.parametrize("name", DRIVERS)
def test_a_driver_looks_at_no_status_and_follows_nothing(name: str) -> None:
    tree = ast.parse((SOURCES / name).read_text())
    assert not JUDGED & names_of(tree)
    numbers = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert not numbers & set(range(200, 600))


@pytest.mark.parametrize("name", CORE)
def test_the_core_knows_neither_network_nor_threads_that_wait(name: str) -> None:
    tree = ast.parse((SOURCES / name).read_text())
    tops = {each.name.split(".")[0] for node in tree.body if isinstance(node, ast.Import) for each in node.names}
    assert not tops & {"httpx", "asyncio", "socket", "selectors", "ssl"}
    assert "sleep" not in names_of(tree)


class Beats:
    """A server's heartbeat: what becomes of each try."""

    def __init__(self, *tries: Any) -> None:
        self.tries = list(tries)
        self.slept: list[float] = []
        self.pieces = 0

    def run(self) -> list[float]:
        core = Core("http://app.example/", download_files=False)
        core.app = type("App", (), {"api": core.src, "config": CONFIG, "info": INFO})()  # type: ignore[assignment]
        flow = heartbeat(core, "s", lambda: not self.tries)
        try:
            command = next(flow)
            while True:
                try:
                    command = flow.send(self.do(command))
                except TransportError as error:
                    command = flow.throw(error)
        except StopIteration:
            return self.slept

    def do(self, command: Any) -> Any:
        if isinstance(command, Sleep):
            self.slept.append(command.seconds)
        if isinstance(command, Read):
            self.pieces -= 1
            return b"beat" if self.pieces >= 0 else None
        if isinstance(command, Open):
            found = self.tries.pop(0)
            if isinstance(found, Exception):
                raise found
            self.pieces = found.get("pieces", 0)
            return Response(found.get("status", 200), {}, b"", command.request.url, {})
        return None


def test_a_heartbeat_comes_back_ever_more_slowly_until_it_beats_again() -> None:
    cut = TransportError("cut")
    assert Beats(cut, cut, {"pieces": 1}, cut, {}).run() == [1, 2, 1, 2, 4]
    assert max(Beats(*[cut] * 12).run()) == 60


@pytest.mark.parametrize(("status", "comes_back"), [(404, False), (401, True), (429, True), (502, True)])
def test_a_server_without_heartbeat_is_left_alone(status: int, comes_back: bool) -> None:
    """A login that has expired may be renewed meanwhile, by the stream or by a call."""
    assert (len(Beats({"status": status}, {}).run()) == 2) is comes_back
