"""Direct calls of programs: they wait for their turn and count in every limit, unless the app opens its API."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

import blocks_app as gr
from queue_app.execution.engine import engine_of
from tests.wire.asgi_client import Answer, Client
from tests.wire.conftest import App

PAGE = {"sec-fetch-site": "same-origin"}


class Gauge:
    """A function that can be held, and knows how many times it runs at once."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.lock = threading.Lock()
        self.now = self.most = 0
        self.order: list[str] = []

    def __call__(self, text: str) -> str:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.order.append(text)
        self.gate.wait(10)
        with self.lock:
            self.now -= 1
        return text


class Endless:
    """A function that never returns, and notes where it is."""

    def __init__(self) -> None:
        self.began, self.stopped = threading.Event(), threading.Event()

    async def __call__(self, text: str) -> None:
        self.began.set()
        try:
            await asyncio.sleep(60)
        finally:
            self.stopped.set()


class DirectCallsApp(App):
    """An app with one function in the queue, one outside of it, and one with a time limit."""

    def _declare(self) -> gr.Blocks:
        self.held, self.open, self.slow, self.endless = Gauge(), Gauge(), Gauge(), Endless()

        async def for_ever(text: str) -> None:
            await asyncio.sleep(60)

        with gr.Blocks() as demo:
            text, out, go = gr.Textbox(), gr.Textbox(), gr.Button()
            go.click(self.held, text, out, api_name="held")
            go.click(self.open, text, out, api_name="open", queue=False)
            go.click(self.endless, text, None, api_name="endless")
            go.click(self.endless, text, None, api_name="endless_open", queue=False)
            go.click(for_ever, text, None, api_name="for_ever", time_limit=0.05)
            go.click(lambda text: text, text, out, api_name="again", every=60)
            go.click(lambda texts: [texts], text, out, api_name="batch", batch=True)
        return demo


@pytest.fixture
def app_class() -> type[App]:
    return DirectCallsApp


