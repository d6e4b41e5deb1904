"""The app that is measured under load: python echo.py MODULE PORT LIMIT, where MODULE is blocks_app or gradio."""

from __future__ import annotations

import importlib
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

os.environ.update(GRADIO_ANALYTICS_ENABLED="False", GRADIO_SSR_MODE="False", HF_HUB_OFFLINE="1")


def echo(t: str) -> str:
    """Give back."""
    return t


async def aecho(t: str) -> str:
    """Give back, on a loop."""
    return t


def gen(t: str, n: float) -> Iterator[str]:
    """Yield n times."""
    for i in range(int(n)):
        yield f"{t}:{i}"


async def agen(t: str, n: float) -> AsyncIterator[str]:
    """Yield n times, on a loop."""
    for i in range(int(n)):
        yield f"{t}:{i}"


def slow(t: str, s: float) -> str:
    """Work for s seconds."""
    time.sleep(float(s))
    return t


def declare(module: str, limit: int | None) -> Any:
    """The page, declared with `import gradio as gr` or `import blocks_app as gr`."""
    gr = importlib.import_module(module)
    with gr.Blocks() as demo:
        a, n, o = gr.Textbox(), gr.Number(100), gr.Textbox()
        for f, ins in ((echo, [a]), (aecho, [a]), (gen, [a, n]), (agen, [a, n]), (slow, [a, n])):
            gr.Button(f.__name__).click(f, ins, o, api_name=f.__name__)
        gr.Button("direct").click(echo, [a], o, api_name="direct", queue=False)
        gr.Button("adirect").click(aecho, [a], o, api_name="adirect", queue=False)
    demo.queue(default_concurrency_limit=limit, max_size=None)
    return demo


if __name__ == "__main__":
    page = declare(sys.argv[1], None if sys.argv[3] == "none" else int(sys.argv[3]))
    page.launch(server_port=int(sys.argv[2]), max_threads=40, quiet=True, show_error=True)
