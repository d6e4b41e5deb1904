"""Functions that use the database give their connections back."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

import blocks_app as gr
from blocks_app import connections as giving_back
from queue_app.testing import PageUser


class Recorded:
    """Which threads were asked to close what is old."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.threads: list[str] = []
        self.heard = threading.Event()
        monkeypatch.setattr("django.db.close_old_connections", self.note)

    def note(self) -> None:
        self.threads.append(threading.current_thread().name)
        self.heard.set()


def click(fn: Callable[..., Any], recorded: Recorded) -> None:
    with gr.Blocks() as demo:
        text, result, button = gr.Textbox(), gr.Textbox(), gr.Button()
        button.click(fn, text, result)
    with PageUser(demo) as page:
        page.click(button)
        assert recorded.heard.wait(10)


def _generator(text: str) -> Any:
    yield text
    yield text + "!"


@pytest.mark.parametrize("fn", [lambda text: text, _generator])
def test_after_a_call_its_thread_closes_what_is_old(fn: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = Recorded(monkeypatch)
    click(fn, recorded)
    assert all(name.startswith("blocks-") for name in recorded.threads)


def test_async_functions_share_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving_back, "_LATER", 0.01)
    from asgiref.sync import sync_to_async

    async def fn(text: str) -> str:
        await sync_to_async(lambda: None)()
        return text

    recorded = Recorded(monkeypatch)
    click(fn, recorded)


def test_a_pure_page_loads_no_database() -> None:
    code = (
        "import sys, blocks_app as gr\n"
        "with gr.Blocks() as demo: gr.Button().click(lambda: 1, None, gr.Number())\n"
        "assert demo() == 1 and 'django.db' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
