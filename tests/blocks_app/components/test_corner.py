"""The buttons in the corner of a component: its own by name, and gr.Buttons of the app."""

from __future__ import annotations

from typing import Any

import pytest

import blocks_app as gr
from blocks_app.running.state import SessionState
from blocks_app.running.updates import apply_update
from blocks_app.tree.block import option_names

from . import contract

WITH_BUTTONS = [cls for cls in contract.component_classes() if "buttons" in option_names(cls)]
each = pytest.mark.parametrize("cls", WITH_BUTTONS, ids=lambda cls: cls.__name__)


def test_those_of_gradio_6_have_them() -> None:
    names = {cls.__name__ for cls in WITH_BUTTONS}
    assert names >= {"Checkbox", "CheckboxGroup", "Dropdown", "File", "HTML", "Image", "JSON", "Label", "Markdown"}
    assert names >= {"Number", "Radio", "Slider", "TextArea", "Textbox"}


@each
def test_a_button_leaves_the_layout_for_the_corner(cls: type[gr.Component]) -> None:
    with gr.Blocks() as demo:
        button = gr.Button("Again")
        component = contract.make(cls, buttons=[button])
        button.click(lambda: None, None, component)
    config = demo.get_config_file()
    assert component.props()["buttons"] == [{"id": button._id}]
    assert {"id": button._id} not in config["layout"]["children"]
    assert button._id in [entry["id"] for entry in config["components"]]
    listened = [each["targets"] for each in config["dependencies"] if each["targets"]]  # some ask without an event
    assert listened == [[[button._id, "click"]]]


@each
def test_an_unknown_name_is_refused(cls: type[gr.Component]) -> None:
    with pytest.raises(ValueError, match=r"buttons may hold .*gr\.Button.*, not 'sing'"):
        contract.make(cls, buttons=["sing"])


def test_names_and_buttons_keep_their_order() -> None:
    with gr.Blocks():
        one, two = gr.Button("1"), gr.Button("2")
        box = gr.Textbox(buttons=[two, "copy", one])
    assert box.props()["buttons"] == [{"id": two._id}, "copy", {"id": one._id}]


def test_a_component_that_is_rendered_later_brings_its_buttons() -> None:
    button = gr.Button("Again")
    box = gr.Textbox(buttons=[button], render=False)
    with gr.Blocks() as demo:
        box.render()
        button.click(lambda: "x", None, box)
    assert demo.blocks[button._id] is button
    assert len(demo.get_config_file()["dependencies"]) == 1
    box.unrender()
    assert button._id not in demo.blocks


def test_a_button_has_one_place() -> None:
    with gr.Blocks():
        button = gr.Button("Again")
        gr.Textbox(buttons=[button])
        with pytest.raises(ValueError, match="corner of Number"):
            gr.Number(buttons=[button])


def test_blocks_that_move_in_elsewhere_keep_their_buttons() -> None:
    with gr.Blocks() as inner:
        button = gr.Button("Again")
        box = gr.Textbox(buttons=[button])
    with gr.Blocks() as outer:
        gr.Markdown("first")
        inner.render()
    config = outer.get_config_file()
    [entry] = [entry for entry in config["components"] if entry["id"] == box._id]
    assert entry["props"]["buttons"] == [{"id": button._id}]
    assert outer.blocks[button._id] is button


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: gr.Textbox(show_copy_button=True), ["copy"]),
        (lambda: gr.Textbox(), []),
        (lambda: gr.Image(show_download_button=False), ["fullscreen"]),
        (lambda: gr.Image(show_share_button=True), ["download", "share", "fullscreen"]),
        (lambda: gr.Slider(), ["reset"]),
        (lambda: gr.JSON(), ["copy"]),
    ],
)
def test_old_flags_and_defaults(made: Any, expected: list[str]) -> None:
    assert made().buttons == expected


def test_an_update_may_take_buttons_away_but_not_make_new_ones() -> None:
    with gr.Blocks():
        button = gr.Button("Again")
        box = gr.Textbox(buttons=["copy", button])
    assert box.copy_with({"buttons": ["copy"]}).props()["buttons"] == ["copy"]
    assert box.copy_with({"visible": False}).props()["buttons"] == ["copy", {"id": button._id}]
    from blocks_app.tree import context

    token = context.in_event.set(True)
    made = gr.Button("New")
    context.in_event.reset(token)
    with pytest.raises(ValueError, match="made by a running function"):
        box.copy_with({"buttons": [made]})


def test_an_update_of_an_old_flag_changes_the_buttons() -> None:
    with gr.Blocks():
        box = gr.Textbox()
    assert apply_update(box, {"show_copy_button": True}, SessionState())["buttons"] == ["copy"]