async def seen(condition: Any) -> None:
    """Wait until something that other tasks do has happened."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)


def calls(client: Client, name: str, count: int, endpoint: str = "run", **headers: str) -> list[asyncio.Task[Answer]]:
    return [
        asyncio.create_task(
            client.post(f"/app/{endpoint}/{name}", {"data": [f"{name}{number}"], "session_hash": f"s{number}"}, headers)
        )
        for number in range(count)
    ]


@pytest.mark.parametrize(("name", "endpoint"), [("held", "run"), ("held", "api"), ("open", "run"), ("open", "api")])
async def test_ten_at_once_run_one_after_the_other(
    app: DirectCallsApp, client: Client, name: str, endpoint: str
) -> None:
    gauge: Gauge = getattr(app, name)
    tasks = calls(client, name, 10, endpoint)
    await seen(lambda: gauge.now == 1 and engine_of(app.mount).snapshot().waiting == 9)
    gauge.gate.set()
    answers = await asyncio.gather(*tasks)
    assert gauge.most == 1
    assert sorted(answer.json["data"][0] for answer in answers) == [f"{name}{number}" for number in range(10)]
    assert engine_of(app.mount).snapshot().running == 0


async def test_a_visitor_waits_for_one_of_them_and_not_for_all(app: DirectCallsApp, client: Client) -> None:
    tasks = calls(client, "held", 10)
    await seen(lambda: engine_of(app.mount).snapshot().waiting == 9)
    body = {"data": ["visitor"], "fn_index": app.fn("held"), "session_hash": "tab"}
    assert (await client.post("/app/queue/join", body)).status == 200
    app.held.gate.set()
    await asyncio.gather(*tasks)
    await seen(lambda: "visitor" in app.held.order)
    assert app.held.order.index("visitor") <= 2  # after what runs, and one of another


async def test_a_page_does_not_wait_for_what_is_not_queued(app: DirectCallsApp, client: Client) -> None:
    tasks = calls(client, "open", 3, **PAGE)
    await seen(lambda: app.open.now == 3)
    app.open.gate.set()
    await asyncio.gather(*tasks)
    tasks = calls(client, "held", 3, **PAGE)  # a page never sends these here
    await seen(lambda: engine_of(app.mount).snapshot().waiting == 2)
    app.held.gate.set()
    await asyncio.gather(*tasks)
    assert app.held.most == 1


async def test_an_app_may_open_its_api(app: DirectCallsApp, client: Client) -> None:
    app.blocks.queue(api_open=True)
    tasks = calls(client, "held", 3)
    await seen(lambda: app.held.now == 3)
    app.held.gate.set()
    assert [answer.status for answer in await asyncio.gather(*tasks)] == [200] * 3


async def test_who_goes_while_waiting_leaves_no_gap(app: DirectCallsApp, client: Client) -> None:
    first, gone, last = calls(client, "held", 3)
    await seen(lambda: engine_of(app.mount).snapshot().waiting == 2)
    gone.cancel()
    await seen(lambda: engine_of(app.mount).snapshot().waiting == 1)
    app.held.gate.set()
    assert [(await task).status for task in (first, last)] == [200, 200]
    assert engine_of(app.mount).snapshot().running == 0


@pytest.mark.parametrize("headers", [PAGE, {}], ids=["a page", "a program"])
@pytest.mark.parametrize("queue", [True, False], ids=["in the queue", "queue=False"])
async def test_a_run_ends_with_its_request(
    app: DirectCallsApp, client: Client, headers: dict[str, str], queue: bool
) -> None:
    name = "endless" if queue else "endless_open"
    async with client.open("POST", f"/app/run/{name}", {"data": ["x"]}, headers):
        await seen(app.endless.began.is_set)
        assert not app.endless.stopped.is_set()
    assert await asyncio.to_thread(app.endless.stopped.wait, 10)
    await seen(lambda: (now := engine_of(app.mount).snapshot()).running == now.direct == 0)


async def test_a_full_queue_is_told(app: DirectCallsApp, client: Client) -> None:
    app.blocks.queue(max_size=1)
    tasks = calls(client, "held", 3)
    await seen(lambda: any(task.done() for task in tasks))
    app.held.gate.set()
    assert sorted(answer.status for answer in await asyncio.gather(*tasks)) == [200, 200, 503]


async def test_a_lease_ends_and_the_next_one_starts(client: Client) -> None:
    answers = await asyncio.gather(*calls(client, "for_ever", 2))
    assert [answer.status for answer in answers] == [500, 500]
    assert all("took longer than its time limit of 0.05 s" in answer.json["error"] for answer in answers)


async def test_direct_calls_of_a_batch_function_run_alone(client: Client) -> None:
    answers = await asyncio.gather(*calls(client, "batch", 3))
    assert sorted(answer.json["data"][0] for answer in answers) == ["batch0", "batch1", "batch2"]


async def test_the_limit_per_user_counts_them(app: DirectCallsApp, client: Client) -> None:
    app.blocks.queue(per_user_limit=1, default_concurrency_limit=5)
    tasks = [*calls(client, "held", 2), *calls(client, "open", 2)]
    await seen(lambda: app.held.now + app.open.now == 1)
    app.held.gate.set()
    app.open.gate.set()
    assert [answer.status for answer in await asyncio.gather(*tasks)] == [200] * 4
    assert app.held.most == app.open.most == 1


async def test_of_what_repeats_the_first_value_is_given(client: Client) -> None:
    answers = await asyncio.gather(*calls(client, "again", 3))
    assert sorted(answer.json["data"][0] for answer in answers) == ["again0", "again1", "again2"]


async def test_closing_the_app_ends_those_that_wait(app: DirectCallsApp, client: Client) -> None:
    tasks = calls(client, "held", 2)
    await seen(lambda: engine_of(app.mount).snapshot().waiting == 1)
    closing = asyncio.create_task(engine_of(app.mount).close())
    await seen(lambda: any(task.done() for task in tasks))
    app.held.gate.set()
    await closing
    assert [answer.status for answer in await asyncio.gather(*tasks)] == [503, 503]
