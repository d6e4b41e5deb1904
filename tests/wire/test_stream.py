"""queue/join and queue/data: statuses, the life of an event, and what the stream may carry."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

from tests.wire.asgi_client import Client
from tests.wire.conftest import App


async def test_the_life_of_an_event(client: Client, join: Any) -> None:
    event_id = await join("echo", "hi")
    answer = await client.get("/app/queue/data?session_hash=s1")
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-accel-buffering"] == "no"
    kinds = [message["msg"] for message in answer.messages]
    assert kinds[-3:] == ["process_starts", "process_completed", "close_stream"]
    assert all(message["event_id"] == event_id for message in answer.messages[:-1])
    completed = answer.messages[-2]
    assert (completed["success"], completed["output"]["data"]) == (True, ["<hi>"])
    assert answer.messages[-1] == {"msg": "close_stream", "event_id": None}


async def test_only_data_lines_and_empty_lines(client: Client, join: Any) -> None:
    await join("count", "é\u2028\x85")
    async with client.open("GET", "/app/queue/data?session_hash=s1") as stream:
        await stream.until("process_generating")
    for block in stream.body.split(b"\n\n")[:-1]:
        assert block.startswith(b"data: {")
        assert b"\n" not in block
        assert not {"\u2028", "\x85", "\r"} & set(block.decode())


async def test_close_stream_comes_with_the_last_completion(app: App, client: Client, join: Any) -> None:
    await join("wait", "a")
    async with client.open("GET", "/app/queue/data?session_hash=s1") as stream:
        await stream.until("process_starts")
        app.gate.set()
        last = b""
        while (chunk := await asyncio.wait_for(stream.chunks.get(), 5)) is not None:
            last = chunk
    assert b"process_completed" in last
    assert last.endswith(b'data: {"msg":"close_stream","event_id":null}\n\n')


async def test_the_stream_stays_open_while_anything_is_pending(app: App, client: Client, join: Any) -> None:
    await join("wait", "a")
    await join("echo", "b")
    async with client.open("GET", "/app/queue/data?session_hash=s1") as stream:
        completed = await stream.until("process_completed")
        assert completed["output"]["data"] == ["<b>"]
        assert not stream.ended
        app.gate.set()
        await stream.until("close_stream")


async def test_yields_are_sent_as_differences(app: App, client: Client, join: Any) -> None:
    app.gate.set()
    await join("count", "n")
    answer = await client.get("/app/queue/data?session_hash=s1")
    steps = [message["output"]["data"] for message in answer.messages if message["msg"] == "process_generating"]
    assert steps[0] == ["n0"]
    assert steps[1] == [[["replace", [], "n1"]]]
    assert answer.messages[-2]["output"]["data"] == ["n2"]


async def test_simple_format_sends_complete_values(app: App, client: Client) -> None:
    app.gate.set()
    body = {"data": ["n"], "fn_index": app.fn("count"), "session_hash": "s1", "simple_format": True}
    await client.post("/app/queue/join", body)
    answer = await client.get("/app/queue/data?session_hash=s1")
    steps = [message["output"]["data"] for message in answer.messages if message["msg"] == "process_generating"]
    assert steps == [["n0"], ["n1"], ["n2"]]


async def test_both_prefixes_with_and_without_a_slash(app: App, client: Client) -> None:
    for route in ("queue/join", "queue/join/", "gradio_api/queue/join", "gradio_api/queue/join/"):
        body = {"data": ["x"], "fn_index": app.fn("echo"), "session_hash": "s1"}
        assert (await client.post(f"/app/{route}", body)).status == 200


@pytest.mark.parametrize(
    ("change", "status", "detail"),
    [
        ({"session_hash": None}, 400, "Session hash not found."),
        ({"session_hash": "x" * 500}, 400, "The session hash is longer than 200 characters."),
        ({"fn_index": None}, 400, "No function index provided."),
        ({"fn_index": 99}, 404, "There is no function number 99."),
        ({"fn_index": 6}, 404, "There is no function number 6."),
        ({"fn_index": 7}, 404, "There is no function number 7."),
        ({"data": 3}, 400, "The request does not fit: Expected `array`, got `int` - at `$.data`."),
    ],
)
async def test_refusals_are_sentences(client: Client, change: dict[str, Any], status: int, detail: str) -> None:
    answer = await client.post("/app/queue/join", {"data": ["x"], "fn_index": 0, "session_hash": "s1"} | change)
    assert (answer.status, answer.json) == (status, {"detail": detail})


async def test_a_full_queue(app: App, client: Client, join: Any) -> None:
    app.blocks.queue(max_size=1)
    await join("wait", "running")
    await join("wait", "waiting")
    body = {"data": ["x"], "fn_index": app.fn("wait"), "session_hash": "s1"}
    answer = await client.post("/app/queue/join", body)
    assert (answer.status, answer.json) == (503, {"detail": "Queue is full. Max size is 1 and size is 1."})


async def test_inputs_that_programs_do_not_see_may_be_left_out(client: Client, join: Any) -> None:
    for data in (["a", None, 1], ["b", 1], ["c", None, 1, "surplus"]):
        await join("keep", *data)
    answer = await client.get("/app/queue/data?session_hash=s1")
    results = [message["output"]["data"] for message in answer.messages if message["msg"] == "process_completed"]
    assert results == [["as1", None], ["bsa1", None], ["csab1", None]]


async def test_too_few_inputs_fail_the_event(client: Client, join: Any) -> None:
    await join("keep", "a")
    answer = await client.get("/app/queue/data?session_hash=s1")
    assert answer.messages[-2]["success"] is False


async def test_errors_tell_only_what_was_meant_for_the_visitor(client: Client, join: Any) -> None:
    await join("fail", "gr")
    await join("fail", "plain")
    answer = await client.get("/app/queue/data?session_hash=s1")
    outputs = [message["output"] for message in answer.messages if message["msg"] == "process_completed"]
    assert outputs[0] == {"error": "told", "duration": 10, "visible": True, "title": "Error"}
    assert outputs[1]["error"] is None
    assert "secret" not in answer.body.decode()


async def test_an_unknown_session_is_told_and_the_stream_ends(client: Client) -> None:
    answer = await client.get("/app/queue/data?session_hash=nobody")
    assert answer.status == 200
    assert answer.messages == [
        {
            "msg": "unexpected_error",
            "event_id": None,
            "message": "404: Not Found",
            "session_not_found": True,
            "success": False,
        }
    ]


async def test_the_query_needs_a_session(client: Client) -> None:
    assert (await client.get("/app/queue/data")).status == 422


async def test_the_newest_reader_wins(app: App, client: Client, join: Any) -> None:
    await join("wait", "a")
    async with client.open("GET", "/app/queue/data?session_hash=s1") as first:
        await first.until("process_starts")
        async with client.open("GET", "/app/queue/data?session_hash=s1") as second:
            assert await asyncio.wait_for(first.chunks.get(), 5) is None
            assert "close_stream" not in first.body.decode()
            app.gate.set()
            await second.until("process_completed")


async def test_numbers_only_for_those_who_ask(app: App, client: Client, join: Any) -> None:
    app.gate.set()
    await join("count", "n")
    await join("echo", "c")
    plain = await client.get("/app/queue/data?session_hash=s1")
    assert b"id:" not in plain.body
    await join("count", "n", session="s2")
    numbered = await client.get("/app/queue/data?session_hash=s2", {"x-blocks-numbers": "1"})
    numbers = [int(line[4:]) for line in numbered.body.split(b"\n") if line.startswith(b"id: ")]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == len(numbered.messages) - 1  # all but close_stream


async def test_a_reader_with_numbers_goes_on_where_it_was(app: App, client: Client, join: Any) -> None:
    await join("count", "n")
    async with client.open("GET", "/app/queue/data?session_hash=s1", headers={"x-blocks-numbers": "1"}) as first:
        await first.until("process_generating")
        await first.until("process_generating")
    seen = max(int(line[4:]) for line in first.body.split(b"\n") if line.startswith(b"id: "))
    app.gate.set()
    rest = await client.get("/app/queue/data?session_hash=s1", {"last-event-id": str(seen)})
    numbers = [int(line[4:]) for line in rest.body.split(b"\n") if line.startswith(b"id: ")]
    assert numbers[0] > seen
    assert rest.messages[-2]["output"]["data"] == ["n2"]


async def test_a_reader_that_missed_only_the_end_is_told(app: App, client: Client, join: Any) -> None:
    await join("echo", "a")
    first = await client.get("/app/queue/data?session_hash=s1", {"x-blocks-numbers": "1"})
    last = max(int(line[4:]) for line in first.body.split(b"\n") if line.startswith(b"id: "))
    again = await client.get("/app/queue/data?session_hash=s1", {"last-event-id": str(last)})
    assert [message["msg"] for message in again.messages] == ["close_stream"]


async def test_numbers_of_another_process_are_none(app: App, client: Client, join: Any) -> None:
    await join("echo", "a")
    first = await client.get("/app/queue/data?session_hash=s1", {"x-blocks-numbers": "1"})
    here = dict(first.headers)["x-blocks-server"]
    assert here == str(app.mount.app_id)
    await join("echo", "b")
    other = {"last-event-id": "99", "x-blocks-server": "another"}
    answer = await client.get("/app/queue/data?session_hash=s1", other)
    assert answer.messages[-2]["output"]["data"] == ["<b>"]
    again = await client.get("/app/queue/data?session_hash=s1", other)
    assert again.messages[-1]["msg"] == "close_stream"
    await join("echo", "c")
    plain = await client.get("/app/queue/data?session_hash=s1")
    assert "x-blocks-server" not in dict(plain.headers)


async def test_old_clients_get_time_to_read_the_answer(app: App, client: Client, join: Any) -> None:
    await join("wait", "a")
    async with client.open("GET", "/app/queue/data?session_hash=s1") as stream:
        await stream.until("process_starts")
        started = time.monotonic()
        await join("echo", "b", **{"user-agent": "gradio_client/1.0.1; hf_hub/0.25.2"})
        await stream.until("process_completed")
        assert time.monotonic() - started >= 0.05
        app.gate.set()


async def test_another_visitors_session_is_unknown(app: App, client: Client, join: Any) -> None:
    app.mount.guard = _by_header
    await join("wait", "secret", **{"x-user": "ann"})
    stranger = await client.get("/app/queue/data?session_hash=s1", {"x-user": "bob"})
    assert stranger.messages[0]["msg"] == "unexpected_error"
    body = {"data": ["x"], "fn_index": 0, "session_hash": "s1"}
    assert (await client.post("/app/queue/join", body, {"x-user": "bob"})).status == 404


async def _by_header(scope: Any) -> Any:
    from auth_app.identity import Identity

    name = dict(scope["headers"])[b"x-user"].decode()
    return Identity(f"name:{name}", name)


async def test_a_quiet_stream_beats(app: App, client: Client, join: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queue_app.transport.event_stream.HEARTBEAT_SECONDS", 0.02)
    await join("wait", "a")
    async with client.open("GET", "/app/queue/data?session_hash=s1") as stream:
        assert await stream.until("heartbeat") == {"msg": "heartbeat", "event_id": None}
        app.gate.set()


async def test_head_ends_at_once(client: Client) -> None:
    answer = await client.request("HEAD", "/app/queue/data?session_hash=s1")
    assert (answer.status, answer.body) == (200, b"")


async def test_bodies_are_json(client: Client) -> None:
    answer = await client.post("/app/queue/join", b"data=1")
    assert answer.status == 400
    assert isinstance(json.loads(answer.body)["detail"], str)
