"""What `gr.X` says where there is no X: what was meant, or what to do instead of a name that Gradio has."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import CodeType

_HUB = "This server talks to no hub"
_OLD = "Gradio itself has given it up"

#: Names of Gradio's that mean nothing here, each with what to do instead.
LEFT_OUT = {
    "deploy": f"{_HUB}: deploy your Django project as any other, see docs/howto/deployment.md.",
    "Workflow": f"{_HUB}, whose models a workflow joins: chain your own functions with listener.then().",
    "WorkflowCanvas": f"{_HUB}, whose models a workflow joins: chain your own functions with listener.then().",
    "HuggingFaceDatasetSaver": f"{_HUB}: keep flags with gr.CSVLogger, or in your project's database.",
    "HuggingFaceDatasetJSONSaver": f"{_HUB}: keep flags with gr.CSVLogger, or in your project's database.",
    "make_waveform": f"{_OLD}: gr.Audio draws the waveform of a sound, as gr.WaveformOptions says.",
    "get_package_version": "Read blocks_app.__version__.",
    "Box": f"{_OLD}: use gr.Group.",
    "Variable": f"{_OLD}: use gr.State.",
    "StatusTracker": f"{_OLD}: progress is shown by itself; say more of it with gr.Progress.",
    "Carousel": f"{_OLD}: use gr.Gallery.",
    "TimeSeries": f"{_OLD}: use gr.LinePlot.",
    "Interpretation": f"{_OLD}: compute it in your function and show it with gr.Label or gr.HighlightedText.",
    "Parallel": f"{_OLD}: call the functions in one of your own and return all results.",
    "Series": f"{_OLD}: chain listeners with listener.then().",
    "inputs": f"{_OLD}: gr.inputs.Textbox is gr.Textbox.",
    "outputs": f"{_OLD}: gr.outputs.Textbox is gr.Textbox.",
    "mix": f"{_OLD}: chain listeners with listener.then().",
    "processing_utils": "It is inside of Gradio: values reach functions as the components' `type` says.",
    "networking": "It is inside of Gradio: launch() serves the app, see docs/howto/launch.md.",
    "routes": "It is inside of Gradio: the app's addresses are demo.urls.",
    "utils": "It is inside of Gradio, and no part of its public names.",
    "analytics": "It is inside of Gradio: nothing is ever sent from here.",
    "wasm_utils": "It is inside of Gradio: apps run on a server here.",
}


def missing(name: str, known: Sequence[str]) -> AttributeError | ImportError:
    """What to raise for `gr.name`, one of whose neighbours may have been meant.

    An ImportError where the reader is `from blocks_app import name`: Python replaces the text of any other error there.
    """
    sentence = _sentence(name, known)
    frame = sys._getframe(2)
    if _imports_from(frame.f_code, frame.f_lasti):
        return ImportError(sentence, name="blocks_app")
    # With `name` and no object Python adds no guess of its own.
    return AttributeError(sentence, name=name)


def _sentence(name: str, known: Sequence[str]) -> str:
    if name in LEFT_OUT:
        return f"blocks_app has no {name}. {LEFT_OUT[name]}"
    import difflib  # only for a mistake; it would slow the start of every app

    spelled: dict[str, str] = {}
    for each in known:
        spelled.setdefault(each.lower(), each)
    near = difflib.get_close_matches(name.lower(), spelled, 1, 0.7)
    return f"blocks_app has no {name}." + (f" Did you mean {spelled[near[0]]}?" if near else "")


def _imports_from(code: CodeType, at: int) -> bool:
    import opcode

    return 0 <= at < len(code.co_code) and code.co_code[at] == opcode.opmap["IMPORT_FROM"]
