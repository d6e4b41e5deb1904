"""The browser's WebSocket, driven as ASGI messages without a server."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import blocks_app as gr
from auth_app.identity import Identity
from blocks_app.page.revision import revision
from blocks_app.protocol import Log
from queue_app.delivery.delivery_loop import WINDOW_MESSAGES
from queue_app.transport.websocket import BrowserConsumer
from tests.queue_app.conftest import Bench, app

E1, E2 = "1" * 32, "2" * 32


class Page:
    """A tab's socket."""

    consumer: Any = BrowserConsumer
    who = Identity("", None)

    def __init__(self, bench: Bench, query: str = "session_hash=s&after=0", guard: Any = None) -> None:
        async def everybody(scope: Any) -> Identity:
            return self.who

        bench.mount.guard = guard or everybody  # type: ignore[attr-defined]
        self.up: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.down: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        scope = {
            "type": "websocket",
            "path": "/queue/ws",
            "query_string": query.encode(),
            "headers": [(b"host", b"localhost")],
            "scheme": "ws",
            "server": ("localhost", 80),
            "client": ("127.0.0.1", 5),
            "url_route": {"args": (), "kwargs": {"mount": bench.mount}},
            "blocks.tail": "queue/ws",
        }
        self.up.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.ensure_future(self.consumer.as_asgi()(scope, self.up.get, self.down.put))

    def send(self, **frame: Any) -> None:
        self.up.put_nowait({"type": "websocket.receive", "text": json.dumps(frame)})

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            message = await self.down.get()
        return json.loads(message["text"]) if "text" in message else message

    async def until(self, kind: str) -> dict[str, Any]:
        while (frame := await self.next()).get("type") != kind:
            pass
        return frame

    async def messages(self, last: str = "process_completed") -> list[tuple[int, dict[str, Any]]]:
        found: list[tuple[int, dict[str, Any]]] = []
        while not found or found[-1][1]["msg"] != last:
            found += [(number, message) for number, message in (await self.until("messages"))["items"]]
        return found

    async def leave(self) -> None:
        self.up.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await self.task


@pytest.fixture(autouse=True)
def _hosts(settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]


async def test_a_page_submits_and_reads_its_answer(bench) -> None:
    page = Page(b := bench(app(lambda text: f"hello {text}")))
    assert await page.next() == {"type": "websocket.accept"}
    welcome = await page.next()
    assert welcome == {
        "type": "welcome",
        "session_hash": "s",
        "app_id": b.mount.app_id,
        "revision": revision(b.mount),
        "number": 0,
        "pending": [],
        "running": {},
        "keeps_state": False,
        "fn_index": None,
        "life": welcome["life"],
        "holds": True,
    }
    page.send(type="submit", event_id=E1, fn_index=0, data=["you"])
    assert await page.until("accepted") == {"type": "accepted", "event_id": E1}
    numbers, messages = zip(*await page.messages(), strict=True)
    assert list(numbers) == sorted(set(numbers))
    assert [each["msg"] for each in messages] == ["process_starts", "process_completed"]
    assert messages[-1]["output"]["data"] == ["hello you"]
    await page.leave()


async def test_yields_say_whether_they_are_edits(bench) -> None:
    def count(text: str) -> Iterator[str]:
        yield "a"
        yield "ab"

    page = Page(bench(app(count)))
    page.send(type="submit", event_id=E1, fn_index=0, data=["x"])
    steps = [message for _, message in await page.messages() if message["msg"] == "process_generating"]
    assert [step["diff"] for step in steps] == [False, True]
    assert [step["output"]["data"] for step in steps] == [["a"], [[["append", [], "b"]]]]
    await page.leave()


async def test_a_page_that_comes_back_misses_nothing_and_gets_nothing_twice(bench) -> None:
    release = threading.Event()
    b = bench(app(lambda text: str(release.wait(10))))
    page = Page(b)
    page.send(type="submit", event_id=E1, fn_index=0, data=["x"])
    number, _ = (await page.messages("process_starts"))[-1]
    await page.leave()
    release.set()
    again = Page(b, f"session_hash=s&after={number}")
    welcome = await again.until("welcome")
    assert welcome["pending"] == [E1]
    assert [(n, m["msg"]) for n, m in await again.messages()] == [(number + 1, "process_completed")]
    await again.leave()


async def test_submitting_again_is_accepted_again_but_runs_once(bench) -> None:
    calls: list[str] = []
    page = Page(bench(app(lambda text: calls.append(text))))
    for _ in range(2):
        page.send(type="submit", event_id=E1, fn_index=0, data=["x"])
    assert [await page.until("accepted") for _ in range(2)] == [{"type": "accepted", "event_id": E1}] * 2
    await page.leave()
    assert calls == ["x"]


