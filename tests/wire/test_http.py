"""HttpConsumer: bodies, refusals, errors, methods, and pages of other sites."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from django.core.exceptions import PermissionDenied
from django.test import override_settings

from auth_app.identity import Identity
from queue_app.exceptions import QueueFull
from queue_app.transport.http import HttpConsumer
from tests.wire.asgi_client import Client


class Body(msgspec.Struct):
    number: int


async def everybody(scope: Any) -> Identity | None:
    return Identity("name:ann", "ann")


class Posting(HttpConsumer):
    """Answers the number that was posted."""

    methods = ("GET", "HEAD", "POST")

    async def handle(self) -> None:
        body = await self.json(msgspec.json.Decoder(Body))
        if body.number == 7:
            raise QueueFull(2, 2)
        await self.answer({"number": 10 // body.number, "who": self.identity.key})


def client(guard: Any = everybody) -> Client:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope["url_route"] = {"kwargs": {"mount": SimpleNamespace(guard=guard)}}
        await Posting()(scope, receive, send)

    return Client(app)


async def test_json_in_json_out() -> None:
    answer = await client().post("/", {"number": 5})
    assert answer.status == 200
    assert answer.json == {"number": 2, "who": "name:ann"}
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_head_has_no_body() -> None:
    answer = await client().request("HEAD", "/", {"number": 5})
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"", "not JSON"),
        (b"{}", "`number`"),
        (b'{"number":"x"}', "$.number"),
    ],
)
async def test_a_bad_body_is_told_in_words(body: bytes, says: str) -> None:
    answer = await client().post("/", body)
    assert answer.status == 400
    assert says in answer.json["detail"]


async def test_a_body_beyond_the_limit_is_refused() -> None:
    with override_settings(BLOCKS_MAX_BODY_SIZE=10):
        answer = await client().post("/", b" " * 11)
    assert answer.status == 413


async def test_the_errors_of_the_queue_carry_their_status() -> None:
    answer = await client().post("/", {"number": 7})
    assert answer.status == 503
    assert answer.json == {"detail": "Queue is full. Max size is 2 and size is 2."}


async def test_our_own_mistakes_are_logged_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    answer = await client().post("/", {"number": 0})
    assert answer.status == 500
    assert "division" not in answer.body.decode()
    assert "ZeroDivisionError" in caplog.text


async def test_other_methods_are_refused() -> None:
    answer = await client().request("DELETE", "/")
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"


async def test_strangers_are_refused() -> None:
    async def nobody(scope: Any) -> None:
        return None

    answer = await client(nobody).post("/", {"number": 1})
    assert (answer.status, answer.json) == (401, {"detail": "Not authenticated"})


async def test_pages_of_other_sites_are_refused() -> None:
    async def foreign(scope: Any) -> None:
        raise PermissionDenied("Another site asks.")

    answer = await client(foreign).post("/", {"number": 1}, {"origin": "https://evil.example"})
    assert (answer.status, answer.json) == (403, {"detail": "Another site asks."})
    assert "access-control-allow-origin" not in answer.headers


async def test_a_preflight_gets_no_permission() -> None:
    asks = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    answer = await client().request("OPTIONS", "/", headers=asks)
    assert answer.status == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_a_client_that_leaves_early_is_forgotten(caplog: pytest.LogCaptureFixture) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        raise AssertionError("nobody is there")

    scope = {
        "method": "POST",
        "path": "/",
        "headers": [],
        "url_route": {"kwargs": {"mount": SimpleNamespace(guard=everybody)}},
    }
    await Posting()(scope, receive, send)
    assert not caplog.records
