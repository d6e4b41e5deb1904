"""Functions of `Blocks.unload`: once per visit, whichever way it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

import blocks_app as gr
from queue_app.testing import PageUser


class Left:
    """An app that counts in a State, and notes who has left."""

    def __init__(self, unload: Callable[[Left], Callable[..., Any]] | None = None) -> None:
        self.seen: list[Any] = []
        self.unloaded = threading.Semaphore(0)
        with gr.Blocks() as self.demo:
            self.button, self.state = gr.Button(), gr.State(0)
            self.button.click(lambda count: count + 1, self.state, self.state)
            self.demo.unload(unload(self) if unload else self.note)

    def note(self, request: gr.Request) -> None:
        self.seen.append(request.session_hash)
        self.unloaded.release()

    def wait(self) -> None:
        assert self.unloaded.acquire(timeout=10)


def test_closing_the_tab_runs_it_once_with_the_request_of_its_session() -> None:
    app = Left()
    with PageUser(app.demo, session_hash="tab") as page:
        page.click(app.button)
        assert app.seen == []
    app.wait()
    assert app.seen == ["tab"]


def test_a_reload_counts_and_the_state_stays() -> None:
    app = Left()
    with PageUser(app.demo) as page:
        page.click(app.button)
        page.reload()
        app.wait()
        assert len(app.seen) == 1
    app.wait()
    assert len(app.seen) == 2


def test_a_lost_connection_that_comes_back_does_not_count() -> None:
    app = Left()
    with PageUser(app.demo) as page:
        page.disconnect()
        page.reconnect()
        page.click(app.button)
        assert app.seen == []
    app.wait()
    assert len(app.seen) == 1


def test_a_lost_connection_that_stays_away_counts_after_a_grace_time(settings: Any) -> None:
    settings.BLOCKS_UNLOAD_GRACE = 0.02
    app = Left()
    with PageUser(app.demo) as page:
        page.disconnect()
        app.wait()
    assert len(app.seen) == 1


@pytest.mark.parametrize("session_lives", [True, False])
def test_it_runs_though_the_session_is_gone(session_lives: bool, settings: Any) -> None:
    settings.BLOCKS_UNLOAD_GRACE = 0.05
    settings.BLOCKS_SESSION_LIFETIME = 3600 if session_lives else 0.01
    app = Left()
    with PageUser(app.demo, session_hash="tab") as page:
        page.click(app.button)
        page.disconnect()
        app.wait()
    assert app.seen == ["tab"]


def test_async_functions_run_too_and_one_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def failing(app: Left) -> Callable[..., Any]:
        async def unload() -> None:
            app.unloaded.release()
            raise RuntimeError("no")

        return unload

    app = Left(failing)
    with PageUser(app.demo):
        pass
    app.wait()
    assert "unload.failed" in [getattr(each, "action", "") for each in caplog.records]


def test_the_app_is_told_as_a_decorator_too() -> None:
    with gr.Blocks() as demo:

        @demo.unload
        def tidy() -> str:
            return "still a function"

    assert tidy() == "still a function" and demo.unload_fns == [tidy]


def test_something_else_than_a_function_is_refused() -> None:
    with gr.Blocks() as demo, pytest.raises(ValueError, match="takes a function"):
        demo.unload("tidy")  # type: ignore[arg-type]