async def test_a_newer_page_of_the_session_replaces_the_older(bench) -> None:
    b = bench(app(lambda text: text))
    old = Page(b)
    await old.until("welcome")
    new = Page(b)
    await new.until("welcome")
    await old.until("replaced")
    assert await old.next() == {"type": "websocket.close", "code": 4000}
    await old.leave()
    new.send(type="submit", event_id=E1, fn_index=0, data=["x"])
    assert (await new.messages())[-1][1]["success"]
    await new.leave()


async def test_cancelling_completes_at_once(bench) -> None:
    release = threading.Event()
    page = Page(bench(app(lambda text: str(release.wait(10)))))
    page.send(type="submit", event_id=E1, fn_index=0, data=["x"])
    page.send(type="cancel", event_id=E1)
    _, end = (await page.messages())[-1]
    assert end["success"] and end["output"]["data"] == [{"__type__": "update"}]
    release.set()
    await page.leave()


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("{", 400),
        ('{"type":"dance"}', 400),
        (f'{{"type":"submit","event_id":"{E1}","fn_index":"one","data":[]}}', 400),
        (f'{{"type":"submit","event_id":"{E1}","fn_index":9,"data":[]}}', 404),
        ('{"type":"submit","event_id":"../..","fn_index":0,"data":[]}', 400),
        ('{"type":"submit","event_id":"","fn_index":0,"data":[]}', 400),
        ('[{"type":"ping"}]', 400),
        ("\ud83d", 400),
        ("", 400),
    ],
)
async def test_a_bad_frame_is_answered_and_the_page_goes_on(bench, text: str, status: int) -> None:
    page = Page(bench(app(lambda text: text)))
    await page.until("welcome")
    page.up.put_nowait({"type": "websocket.receive", "text": text})
    refused = await page.next()
    assert refused["type"] == "refused" and refused["status"] == status and refused["detail"].endswith(".")
    page.send(type="ping")
    assert await page.next() == {"type": "pong"}
    await page.leave()


@pytest.mark.parametrize("value", ['"\\ud83d"', "[" * 250 + "]" * 250, "[" * 5000 + "]" * 5000, "nonsense", '"\x01"'])
@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("late", [False, True])
async def test_an_unreadable_value_costs_the_event_that_it_is_for(bench, value: str, binary: bool, late: bool) -> None:
    page = Page(bench(app(lambda text: text)))
    await page.until("welcome")
    event, data = f'"event_id":"{E1}"', f'"data":[{value}]'
    text = '{"type":"submit","fn_index":0,%s,%s}' % ((data, event) if late else (event, data))
    page.up.put_nowait({"type": "websocket.receive", **({"bytes": text.encode()} if binary else {"text": text})})
    refusal = await page.until("refused")
    assert refusal["status"] == 400 and refusal["event_id"] in ((E1, None) if late else (E1,))
    assert ("half of a character" in refusal["detail"]) == ("ud83d" in value)
    page.send(type="submit", event_id=E2, fn_index=0, data=["x"])
    assert (await page.until("accepted"))["event_id"] == E2
    await page.leave()


async def test_parts_become_one_frame_and_a_missing_one_costs_that_event(bench) -> None:
    page = Page(bench(app(lambda text: text.upper())))
    await page.until("welcome")
    text = json.dumps({"type": "submit", "event_id": E1, "fn_index": 0, "data": ["abc"]})
    page.send(type="part", event_id=E1, index=0, text=text[:30], more=True)
    assert await page.next() == {"type": "taken", "event_id": E1, "index": 0}
    page.send(type="part", event_id=E1, index=2, text=text[30:], more=False)
    refusal = await page.next()
    assert (refusal["type"], refusal["event_id"], refusal["status"]) == ("refused", E1, 408)
    page.send(type="part", event_id=E1, index=3, text="x", more=False)  # was under way
    page.send(type="part", event_id=E1, index=0, text=text[:30], more=True)
    page.send(type="part", event_id=E1, index=1, text=text[30:], more=False)
    assert (await page.until("accepted"))["event_id"] == E1
    assert (await page.messages())[-1][1]["output"]["data"] == ["ABC"]
    await page.leave()


async def test_a_frame_too_long_is_refused_with_its_first_part(bench, settings) -> None:
    settings.BLOCKS_MAX_BODY_SIZE = 100
    page = Page(bench(app(lambda text: text)))
    await page.until("welcome")
    page.send(type="part", event_id=E1, index=0, text="x", more=True, length=101)
    refusal = await page.next()
    assert (refusal["event_id"], refusal["status"]) == (E1, 413)
    page.send(type="ping")
    assert await page.next() == {"type": "pong"}
    await page.leave()


