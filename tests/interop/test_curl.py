"""curl against our server: the two-step calls of the documents, and the bare queue."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

pytestmark = pytest.mark.interop


@pytest.fixture(params=["daphne", "uvicorn"])
def base(request: pytest.FixtureRequest) -> str:
    """The address of the apps."""
    return str(request.getfixturevalue(request.param))


def curl(*arguments: str) -> str:
    """What curl prints; it gives up after ten seconds."""
    command = ["curl", "-sS", "-N", "--max-time", "10", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def post(url: str, body: Any) -> str:
    """POST a JSON body."""
    return curl("-X", "POST", url, "-H", "Content-Type: application/json", "-d", json.dumps(body))


@pytest.mark.parametrize("prefix", ["/call", "/gradio_api/call"])
def test_call_in_two_steps(base: str, prefix: str) -> None:
    event_id = json.loads(post(f"{base}{prefix}/echo", {"data": ["hi", 4]}))["event_id"]
    assert curl(f"{base}{prefix}/echo/{event_id}") == 'event: complete\ndata: ["hi:4"]\n\n'


def test_a_generator_sends_complete_values(base: str) -> None:
    event_id = json.loads(post(f"{base}/call/letters", {"data": ["ab"]}))["event_id"]
    lines = curl(f"{base}/call/letters/{event_id}").split("\n\n")
    assert lines == [
        'event: generating\ndata: ["a",{"letters":["a"]}]',
        'event: generating\ndata: ["ab",{"letters":["a","b"]}]',
        'event: complete\ndata: ["ab",{"letters":["a","b"]}]',
        "",
    ]


def test_an_error(base: str) -> None:
    event_id = json.loads(post(f"{base}/call/fail", {"data": ["gr"]}))["event_id"]
    event, data = curl(f"{base}/call/fail/{event_id}").strip().split("\n")
    assert event == "event: error"
    assert json.loads(data.removeprefix("data: "))["error"] == "bad <x>"


def test_arguments_by_name(base: str) -> None:
    event_id = json.loads(post(f"{base}/call/v2/echo", {"text": "hi", "num": 2}))["event_id"]
    assert curl(f"{base}/call/v2/echo/{event_id}") == 'event: complete\ndata: ["hi:2"]\n\n'
    missing = json.loads(post(f"{base}/call/v2/echo", {"text": "hi"}))
    assert missing == {"detail": "No value provided for required argument: num"}


def test_a_direct_call(base: str) -> None:
    assert json.loads(post(f"{base}/run/echo", {"data": ["hi", 1]}))["data"] == ["hi:1"]
    assert "join the queue" in post(f"{base}/full/run/nap", {"data": [0]})


def test_the_queue(base: str) -> None:
    joined = json.loads(post(f"{base}/queue/join", {"data": ["hi", 1], "fn_index": 0, "session_hash": "curl"}))
    stream = curl(f"{base}/queue/data?session_hash=curl")
    messages = [json.loads(block.removeprefix("data: ")) for block in stream.strip().split("\n\n")]
    kinds = [message["msg"] for message in messages]
    assert kinds[-2:] == ["process_completed", "close_stream"]
    assert messages[-2]["event_id"] == joined["event_id"]
    assert messages[-2]["output"]["data"] == ["hi:1"]


def test_upload_and_download(base: str, tmp_path: Any) -> None:
    (tmp_path / "up.txt").write_text("hello")
    [path] = json.loads(curl("-F", f"files=@{tmp_path / 'up.txt'}", f"{base}/upload"))
    event_id = json.loads(post(f"{base}/call/shout", {"data": [{"path": path}]}))["event_id"]
    [file] = json.loads(curl(f"{base}/call/shout/{event_id}").split("data: ")[1])
    assert curl(file["url"]) == "HELLO"
