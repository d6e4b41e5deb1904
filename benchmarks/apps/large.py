"""Long lists and large values: python large.py MODULE PORT, where MODULE is blocks_app or gradio."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

os.environ.update(GRADIO_ANALYTICS_ENABLED="False", GRADIO_SSR_MODE="False", HF_HUB_OFFLINE="1")
gr = importlib.import_module(sys.argv[1])

CHOICES = [f"Choice {i} of five thousand" for i in range(5000)]


def lines() -> str:
    """10,000 lines, the last of which is known."""
    return "\n".join(f"{i} some words of a log that somebody reads" for i in range(10_000)) + "\nthe last line"


def data() -> Any:
    """Some 2 MB as JSON."""
    row = {"name": "somebody", "tags": ["a", "b", "c"], "place": {"street": "a long street", "number": 7}}
    return [{"id": i, **row} for i in range(18_000)]


with gr.Blocks(title="Large") as demo:
    gr.Dropdown(CHOICES, label="Many", num_choices_shown=None, interactive=True)
    gr.Dropdown(CHOICES, label="Several", num_choices_shown=None, multiselect=True, interactive=True)
    with gr.Row():
        text = gr.Textbox(label="Text", lines=5, max_lines=20)
        fold = gr.JSON(label="Data", max_height=400)
    code = gr.Code(label="Code", max_lines=20)
    gr.Button("Lines").click(lines, None, text)
    gr.Button("Load data").click(data, None, fold)
    gr.Button("Load code").click(lines, None, code)
demo.launch(server_port=int(sys.argv[2]), server_name="127.0.0.1", quiet=True)
