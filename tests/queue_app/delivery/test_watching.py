"""A second tab of the same visitor watches one event: from the first message still kept to its end, and no more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from auth_app.identity import Identity
from queue_app.exceptions import NothingToWatch
from queue_app.transport.websocket import PageSocket
from tests.queue_app.conftest import app
from tests.queue_app.transport.test_consumers import E1, E2, Page

ANN, BOB, NOBODY = Identity("user:1", "ann"), Identity("user:2", "bob"), Identity("", None)


class Tab(Page):
    """A socket at the address that pages use."""

    consumer = PageSocket
    who = NOBODY


class Ann(Tab):
    who = ANN


class Bob(Tab):
    who = BOB


class Nothing:
    """A guard that knows Ann and permits her nothing."""

    async def __call__(self, scope: Any) -> Identity:
        return ANN

    async def allows(self, identity: Identity, requirement: Any) -> bool:
        return False


class Story:
    """A stream that goes on when the test says so."""

    def __init__(self) -> None:
        self.go = threading.Semaphore(0)
        self.closed = threading.Event()

    def __call__(self, text: str) -> Iterator[str]:
        try:
            for number in range(3):
                yield text * (number + 1)
                self.go.acquire(timeout=20)
        finally:
            self.closed.set()

    def on(self) -> None:
        self.go.release()


@pytest.fixture(autouse=True)
def _hosts(settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture
def story() -> Iterator[Story]:
    found = Story()
    yield found
    for _ in range(3):
        found.on()


async def steps(tab: Page, last: str = "process_completed") -> list[tuple[int, str]]:
    return [(number, message["msg"]) for number, message in await tab.messages(last)]


async def start(tab: Page, event_id: str = E1) -> None:
    tab.send(type="submit", event_id=event_id, fn_index=0, data=["a"])
    await tab.until("accepted")
    await tab.messages("process_generating")


def link(event_id: str = E1, session: str = "s", after: int = 0) -> str:
    return f"session_hash={session}&after={after}&__watch={event_id}"


async def test_a_watcher_sees_every_message_from_the_first_once_and_in_order(bench, story: Story) -> None:
    page = Tab(b := bench(app(story)))
    await start(page)
    watcher = Tab(b, link())
    welcome = await watcher.until("welcome")
    assert (welcome["pending"], welcome["fn_index"], welcome["session_hash"]) == ([E1], 0, "")
    assert welcome["running"][E1] >= 0
    story.on()
    story.on()
    story.on()
    seen = await watcher.messages()
    numbers = [number for number, _ in seen]
    assert numbers == sorted(set(numbers)) and seen[0][1]["msg"] == "process_starts"
    assert [message["msg"] for _, message in seen].count("process_generating") == 3
    assert seen[-1][1]["output"]["data"] == ["aaa"]
    assert {message["event_id"] for _, message in seen} == {E1}
    await watcher.leave()
    await page.leave()


async def test_the_other_events_of_the_session_are_not_told(bench, story: Story) -> None:
    page = Tab(b := bench(app(story, lambda text: text)))
    await start(page)
    watcher = Tab(b, link())
    await watcher.until("welcome")
    page.send(type="submit", event_id=E2, fn_index=1, data=["secret"])
    await page.messages()
    for _ in range(3):
        story.on()
    assert {message["event_id"] for _, message in await watcher.messages()} == {E1}
    await watcher.leave()
    await page.leave()


async def test_a_watcher_that_was_cut_off_gets_what_it_missed_and_the_end(bench, story: Story) -> None:
    page = Tab(b := bench(app(story)))
    await start(page)
    watcher = Tab(b, link())
    before = await steps(watcher, "process_generating")
    await watcher.leave()
    for _ in range(3):
        story.on()
    number, _ = (await page.messages())[-1]
    page.send(type="ack", number=number)  # the page has all of it, and has it forgotten
    page.send(type="ping")
    await page.until("pong")
    again = Tab(b, link(after=before[-1][0]))
    assert (await again.until("welcome"))["pending"] == []
    assert (await steps(again))[-1] == (number, "process_completed")
    await again.leave()
    await page.leave()


async def test_a_watcher_starts_and_stops_nothing(bench, story: Story) -> None:
    page = Tab(b := bench(app(story)))
    await start(page)
    watcher = Tab(b, link())
    for frame in ({"type": "cancel"}, {"type": "submit", "fn_index": 0, "data": ["x"]}):
        watcher.send(event_id=E1, **frame)
        refused = await watcher.until("refused")
        assert (refused["status"], refused["detail"]) == (403, "This page only watches.")
    watcher.send(type="ack", number=10_000)
    watcher.send(type="ping")
    await watcher.until("pong")
    assert not story.closed.is_set() and b.engine.session("s").pending == [E1]
    await watcher.leave()
    assert b.engine.session("s").outbox.gone == 0  # what it has read is kept for the page
    await page.leave()


async def test_a_watchers_number_cannot_move_those_of_the_page(bench, story: Story) -> None:
    page = Tab(b := bench(app(story)))
    await start(page)
    before = b.engine.session("s").outbox.number
    watcher = Tab(b, link(after=2**52))
    await watcher.until("welcome")
    assert b.engine.session("s").outbox.number == before
    await watcher.leave()
    await page.leave()


async def test_the_same_user_needs_the_link_alone(bench, story: Story) -> None:
    page = Ann(b := bench(app(story)))
    await start(page)
    watcher = Ann(b, f"after=0&__watch={E1}")
    assert (await watcher.until("welcome"))["pending"] == [E1]
    await watcher.leave()
    await page.leave()


@pytest.mark.parametrize(
    ("tab", "query"),
    [
        (Bob, link()),
        (Tab, link()),
        (Ann, link(E2)),
        (Ann, "session_hash=s&__watch="),
    ],
    ids=["another user", "an anonymous browser", "another event", "none"],
)
async def test_everybody_else_is_told_nothing(bench, story: Story, tab: type[Tab], query: str) -> None:
    page = Ann(b := bench(app(story)))
    await start(page)
    other = tab(b, query)
    refused = await other.until("refused")
    assert (refused["status"], refused["detail"]) == (404, NothingToWatch.__doc__)
    assert (await other.next())["type"] == "websocket.close"
    await other.task
    await page.leave()


@pytest.mark.parametrize("session", ["", "t"])
async def test_without_a_login_the_session_must_be_known(bench, story: Story, session: str) -> None:
    page = Tab(b := bench(app(story)))
    await start(page)
    other = Tab(b, link(session=session))
    assert (await other.until("refused"))["status"] == 404
    await other.task
    assert "t" not in b.engine.sessions._all
    await page.leave()


async def test_a_listener_that_is_not_allowed_any_more_is_not_watched(bench, story: Story) -> None:
    page = Ann(b := bench(app(story)))
    await start(page)
    dependency = b.demo.dependencies[0]
    object.__setattr__(dependency, "permission", "nobody.has")

    watcher = Ann(b, link(), guard=Nothing())
    assert (await watcher.until("refused"))["status"] == 404
    await watcher.task
    assert b.engine.session("s").connections == 1
    await page.leave()


async def test_while_somebody_watches_the_event_goes_on(bench, story: Story, settings) -> None:
    settings.BLOCKS_SESSION_GRACE = 60
    page = Tab(b := bench(app(story)))
    await start(page)
    watcher = Tab(b, link())
    await watcher.until("welcome")
    await page.leave()
    b.engine.sessions.pass_time(120)
    assert b.engine.session("s").pending == [E1]
    await watcher.leave()
    b.engine.sessions.pass_time(120)
    assert await asyncio.to_thread(story.closed.wait, 0) is False
    story.on()
    assert await asyncio.to_thread(story.closed.wait, 10)


async def test_the_end_is_forgotten_with_its_session(bench, story: Story, settings) -> None:
    settings.BLOCKS_SESSION_LIFETIME = 3600
    page = Tab(b := bench(app(story)))
    await start(page)
    watcher = Tab(b, link())
    for _ in range(3):
        story.on()
    await watcher.messages()
    await watcher.leave()
    await page.messages()
    await page.leave()
    b.engine.sessions.pass_time(4000)
    late = Tab(b, link())
    assert (await late.until("refused"))["status"] == 404
    await late.task
