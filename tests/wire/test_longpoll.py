"""`queue/poll`: a page without a lasting connection hears everything, once and in order."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from auth_app.identity import Identity
from queue_app.execution.engine import close_engine, engine_of
from tests.wire.asgi_client import Client
from tests.wire.conftest import App

POLL = "/app/queue/poll?session_hash=s1"


def submission(app: App, name: str, *data: Any, event_id: str = "event-0001") -> dict[str, Any]:
    return {"type": "submit", "event_id": event_id, "fn_index": app.fn(name), "data": list(data)}


async def receive_all(client: Client) -> list[dict[str, Any]]:
    """Every message until an event is complete."""
    received: list[dict[str, Any]] = []
    after = 0
    while not received or received[-1]["msg"] != "process_completed":
        items = (await client.get(f"{POLL}&after={after}")).json["items"]
        received += [message for _, message in items]
        after = items[-1][0]
    return received


async def test_a_page_submits_and_hears_the_answer(app: App, client: Client) -> None:
    hello = (await client.get(f"{POLL}&hello=1")).json
    assert hello["type"] == "welcome" and hello["app_id"] == app.mount.app_id and hello["pending"] == []
    frames = [submission(app, "echo", "a"), {"type": "ping"}]
    assert (await client.post(POLL, frames)).json == [
        {"type": "accepted", "event_id": "event-0001"},
        {"type": "pong"},
    ]
    received = await receive_all(client)
    assert received[-1]["output"]["data"] == ["<a>"]
    assert [message["msg"] for message in received].count("process_completed") == 1


async def test_without_news_the_answer_is_empty(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queue_app.transport.long_polling.WAIT_SECONDS", 0.02)
    answer = await client.get(POLL)
    assert answer.status == 204 and answer.body == b""


async def test_news_come_as_soon_as_there_are_any(app: App, client: Client) -> None:
    poll = asyncio.ensure_future(client.get(POLL))
    await asyncio.sleep(0)
    await client.post(POLL, [submission(app, "wait", "x")])
    answer = await asyncio.wait_for(poll, 10)
    assert answer.json["items"][0][1]["msg"] in ("estimation", "process_starts")


async def test_a_newer_poll_replaces_an_older_one(app: App, client: Client) -> None:
    older = asyncio.ensure_future(client.get(POLL))
    await asyncio.sleep(0.05)
    newer = asyncio.ensure_future(client.get(POLL))
    assert (await asyncio.wait_for(older, 10)).json == {"type": "replaced"}
    await client.post(POLL, [submission(app, "echo", "x")])
    assert (await asyncio.wait_for(newer, 10)).json["type"] == "messages"


async def test_yields_are_edits_that_fit_what_was_heard(app: App, client: Client) -> None:
    await client.post(POLL, [submission(app, "count", "n")])
    app.gate.set()
    received = await receive_all(client)
    assert received[-1]["output"]["data"] == ["n2"]
    assert next(each["diff"] for each in received if each["msg"] == "process_generating") is False


@pytest.mark.parametrize(
    ("frames", "status"), [({"type": "ping"}, 400), ([{"type": "ping"}] * 1001, 413)], ids=["no list", "too many"]
)
async def test_what_is_no_list_of_frames_is_refused(client: Client, frames: Any, status: int) -> None:
    assert (await client.post(POLL, frames)).status == status


async def test_a_frame_that_does_not_fit_is_answered_and_the_others_count(app: App, client: Client) -> None:
    bad, good = (await client.post(POLL, [{"type": "submit"}, {"type": "ping"}])).json
    assert bad["type"] == "refused" and bad["status"] == 400 and good == {"type": "pong"}


async def test_a_session_of_somebody_else_is_unknown(app: App, client: Client) -> None:
    async def by_header(scope: Any) -> Identity:
        return Identity(dict(scope["headers"])[b"x-user"].decode(), None)

    app.mount.guard = by_header
    assert (await client.get(f"{POLL}&hello=1", {"x-user": "ann"})).status == 200
    assert (await client.get(f"{POLL}&hello=1", {"x-user": "bob"})).status == 404


async def test_at_the_end_of_the_server_a_poll_is_told(app: App, client: Client) -> None:
    poll = asyncio.ensure_future(client.get(POLL))
    await asyncio.sleep(0.05)
    await close_engine(app.mount)
    assert (await asyncio.wait_for(poll, 10)).status == 503


async def test_a_page_that_is_loaded_anew_forgets_what_updates_have_changed(app: App, client: Client) -> None:
    state = engine_of(app.mount).session("s1").state
    block = next(block for block in app.blocks.blocks.values() if block.get_block_name() == "textbox")
    state.change(block, {"label": "changed"})
    await client.get(f"{POLL}&hello=1")
    assert state.block(block).label == "changed"
    await client.get(f"{POLL}&hello=1&anew=1")
    assert state.block(block) is block


async def test_one_unreadable_frame_costs_its_event_and_no_other(app: App, client: Client) -> None:
    deep = "[" * 250 + "]" * 250
    frames = [
        '{"type":"submit","event_id":"event-half","fn_index":0,"data":["\\ud83d"]}',
        f'{{"type":"submit","event_id":"event-deep","fn_index":0,"data":{deep}}}',
        '{"type":"dance","event_id":"event-kind"}',
        '{"type":"submit","event_id":"event-less"}',
        '{"type":"ping"}',
    ]
    answers = (await client.post(POLL, f"[{','.join(frames)}]".encode())).json
    assert [(each["type"], each.get("event_id")) for each in answers] == [
        *[("refused", f"event-{name}") for name in ("half", "deep", "kind", "less")],
        ("pong", None),
    ]
    assert {each["status"] for each in answers[:4]} == {400}


async def test_the_rate_of_frames_holds_over_all_requests(client: Client, settings: Any) -> None:
    settings.BLOCKS_SOCKET_RATE = 2
    answers = [await client.post(POLL, [{"type": "ping"}] * 15) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert [each["type"] for each in answers[1].json] == ["pong"] * 5 + ["refused"]
    assert int(answers[2].headers["retry-after"]) >= 1


async def test_a_request_for_another_process_is_not_taken(app: App, client: Client) -> None:
    for asked, status in ((app.mount.app_id, 200), (app.mount.app_id + 1, 409)):
        answer = await client.post(f"{POLL}&process={asked}", [submission(app, "echo", "x", event_id=f"event-{asked}")])
        assert answer.status == status


async def test_many_waiting_messages_come_in_several_answers(app: App, client: Client) -> None:
    long = "x" * 300_000
    frames = [submission(app, "echo", long, event_id=f"event-{n:04}") for n in range(4)]
    await client.post(POLL, frames)
    after, ends, largest = 0, 0, 0
    while ends < 4:
        answer = await client.get(f"{POLL}&after={after}")
        largest = max(largest, len(answer.body))
        items = answer.json["items"]
        ends += [message["msg"] for _, message in items].count("process_completed")
        after = items[-1][0]
    assert largest < 600_000
