"""Our server is killed in the middle of a call and started anew."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from blocks_client import AsyncClient, Client, StreamLost
from tests.house.sources import ROOT

from .test_our_server import Cutting

SCRIPT = """
import threading
import blocks_app as gr

def count(text):
    yield text + "0"
    yield text + "1"
    threading.Event().wait()

with gr.Blocks() as demo:
    text = gr.Textbox(label="text")
    gr.State(0)  # so that the client's heartbeat may bring the session to the new server before its stream does
    button = gr.Button()
    button.click(count, text, text, api_name="count")
    button.click(lambda text: text.upper(), text, text, api_name="shout")
demo.launch(quiet=True, prevent_thread_lock=True)
print(demo.local_url, flush=True)
threading.Event().wait()
"""
#: Starts the next server and leads everybody to it, then kills the one before.
Restart = Callable[[], None]


@pytest.fixture
def front(tmp_path: Path) -> Iterator[tuple[str, Restart]]:
    """An address behind which one server takes the place of another, and how."""
    script = tmp_path / "app.py"
    script.write_text(SCRIPT)
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "GRADIO_"))}
    servers: list[subprocess.Popen[str]] = []
    with ExitStack() as stack:

        def start() -> str:
            server = subprocess.Popen(
                [sys.executable, str(script)], env={**plain, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
            )
            stack.callback(server.communicate)
            stack.callback(server.kill)
            assert server.stdout is not None
            servers.append(server)
            return server.stdout.readline().strip()

        relay = Cutting(start(), after=0, times=0)
        stack.callback(relay.listener.close)

        def restart() -> None:
            url = httpx.URL(start())
            relay.target = (url.host, url.port)
            servers[-2].kill()

        yield relay.base, restart


def test_what_ran_is_told_as_lost_with_what_arrived_and_the_client_goes_on(front: tuple[str, Restart]) -> None:
    base, restart = front
    with Client(base, verbose=False) as client:
        running = client.submit("a", api_name="/count")
        values = iter(running)
        assert [next(values), next(values)] == ["a0", "a1"]
        waiting = client.submit("b", api_name="/count")  # behind it in the queue
        restart()
        with pytest.raises(StreamLost, match="restarted") as lost:
            next(values)
        assert lost.value.outputs == ["a0", "a1"] == running.outputs()
        with pytest.raises(StreamLost, match="restarted") as lost:
            waiting.result(timeout=120)
        assert lost.value.outputs == []
        assert client.predict("again", api_name="/shout") == "AGAIN"


async def test_the_same_with_asyncio(front: tuple[str, Restart]) -> None:
    base, restart = front
    async with AsyncClient(base, verbose=False) as client:
        values = client.submit("a", api_name="/count").__aiter__()
        assert [await anext(values), await anext(values)] == ["a0", "a1"]
        restart()
        with pytest.raises(StreamLost, match="restarted") as lost:
            await anext(values)
        assert lost.value.outputs == ["a0", "a1"]
        assert await client.predict("again", api_name="/shout") == "AGAIN"