async def test_unfinished_frames_of_all_pages_are_bounded(bench, settings, monkeypatch) -> None:
    monkeypatch.setattr("queue_app.transport.frames._AT_LEAST", 1000)
    settings.BLOCKS_MAX_BODY_SIZE = 125
    b, pages = bench(app(lambda text: text)), []
    for n in range(11):
        pages.append(Page(b, f"session_hash={n}&after=0"))
        pages[-1].send(type="part", event_id=E1, index=0, text="x" * 100, more=True)
        refusal = await pages[-1].until("taken" if n < 10 else "refused")
    assert refusal["status"] == 503
    await pages.pop(0).leave()
    pages[-1].send(type="part", event_id=E2, index=0, text="x" * 100, more=True)
    assert (await pages[-1].until("taken"))["event_id"] == E2
    for page in pages:
        await page.leave()


async def test_a_frame_that_is_too_large_is_refused(bench, settings) -> None:
    settings.BLOCKS_MAX_BODY_SIZE = 100
    page = Page(bench(app(lambda text: text)))
    page.send(type="submit", event_id=E1, fn_index=0, data=["x" * 200])
    refusal = await page.until("refused")
    assert (refusal["status"], refusal["event_id"]) == (413, E1)
    await page.leave()


async def test_a_full_queue_is_a_refusal(bench) -> None:
    release = threading.Event()
    page = Page(bench(app(lambda text: str(release.wait(10))).queue(max_size=0)))
    page.send(type="submit", event_id=E1, fn_index=0, data=["x"])
    assert await page.until("refused") == {
        "type": "refused",
        "event_id": E1,
        "status": 503,
        "detail": "Queue is full. Max size is 0 and size is 0.",
    }
    await page.leave()


async def test_nobody_enters_without_the_guards_leave(bench) -> None:
    async def nobody(scope: Any) -> None:
        return None

    page = Page(bench(app(lambda text: text)), guard=nobody)
    assert (await page.until("refused"))["status"] == 401
    assert await page.next() == {"type": "websocket.close", "code": 4401}


async def test_anothers_session_is_refused(bench) -> None:
    async def somebody(scope: Any) -> Identity:
        return Identity("user:2", "b")

    b = bench(app(lambda text: text))
    b.engine.claim("s", "user:1")
    page = Page(b, guard=somebody)
    assert (await page.until("refused"))["detail"] == "Session not found."
    assert await page.next() == {"type": "websocket.close", "code": 4404}


async def test_a_page_of_another_site_is_not_answered(bench) -> None:
    from django.core.exceptions import PermissionDenied

    async def foreign(scope: Any) -> None:
        raise PermissionDenied("no")

    page = Page(bench(app(lambda text: text)), guard=foreign)
    assert (await page.next())["type"] == "websocket.close"


async def test_a_page_that_does_not_acknowledge_gets_no_more_than_the_window(bench) -> None:
    b = bench(app(lambda text: text))
    page = Page(b)
    await page.until("welcome")
    outbox = b.engine.session("s").outbox
    got = 0
    for _ in range(WINDOW_MESSAGES // 100 + 5):
        for _ in range(100):
            outbox.publish(Log(event_id=E1, log="x", level="info"))
        for _ in range(5):
            await asyncio.sleep(0)
    while not page.down.empty():
        last = json.loads(page.down.get_nowait()["text"])["items"]
        got += len(last)
    assert WINDOW_MESSAGES < got <= WINDOW_MESSAGES + 100
    page.send(type="ack", number=last[-1][0])
    assert len((await page.until("messages"))["items"]) == 1500 - got
    await page.leave()


async def test_functions_see_the_pages_own_query(bench) -> None:
    def ask(text: str, request: gr.Request) -> str:
        return f"{request.query_params} {request.session_hash}"

    page = Page(bench(app(ask)), "session_hash=s&after=0&lang=de")
    page.send(type="submit", event_id=E1, fn_index=0, data=["x"])
    assert (await page.messages())[-1][1]["output"]["data"] == ["{'lang': 'de'} s"]
    await page.leave()


async def test_what_a_validator_says_comes_as_json(bench) -> None:
    with gr.Blocks() as demo:
        text = gr.Textbox()
        gr.Button().click(len, text, gr.Number(), validator=lambda text: gr.validate(bool(text), "Write something."))
    page = Page(bench(demo))
    page.send(type="submit", event_id=E1, fn_index=0, data=[""])
    refusal = await page.until("refused")
    (problem,) = json.loads(refusal["detail"])
    assert (refusal["status"], problem["is_valid"], problem["message"]) == (422, False, "Write something.")
    await page.leave()
