"""Pictures and sound: python media.py MODULE PORT, where MODULE is blocks_app or gradio."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

os.environ.update(GRADIO_ANALYTICS_ENABLED="False", GRADIO_SSR_MODE="False", HF_HUB_OFFLINE="1")

RATE = 16_000


def mirrored(pictures: list[Any]) -> list[Any]:
    """Each of them the other way round."""
    return [picture[:, ::-1] for picture, _ in pictures]


def heard(piece: tuple[int, Any], seconds: float) -> tuple[float, str]:
    """How much has been heard so far, and how loud this piece is."""
    rate, samples = piece
    seconds += len(samples) / rate
    return seconds, f"{seconds:.2f} {int(np.abs(samples).max())}"


def sung() -> Iterator[tuple[int, Any]]:
    """A minute, second by second."""
    for second in range(60):
        places = np.arange(second * RATE, (second + 1) * RATE)
        yield RATE, (np.sin(places / 10) * 12_000).astype(np.int16)


def declare(module: str) -> Any:
    """The page, declared with `import gradio as gr` or `import blocks_app as gr`."""
    gr = importlib.import_module(module)
    with gr.Blocks() as demo:
        given, shown = gr.Gallery(type="numpy"), gr.Gallery()
        gr.Button("Mirror").click(mirrored, given, shown, api_name="mirrored")
        piece, seconds, told = gr.Audio(sources=["microphone"], streaming=True), gr.State(0.0), gr.Textbox()
        gr.Button("Hear").click(heard, [piece, seconds], [seconds, told], api_name="heard")
        song = gr.Audio(streaming=True)
        gr.Button("Sing").click(sung, None, song, api_name="sung")
    demo.queue(max_size=None)
    return demo


if __name__ == "__main__":
    declare(sys.argv[1]).launch(server_port=int(sys.argv[2]), quiet=True, show_error=True)
