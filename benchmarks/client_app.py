"""The app that clients are measured with: python client_app.py PORT FOLDER."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import blocks_app as gr

PORT, FOLDER = int(sys.argv[1]), Path(sys.argv[2])


def echo(text: str) -> str:
    """The same text."""
    return text


def count(number: float) -> Iterator[str]:
    """Many short values."""
    for each in range(int(number)):
        yield str(each)


def size(file: str) -> str:
    """Bytes of an upload."""
    return str(Path(file).stat().st_size)


def give(number: float) -> str:
    """A file of so many megabytes."""
    path = FOLDER / f"{int(number)}.bin"
    if not path.exists():
        with path.open("wb") as out:
            for _ in range(int(number)):
                out.write(b"\x5a" * 1_000_000)
    return str(path)


with gr.Blocks() as demo:
    text, number, file = gr.Textbox(), gr.Number(), gr.File()
    out, result = gr.Textbox(), gr.File()
    go = gr.Button()
    go.click(echo, text, out, api_name="echo", concurrency_limit=None)
    go.click(count, number, out, api_name="count")
    go.click(size, file, out, api_name="size")
    go.click(give, number, result, api_name="give")

demo.launch(
    server_name="127.0.0.1", server_port=PORT, quiet=True, prevent_thread_lock=True, allowed_paths=[str(FOLDER)]
)
threading.Event().wait()
