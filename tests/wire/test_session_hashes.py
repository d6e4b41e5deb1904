"""What may be the name of a session, asked at every endpoint alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import pytest

from queue_app.execution.engine import engine_of
from tests.wire.asgi_client import Answer, Client
from tests.wire.conftest import App

Endpoint = Callable[[Client, Any], Awaitable[Answer]]
NO_TEXTS: dict[str, Any] = {"number": 7, "list": ["s"], "dict": {"a": 1}, "true": True, "float": 1.5}
TEXTS: dict[str, str] = {
    "long": "x" * 201, "huge": "x" * 1_200_000, "space": "a b", "line": "a\nb", "nul": "a\0", "slash": "../a",
    "umlaut": "ä", "emoji": "🙂", "digits of others": "١", "markup": "<b>",
}  # fmt: skip


def posts(path: str, **more: Any) -> Endpoint:
    async def ask(client: Client, session: Any) -> Answer:
        return await client.post(f"/app/{path}", {"data": ["x"], "session_hash": session, **more})

    return ask


def reads(path: str) -> Endpoint:
    async def ask(client: Client, session: Any) -> Answer:
        return await client.get("/app/" + path.format(quote(session, safe="")))

    return ask


POSTS = {
    "join": posts("queue/join", fn_index=0),
    "call": posts("call/echo"),
    "run": posts("run/echo"),
    "api": posts("api/echo"),
    "number": posts("run/predict", fn_index=0),
    "cancel": posts("cancel", event_id="e"),
    "prefixed": posts("gradio_api/call/echo"),
}
READS = {
    "data": reads("queue/data?session_hash={}"),
    "poll": reads("queue/poll?hello&session_hash={}"),
}


async def call_v2(client: Client, session: Any) -> Answer:
    return await client.post("/app/call/v2/echo", {"a": "x", "session_hash": session})


@pytest.mark.parametrize("session", [*NO_TEXTS, *TEXTS])
@pytest.mark.parametrize("endpoint", [*POSTS, "call/v2"])
async def test_what_is_no_session_hash_is_refused_in_words(
    app: App, client: Client, endpoint: str, session: str
) -> None:
    ask = POSTS.get(endpoint, call_v2)
    answer = await ask(client, {**NO_TEXTS, **TEXTS}[session])
    assert answer.status == 400 and len(answer.body) < 300
    assert "session" in answer.json["detail"]
    assert not len(engine_of(app.mount).sessions)  # type: ignore[attr-defined]


@pytest.mark.parametrize("session", [each for each in TEXTS if each != "huge"])
@pytest.mark.parametrize("endpoint", READS)
async def test_in_an_address_too(client: Client, endpoint: str, session: str) -> None:
    answer = await READS[endpoint](client, TEXTS[session])
    assert answer.status == 400 and "session hash" in answer.json["detail"]


@pytest.mark.parametrize("endpoint", [*POSTS, "call/v2"])
@pytest.mark.parametrize(
    "session", ["0k3j2hf9x1c", "4f1c2b1e-9f3e-4c6e-8a53-2f1f5f0f9b7d", "s", "my.tab_1:~", "x" * 200]
)
async def test_what_clients_send_is_taken(client: Client, endpoint: str, session: str) -> None:
    assert (await POSTS.get(endpoint, call_v2)(client, session)).status == 200


@pytest.mark.parametrize("endpoint", ["call", "call/v2", "run", "api"])
@pytest.mark.parametrize("session", [None, ""])
async def test_a_call_needs_no_session(client: Client, endpoint: str, session: Any) -> None:
    assert (await POSTS.get(endpoint, call_v2)(client, session)).status == 200


async def test_sessions_that_calls_make_up_go_soon(app: App, client: Client) -> None:
    for number in range(20):
        assert (await client.post("/app/run/echo", {"data": ["x"], "session_hash": f"s{number}"})).status == 200
    assert (await client.post("/app/run/keep", {"data": ["x", 1], "session_hash": "kept"})).status == 200
    sessions = engine_of(app.mount).sessions  # type: ignore[attr-defined]
    assert len(sessions) == 21
    sessions.pass_time(61)
    assert [each.hash for each in sessions] == ["kept"]
