"""Our client and the newest official one with the scenarios that `make interop` runs on all servers; here on ours."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.interop import matrix

pytestmark = pytest.mark.interop

#: Faults of Gradio's client that no server can help; see protocol notes in docs/compatibility.md.
THEIRS = {"as_completed", "failed_iteration_ends", "close"}


@pytest.fixture(scope="module")
def outcomes(clients: Path) -> Iterator[dict[str, matrix.Outcome]]:
    """What each client did."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="interop-")))
        bases = [stack.enter_context(matrix.serving(matrix.SERVERS[0], kind, folder)) for kind in matrix.KINDS]
        for base in bases:
            matrix.wait_until_up(base, folder)
        wanted = [each for each in matrix.CLIENTS if each.name != "gradio_client 1.0.1"]
        yield {client.name: matrix.run(client, bases, folder) for client in wanted}


def test_ours(outcomes: dict[str, matrix.Outcome]) -> None:
    found = outcomes["blocks_client"].outcomes
    assert {name: text for name, text in found.items() if text != "ok"} == {}
    assert len(found) == 17


def test_the_official_one(outcomes: dict[str, matrix.Outcome]) -> None:
    found = outcomes["gradio_client 2.7.2"].outcomes
    assert {name for name, text in found.items() if text != "ok"} <= THEIRS


def test_both_print_the_same_description(outcomes: dict[str, matrix.Outcome]) -> None:
    assert outcomes["blocks_client"].view_api == outcomes["gradio_client 2.7.2"].view_api
