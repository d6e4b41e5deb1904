"""call/…, run/… and api/…: one event and its answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.asgi_client import Client
from tests.wire.conftest import App


async def call(client: Client, name: str, body: Any) -> str:
    """Start a call; its id."""
    answer = await client.post(f"/app/call/{name}", body)
    assert answer.status == 200, answer.body
    return str(answer.json["event_id"])


async def test_the_result_of_a_call(client: Client) -> None:
    event_id = await call(client, "echo", {"data": ["hi"]})
    answer = await client.get(f"/app/call/echo/{event_id}")
    assert answer.body == b'event: complete\ndata: ["<hi>"]\n\n'


async def test_the_steps_of_a_generator_are_complete(app: App, client: Client) -> None:
    app.gate.set()
    event_id = await call(client, "count", {"data": ["n"]})
    answer = await client.get(f"/app/gradio_api/call/count/{event_id}")
    steps = [block.split(b"data: ")[1] for block in answer.body.strip().split(b"\n\n")]
    assert steps == [b'["n0"]', b'["n1"]', b'["n2"]', b'["n2"]']


async def test_an_error_ends_the_stream(client: Client) -> None:
    event_id = await call(client, "fail", {"data": ["gr"]})
    answer = await client.get(f"/app/call/fail/{event_id}")
    assert answer.body == b'event: error\ndata: {"error":"told","duration":10,"visible":true,"title":"Error"}\n\n'


async def test_an_unknown_event(client: Client) -> None:
    answer = await client.get("/app/call/echo/0123")
    assert (answer.status, answer.body) == (200, b'event: error\ndata: "404: Not Found"\n\n')


@pytest.mark.parametrize("name", ["nothing", "script", "_lambda__1", "__class__", "private"])
async def test_what_is_no_endpoint_is_not_found(app: App, client: Client, name: str) -> None:
    private = next(each for each in app.blocks.dependencies.values() if each.visibility == "private")
    name = private.api_name if name == "private" else name
    for endpoint in ("call", "call/v2", "run", "api"):
        answer = await client.post(f"/app/{endpoint}/{name}", {"data": ["x"]})
        assert answer.status == 404, endpoint


async def test_state_is_fresh_without_a_session_and_kept_with_one(client: Client) -> None:
    async def keep(session: str | None) -> bytes:
        event_id = await call(client, "keep", {"data": ["a", 1], "session_hash": session})
        return (await client.get(f"/app/call/keep/{event_id}")).body.split(b"data: ")[1]

    assert [await keep(None), await keep(None)] == [b'["as1",null]\n\n'] * 2
    assert [await keep("s1"), await keep("s1")] == [b'["as1",null]\n\n', b'["asa1",null]\n\n']


async def test_arguments_by_name(client: Client) -> None:
    started = await client.post("/app/call/v2/keep", {"a": "x"})
    answer = await client.get(f"/app/call/v2/keep/{started.json['event_id']}")
    assert answer.body == b'event: complete\ndata: ["xs3",null]\n\n'


@pytest.mark.parametrize(
    ("arguments", "detail"),
    [
        ({}, "No value provided for required argument: a"),
        (
            {"a": "x", "bogus": 1},
            "Parameter `bogus` is not a valid key-word argument. The parameters are: a, n.",
        ),
    ],
)
async def test_wrong_arguments(client: Client, arguments: dict[str, Any], detail: str) -> None:
    answer = await client.post("/app/call/v2/keep", arguments)
    assert (answer.status, answer.json) == (400, {"detail": detail})


async def test_run_answers_with_the_values(client: Client) -> None:
    answer = await client.post("/app/run/echo", {"data": ["hi"]})
    assert answer.status == 200
    assert answer.json["data"] == ["<hi>"]
    assert answer.json["is_generating"] is False
    assert answer.json["duration"] >= 0


async def test_run_takes_the_number_over_the_name(app: App, client: Client) -> None:
    answer = await client.post("/app/api/predict/", {"data": ["hi"], "fn_index": app.fn("echo")})
    assert answer.json["data"] == ["<hi>"]


async def test_run_gives_the_first_value_of_a_generator(app: App, client: Client) -> None:
    answer = await client.post("/app/run/count", {"data": ["n"]})
    assert (answer.json["data"], answer.json["is_generating"]) == (["n0"], True)
    app.gate.set()


async def test_run_tells_errors_with_500(client: Client) -> None:
    answer = await client.post("/app/run/fail", {"data": ["plain"]})
    assert (answer.status, answer.json["error"]) == (500, None)


async def test_a_closed_api_has_only_unqueued_functions(app: App, client: Client) -> None:
    app.blocks.queue(api_open=False)
    refused = await client.post("/app/run/echo", {"data": ["hi"]})
    assert refused.status == 404
    assert refused.json["detail"] == (
        "This API endpoint does not accept direct HTTP POST requests. Please join the queue to use this API."
    )
    assert (await client.post("/app/run/direct", {"data": ["hi"]})).json["data"] == ["hi"]


async def test_a_page_may_run_its_private_functions(app: App, client: Client) -> None:
    private = next(each.id for each in app.blocks.dependencies.values() if each.visibility == "private")
    body = {"data": ["hi"], "fn_index": private}
    assert (await client.post("/app/run/predict", body)).status == 404
    assert (await client.post("/app/run/predict", body, {"sec-fetch-site": "same-origin"})).json["data"] == ["hi"]


async def test_openapi_is_served(client: Client) -> None:
    for address in ("/app/openapi.json", "/app/gradio_api/openapi.json"):
        answer = await client.get(address)
        assert answer.status == 200 and "/gradio_api/call/v2/echo" in answer.json["paths"]
