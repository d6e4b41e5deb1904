"""Conversations in the visitor's browser: what happens at once does not undo each other."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import pytest

import blocks_app as gr
from blocks_app.interfaces.chat_histories import BrowserStore
from queue_app.testing import PageUser


def echo(message: str, history: list[dict[str, Any]]) -> str:
    return f"{len(history)}: {message}"


@pytest.fixture
def demo() -> gr.ChatInterface:
    return gr.ChatInterface(echo, save_history=True)


def say(page: PageUser, demo: gr.ChatInterface, message: str, wait: bool = True) -> None:
    page.set(demo.textbox, message, wait)
    page.submit(demo.textbox, wait)


def state(page: PageUser, demo: gr.ChatInterface) -> tuple[list[str], list[str]]:
    """The titles that are listed, and what is said in the conversation when it is opened from the list."""
    side = demo.history
    assert side is not None
    titles = [row[0] for row in page.prop(side.list, "samples")]
    page.click(side.new)
    page.set(side.list, 0)
    page.fire(side.list, "click")
    return titles, [each["content"][0]["text"] for each in page.value(demo.chatbot)]


def held(monkeypatch: pytest.MonkeyPatch, method: str, which: int = 0) -> tuple[threading.Event, threading.Event]:
    """Let a change begin with the list of now, and go on when it is told; the first of its kind, or a later one."""
    begun, go_on, real = threading.Event(), threading.Event(), getattr(BrowserStore, method)
    numbers = itertools.count()

    def slowly(self: BrowserStore, *args: Any) -> Any:
        if next(numbers) == which:
            begun.set()
            assert go_on.wait(10)
        return real(self, *args)

    monkeypatch.setattr(BrowserStore, method, slowly)
    return begun, go_on


def test_a_title_survives_an_answer_that_is_kept_at_the_same_moment(
    demo: gr.ChatInterface, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = demo.history
    assert side is not None
    with PageUser(demo) as page:
        say(page, demo, "tea")
        begun, go_on = held(monkeypatch, "save", 1)
        say(page, demo, "cake", wait=False)
        assert begun.wait(10)
        page.set(side.name, "Tea time", wait=False)
        page.submit(side.name, wait=False)
        page.until(lambda: [row[0] for row in page.prop(side.list, "samples")] == ["Tea time"])
        go_on.set()
        page.wait()
        assert state(page, demo) == (["Tea time"], ["tea", "0: tea", "cake", "2: cake"])
        assert page.errors == []


def test_an_answer_survives_a_title_that_is_given_at_the_same_moment(
    demo: gr.ChatInterface, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = demo.history
    assert side is not None
    with PageUser(demo) as page:
        say(page, demo, "tea")
        begun, go_on = held(monkeypatch, "rename")
        page.set(side.name, "Tea time")
        page.submit(side.name, wait=False)
        assert begun.wait(10)
        say(page, demo, "cake", wait=False)
        page.until(lambda: page.pending == ["rename"] and len(page.value(demo.chatbot)) == 4)
        go_on.set()
        page.wait()
        assert state(page, demo) == (["Tea time"], ["tea", "0: tea", "cake", "2: cake"])
        assert page.errors == []


def test_what_was_deleted_does_not_come_back_with_an_answer(
    demo: gr.ChatInterface, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = demo.history
    assert side is not None
    with PageUser(demo) as page:
        say(page, demo, "tea")
        begun, go_on = held(monkeypatch, "save", 1)
        say(page, demo, "cake", wait=False)
        assert begun.wait(10)
        page.click(side.delete, wait=False)
        page.until(lambda: page.prop(side.list, "samples") == [])
        go_on.set()
        page.wait()
        assert page.prop(side.list, "samples") == [] and page.errors == []


def test_what_another_tab_has_changed_since_counts() -> None:
    recent: dict[str, Any] = {}
    here = BrowserStore([], recent)
    opened = here.save(None, "tea", [])
    assert opened is not None
    here.rename(opened["id"], "Tea time")
    elsewhere = BrowserStore(here.kept, {})
    elsewhere.rename(opened["id"], "High tea")
    assert BrowserStore(elsewhere.kept, recent).listed() == [(opened["id"], "High tea")]
    elsewhere.delete(opened["id"])
    assert BrowserStore(elsewhere.kept, recent).listed() == []
