"""The official JavaScript clients, the oldest 1.x and the newest, in Node against our server."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interop.conftest import Run

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module", params=["old-daphne", "new-daphne"])
def setting(request: pytest.FixtureRequest, outcomes: Run) -> tuple[str, dict[str, Any]]:
    """The client's age, and what its scenarios gave."""
    age, server = request.param.split("-")
    return age, outcomes(age, request.getfixturevalue(server))


@pytest.fixture
def seen(setting: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """What the scenarios gave."""
    return setting[1]


@pytest.fixture
def is_old(setting: tuple[str, dict[str, Any]]) -> bool:
    """Whether this is a client of 1.x, which pads results to the number of inputs."""
    return setting[0] == "old"


def test_predict(seen: dict[str, Any]) -> None:
    assert [values[0] for values in seen["predict"]] == ["hi:5", "\u2028ß:1"]


def test_many_calls_at_once(seen: dict[str, Any]) -> None:
    assert seen["many"] == [f"n{number}:{number}" for number in range(30)]


def test_iterate_a_generator(seen: dict[str, Any]) -> None:
    texts = [values[0] for values in seen["iterate"]["values"]]
    assert texts[:4] == ["a", "ab", "abc", "abcd"]
    assert seen["iterate"]["last"]["stage"] == "complete"


def test_view_api(seen: dict[str, Any]) -> None:
    assert {"/echo", "/letters", "/direct"} <= set(seen["view_api"])
    assert "/hidden" not in seen["view_api"]


def test_status_tells_the_position(seen: dict[str, Any]) -> None:
    assert seen["status"]["positions"][0] == 0
    assert (seen["status"]["last"], seen["status"]["first"]) == ("complete", ["awake"])


def test_progress(seen: dict[str, Any]) -> None:
    assert seen["progress"] == {"unit": "working", "values": ["done"], "last": "complete"}


def test_cancel_a_running_generator(seen: dict[str, Any]) -> None:
    cancelled = seen["cancel_running"]
    assert (cancelled["last"], cancelled["few"], cancelled["free"][0]) == ("complete", True, "again:1")


def test_upload_and_download(seen: dict[str, Any]) -> None:
    assert (seen["files"]["text"], seen["files"]["status"]) == ("HELLO\n", 200)


def test_state_per_client(seen: dict[str, Any]) -> None:
    assert seen["state"] == ["a", "a,b", "c"]


def test_errors(seen: dict[str, Any], is_old: bool) -> None:
    errors = seen["errors"]
    assert (errors["gr"], errors["shown"], errors["after"][0]) == (["bad <x>"], ["secret detail"], "fine:1")
    assert "secret" not in errors["plain"][0]


def test_a_full_queue(seen: dict[str, Any]) -> None:
    refused = seen["queue_full"]["refused"]
    assert refused["stage"] == "error"
    assert "busy" in refused["message"]
    assert seen["queue_full"]["others"] == ["complete"] * 3


def test_batches(seen: dict[str, Any]) -> None:
    assert seen["batch"] == [0, 2, 4, 6, 8, 10]


def test_endpoints_outside_the_queue(seen: dict[str, Any]) -> None:
    assert seen["unqueued"][0] == "now:2"


def test_hidden_and_private_endpoints(seen: dict[str, Any]) -> None:
    assert seen["undocumented"]["hidden"][0] == "psst:1"
    assert seen["undocumented"]["private"][0] != "no error"


def test_functions_that_are_offered_without_components(seen: dict[str, Any]) -> None:
    assert [values[:2] for values in seen["functionsAlone"]] == [[8, ["d", "e"]], [3, ["y"]]]
