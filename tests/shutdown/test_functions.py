"""Functions that do not want to end, and programs that go on: the process ends all the same."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .servers import ERROR, UGLY, Page, Served

STUBBORN = """
import asyncio, os, sys, time
import blocks_app as gr

async def swallows(text):
    while True:
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            pass

def prints(text):
    sys.stdout = open(os.devnull, "w")
    while True:
        print("still here")

def closes_badly(text):
    try:
        while True:
            time.sleep(0.02)
            yield text
    finally:
        raise ValueError("not like this")

def closes_slowly(text):
    try:
        while True:
            time.sleep(0.02)
            yield text
    finally:
        time.sleep(1000)

async def blocks(text):
    time.sleep(1000)

with gr.Blocks() as demo:
    text, out = gr.Textbox(), gr.Textbox()
    for function in (swallows, closes_badly, closes_slowly, prints, blocks):
        gr.Button().click(function, text, out)
"""
COUNTING = """
import sys, time
import blocks_app as gr

def count(text):
    try:
        while True:
            time.sleep(0.02)
            yield text
    finally:
        print("generator closed")

with gr.Blocks() as demo, gr.Blocks() as other:
    pass
with demo:
    text, out = gr.Textbox(), gr.Textbox()
    gr.Button().click(count, text, out)
other.launch(prevent_thread_lock=True, quiet=True)
demo.launch(prevent_thread_lock=True)
"""


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Start a server: `serve("launch", SOURCE)` or `serve("daphne", GRACE="60")`."""
    started: list[Served] = []

    def start(name: str, source: str = "", database: Path | None = None, **environment: str) -> Served:
        file = tmp_path / "app.py"
        file.write_text(source)
        started.append(Served(name, tmp_path, database, file=file if source else None, **environment))
        return started[-1]

    yield start
    for server in started:
        server.close()


def test_stubborn_functions_do_not_hold_up_the_end(serve) -> None:
    server = serve("runblocks file", STUBBORN)
    page = Page(server.origin(), 0, 1, 2, 3, 4)
    server.send_signal()
    assert server.code() == 0, server.output
    assert page.closed() == 4001
    assert page.ends == dict.fromkeys(range(5), (False, ERROR))
    assert not UGLY.search(server.output), server.output


def test_the_reloader_of_runserver_passes_a_signal_on(serve, database) -> None:
    server = serve("runserver reloading", database=database)
    page = Page(server.origin(), "count")
    server.send_signal()
    assert (server.code(), page.closed()) == (0, 4001)
    assert page.ends == {"count": (False, ERROR)}
    assert server.rows("SELECT name FROM queue_app_process") == []
    assert not UGLY.search(server.output), server.output


def test_a_second_signal_ends_the_process_at_once(serve, database) -> None:
    server = serve("daphne", database=database, GRACE="600")
    page = Page(server.origin(), 2, 6)
    server.send_signal()
    page.until(6)  # it repeats, and so has been told: the end has begun
    time.sleep(1.2)  # within a second it would be the same wish
    server.send_signal()
    assert server.code() == -signal.SIGTERM


def test_a_script_that_ends_by_itself_closes_what_runs_and_has_its_own_exit_code(serve) -> None:
    server = serve("launch", COUNTING + "sys.stdin.readline()\nsys.exit(5)\n")
    page = Page(server.origin(), 0)
    server.answer("\n")
    assert (server.code(), page.closed()) == (5, 4001)
    assert page.ends == {0: (False, ERROR)}
    assert "generator closed" in server.output and not UGLY.search(server.output), server.output


def test_an_app_that_is_closed_ends_alone(serve) -> None:
    server = serve("launch", COUNTING + "sys.stdin.readline()\ndemo.close()\nprint('closed')\nsys.stdin.readline()\n")
    page = Page(server.origin(), 0)
    server.answer("\n")
    assert page.closed() == 4001
    server.until("generator closed")
    assert server.process.poll() is None
    server.answer("\n")
    assert server.code() == 0
    assert not UGLY.search(server.output), server.output


def test_saving_the_file_again_and_again_with_a_page_open_starts_the_app_anew(serve, tmp_path) -> None:
    server = serve("runblocks file", COUNTING.replace('print("generator closed")', "pass"))
    origin = server.origin()
    for number in range(2):
        page = Page(origin, 0)
        (tmp_path / "app.py").write_text(COUNTING.replace("generator closed", f"generator closed in {number}"))
        assert page.closed() == 4001
        assert page.ends == {0: (False, ERROR)}
        origin = server.origin()
    server.send_signal(signal.SIGINT)
    assert server.code() == 0
    assert "generator closed in 0" in server.output and not UGLY.search(server.output), server.output
