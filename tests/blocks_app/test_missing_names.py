"""What a name says that is not there, and the names that are loaded when they are first used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import blocks_app
import blocks_app as gr
from blocks_app.extras.missing_names import LEFT_OUT
from tests.interop.matrix import left_out


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Chatbt", "blocks_app has no Chatbt. Did you mean Chatbot?"),
        ("textbox", "blocks_app has no textbox. Did you mean Textbox?"),
        ("Qwertzuiop", "blocks_app has no Qwertzuiop."),
        ("deploy", "blocks_app has no deploy. This server talks to no hub: deploy your Django project"),
        ("Workflow", "blocks_app has no Workflow. This server talks to no hub"),
    ],
)
def test_a_name_that_is_not_there_says_what_was_meant(name: str, text: str) -> None:
    with pytest.raises(AttributeError) as told:
        getattr(gr, name)
    assert str(told.value).startswith(text)
    assert not hasattr(gr, name)


def test_an_import_says_it_too() -> None:
    with pytest.raises(ImportError, match=r"^blocks_app has no Chatbt\. Did you mean Chatbot\?$"):
        from blocks_app import Chatbt  # type: ignore[attr-defined] # noqa: F401
    with pytest.raises(ImportError, match=r"chain your own functions"):
        from blocks_app import Workflow  # type: ignore[attr-defined] # noqa: F401


def test_a_traceback_says_it_once() -> None:
    run = subprocess.run([sys.executable, "-c", "import blocks_app; blocks_app.Chatbt"], capture_output=True, text=True)
    assert run.stderr.rstrip().endswith("AttributeError: blocks_app has no Chatbt. Did you mean Chatbot?")


def test_what_is_left_out_is_told_in_one_sentence_and_exists_nowhere() -> None:
    for name, sentence in LEFT_OUT.items():
        assert sentence.endswith(".") and "\n" not in sentence
        assert name not in gr.__all__


def test_modules_and_names_that_wait_are_found() -> None:
    from blocks_app import conf, hosting

    assert (conf.__name__, hosting.__name__) == ("blocks_app.conf", "blocks_app.hosting")
    assert all(getattr(blocks_app, name) is not None for name in gr.__all__)
    assert 5 * gr.FileSize.MB == 5 * 1024 * 1024 and gr.FileSize.TB == 1024**4


def test_names_that_wait_are_not_loaded_by_the_import() -> None:
    asked = "import sys, blocks_app; print([m for m in blocks_app._LATER.values() if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]" and set(blocks_app._LATER) <= set(gr.__all__)


def test_a_component_by_the_name_of_its_class() -> None:
    class Own(gr.Textbox):
        """A component of a program."""

    with gr.Blocks() as demo:
        placed = gr.component("check_box_group", render=True)
        waiting = gr.component("textbox", render=False)
        own: Any = gr.component("own", render=True)
    assert type(placed) is gr.CheckboxGroup and type(waiting) is gr.Textbox and type(own) is Own
    assert demo.children[0].children == [placed, own] and not waiting.is_rendered
    with pytest.raises(ValueError, match="no component 'row'"):
        gr.component("row", render=True)


def test_the_page_about_compatibility_lists_what_is_left_out() -> None:
    page = (Path(blocks_app.__file__).parents[1] / "docs" / "compatibility.md").read_text()
    assert "\n".join(left_out()) in page
