"""The official Python clients, the one of Gradio 4.36 and the newest, against our server."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interop.conftest import Run

pytestmark = pytest.mark.interop

LETTERS = [[word, {"letters": list(word)}] for word in ("a", "ab", "abc", "abcd")]
HIDDEN = "The upstream Gradio app has raised an exception but has not enabled verbose error reporting."


@pytest.fixture(scope="module", params=["1.0.1-daphne", "2.7.2-daphne", "2.7.2-uvicorn"])
def setting(request: pytest.FixtureRequest, outcomes: Run) -> tuple[str, dict[str, Any]]:
    """The client's version, and what its scenarios gave."""
    version, server = request.param.split("-")
    return version, outcomes(version, request.getfixturevalue(server))


@pytest.fixture
def seen(setting: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """What the scenarios gave."""
    return setting[1]


@pytest.fixture
def is_old(setting: tuple[str, dict[str, Any]]) -> bool:
    """Whether this is the client of Gradio 4.36."""
    return setting[0] == "1.0.1"


def raised(text: str, is_old: bool) -> list[str]:
    """How a client raises an error of the app."""
    return ["AppError", f"The upstream Gradio app has raised an exception: {text}" if is_old else text]


def test_predict(seen: dict[str, Any]) -> None:
    assert seen["predict"] == ["hi:5", "hi:4", "é\u2028\x85ß:1"]


def test_an_interface(seen: dict[str, Any]) -> None:
    assert seen["interface"] == {"answers": ["Hello Ada!"] * 2, "named": ["/predict"], "steps": LETTERS[:2]}


def test_many_jobs_of_one_client(seen: dict[str, Any]) -> None:
    assert seen["many"] == [f"n{number}:{number}" for number in range(12)]


def test_one_client_in_many_threads(seen: dict[str, Any]) -> None:
    assert seen["threads"] == [f"t{number}:{number}" for number in range(24)]


def test_iterate_a_generator(seen: dict[str, Any]) -> None:
    assert seen["iterate"] == {"values": LETTERS, "outputs": LETTERS, "result": LETTERS[-1]}


def test_view_api(seen: dict[str, Any]) -> None:
    text = seen["view_api"]
    assert text.startswith(
        "Client.predict() Usage Info\n---------------------------\nNamed API endpoints: 12\n\n"
        ' - predict(text, num, api_name="/echo") -> out\n'
        "    Parameters:\n     - [Textbox] text: str (required)  \n     - [Number] num: float (required)  \n"
        "    Returns:\n     - [Textbox] out: str \n"
    )
    assert "     - [Number] pause: float (not required, defaults to:   0.1)  \n" in text
    assert "     - [File] file: filepath (required)  \n" in text


def test_view_api_knows_every_endpoint(seen: dict[str, Any]) -> None:
    assert {"/echo", "/direct", "/who"} <= set(seen["view_all"])
    assert "/echo_1" not in seen["view_all"]


def test_status_tells_rank_and_queue(seen: dict[str, Any]) -> None:
    assert seen["status"] == {"rank": 1, "size": 2, "results": ["awake"] * 3, "last": "FINISHED"}


def test_progress_and_log(seen: dict[str, Any]) -> None:
    expected = {"unit": [0, 4, "steps", "working"], "log": ["nearly there", "info"], "result": "done"}
    assert seen["progress"] == expected


def test_cancel_a_running_generator(seen: dict[str, Any]) -> None:
    expected = {"outcome": ["CancelledError", ""], "code": "CANCELLED", "free": "again:1", "again": "0"}
    assert seen["cancel_running"] == expected


def test_cancel_a_waiting_job_spares_the_others(seen: dict[str, Any]) -> None:
    assert seen["cancel_waiting"] == {"outcome": ["CancelledError", ""], "others": ["awake", "awake"]}


def test_upload_and_download(seen: dict[str, Any]) -> None:
    assert seen["files"] == {"text": "HELLO\n", "name": "loud up.txt"}


def test_a_path_that_was_not_uploaded_is_refused(seen: dict[str, Any]) -> None:
    kind, text = seen["bad_file"]
    assert kind == "AppError"
    assert "root:" not in text


def test_state_per_client(seen: dict[str, Any]) -> None:
    assert seen["state"] == ["a", "a,b", "c"]


def test_errors(seen: dict[str, Any], is_old: bool) -> None:
    errors = seen["errors"]
    assert errors["gr"] == raised("bad <x>", is_old)
    assert errors["plain"][0] == "AppError"
    assert errors["plain"][1].startswith(HIDDEN)
    assert errors["shown"] == raised("secret detail", is_old)
    assert errors["late"] == raised("too late", is_old)
    assert (errors["late_values"], errors["after"]) == (["first"], "fine:1")


def test_a_full_queue(seen: dict[str, Any]) -> None:
    refused = ["QueueError", "Queue is full! Please try again."]
    assert seen["queue_full"] == {"refused": refused, "others": ["awake"] * 3}


def test_batches(seen: dict[str, Any]) -> None:
    assert seen["batch"] == [0, 2, 4, 6, 8, 10]


def test_endpoints_outside_the_queue(seen: dict[str, Any]) -> None:
    assert seen["unqueued"] == "now:2"


def test_hidden_and_private_endpoints(seen: dict[str, Any]) -> None:
    kind, text = seen["undocumented"].pop("unknown")
    assert (kind, text.partition(" Did")[0].partition(" There")[0]) == (
        "ValueError",
        "Cannot find a function with `api_name`: /nothing.",
    )  # ours goes on with the names that there are
    assert seen["undocumented"] == {"hidden": "psst:1", "private": ["ValueError", "Invalid function index: 13."]}


def test_functions_see_the_request(seen: dict[str, Any]) -> None:
    assert seen["request"] == "gradio_client"


def test_functions_that_are_offered_without_components(seen: dict[str, Any]) -> None:
    assert seen["functions_alone"] == [[8, ["d", "e"]], [3, ["y"]], "HELLO\n"]


def test_a_conversation_stays_with_the_session(seen: dict[str, Any]) -> None:
    last = "2 b kindly"
    assert seen["conversation"] == {
        "first": "0 a plainly",
        "second": last,
        "steps": ["2", last],
        "other": "0 c plainly",
    }
