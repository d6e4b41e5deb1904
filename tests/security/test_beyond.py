"""What the catalogue does not name: depth, caches, ids that a client chooses, sessions of another app, old proofs."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.test import override_settings
from django.urls import path as route

import blocks_app as gr
from auth_app.identity import Identity
from blocks_app import parsing
from tests.auth_app.socket import EVENT, socket
from tests.auth_app.visitor import Visitor, greeter, site
from tests.security.live import Live, frames_until
from tests.serving import served


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    def yields(value: Any) -> Iterator[Any]:
        yield from (value, [value], value)

    with gr.Blocks() as demo:
        value = gr.JSON()
        gr.Button().click(lambda given: given, value, value, api_name="echo")
        gr.Button().click(yields, value, value, api_name="yields")
    with served(demo) as address:
        yield Live(address)


DEEPEST = parsing.Limits.depth


def nested(levels: int, kind: str) -> str:
    return "[" * levels + "]" * levels if kind == "list" else '{"a":' * levels + "1" + "}" * levels


ENDPOINTS = [
    "run/echo",
    "api/yields",
    "call/echo",
    "call/v2/echo",
    "queue/join",
    "cancel",
    "reset",
    "queue/poll?session_hash=s",
]


@pytest.mark.parametrize("levels", [DEEPEST, 5_000, 200_000])
@pytest.mark.parametrize("kind", ["list", "object"])
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_json_of_endless_depth_is_refused_in_words(live: Live, endpoint: str, kind: str, levels: int) -> None:
    deep = nested(levels, kind)
    body = f'{{"data":[{deep}],"fn_index":0,"session_hash":"s","param_0":{deep},"event_data":{deep}}}'
    answer = live.ask(endpoint, (f"[{body}]" if "poll" in endpoint else body).encode(), Content_Type="application/json")
    if "poll" in endpoint and levels == DEEPEST:  # the list can be taken apart, so only its frame is refused
        (refused,) = answer.json
        assert (refused["status"], "nested too deeply" in refused["detail"]) == (400, True)
        return
    assert (answer.status, "nested too deeply" in answer.json["detail"]) == (400, True)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_too_many_values_are_refused_in_words(live: Live, endpoint: str) -> None:
    empty = "[]," * 800_000
    body = f"[[{empty}1]]" if "poll" in endpoint else f'{{"data": [[{empty}1]], "event_id": [{empty}1]}}'
    answer = live.ask(endpoint, body.encode(), Content_Type="application/json")
    assert (answer.status, "holds too many values: 1000000 are allowed" in answer.json["detail"]) == (413, True)


def test_too_many_values_cost_the_page_one_event(live: Live) -> None:
    with live.socket("many") as page:
        frames_until(page, "welcome")
        data = "[" + "{}," * 200_000 + "1]"
        with override_settings(BLOCKS_MAX_JSON_VALUES=1000):
            page.send(f'{{"type":"submit","event_id":"{EVENT}","fn_index":0,"data":[{data}]}}')
            refused = frames_until(page, "refused")[-1]
        assert (refused["status"], refused["event_id"]) == (413, EVENT)
        page.send('{"type":"ping"}')
        frames_until(page, "pong")


@pytest.mark.parametrize("kind", ["list", "object"])
def test_what_is_nested_a_little_less_comes_back(live: Live, kind: str) -> None:
    value = json.loads(nested(DEEPEST - 5, kind))
    for name in ("echo", "yields"):
        event_id = live.post(f"call/{name}", {"data": [value]}).json["event_id"]
        last = live.ask(f"call/{name}/{event_id}").body.rstrip().rpartition(b"data: ")[2]
        assert json.loads(last) == [value], name


def test_a_deep_frame_does_not_end_the_socket(live: Live) -> None:
    with live.socket("deep") as page:
        frames_until(page, "welcome")
        page.send(f'{{"type":"submit","event_id":"{EVENT}","fn_index":0,"data":[{nested(100_000, "list")}]}}')
        assert "nested too deeply" in frames_until(page, "refused")[-1]["detail"]
        page.send('{"type":"ping"}')
        frames_until(page, "pong")


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        ("[" * DEEPEST + "]" * DEEPEST, False),
        ("[" * (DEEPEST + 1), True),
        ("[]" * 10_000, False),
        ('{"a":"' + "[" * 1_000 + '"}', False),
        ('["\\"' + "[" * 1_000 + '"]', False),
        ('["\\\\",' + "[" * 1_000, True),
        ('"' + "[" * 1_000, False),
        ('"' + "[" * 1_000 + "\\", False),
        ("é" * 10 + "[" * 1_000, True),
    ],
)
def test_how_deep_a_text_is(text: str, deep: bool) -> None:
    try:
        parsing.check(text.encode(), parsing.Limits())
    except parsing.TooDeep:
        assert deep
    else:
        assert not deep


@pytest.mark.parametrize("text", ['"\\' * 200_000, '\\"' * 200_000, '"' * 200_000, '["' * 200_000, '"\\"' * 200_000])
def test_looking_for_depth_is_quick(text: str) -> None:
    begun = time.process_time()
    for before in ("[" * DEEPEST + "]" * DEEPEST, "[]" * (DEEPEST + 1)):
        with suppress(ValueError):
            parsing.check((before + text).encode(), parsing.Limits())
    assert time.process_time() - begun < 1


async def test_no_cache_keeps_what_is_for_one_visitor() -> None:
    async with site(greeter(auth=("ann", "secret"))) as client:
        ann = Visitor(client, origin="http://testserver")
        await ann.login("ann", "secret")
        for visitor in (ann, Visitor(client)):
            for path in ("", "config", "info", "user", "token", "login_check", "login", "queue/status", "app_id"):
                answer = await visitor.get(f"/app/{path}")
                kept = answer.headers.get("cache-control", "")
                assert "no-store" in kept or answer.status == 302, (path, answer.status, kept)


async def test_an_event_id_of_another_session_is_refused_and_stops_nothing() -> None:
    """A page chooses the ids of its events; one that somebody else has chosen already must not be mixed up."""
    gate = threading.Event()

    def wait(text: str) -> str:
        gate.wait(30)
        return f"for {text}"

    with gr.Blocks() as demo:
        given, out = gr.Textbox(), gr.Textbox()
        gr.Button().click(wait, given, out, concurrency_limit=None)
    async with site(demo) as client:
        ann, eve = Visitor(client), Visitor(client)
        async with socket(ann, "ann-1") as one, socket(eve, "eve-1") as other:
            one.submit(0, "ann")
            await one.until("accepted")
            other.submit(0, "eve")
            refused = await other.until("refused")
            assert (refused["status"], refused["event_id"]) == (404, EVENT)
            other.send(type="cancel", event_id=EVENT)
            other.send(type="ping")
            await other.until("pong")
            gate.set()
            assert (await one.message("process_completed"))["output"]["data"] == ["for ann"]


async def test_a_session_of_one_app_is_none_of_another() -> None:
    """Two apps of a site, the same visitor, the same name of a session: neither messages nor State cross over."""

    def keeper() -> gr.Blocks:
        with gr.Blocks() as demo:
            kept, out = gr.State(0), gr.Number()
            gr.Button().click(lambda n: (n + 1, n + 1), kept, [kept, out], api_name="count")
        return demo

    other = keeper()
    async with site(keeper(), route("other/", other.urls)) as client:
        visitor = Visitor(client)
        body = {"data": [None], "session_hash": "same"}
        counted = [(await visitor.post(f"/{app}/run/count", body)).json["data"][-1] for app in ("app", "other", "app")]
    assert counted == [1, 1, 2]


async def test_a_session_that_was_opened_before_the_login_is_not_the_users() -> None:
    """Fixation: who knows the name of a session because they gave it to somebody learns nothing after the login."""
    demo = greeter()
    async with site(demo) as client:
        stranger = Visitor(client)
        assert (
            await stranger.post("/app/queue/join", {"data": ["x"], "fn_index": 0, "session_hash": "f"})
        ).status == 200
        assert demo.mount is not None
        guard = demo.mount.guard

        async def known(connection: Any) -> Identity:
            return Identity("user:1", "ann")

        demo.mount.guard = known  # type: ignore[assignment]
        try:
            joined = await Visitor(client).post(
                "/app/queue/join", {"data": ["secret"], "fn_index": 0, "session_hash": "f"}
            )
        finally:
            demo.mount.guard = guard
        assert (joined.status, joined.json["detail"]) == (404, "Session not found.")
