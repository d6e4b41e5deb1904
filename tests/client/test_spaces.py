"""Spaces, against a server that speaks the hub's API."""

from __future__ import annotations

from typing import Any

import pytest

from blocks_client import Client, SpaceFailedError, SpaceNotFoundError, SpacePausedError
from blocks_client._core import spaces
from tests.client.conftest import CLOSE, Exchange, Faulty, completed


@pytest.fixture
def hub(faulty: Faulty, elsewhere: Faulty, monkeypatch: pytest.MonkeyPatch) -> Faulty:
    """The hub, where `me/app` runs on `elsewhere`."""
    monkeypatch.setenv("HF_ENDPOINT", faulty.base)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr(spaces, "BETWEEN", 0.01)
    faulty.answers = {
        "/me/app/runtime": lambda exchange: exchange.say({"stage": "RUNNING"}),
        "/me/app": lambda exchange: exchange.say({"host": elsewhere.base.rstrip("/")}),
    }
    elsewhere.answers["/queue/data"] = lambda exchange: exchange.stream(completed(["hi"]), CLOSE)
    return faulty


def stages(server: Faulty, *names: str) -> None:
    left = list(names)
    server.answers["/me/app/runtime"] = lambda exchange: exchange.say(
        {"stage": left.pop(0) if len(left) > 1 else left[0], "errorMessage": "oh"}
    )


def space(**options: Any) -> Client:
    return Client("me/app", verbose=False, **options)


def test_a_space_is_found_and_told_the_token(hub: Faulty, elsewhere: Faulty) -> None:
    with space(token="hf_x") as client:
        assert client.predict("hi", api_name="/echo") == "hi"
        assert (client.src, client.space_id) == (elsewhere.base, "me/app")
    assert {headers["authorization"] for _, _, headers in hub.seen} == {"Bearer hf_x"}
    assert {headers["x-hf-authorization"] for _, _, headers in elsewhere.seen} == {"Bearer hf_x"}


def test_the_saved_token_is_for_spaces_only(hub: Faulty, elsewhere: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_saved")
    Client(elsewhere.base, verbose=False).close()
    assert all("hf_saved" not in str(headers) for _, _, headers in elsewhere.seen)
    space().close()
    assert elsewhere.seen[-1][2]["x-hf-authorization"] == "Bearer hf_saved"
    elsewhere.seen.clear()
    space(token=False).close()
    assert all("hf_saved" not in str(headers) for _, _, headers in elsewhere.seen)


def test_an_explicit_token_goes_to_the_app_that_it_was_given_for(elsewhere: Faulty) -> None:
    Client(elsewhere.base, hf_token="hf_x", verbose=False).close()
    assert {headers["x-hf-authorization"] for _, _, headers in elsewhere.seen} == {"Bearer hf_x"}


def test_waiting_while_one_starts(hub: Faulty) -> None:
    stages(hub, "BUILDING", "APP_STARTING", "RUNNING")
    space().close()
    assert len(hub.headers_of("/runtime")) == 3


def test_a_sleeping_one_is_woken_by_a_visit(hub: Faulty, elsewhere: Faulty) -> None:
    stages(hub, "SLEEPING", "APP_STARTING", "RUNNING")
    space(token="hf_x").close()
    assert elsewhere.seen[0][:2] == ("GET", "/")


@pytest.mark.parametrize(
    ("stage", "kind", "text"),
    [
        ("PAUSED", SpacePausedError, "is paused"),
        ("BUILD_ERROR", SpaceFailedError, "BUILD_ERROR: oh"),
        ("RUNTIME_ERROR", SpaceFailedError, "RUNTIME_ERROR"),
        ("NO_APP_FILE", SpaceFailedError, "NO_APP_FILE"),
    ],
)
def test_spaces_that_do_not_run(hub: Faulty, stage: str, kind: type[Exception], text: str) -> None:
    stages(hub, stage)
    with pytest.raises(kind, match=text) as caught:
        space()
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(("token", "text"), [(False, "private: give"), ("hf_no", "does not open it")])
def test_missing_and_private_ones(hub: Faulty, token: Any, text: str) -> None:
    def refuse(exchange: Exchange) -> None:
        exchange.say({"error": "Repository not found"}, 401)

    hub.answers = {"/me/app": refuse}
    with pytest.raises(SpaceNotFoundError, match=text):
        space(token=token)


def test_one_that_never_starts(hub: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    stages(hub, "BUILDING")
    monkeypatch.setattr(spaces, "START_LIMIT", 0.05)
    with pytest.raises(SpaceFailedError, match="still in the stage BUILDING"):
        space()
