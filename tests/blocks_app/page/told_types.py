"""What clients are told of each component: `python told_types.py gradio` prints it for the Gradio of an environment.

`told_types.json` keeps what 4.36 and 6.31 say; `test_told_types.py` holds ours to that.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import warnings
from typing import Any

#: A class, and options in which its schema or default differs.
CASES: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in (
        "AnnotatedImage", "Audio", "BarPlot", "BrowserState", "Button", "Chatbot", "Checkbox", "CheckboxGroup",
        "ClearButton", "Code", "ColorPicker", "DataFrame", "Dataframe", "DateTime", "DeepLinkButton", "DownloadButton",
        "Dropdown", "DuplicateButton", "File", "FileExplorer", "Files", "Gallery", "HTML", "Highlight",
        "HighlightedText", "Image", "ImageEditor", "ImageMask", "ImageSlider", "JSON", "Json", "Label", "LinePlot",
        "List", "Markdown", "Matrix", "Mic", "Microphone", "Model3D", "MultimodalTextbox", "Number", "Numpy", "Paint",
        "ParamViewer", "PlayableVideo", "Plot", "Radio", "ScatterPlot", "Sketchpad", "Slider", "State", "Text",
        "TextArea", "Textbox", "Timer", "UploadButton", "Video",
    )),
    ("Button", {"value": "Go"}),
    ("Chatbot", {"label": "Talk"}),
    ("Chatbot", {"type": "messages"}),
    ("Checkbox", {"value": True}),
    ("CheckboxGroup", {"choices": ["a", "b"], "value": ["a"]}),
    ("Code", {"value": "x = 1", "language": "python"}),
    ("ColorPicker", {"value": "#ff0000"}),
    ("Dataframe", {"value": [[1, 2]], "headers": ["x", "y"]}),
    ("Dataset", {"components": ["textbox"], "samples": [["a"], ["b"]]}),
    ("DateTime", {"value": "2024-01-02 03:04:05", "timezone": "UTC"}),
    ("Dialogue", {"speakers": ["A", "B"]}),
    ("Dropdown", {"choices": ["a", "b"]}),
    ("Dropdown", {"choices": ["a", "b"], "value": "b"}),
    ("Dropdown", {"choices": ["a", "b"], "multiselect": True}),
    ("Dropdown", {"choices": ["a", "b"], "multiselect": True, "value": ["b"]}),
    ("Dropdown", {"choices": ["a", "b"], "value": "b", "allow_custom_value": True}),
    ("File", {"file_count": "multiple"}),
    ("File", {"file_count": "directory"}),
    ("FileExplorer", {"file_count": "single"}),
    ("HTML", {"value": "<b>a</b>"}),
    ("HighlightedText", {"value": [["a", "b"]]}),
    ("JSON", {"value": {"a": 1}}),
    ("Label", {"value": {"a": 0.5}}),
    ("Markdown", {"value": "# a"}),
    ("MultimodalTextbox", {"value": {"text": "hi", "files": []}}),
    ("Number", {"value": 5}),
    ("Number", {"value": 5.4, "precision": 0}),
    ("ParamViewer", {"value": {"a": {"type": "int", "description": "d", "default": "1"}}}),
    ("Radio", {"choices": ["a", "b"], "value": "b"}),
    ("Radio", {"choices": [["A", 1], ["B", 2]], "value": 2}),
    ("Slider", {"minimum": 2, "maximum": 9, "value": 5}),
    ("Textbox", {"value": "hi", "label": "Say"}),
    ("UploadButton", {"file_count": "multiple"}),
]  # fmt: skip


def told(gr: Any) -> dict[str, Any]:
    """For each case what /info and /config say; what a Gradio does not have is left out."""
    found = {}
    for name, options in CASES:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found[f"{name} {json.dumps(options)}"] = _told(gr, name, options)
        except (AttributeError, TypeError):  # not there, or not yet, or not any more
            continue
    return found


def _told(gr: Any, name: str, options: dict[str, Any]) -> dict[str, Any]:
    with gr.Blocks() as demo:
        component = getattr(gr, name)(**options)
        gr.Button().click(lambda value: value, component, component, api_name="call")
    endpoint = demo.get_api_info()["named_endpoints"]["/call"]
    (config,) = (each for each in demo.get_config_file()["components"] if each["id"] == component._id)
    said: dict[str, Any] = {"config type": config["type"], "hidden": config.get("skip_api", component.skip_api)}
    for kind in ("parameters", "returns"):
        for each in endpoint[kind]:
            said[f"{kind} component"] = each["component"]
            said[f"{kind} type"] = each["python_type"]["type"]
            said[f"{kind} kind"] = each["type"].get("type", sorted(each["type"].keys() & {"anyOf", "$ref", "oneOf"}))
            if not each["label"].startswith(("parameter_", "value_")):
                said[f"{kind} label"] = each["label"]
            if "parameter_has_default" in each:
                said["default"] = each["parameter_default"] if each["parameter_has_default"] else "none given"
    return json.loads(json.dumps(said, default=lambda value: value.model_dump()))  # type: ignore[no-any-return]


if __name__ == "__main__":
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    print(json.dumps(told(importlib.import_module(sys.argv[1])), indent=1, sort_keys=True))
