"""An app for a page whose processes die: a story that the test tells, a number that is kept, a file that is read."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from django.urls import path

import blocks_app as gr

WORDS = Path(os.environ.get("PAGE_FOLDER", ".")) / "words"
PATIENCE = 60.0


def story() -> Iterator[str]:
    """Yields what was written until now, until that ends with a full stop."""
    told, until = "", time.monotonic() + PATIENCE
    while not told.endswith(".") and time.monotonic() < until:
        written = WORDS.read_text() if WORDS.exists() else ""
        if written != told:
            told = written
            yield told
        time.sleep(0.01)


def read(file: str) -> str:
    return Path(file).read_text().upper()


with gr.Blocks() as demo:
    out, total, kept = gr.Textbox(label="Out"), gr.Number(label="Total"), gr.State(0)
    gr.Button("Start").click(story, None, out)
    gr.Button("Count").click(lambda number: (number + 1, number + 1), kept, [kept, total])
    file, text = gr.File(), gr.Textbox(label="Text")
    file.upload(read, file, text)

urlpatterns = [path("", demo.urls)]
