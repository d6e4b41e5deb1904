"""A launched script that asks for a password, for the official clients.

Prints its address and serves until its input ends.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import blocks_app as gr


def who(text: str, request: gr.Request) -> str:
    """Say who asks."""
    return f"{text}: {request.username}"


def letters(text: str) -> Iterator[str]:
    """Yield the text letter by letter."""
    for end in range(1, len(text) + 1):
        yield text[:end]


def shout(file: str) -> str:
    """Give back the file in capitals."""
    target = Path(file).with_name("loud.txt")
    target.write_text(Path(file).read_text().upper())
    return str(target)


with gr.Blocks() as demo:
    text, out = gr.Textbox(label="text"), gr.Textbox(label="out")
    upload, loud = gr.File(label="upload"), gr.File(label="loud")
    go = gr.Button("Go")
    go.click(who, text, out, api_name="who")
    go.click(letters, text, out, api_name="letters")
    go.click(shout, upload, loud, api_name="shout")

if __name__ == "__main__":
    url = demo.launch(prevent_thread_lock=True, quiet=True, auth=[("ann", "secret"), ("bob", "other")])[1]
    print(url, flush=True)
    sys.stdin.read()
