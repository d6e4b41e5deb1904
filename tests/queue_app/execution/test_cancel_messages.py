"""What a visitor hears of a cancel: whether the function can be stopped, what becomes of its result and its slot."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import blocks_app as gr
from queue_app.execution.worker import ASKED, LEFT, RUNS_ON
from queue_app.testing import PageUser


class Page:
    """An app whose one function is cancelled while it runs: `began` and `ended` tell how far it is."""

    def __init__(self, function: Any) -> None:
        with gr.Blocks() as self.demo:
            self.out, self.start, self.stop = gr.Textbox(), gr.Button(), gr.Button()
            event = self.start.click(function, None, self.out)
            self.stop.click(None, cancels=[event])


class Plain:
    """Functions of every kind that run until they are let go."""

    def __init__(self) -> None:
        self.began, self.go, self.ended = threading.Event(), threading.Event(), threading.Event()

    def plain(self) -> str:
        self.began.set()
        self.go.wait(30)
        self.ended.set()
        return "too late"

    def asking(self, request: gr.Request) -> str:
        self.began.set()
        while not request.cancelled and not self.go.wait(0.005):
            pass
        self.ended.set()
        return "too late"

    def stream(self) -> Iterator[str]:
        try:
            self.began.set()
            yield "one"
            while not self.go.wait(0.005):
                yield "more"
        finally:
            self.ended.set()

    async def coroutine(self) -> str:
        try:
            self.began.set()
            await asyncio.sleep(60)
        finally:
            self.ended.set()
        return "too late"

    async def async_stream(self) -> AsyncIterator[str]:
        try:
            self.began.set()
            while True:
                yield "more"
                await asyncio.sleep(0.005)
        finally:
            self.ended.set()


@pytest.fixture
def work() -> Iterator[Plain]:
    found = Plain()
    yield found
    found.go.set()


def cancelled(page: PageUser, app: Page, work: Plain) -> None:
    page.click(app.start, wait=False)
    assert work.began.wait(30)
    page.click(app.stop)
    page.wait()


def test_a_plain_function_runs_on_and_the_page_says_so(work: Plain) -> None:
    app = Page(work.plain)
    with PageUser(app.demo, timeout=30) as page, PageUser(app.demo, timeout=30) as other:
        cancelled(page, app, work)
        assert [(toast.level, toast.title, toast.text) for toast in page.toasts] == [("info", "Cancelled", RUNS_ON)]
        assert page.status(app.out) is None and page.errors == []
        assert not work.ended.is_set()
        work.began.clear()
        other.click(app.start, wait=False)  # the slot is free, though the first still has its thread
        assert work.began.wait(30) and not work.ended.is_set()
        work.go.set()
        other.wait()
        assert (other.value(app.out), page.value(app.out), page.history(app.out)) == ("too late", None, [])


def test_one_that_looks_can_stop_by_itself(work: Plain) -> None:
    app = Page(work.asking)
    with PageUser(app.demo, timeout=30) as page:
        cancelled(page, app, work)
        assert [toast.text for toast in page.toasts] == [ASKED]
        assert work.ended.wait(30)
        assert page.history(app.out) == []


@pytest.mark.parametrize("kind", ["stream", "coroutine", "async_stream"])
def test_what_can_be_stopped_is_stopped_without_a_word(work: Plain, kind: str) -> None:
    app = Page(getattr(work, kind))
    with PageUser(app.demo, timeout=30) as page:
        cancelled(page, app, work)
        assert page.toasts == [] and page.errors == []
        assert work.ended.wait(30)
        assert not work.go.is_set()


def test_what_waits_leaves_at_once_without_a_word(work: Plain) -> None:
    app = Page(work.plain)
    with PageUser(app.demo, timeout=30) as first, PageUser(app.demo, timeout=30) as second:
        first.click(app.start, wait=False)
        assert work.began.wait(30)
        second.click(app.start, wait=False)
        second.until(lambda: second.position(app.out) == (0, 1))
        second.click(app.stop)
        second.wait()
        assert second.toasts == [] and second.status(app.out) is None and second.value(app.out) is None
        work.go.set()
        first.wait()
        assert first.value(app.out) == "too late"


def test_when_nobody_reads_events_go_on_for_the_grace_time_and_not_longer(work: Plain, settings: Any) -> None:
    settings.BLOCKS_SESSION_GRACE = 90
    app = Page(work.stream)
    with PageUser(app.demo, timeout=30) as page, PageUser(app.demo, timeout=30) as other:
        page.click(app.start, wait=False)
        page.until(lambda: page.value(app.out) is not None)
        other.click(app.start, wait=False)
        other.until(lambda: other.position(app.out) == (0, 1))
        for each in (page, other):
            each.disconnect()
        page.pass_time(89)
        assert not work.ended.is_set()
        page.pass_time(2)
        assert work.ended.wait(30)
        for each in (page, other):
            each.reconnect()
            each.wait()
            assert [(toast.level, toast.text) for toast in each.toasts] == [("warning", LEFT)]
        assert page.value(app.out) in ("one", "more") and other.value(app.out) is None


def test_whoever_comes_back_within_the_grace_time_has_missed_nothing(work: Plain, settings: Any) -> None:
    settings.BLOCKS_SESSION_GRACE = 90
    app = Page(work.plain)
    with PageUser(app.demo, timeout=30) as page:
        page.click(app.start, wait=False)
        assert work.began.wait(30)
        page.disconnect()
        page.pass_time(80)
        page.reconnect()
        page.pass_time(80)
        work.go.set()
        page.wait()
        assert (page.value(app.out), page.toasts) == ("too late", [])
