"""The smallest page: python hello.py MODULE PORT, where MODULE is blocks_app or gradio."""

from __future__ import annotations

import importlib
import os
import sys

os.environ.update(GRADIO_ANALYTICS_ENABLED="False", GRADIO_SSR_MODE="False", HF_HUB_OFFLINE="1")
gr = importlib.import_module(sys.argv[1])


def greet(n: str) -> str:
    """Say hello."""
    return f"Hello {n}!"


with gr.Blocks(title="Hello") as demo:
    a = gr.Textbox(label="Name", elem_id="in")
    b = gr.Button("Greet", elem_id="btn")
    c = gr.Textbox(label="Greeting", elem_id="out")
    b.click(greet, a, c, api_name="greet")
demo.launch(server_port=int(sys.argv[2]), server_name="127.0.0.1", quiet=True)
