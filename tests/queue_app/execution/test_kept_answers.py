"""An answer that is kept waits for nobody, whoever has it kept; everything else waits as ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache as site_cache

import blocks_app as gr
from queue_app.testing import PageUser

ran: list[str] = []
KNOWN = ["kept", "slow"]


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "stored"))
    site_cache.clear()
    ran.clear()
    yield
    site_cache.clear()


class Busy:
    """An app whose function is at work for "slow" until it may end."""

    def __init__(self, mode: str) -> None:
        self.gate, self.begun = threading.Event(), threading.Event()
        self.mode = mode

        def answer(text: str) -> Iterator[str]:
            ran.append(text)
            if text == "slow":
                self.begun.set()
                self.gate.wait(30)
            yield text
            yield text.upper()

        if mode == "chat":
            self.chat = gr.ChatInterface(lambda text, history: answer(text), examples=KNOWN, cache_examples="lazy")
            self.demo = self.chat
            return
        with gr.Blocks() as self.demo:
            self.text, self.shown, self.button = gr.Textbox(), gr.Textbox(), gr.Button()
            if mode == "examples":
                self.examples = gr.Examples(KNOWN, self.text, self.shown, answer, "lazy")
            else:
                self.button.click(gr.cache(answer), self.text, self.shown)

    def ask(self, user: PageUser, text: str, wait: bool = True) -> None:
        if self.mode == "chat":
            data = {"index": KNOWN.index(text), "value": {"text": text, "files": []}}
            user.fire(self.chat.chatbot, "example_select", data, wait=wait)
        elif self.mode == "examples":
            number = KNOWN.index(text)
            user.set(self.examples.dataset, number)
            user.fire(self.examples.dataset, "click", number, wait=wait)
        else:
            user.set(self.text, text)
            user.click(self.button, wait=wait)

    def seen(self, user: PageUser) -> Any:
        if self.mode != "chat":
            return user.value(self.shown)
        said = user.value(self.chat.chatbot)
        return said[-1]["content"][0]["text"] if said else None


@pytest.mark.parametrize("mode", ["examples", "cache", "chat"])
def test_a_kept_answer_does_not_wait_for_one_that_is_made(mode: str) -> None:
    app = Busy(mode)
    with PageUser(app.demo) as one, PageUser(app.demo) as other:
        app.ask(one, "kept")
        app.ask(one, "slow", wait=False)
        assert app.begun.wait(30)
        app.ask(other, "kept")
        assert app.seen(other) == "KEPT"
        app.gate.set()
        one.until(lambda: app.seen(one) == "SLOW")
    assert ran == ["kept", "slow"]


def test_what_is_not_kept_waits_and_runs_once() -> None:
    app = Busy("cache")
    with PageUser(app.demo) as one, PageUser(app.demo) as other:
        app.ask(one, "slow", wait=False)
        assert app.begun.wait(30)
        app.ask(other, "new", wait=False)
        assert ran == ["slow"]
        app.gate.set()
        other.until(lambda: other.value(app.shown) == "NEW")
    assert ran == ["slow", "new"]


def asked(fn: Any, *inputs: Any, **options: Any) -> bool:
    with gr.Blocks() as demo:
        gr.Button().click(fn, [each() for each in inputs], gr.Textbox(), **options)
    return demo.dependencies[0].kept is not None


def test_nobody_is_asked_where_arguments_are_work_or_may_change() -> None:
    cached: Any = gr.cache(lambda value: value)

    def own(value: Any) -> Any:
        return cached(value)

    own.__dict__.update(vars(cached))  # as a decorator of the app's own does

    assert asked(cached, gr.Textbox) and not asked(cached, gr.Image) and not asked(cached, gr.State)
    assert not asked(own, gr.Textbox) and not asked(cached, gr.Textbox, batch=True)
