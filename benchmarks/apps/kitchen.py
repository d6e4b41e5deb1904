"""A page with every component: python kitchen.py MODULE PORT, where MODULE is blocks_app or gradio.

Its first tab is the smallest page. What an older Gradio does not have is left out there, which makes its page lighter.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

os.environ.update(GRADIO_ANALYTICS_ENABLED="False", GRADIO_SSR_MODE="False", HF_HUB_OFFLINE="1")

#: What stands in the other tabs: the name of a class and its arguments.
TABS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "Forms": [
        ("Number", {"value": 42}),
        ("Slider", {"value": 3}),
        ("Checkbox", {"value": True}),
        ("CheckboxGroup", {"choices": ["red", "green"], "value": ["red"]}),
        ("Radio", {"choices": ["small", "large"], "value": "small"}),
        ("Dropdown", {"choices": ["apple", "pear"], "value": "pear"}),
        ("ColorPicker", {"value": "#ff8800"}),
        ("DateTime", {}),
        ("MultimodalTextbox", {"interactive": True}),
        ("TextArea", {}),
    ],
    "Texts": [
        ("Markdown", {"value": "# Title\n\nA *list*:\n\n- one\n- two\n\n```python\nprint(1)\n```"}),
        ("HTML", {"value": "<p>Plain <b>HTML</b></p>"}),
        ("Code", {"value": "def f(x):\n    return x + 1\n", "language": "python"}),
        ("HighlightedText", {"value": [("The", None), (" fox", "noun")]}),
        ("Dialogue", {}),
        ("Chatbot", {}),
    ],
    "Data": [
        ("Dataframe", {"value": [[row, row * 2] for row in range(20)], "headers": ["a", "b"]}),
        ("JSON", {"value": {"name": "Ada", "tags": [1, 2, {"deep": None}]}}),
        ("Label", {"value": {"cat": 0.7, "dog": 0.3}}),
        ("Dataset", {"components": ["textbox"], "samples": [["a"], ["b"]]}),
        ("Plot", {}),
        ("LinePlot", {"x": "a", "y": "b"}),
        ("ParamViewer", {"value": {"scale": {"type": "int", "description": "its share of the row", "default": "1"}}}),
    ],
    "Files": [
        ("File", {}),
        ("FileExplorer", {"root_dir": str(Path(__file__).resolve().parent)}),
        ("ImageEditor", {}),
        ("Image", {}),
        ("AnnotatedImage", {}),
        ("Gallery", {}),
        ("ImageSlider", {}),
        ("Video", {}),
        ("Audio", {}),
        ("Model3D", {}),
        ("UploadButton", {"label": "Upload"}),
        ("DownloadButton", {"label": "Download"}),
        ("ClearButton", {"value": "Clear"}),
        ("DeepLinkButton", {}),
        ("Navbar", {}),
    ],
}


def greet(name: str) -> str:
    """Say hello."""
    return f"Hello {name}!"


def declare(gr: Any) -> Any:
    """The page, with what `gr` has of it."""
    with gr.Blocks(title="Kitchen") as demo:
        with gr.Tab("First"):
            name = gr.Textbox(label="Name", elem_id="in")
            button = gr.Button("Greet", elem_id="btn")
            answer = gr.Textbox(label="Greeting", elem_id="out")
            button.click(greet, name, answer, api_name="greet")
        for tab, components in TABS.items():
            with gr.Tab(tab):
                for kind, arguments in components:
                    if hasattr(gr, kind):
                        getattr(gr, kind)(**arguments)
    return demo


def missing(gr: Any, page: Any) -> set[str]:
    """Components of ours that the page should have and has not; others than those that nobody sees."""
    drawn = {block.get_block_name() for block in page.blocks.values()}
    named = {getattr(gr, name) for name in gr.__all__}
    seen = {each for each in named if isinstance(each, type) and issubclass(each, gr.Component) and each.wire_name}
    inner = {"component", "formcomponent", "state", "browserstate", "timer"}
    return {each.wire_name for each in seen} - drawn - inner


if __name__ == "__main__":
    module = importlib.import_module(sys.argv[1])
    page = declare(module)
    if module.__name__ == "blocks_app" and (left := missing(module, page)):
        raise SystemExit(f"Add {', '.join(sorted(left))} to {__file__}.")
    page.launch(server_port=int(sys.argv[2]), server_name="127.0.0.1", quiet=True)
