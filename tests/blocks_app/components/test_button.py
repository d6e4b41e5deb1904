"""Button: its text, its looks and its link."""

from __future__ import annotations

from pathlib import Path

import pytest

import blocks_app as gr


def test_text_both_ways() -> None:
    button = gr.Button("Go")
    assert button.preprocess("v") == "v"
    assert button.postprocess("x") == "x"
    assert button.postprocess(None) == "None"


def test_defaults() -> None:
    button = gr.Button()
    assert (button.value, button.variant, button.size, button.interactive) == ("Run", "secondary", "lg", True)
    assert button.skip_api


def test_label_is_another_word_for_the_text() -> None:
    assert gr.Button(label="Generate Image").value == "Generate Image"
    assert gr.Button("Text", label="other").value == "Text"


def test_a_function_makes_the_text() -> None:
    assert gr.Button(lambda: "made").value == "made"


@pytest.mark.parametrize("wrong", [{"variant": "big"}, {"size": "xl"}, {"link_target": "_new"}, {"icon": "none.png"}])
def test_a_wrong_option_is_told(wrong: dict[str, str]) -> None:
    with pytest.raises(gr.exceptions.DeclarationError, match="Button"):
        gr.Button(**wrong)  # type: ignore[arg-type]


def test_an_address_is_an_icon() -> None:
    assert gr.Button(icon="https://example.org/a.svg").props()["icon"]["url"] == "https://example.org/a.svg"


def test_a_file_is_an_icon(tmp_path: Path) -> None:
    picture = tmp_path / "a.svg"
    picture.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert gr.Button(icon=picture).props()["icon"]["orig_name"] == "a.svg"


def test_a_client_cannot_send_an_object_for_the_text() -> None:
    with pytest.raises(gr.Error, match="Button"):
        gr.Button().preprocess({"a": 1})


def test_click_takes_listeners() -> None:
    with gr.Blocks() as demo:
        button = gr.Button()
        button.click(lambda: "x", None, button)
        button.change(lambda: None)
    assert [each.targets[0].event for each in demo.dependencies.values()] == ["click", "change"]
